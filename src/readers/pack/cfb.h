// Compound files (MS-CFB): the small file system in which Word, Excel and Outlook kept their
// documents before 2007.
//
//   file    := header sector*              sectors of 512 or 4096 bytes
//   header  := magic ... DIFAT[109]        where the sectors of the FAT are
//   FAT     := for each sector, the next one of its stream
//   stream  := sectors in a chain; below 4096 bytes: mini sectors of 64 bytes in the root's stream
//
// Damaged and cut files are usual: a chain that leaves the file, or meets itself, gives the bytes
// up to there.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace sealift::readers {

class CompoundFile {
 public:
  enum class Kind : std::uint8_t { none = 0, storage = 1, stream = 2, root = 5 };
  struct Entry {
    std::string name;  // UTF-8
    Kind kind = Kind::none;
    std::uint32_t parent = 0;  // index of the storage that holds it
    std::uint32_t left = 0;
    std::uint32_t right = 0;
    std::uint32_t child = 0;
    std::uint32_t start = 0;
    std::uint64_t size_bytes = 0;
  };

  // Borrows `bytes`. nullopt: no compound file, or one without a directory.
  static std::optional<CompoundFile> open(base::ByteView bytes);

  static constexpr std::uint32_t kRoot = 0;
  const std::vector<Entry>& entries() const { return entries_; }

  // The entry of that name in a storage, in any case of letters.
  std::optional<std::uint32_t> find(std::string_view name, std::uint32_t storage = kRoot) const;
  std::vector<std::uint32_t> children(std::uint32_t storage) const;

  // A stream's bytes; fewer than its size says when the file is damaged.
  std::string read(std::uint32_t entry) const;
  // Of a stream by name; empty if there is none.
  std::string read(std::string_view name, std::uint32_t storage = kRoot) const;

 private:
  explicit CompoundFile(base::ByteView bytes) : bytes_(bytes) {}
  bool read_header();
  void read_fat(std::uint32_t difat_start);
  void read_directory(std::uint32_t start);
  void set_parents();
  std::string_view sector(std::uint32_t number) const;
  std::string chain(std::uint32_t start, std::uint64_t size_max) const;

  base::ByteView bytes_;
  std::uint32_t sector_shift_ = 9;
  std::uint32_t mini_shift_ = 6;
  std::uint64_t mini_cutoff_ = 4096;
  std::uint32_t directory_start_ = 0;
  std::uint32_t mini_fat_start_ = 0;
  std::vector<std::uint32_t> fat_;
  std::vector<std::uint32_t> mini_fat_;
  std::string mini_stream_;
  std::vector<Entry> entries_;
};

}  // namespace sealift::readers
