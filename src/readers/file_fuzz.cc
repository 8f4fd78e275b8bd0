// Any bytes, read as sealift-extract reads them: every own parser and every library behind one
// door. Whatever happens inside, what was begun is ended, once, with a reason unless it was read.
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "readers/testing.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  for (const auto& file : sealift::readers::read_for_test(sealift::base::text_of(bytes))) {
    const bool read = file.end.status == sealift::document::FileStatus::read;
    SEALIFT_CHECK(read || !file.end.reason.empty());
  }
  return 0;
}
