#include "cli/drill_loot.h"

#include <fcntl.h>

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

// What can be read; not the kernel's own pages, nor the bytes of the program's files.
std::vector<Mapping> mappings_of(pid_t process) {
  std::vector<Mapping> all;
  std::ifstream maps("/proc/" + std::to_string(process) + "/maps");
  for (std::string line; std::getline(maps, line);) {
    Mapping mapping;
    char rights[5] = {};
    if (std::sscanf(line.c_str(), "%" SCNx64 "-%" SCNx64 " %4s", &mapping.begin, &mapping.end,
                    rights) != 3)
      continue;
    const bool is_kernels =
        line.find("[vvar") != std::string::npos || line.find("[vsyscall]") != std::string::npos;
    if (rights[0] == 'r' && !is_kernels) all.push_back(mapping);
  }
  return all;
}

// Reads what is there of a mapping: pages that are not (secret memory, gone meanwhile) are passed
// over.
std::uint64_t read_mapping(int memory, const Mapping& mapping, std::size_t overlap,
                           const PieceSink& sink) {
  Bytes piece(kPieceSize);
  std::uint64_t read = 0;
  std::uint64_t at = mapping.begin;
  while (at < mapping.end) {
    const std::size_t wanted =
        static_cast<std::size_t>(std::min<std::uint64_t>(kPieceSize, mapping.end - at));
    const auto got = base::pread_full(memory, base::MutableByteView(piece).first(wanted), at);
    const std::size_t size = got.value_or(0);
    if (size > 0) sink(ByteView(piece).first(size));
    read += size;
    if (size < wanted || at + size >= mapping.end) break;
    at += size - overlap;
  }
  return read;
}

}  // namespace

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
    sum.files += size->files;
    sum.bytes += size->bytes;
  }
  if (error) return base::fail(ErrorCode::io, "the folder could not be read");
  return sum;
}

Result<LootSize> read_process_loot(pid_t process, std::size_t overlap, const PieceSink& sink) {
  const std::string folder = "/proc/" + std::to_string(process);
  SEALIFT_TRY(LootSize sum, read_file_loot(folder + "/cmdline", overlap, sink));
  SEALIFT_TRY(const LootSize environment, read_file_loot(folder + "/environ", overlap, sink));
  sum.files += environment.files;
  sum.bytes += environment.bytes;
  return sum;
}

Result<LootSize> read_memory_loot(pid_t process, std::size_t overlap, const PieceSink& sink) {
  SEALIFT_TRY(const base::FileDescriptor memory,
              open_for_reading("/proc/" + std::to_string(process) + "/mem"));
  const auto mappings = mappings_of(process);
  if (mappings.empty()) return base::fail(ErrorCode::forbidden, "its memory cannot be read");
  LootSize sum{.files = 1};
  for (const Mapping& mapping : mappings)
    sum.bytes += read_mapping(memory.get(), mapping, overlap, sink);
  if (sum.bytes == 0) return base::fail(ErrorCode::forbidden, "its memory cannot be read");
  return sum;
}

}  // namespace sealift::cli
