// For tests: makes a compound file (MS-CFB, version 3) in memory, every stream under the root.
#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <vector>

namespace sealift::readers {

// `size` bytes of a number, the low one first.
inline std::string le(std::uint64_t value, int size) {
  std::string out;
  for (int i = 0; i < size; ++i) out += static_cast<char>(value >> (8 * i));
  return out;
}

struct CompoundStream {
  std::string name;
  std::string bytes;
};

// One FAT sector: up to 127 sectors of 512 bytes.
inline std::string compound(const std::vector<CompoundStream>& streams) {
  constexpr std::size_t kSector = 512;
  constexpr std::size_t kMini = 64;
  constexpr std::uint32_t kEnd = 0xFFFFFFFE;
  constexpr std::uint32_t kFree = 0xFFFFFFFF;
  std::vector<std::uint32_t> fat = {0xFFFFFFFD};  // sector 0 holds the FAT
  std::string body;                               // sectors from 1 on
  const auto add = [&](std::string bytes) -> std::uint32_t {
    if (bytes.empty()) return kEnd;
    bytes.resize((bytes.size() + kSector - 1) / kSector * kSector);
    const auto first = static_cast<std::uint32_t>(fat.size());
    for (std::size_t i = 1; i < bytes.size() / kSector; ++i) {
      fat.push_back(static_cast<std::uint32_t>(fat.size() + 1));
    }
    fat.push_back(kEnd);
    body += bytes;
    return first;
  };
  const auto entry = [](const std::string& name, int kind, std::uint32_t right, std::uint32_t child,
                        std::uint32_t start, std::size_t size) {
    std::string wide;
    for (const char c : name) (wide += c) += '\0';
    std::string out = wide;
    out.resize(64);
    out += le(wide.size() + 2, 2) + le(static_cast<std::uint64_t>(kind), 1) + le(1, 1);
    out += le(0xFFFFFFFF, 4) + le(right, 4) + le(child, 4) + std::string(36, '\0');
    return out + le(start, 4) + le(size, 8);
  };
  std::string mini;
  std::string mini_fat;
  std::string directory;
  for (std::size_t i = 0; i < streams.size(); ++i) {
    const std::string& bytes = streams[i].bytes;
    std::uint32_t start = 0;
    if (bytes.size() >= 4096) {
      start = add(bytes);
    } else {
      start = static_cast<std::uint32_t>(mini.size() / kMini);
      const std::size_t count = (bytes.size() + kMini - 1) / kMini;
      for (std::size_t k = 0; k < count; ++k) {
        mini_fat += le(k + 1 == count ? kEnd : start + k + 1, 4);
      }
      mini += bytes;
      mini.resize(mini_fat.size() / 4 * kMini);
    }
    const auto right = i + 1 < streams.size() ? static_cast<std::uint32_t>(i + 2) : kFree;
    directory += entry(streams[i].name, 2, right, kFree, start, bytes.size());
  }
  const std::uint32_t mini_start = add(mini);
  const std::uint32_t mini_fat_start = add(mini_fat);
  const std::uint32_t directory_start =
      add(entry("Root Entry", 5, kFree, streams.empty() ? kFree : 1, mini_start, mini.size()) +
          directory);
  std::string header("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8);
  header += std::string(16, '\0') + le(0x3E, 2) + le(3, 2) + le(0xFFFE, 2) + le(9, 2) + le(6, 2);
  header += std::string(10, '\0') + le(1, 4) + le(directory_start, 4) + le(0, 4) + le(4096, 4);
  header += le(mini_fat_start, 4) + le(1, 4) + le(kEnd, 4) + le(0, 4) + le(0, 4);
  while (header.size() < kSector) header += le(kFree, 4);
  std::string table;
  for (const std::uint32_t next : fat) table += le(next, 4);
  while (table.size() < kSector) table += le(kFree, 4);
  return header + table + body;
}

}  // namespace sealift::readers
