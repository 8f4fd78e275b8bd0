// Keys that an account has replaced: what they signed counts if the log had it before
// (docs/decisions/0215).
//
// Each generation from the second on says, signed with its own key, at which state of the log the
// ones before it ended (parcel/retirement.h). Pure; thread-safe.
#pragma once

#include <optional>

#include "client/account/key_finder.h"

namespace sealift::client {

// What an entry's event says of the generations before it; nullopt: nothing. Errors: damaged (not
// in its form, or not signed with the entry's key).
base::Result<std::optional<log::TreeHead>> retirement_of(const api::DirectoryEntry& entry);

// The log in which everything stands that counts of what `key` signed; nullopt: `key` is the newest
// one, so all of it counts. Errors: damaged (none of their keys; or keys that follow it don't say).
base::Result<std::optional<log::TreeHead>> last_log_of(const FoundKeys& found,
                                                       const crypto::Ed25519Public& key);

}  // namespace sealift::client
