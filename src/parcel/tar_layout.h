// The content of a parcel as a tar stream whose every byte follows from the list of entries.
//
//   stream := (header content zeros-to-512)* 1024 zeros, then zeros up to a Padme size
//   header := [pax extended header and its records]  ustar header
//
// POSIX.1-2017 pax interchange format. Owner and group are left out (0), links and devices do not
// exist. A path of up to 100 ASCII bytes, a size below 8 GiB and a time from 1970 on need the ustar
// header alone; anything else stands in pax records `path`, `size`, `mtime`, in that order.
//
// Because the stream is a function of entries and contents, a reader that knows the entries (from
// the signed manifest) needs no tar parser: it compares the bytes with those it makes itself.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "parcel/entry_path.h"

namespace sealift::parcel {

inline constexpr std::uint64_t kTarBlockSize = 512;

enum class EntryKind : std::uint8_t { file, folder };

struct Entry {
  EntryPath path;
  EntryKind kind = EntryKind::file;
  std::uint32_t permissions = 0644;  // the lowest nine bits
  std::int64_t modified_unix_s = 0;  // may be negative
  std::uint64_t size_bytes = 0;      // 0 for a folder
};

// Everything that stands before an entry's content; a multiple of 512 bytes.
base::Bytes tar_header(const Entry& entry);

// Zero bytes after a content of this size.
std::uint64_t tar_padding(std::uint64_t content_size_bytes);

struct TarLayout {
  std::vector<std::uint64_t> content_offsets;  // of each entry, from the start of the stream
  std::uint64_t end_offset = 0;                // where the closing zeros begin
  std::uint64_t size_bytes = 0;                // of the whole stream, padded
};

TarLayout lay_out(std::span<const Entry> entries);

}  // namespace sealift::parcel
