// Marks: single facts about this server that its catalog carries with it, one value each.
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "base/result.h"

namespace sealift::catalog {

// By number in the database: never renumber, never reuse.
enum class Mark : std::uint8_t {
  vault_key = 1,          // a keyed hash that only the right vault.key gives
  reopen_key = 2,         // public half of the operator's first reopen key
  reopen_key_2 = 3,       // of the second
  clock_held = 4,         // the time that a clock which jumped ahead shows, until it is accepted
  restored_from = 5,      // what the last restore kept of the log, and when
  backed_up = 7,          // when the last backup was made
  metrics_token = 8,      // SHA-256 of the token that reads the figures, and nothing else
  restore_statement = 6,  // the same, signed by a reopen key
  organisation_key = 9,   // public half of what says who the recovery officers are
  officer_set = 10,       // signed by it
};

class Marks {
 public:
  virtual ~Marks() = default;

  virtual base::Result<std::optional<base::Bytes>> find(Mark mark) const = 0;
  // Replaces what is there.
  virtual base::Result<void> put(Mark mark, base::ByteView value) = 0;
  // What isn't there is no error.
  virtual base::Result<void> remove(Mark mark) = 0;
};

}  // namespace sealift::catalog
