// Any bytes as the attributes of a TNEF file: sums are put right where sizes allow it, so that the
// values are reached.
#include <cstdint>

#include "base/check.h"
#include "readers/little_endian.h"
#include "readers/testing.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sealift;
  std::string text("\x78\x9F\x3E\x22\x01\x00", 6);
  text += base::text_of(std::as_bytes(std::span(data, size)));
  for (std::size_t at = 6; at + 11 <= text.size();) {
    const std::size_t value = readers::u32_at(text, at + 5);
    if (value > text.size() - at - 11) break;
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < value; ++i) sum += readers::u8_at(text, at + 9 + i);
    text[at + 9 + value] = static_cast<char>(sum);
    text[at + 10 + value] = static_cast<char>(sum >> 8);
    at += value + 11;
  }
  for (const auto& file : readers::read_for_test(text))
    SEALIFT_CHECK(file.end.status == document::FileStatus::read || !file.end.reason.empty());
  return 0;
}
