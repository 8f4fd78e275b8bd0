// Told keys: what a server tells of an address's keys, against what its directory has of it. Pure
// but for reading tiles; thread-safe as `tiles` is.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "directory/lookup.h"
#include "log/tile.h"

namespace sealift::directory {

// One generation of an account's keys.
struct ToldKey {
  std::uint64_t generation = 0;
  std::string key_text;   // parcel/directory_key.h
  base::Bytes opening{};  // of its commitment (entry.h); empty: the server sent none
};

// Whether `keys`, oldest first, are those that the directory has of the address: the newest is the
// map's, and each names the one before it. Errors: damaged; conflict (the directory doesn't have
// the newest yet).
base::Result<void> judge_told_keys(const Found& found, std::string_view address,
                                   std::span<const ToldKey> keys);

// Before keys are made for an address: nobody published any for it. Errors: conflict (somebody
// did).
base::Result<void> judge_free(const Found& found);

// Entry 0 of the log with that head, proved to be in it. Errors: damaged, malformed, limit, io.
base::Result<FirstEntry> read_first(log::TileSource& tiles, const log::TreeHead& head);

}  // namespace sealift::directory
