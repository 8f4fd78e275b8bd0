// KeyFinder: whose key is whose, asked of a server that isn't believed.
//
// A key counts when the directory's map proves it to be the address's one newest key (directory_
// watch.h), the log has the event that published it, both logs are the ones that this client
// follows, and the key is the pinned one or follows from it by endorsements. Borrows everything;
// belongs to one thread. What was found is pinned; the pins' owner saves them.
#pragma once

#include <chrono>
#include <functional>
#include <vector>

#include "client/account/account_keys.h"
#include "client/account/directory_watch.h"
#include "client/account/log_watch.h"
#include "client/account/pins.h"
#include "client/api/api.h"
#include "parcel/address.h"

namespace sealift::client {

// Somebody's keys, oldest generation first, all of them judged.
struct FoundKeys {
  api::AccountId account{};
  std::vector<api::Key> keys;  // never empty
  // By generation: the log at which the ones before it ended, as it says itself (retired_keys.h).
  std::vector<std::optional<log::TreeHead>> retirements{};
  bool is_first_seen = false;  // nothing was pinned before: compare fingerprints by telephone

  const api::Key& newest() const { return keys.back(); }
};

// What somebody signed has to stay verifiable when their account has ended; nothing is sealed to
// it.
enum class KeyUse : std::uint8_t { seal, verify };

class KeyFinder {
 public:
  // `wait` sleeps: a key that was just published is in the log a moment later. Empty: no waiting.
  KeyFinder(const api::Api& api, Pins& pins, std::function<void(std::chrono::milliseconds)> wait)
      : api_(api),
        pins_(pins),
        watch_(api, pins.log),
        directory_(api, pins),
        wait_(std::move(wait)) {}

  // Errors: not_found (no such account, and none was ever seen), forbidden (to seal to: the account
  // is suspended or closed, its keys the ones that were pinned), damaged (the server contradicts
  // itself or what was pinned: also that a pinned address never had an account), conflict (the log
  // doesn't have the key yet), malformed, io, unauthorized.
  base::Result<FoundKeys> find(const parcel::Address& address, KeyUse use = KeyUse::seal);

  // Looks again at those whose keys were sealed to before, as the directory has them now: a key
  // that was shown for one moment is found. Errors: as find(), with the address.
  base::Result<void> check_again();

 private:
  // Somebody's keys, oldest first, as the server tells them.
  struct Told {
    std::vector<api::DirectoryEntry> entries;
    std::optional<std::string> lookup;  // nullopt: of an account that has ended
  };
  base::Result<Told> history(const parcel::Address& address);
  base::Result<Told> newest(const parcel::Address& address);

  const api::Api& api_;
  Pins& pins_;
  LogWatch watch_;
  DirectoryWatch directory_;
  std::function<void(std::chrono::milliseconds)> wait_;
};

// One's own key, as everybody else is told it, has to be the one kept here: what each session
// begins with. Errors: damaged (somebody published a key for this address), and those of find().
base::Result<FoundKeys> find_own(KeyFinder& finder, const AccountKeys& keys,
                                 const api::AccountId& account);

// Whether `event`, a canonical event of the log, publishes just this entry. Pure.
bool publishes(base::ByteView event, const api::DirectoryEntry& entry);

// Whether the log that `watch` follows has the event which published this entry. Errors: conflict
// (it doesn't say so yet), damaged, and those of LogWatch::accept_proof.
base::Result<void> check_logged(LogWatch& watch, const api::DirectoryEntry& entry);

// The fingerprint that people compare: SHA-256 of the recipient's text, in hexadecimal groups.
std::string fingerprint_text(const std::string& recipient);

}  // namespace sealift::client
