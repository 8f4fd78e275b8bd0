// Restore statement: how a log may go back without a lie: its operator says so, and signs with a
// key that the server's machine doesn't hold.
//
//   text   = "sealift-restore/v1" newline log-name newline
//            "size " decimal newline          the log's first leaves, which the restore kept
//            "root " base64 newline           of the tree over them
//            "directory-size " decimal newline   of the directory's log (docs/formats/directory.md)
//            "directory-root " base64 newline
//            "backup " decimal newline        when the backup was made, ms since 1970
//            "restored " decimal newline      when it was put back; no two have the same
//            "lost " decimal newline          parcels whose bytes the backup did not have
//   note   = signed-note (log/note.h) by a reopen key, whose name is log-name "-reopen-" digit
//
// A client that saw a larger log than `size` takes the smaller one only after a person has read
// this, each once and none that is older, and only from a reopen key that it saw before.
// Thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "log/checkpoint.h"

namespace sealift::log {

struct RestoreStatement {
  std::string log_name;
  TreeHead kept{};
  TreeHead kept_directory{};
  base::UnixTime backup{};
  base::UnixTime restored{};
  std::uint64_t lost = 0;

  friend bool operator==(const RestoreStatement&, const RestoreStatement&) = default;
};

std::string restore_statement_text(const RestoreStatement& statement);
// Not authentic before its note was verified. Errors: malformed.
base::Result<RestoreStatement> parse_restore_statement(std::string_view text);
std::string reopen_key_name(std::string_view log_name, unsigned which);

// A statement that one of `keys` signed, out of its note. Errors: malformed, limit, no_match
// (signed by none of them), damaged (a wrong signature).
base::Result<RestoreStatement> open_restore_statement(std::string_view note,
                                                      std::span<const VerifierKey> keys);

// What a client remembers of a log.
struct SeenLog {
  std::string_view key;                      // the log's verifier key, as text
  std::uint64_t size = 0;                    // leaves
  base::UnixTime restored{};                 // the newest restore that it knows of
  std::span<const std::string> reopen_keys;  // as the server first named them
};
// What a person is asked about: a statement by a pinned reopen key, of this log, of a restore that
// the client didn't know, and of no more than it saw. nullopt: any other note. Pure.
std::optional<RestoreStatement> judge_restore_statement(std::string_view note, const SeenLog& seen);

}  // namespace sealift::log
