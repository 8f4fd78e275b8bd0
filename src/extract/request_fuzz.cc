// Whatever decodes is encoded again to the same bytes.
#include <algorithm>
#include <cstdint>
#include <span>

#include "base/check.h"
#include "extract/request.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  if (const auto request = sealift::extract::decode_request(bytes)) {
    SEALIFT_CHECK(std::ranges::equal(sealift::extract::encode_request(*request), bytes));
  }
  return 0;
}
