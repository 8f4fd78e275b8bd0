// SourceTree: what is to be sent, found on the disk: files and folders as the entries of a parcel.
//
// Each path given becomes a top-level entry called by its last name; a folder brings everything
// below it, in byte order, folders before what is in them. A path given may be a symbolic link and
// is followed; one found in a folder is not, and is refused, as is everything else that a parcel
// has no place for: devices, sockets, pipes, names that are not UTF-8 or have control characters,
// what cannot be read. What is refused is listed and never left out in silence.
//
// Sizes and times are those at the time of the walk; client/transfer/tar_source.h says what becomes
// of files that change afterwards.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "crypto/sha256.h"
#include "parcel/tar_layout.h"

namespace sealift::client {

enum class SourceRefusal { name, link, special, unreadable, too_large };

// For people: "its name cannot be sent", ...
std::string_view refusal_text(SourceRefusal refusal);

struct RefusedSource {
  std::string path;  // on this machine; any bytes: mask before showing (printable_name)
  SourceRefusal why;
};

struct SourceStamp {
  std::uint64_t inode = 0;
  std::int64_t changed_unix_ns = 0;
};

struct SourceTree {
  std::vector<parcel::Entry> entries;
  std::vector<std::string> paths;  // of the entries, on this machine
  // Of the entries: which file, and when anything of it was changed last, which nobody can set
  // (ctime). A file that was written to and dated back has another.
  std::vector<SourceStamp> stamps;
  std::vector<RefusedSource> refused;
  std::uint64_t content_bytes = 0;
};

// Errors: not_found (a path given is not there), usage (two paths given have one name, or a path
// has none), limit (more entries than a parcel holds).
base::Result<SourceTree> walk_sources(std::span<const std::string> paths);

// What makes a tree the very same one: names, sizes, times, inodes and change times. What a journal
// knows was sealed of just these files, so even an old journal seals nothing else under its key,
// whatever a server says it holds.
crypto::Sha256Digest source_digest(const SourceTree& tree);

// A name that may be shown on a terminal: bytes that are no UTF-8, and control characters, become
// "?".
std::string printable_name(std::string_view name);

}  // namespace sealift::client
