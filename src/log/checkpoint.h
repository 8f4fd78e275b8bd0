// Checkpoints (C2SP tlog-checkpoint): the log's size and root, signed.
//
//   text   = origin newline size newline base64(root) newline *( extension newline )
//   size   = "0" / decimal without leading zero, at most kLogTreeSizeMax
//   root   = 32 bytes
//   origin, extension = non-empty lines
//
// Ours: the origin is the name of the log's key, and there are no extension lines; others' are
// carried. Thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "log/merkle.h"
#include "log/note.h"

namespace sealift::log {

struct Checkpoint {
  std::string origin;
  TreeHead head;
  std::vector<std::string> extensions;

  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

std::string checkpoint_text(const Checkpoint& checkpoint);
// Not authentic before its note was verified. Errors: malformed, limit.
base::Result<Checkpoint> parse_checkpoint_text(std::string_view text);

// A checkpoint that `key` signed, out of its note; the origin is the key's name.
// Errors: malformed, limit, no_match (another log's, or not signed by it), damaged.
base::Result<Checkpoint> open_checkpoint(std::string_view note, const VerifierKey& key);

// Whole decimal numbers as the log's formats spell them; nullopt for any other spelling, and over
// kLogTreeSizeMax.
std::optional<std::uint64_t> parse_log_number(std::string_view text);
// nullopt for anything but the base64 of 32 bytes.
std::optional<Hash> parse_log_hash(std::string_view text);

}  // namespace sealift::log
