// DirectoryWatch: whether what a server says of an address is what its directory says to everybody
// (docs/formats/directory.md).
//
// The directory's log is followed as the server's own log is (log_watch.h): the first checkpoint
// seen is pinned, with the VRF's key out of entry 0, and every later one has to continue it.
// Borrows everything; belongs to one thread. A pin changes only after all of it was proved; its
// owner saves it.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "client/account/log_watch.h"
#include "client/account/pins.h"
#include "client/api/api.h"
#include "directory/lookup.h"
#include "parcel/address.h"

namespace sealift::client {

class DirectoryWatch {
 public:
  DirectoryWatch(const api::Api& api, Pins& pins)
      : api_(api), pins_(pins), watch_(api, pins.directory, ServerLog::directory) {}

  // What the newest map has of the address. Errors: damaged (a proof is wrong, or the log isn't the
  // one seen before; `log_restored`: its operator states a restore), no_match (another key's log),
  // malformed, limit, io.
  base::Result<directory::Found> accept(std::string_view lookup, const parcel::Address& address);

 private:
  base::Result<directory::Found> judge(std::string_view lookup, const parcel::Address& address);
  base::Result<log::VerifierKey> key();
  base::Result<void> begin(const log::Checkpoint& checkpoint, std::string_view note,
                           const log::VerifierKey& key);

  const api::Api& api_;
  Pins& pins_;
  LogWatch watch_;
};

// Whether `entries`, an account's keys oldest first, are those that the directory has of the
// address: the newest is the map's, and each names the one before it. Pure. Errors: damaged;
// conflict (the directory doesn't have the newest yet).
base::Result<void> judge_openings(const directory::Found& found, const parcel::Address& address,
                                  const std::vector<api::DirectoryEntry>& entries);

// What a lookup claims, unproved: whether it has this generation already.
bool has_generation(const std::optional<std::string>& lookup, std::uint64_t generation);

// Before keys are made for an address: nobody published any for it. Errors: damaged (the server
// gives no proof, or a wrong one), conflict (a key was published for the address).
base::Result<void> check_free(const api::Api& api, const std::optional<std::string>& lookup,
                              const parcel::Address& address, Pins& pins);

// Replays the whole log: every entry may follow the one before, and every root is the map's.
struct DirectoryCheck {
  log::TreeHead head{};
  std::uint64_t addresses = 0;
};
// Errors: damaged (it says what it may not, or isn't the log seen before), malformed, limit, io.
// `on_change` is told of each change, in order.
base::Result<DirectoryCheck> check_whole_directory(
    const api::Api& api, Pins& pins,
    const std::function<void(std::uint64_t, const directory::ChangeEntry&)>& on_change);

}  // namespace sealift::client
