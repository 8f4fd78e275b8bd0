// ByteReader: a cursor over bytes that nobody vouches for.
//
// Every binary parser reads through it, so that bounds are checked in one place. A read that does
// not fit gives nullopt and leaves the cursor where it was.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/bytes.h"

namespace sealift::base {

class ByteReader {
 public:
  // Borrows `bytes`: they outlive the reader and every view that it returns.
  explicit ByteReader(ByteView bytes) : rest_(bytes) {}

  std::size_t remaining() const { return rest_.size(); }
  bool at_end() const { return rest_.empty(); }

  std::optional<ByteView> take(std::size_t count) {
    if (count > rest_.size()) return std::nullopt;
    const ByteView taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
  }

  // Everything up to and including the first `\n`, without it; nullopt when there is none.
  std::optional<std::string_view> line() {
    const std::string_view text = text_of(rest_);
    const std::size_t at = text.find('\n');
    if (at == std::string_view::npos) return std::nullopt;
    rest_ = rest_.subspan(at + 1);
    return text.substr(0, at);
  }

  std::optional<std::uint8_t> u8() { return integer<std::uint8_t, std::endian::little>(); }
  std::optional<std::uint16_t> u16_le() { return integer<std::uint16_t, std::endian::little>(); }
  std::optional<std::uint32_t> u32_le() { return integer<std::uint32_t, std::endian::little>(); }
  std::optional<std::uint64_t> u64_le() { return integer<std::uint64_t, std::endian::little>(); }
  std::optional<std::uint16_t> u16_be() { return integer<std::uint16_t, std::endian::big>(); }
  std::optional<std::uint32_t> u32_be() { return integer<std::uint32_t, std::endian::big>(); }
  std::optional<std::uint64_t> u64_be() { return integer<std::uint64_t, std::endian::big>(); }

 private:
  template <typename Integer, std::endian kOrder>
  std::optional<Integer> integer() {
    const auto bytes = take(sizeof(Integer));
    if (!bytes) return std::nullopt;
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < sizeof(Integer); ++i) {
      const std::size_t at = kOrder == std::endian::big ? i : sizeof(Integer) - 1 - i;
      value = (value << 8) | std::to_integer<std::uint64_t>((*bytes)[at]);
    }
    return static_cast<Integer>(value);
  }

  ByteView rest_;
};

}  // namespace sealift::base
