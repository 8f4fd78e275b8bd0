#include "drill/drill_loot.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "base/file_descriptor.h"

namespace sealift::cli {
namespace {

using base::Bytes;
using base::ByteView;
using base::ErrorCode;
using base::Result;

constexpr std::uint64_t kPageSize = 4096;
constexpr std::size_t kPieceSize = std::size_t{4} << 20;

Result<base::FileDescriptor> open_for_reading(const std::string& path) {
  base::FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file.is_open()) return tl::unexpected(base::error_of_errno(errno, "opening a file"));
  return file;
}

struct Mapping {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

// What has pages, whatever its rights say: a thief with root reads those too. Not the kernel's own
// pages. Nothing of a mapping without pages can be read: guard pages, room that is reserved.
std::vector<Mapping> mappings_of(pid_t process) {
  std::vector<Mapping> all;
  std::ifstream maps("/proc/" + std::to_string(process) + "/smaps");
  Mapping mapping;
  bool is_settled = false;
  for (std::string line; std::getline(maps, line);) {
    Mapping next;
    char rights[5] = {};
    std::uint64_t pages_kib = 0;
    if (std::sscanf(line.c_str(), "%" SCNx64 "-%" SCNx64 " %4s", &next.begin, &next.end, rights) ==
        3) {
      mapping = next;
      is_settled =
          line.find("[vvar") != std::string::npos || line.find("[vsyscall]") != std::string::npos;
      if (rights[0] == 'r' && !is_settled) all.push_back(mapping);
      is_settled = is_settled || rights[0] == 'r';
    } else if (!is_settled &&
               (std::sscanf(line.c_str(), "Rss: %" SCNu64, &pages_kib) == 1 ||
                std::sscanf(line.c_str(), "Swap: %" SCNu64, &pages_kib) == 1) &&
               pages_kib > 0) {
      all.push_back(mapping);
      is_settled = true;
    }
  }
  return all;
}

// Reads what is there of a mapping, from the end of one piece into the next; pages that are not
// given out (secret memory, gone meanwhile) are counted and passed over.
LootSize read_mapping(int memory, const Mapping& mapping, std::size_t overlap,
                      const PieceSink& sink) {
  Bytes piece(kPieceSize);
  LootSize sum;
  std::size_t kept = 0;
  std::uint64_t at = mapping.begin;
  while (at < mapping.end) {
    const std::size_t room =
        static_cast<std::size_t>(std::min<std::uint64_t>(kPieceSize - kept, mapping.end - at));
    const ssize_t got = ::pread(memory, piece.data() + kept, room, static_cast<off_t>(at));
    if (got <= 0) {
      ++sum.unreadable_pages;
      at += kPageSize;
      kept = 0;
      continue;
    }
    const std::size_t size = kept + static_cast<std::size_t>(got);
    sink(ByteView(piece).first(size));
    sum.bytes += static_cast<std::uint64_t>(got);
    at += static_cast<std::uint64_t>(got);
    kept = std::min(overlap, size);
    const auto end = piece.begin() + static_cast<std::ptrdiff_t>(size);
    std::copy(end - static_cast<std::ptrdiff_t>(kept), end, piece.begin());
  }
  return sum;
}

}  // namespace

LootSize& LootSize::operator+=(const LootSize& more) {
  files += more.files;
  bytes += more.bytes;
  unreadable_pages += more.unreadable_pages;
  return *this;
}

Result<LootSize> read_file_loot(const std::string& path, std::size_t overlap,
                                const PieceSink& sink) {
  SEALIFT_TRY(const base::FileDescriptor file, open_for_reading(path));
  Bytes piece(kPieceSize);
  LootSize size{.files = 1};
  std::size_t kept = 0;
  while (true) {
    const base::MutableByteView room = base::MutableByteView(piece).subspan(kept);
    SEALIFT_TRY(const std::size_t got, base::read_full(file.get(), room));
    size.bytes += got;
    if (got > 0) sink(ByteView(piece).first(kept + got));
    if (got < room.size()) return size;
    std::copy(piece.end() - static_cast<std::ptrdiff_t>(overlap), piece.end(), piece.begin());
    kept = overlap;
  }
}

Result<LootSize> read_folder_loot(const std::string& folder, std::size_t overlap,
                                  const PieceSink& sink) {
  LootSize sum;
  std::error_code error;
  std::filesystem::recursive_directory_iterator entries(folder, error);
  for (; !error && entries != std::filesystem::recursive_directory_iterator();
       entries.increment(error)) {
    if (!entries->is_regular_file(error)) continue;
    const auto size = read_file_loot(entries->path().string(), overlap, sink);
    if (!size && size.error().code == ErrorCode::not_found) continue;
    if (!size) return size;
    sum += *size;
  }
  if (error) return base::fail(ErrorCode::io, "the folder could not be read");
  return sum;
}

Result<LootSize> read_process_loot(pid_t process, std::size_t overlap, const PieceSink& sink) {
  const std::string folder = "/proc/" + std::to_string(process);
  SEALIFT_TRY(LootSize sum, read_file_loot(folder + "/cmdline", overlap, sink));
  SEALIFT_TRY(const LootSize environment, read_file_loot(folder + "/environ", overlap, sink));
  sum += environment;
  return sum;
}

Result<LootSize> read_memory_loot(pid_t process, std::size_t overlap, const PieceSink& sink) {
  SEALIFT_TRY(const base::FileDescriptor memory,
              open_for_reading("/proc/" + std::to_string(process) + "/mem"));
  const auto mappings = mappings_of(process);
  if (mappings.empty()) return base::fail(ErrorCode::forbidden, "its memory cannot be read");
  LootSize sum{.files = 1};
  for (const Mapping& mapping : mappings) sum += read_mapping(memory.get(), mapping, overlap, sink);
  if (sum.bytes == 0) return base::fail(ErrorCode::forbidden, "its memory cannot be read");
  return sum;
}

}  // namespace sealift::cli
