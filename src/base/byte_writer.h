// ByteWriter: appends integers and bytes to a buffer; the counterpart of ByteReader.
#pragma once

#include <bit>
#include <cstdint>

#include "base/bytes.h"

namespace sealift::base {

class ByteWriter {
 public:
  void u8(std::uint8_t value) { integer<std::endian::little>(value); }
  void u16_le(std::uint16_t value) { integer<std::endian::little>(value); }
  void u32_le(std::uint32_t value) { integer<std::endian::little>(value); }
  void u64_le(std::uint64_t value) { integer<std::endian::little>(value); }
  void u16_be(std::uint16_t value) { integer<std::endian::big>(value); }
  void u32_be(std::uint32_t value) { integer<std::endian::big>(value); }
  void u64_be(std::uint64_t value) { integer<std::endian::big>(value); }
  void bytes(ByteView value) { append(out_, value); }
  void text(std::string_view value) { append(out_, bytes_of(value)); }

  const Bytes& written() const { return out_; }
  Bytes take() && { return std::move(out_); }

 private:
  template <std::endian kOrder, typename Integer>
  void integer(Integer value) {
    for (std::size_t i = 0; i < sizeof(Integer); ++i) {
      const std::size_t at = kOrder == std::endian::big ? sizeof(Integer) - 1 - i : i;
      out_.push_back(static_cast<std::byte>(static_cast<std::uint64_t>(value) >> (8 * at)));
    }
  }

  Bytes out_;
};

}  // namespace sealift::base
