// Any bytes as the streams of a Word document: a u16 says where the first ends, then
// WordDocument, then 0Table.
#include <cstdint>

#include "base/check.h"
#include "readers/compound_for_test.h"
#include "readers/testing.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sealift::readers;
  constexpr std::size_t kSizeMax = 32'000;  // what the test's compound file holds
  if (size < 2 || size > kSizeMax) return 0;
  const std::string bytes(sealift::base::text_of(std::as_bytes(std::span(data + 2, size - 2))));
  const std::size_t cut = std::min<std::size_t>(data[0] + std::size_t{256} * data[1], bytes.size());
  std::string document = bytes.substr(0, cut);
  for (const auto& file :
       read_for_test(compound({{"WordDocument", document}, {"0Table", bytes.substr(cut)}})))
    SEALIFT_CHECK(file.end.status == sealift::document::FileStatus::read ||
                  !file.end.reason.empty());
  return 0;
}
