// Little-endian numbers at a place in bytes; zero where the bytes end before. For formats whose
// readers go on after damage: a reader that must know uses base/byte_reader.h.
#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

#include "readers/text/utf8_append.h"

namespace sealift::readers {

inline std::uint8_t u8_at(std::string_view bytes, std::size_t at) {
  return at < bytes.size() ? static_cast<std::uint8_t>(bytes[at]) : std::uint8_t{0};
}

inline std::uint16_t u16_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint16_t>(u8_at(bytes, at) | (u8_at(bytes, at + 1) << 8));
}

inline std::uint32_t u32_at(std::string_view bytes, std::size_t at) {
  return u16_at(bytes, at) | (static_cast<std::uint32_t>(u16_at(bytes, at + 2)) << 16);
}

inline std::uint64_t u64_at(std::string_view bytes, std::size_t at) {
  return u32_at(bytes, at) | (static_cast<std::uint64_t>(u32_at(bytes, at + 4)) << 32);
}

inline double double_at(std::string_view bytes, std::size_t at) {
  return std::bit_cast<double>(u64_at(bytes, at));
}

// UTF-16LE to UTF-8; half a pair becomes U+FFFD.
inline std::string text_of_utf16(std::string_view bytes) {
  std::string out;
  for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) {
    char32_t c = u16_at(bytes, at);
    const bool high = c >= 0xD800 && c < 0xDC00;
    const char32_t low = high ? u16_at(bytes, at + 2) : 0;
    if (low >= 0xDC00 && low < 0xE000) {
      c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
      at += 2;
    }
    append_utf8(out, c);
  }
  return out;
}

}  // namespace sealift::readers
