// Guessing: how long a caller who guesses has to wait, longer with every failure.
//
// Three counters are kept for every attempt: of what is tried (an account, known or not; a link, a
// request, an enrolment), of where it comes from, and of both together. Who has tried a thing from
// here too often waits for minutes; failures of strangers elsewhere delay anyone by seconds only,
// so that nobody can lock somebody else out. From where somebody logged in lately, not even that:
// strangers who never stop failing would otherwise take every moment that is free. An answer that
// has to wait says so before anything is looked at, and is the same whether the thing exists.
#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <string_view>

#include "catalog/catalog.h"
#include "catalog/commit_queue.h"
#include "server/vault/vault_keys.h"

namespace sealift::server::vault {

class Observer;

// What is tried, and from where.
struct Attempt {
  catalog::DelayKind kind = catalog::DelayKind::account;  // account, link, request or enrolment
  base::ByteView subject{};                               // borrowed: an address or id
  std::array<std::byte, 16> peer{};
  std::string_view name{};  // the address as it was asked for, where one was; borrowed
};

// Thread-safe.
class Guessing {
 public:
  // All borrowed. `observer`: who is told of failures, if anyone.
  Guessing(catalog::Catalog& catalog, catalog::CommitQueue& commits, const VaultKeys& keys,
           Observer* observer = nullptr)
      : catalog_(catalog), commits_(commits), keys_(keys), observer_(observer) {}

  // nullopt: it may be tried now.
  base::Result<std::optional<std::chrono::milliseconds>> wait(const Attempt& attempt,
                                                              base::UnixTime now);
  base::Result<void> failed(const Attempt& attempt, base::UnixTime now);
  base::Result<void> succeeded(const Attempt& attempt, base::UnixTime now);

 private:
  struct Keys {
    catalog::DelayKey subject, client, both, known;
  };
  Keys keys_of(const Attempt& attempt) const;

  catalog::Catalog& catalog_;
  catalog::CommitQueue& commits_;
  const VaultKeys& keys_;
  Observer* const observer_;
};

// The delay after so many failures: none up to `free`, then doubling from one second to `longest`.
struct Growth {
  std::uint32_t free = 0;
  std::chrono::milliseconds longest{};
};
std::chrono::milliseconds delay_after(std::uint32_t failures, const Growth& growth);

}  // namespace sealift::server::vault
