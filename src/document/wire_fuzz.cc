// Whatever parses is encoded again to the same bytes.
#include <algorithm>
#include <cstdint>

#include "base/check.h"
#include "document/wire.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const sealift::base::ByteView bytes = std::as_bytes(std::span(data, size));
  const auto event = sealift::document::parse_frame(bytes);
  if (!event) return 0;
  sealift::base::Bytes again;
  sealift::document::append_frame(*event, again);
  SEALIFT_CHECK(std::ranges::equal(sealift::base::ByteView(again).subspan(4), bytes));
  return 0;
}
