// Any bytes as the stream of a workbook: records and strings across them, and the reader of sheets.
#include <cstdint>

#include "base/check.h"
#include "readers/compound_for_test.h"
#include "readers/office/biff.h"
#include "readers/testing.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sealift::readers;
  constexpr std::size_t kSizeMax = 32'000;  // what the test's compound file holds
  if (size > kSizeMax) return 0;
  const std::string stream(sealift::base::text_of(std::as_bytes(std::span(data, size))));
  BiffReader reader(stream);
  while (const auto record = reader.next()) {
    BiffCursor cursor(*record);
    const std::size_t length = cursor.u16();
    SEALIFT_CHECK(cursor.unicode_string(length).size() <= size * 3);
    while (!cursor.at_end()) cursor.skip(1);
    SEALIFT_CHECK(cursor.u32() == 0);
  }
  for (const auto& file : read_for_test(compound({{"Workbook", stream}})))
    SEALIFT_CHECK(file.end.status == sealift::document::FileStatus::read ||
                  !file.end.reason.empty());
  return 0;
}
