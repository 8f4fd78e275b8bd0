// The journal: entries of the bundle that is not full yet, as they were appended.
//
//   file   = *frame [ torn tail ]
//   frame  = magic first count size digest body
//   magic   8 bytes   "SLframe\n"
//   first   u64-le    index in the log of the frame's first entry
//   count   u32-le    of entries, 1 to 256
//   size    u32-le    of the body
//   digest 32 bytes   SHA-256 of the 24 bytes before it, and the body
//   body              an entry bundle (log/tile.h) of `count` entries
//
// Appending writes one frame and syncs. Bytes after the last valid frame are a torn tail: an append
// that was never acknowledged. A valid frame after an invalid one is not: then acknowledged entries
// were lost, and the file is damaged.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace sealift::log::internal {

struct Journal {
  std::vector<base::ByteView> entries;  // views into the file's bytes
  std::size_t valid_bytes = 0;          // what follows is a torn tail
};

base::Bytes encode_frame(std::uint64_t first_index, std::span<const base::Bytes> entries);

// `first_index` is the index of the file's first entry. Errors: damaged.
base::Result<Journal> read_journal(base::ByteView file, std::uint64_t first_index);

}  // namespace sealift::log::internal
