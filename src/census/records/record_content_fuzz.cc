// Any bytes may be a record's content: refused, or a record whose content is read back the same.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "census/records/record_content.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sealift;
  census::Record record;
  if (!census::unpack_content(std::as_bytes(std::span(data, size)), record)) return 0;
  base::Bytes once;
  census::pack_content(record, 0, once);
  census::Record again;
  SEALIFT_CHECK(census::unpack_content(once, again));
  base::Bytes twice;
  census::pack_content(again, 0, twice);
  SEALIFT_CHECK(once == twice);
  return 0;
}
