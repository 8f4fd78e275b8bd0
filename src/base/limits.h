// Every limit on input in one place, by the room that judges with it. Units are in the names.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sealift::limits {

// age: the specification sets none of these; a peer's largest header in use is a few KiB.
inline constexpr std::size_t kAgeHeaderSizeMax = std::size_t{1} << 20;
inline constexpr std::size_t kAgeHeaderLineSizeMax = std::size_t{16} << 10;
inline constexpr std::size_t kAgeStanzasMax = 1024;
// 2^18 (256 MiB) is what age and others write; a larger factor from a stranger only burns memory.
inline constexpr int kAgeScryptLogNMax = 22;
// More threads than this find nothing to do: memory is full at 10 GB/s a socket or less.
inline constexpr unsigned kAgeWorkersMax = 32;
inline constexpr std::size_t kPassphraseSizeMax = 1024;

// parcel: names inside a parcel. What Linux file systems can hold, and a depth that no tool chokes
// on.
inline constexpr std::size_t kEntryNameSizeMax = 255;
inline constexpr std::size_t kEntryPathSizeMax = 4096;
inline constexpr std::size_t kEntryPathDepthMax = 64;
inline constexpr std::size_t kParcelEntriesMax = 500'000;
inline constexpr std::size_t kParcelRecipientsMax = 500;
inline constexpr std::size_t kAddressSizeMax = 254;  // RFC 5321 section 4.5.3.1.3, less "<" and ">"
inline constexpr std::size_t kNoteSizeMax = 16'384;
inline constexpr std::size_t kManifestSizeMax = std::size_t{256} << 20;

// Keys that people have for SSH. A larger modulus from a stranger only burns time.
inline constexpr int kRsaModulusBitsMin = 2048;
inline constexpr int kRsaModulusBitsMax = 16384;
inline constexpr std::size_t kSshKeyWireSizeMax = std::size_t{16} << 10;

}  // namespace sealift::limits
