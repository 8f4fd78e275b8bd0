// Any bytes as the inside of an RTF document.
#include <cstdint>

#include "base/check.h"
#include "readers/testing.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  const std::string text = "{\\rtf1\\ansi " + std::string(sealift::base::text_of(bytes));
  const auto files = sealift::readers::read_for_test(text);
  SEALIFT_CHECK(!files.empty());
  for (const auto& file : files)
    SEALIFT_CHECK(file.end.status == sealift::document::FileStatus::read ||
                  !file.end.reason.empty());
  return 0;
}
