// Cosignatures (C2SP tlog-cosignature, Ed25519): somebody else's word, with its time, that a log's
// checkpoint continues all that they saw of the log before.
//
//   line      = em-dash " " name " " base64( key-id time(u64-be) signature(64) ) newline
//   signed    = "cosignature/v1" newline "time " decimal seconds newline checkpoint-text
//   key       = vkey of type 0x04
//
// All functions are thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "log/note.h"

namespace sealift::log {

class CosignerKey {
 public:
  // `name` is a key name.
  CosignerKey(std::string name, const crypto::Ed25519Public& key);
  // Errors: malformed, unsupported (another type).
  static base::Result<CosignerKey> parse(std::string_view text);

  const std::string& name() const { return name_; }
  const crypto::Ed25519Public& key() const { return key_; }
  std::string text() const;

  // When this key cosigned the note's text, in seconds; the latest, should there be several.
  // nullopt: it didn't. A line of its name and id with a wrong signature counts for nothing.
  std::optional<std::uint64_t> cosigned(const Note& note) const;

 private:
  std::string name_;
  crypto::Ed25519Public key_;
  std::uint32_t key_id_;
};

// A witness's own key.
struct Cosigner {
  std::string name;
  crypto::Ed25519Secret secret;

  CosignerKey key() const { return {name, secret.public_key()}; }
};

// The signature line; `time_s` is not 0.
std::string cosign(const Cosigner& cosigner, std::string_view checkpoint_text,
                   std::uint64_t time_s);

}  // namespace sealift::log
