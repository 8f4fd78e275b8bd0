// Any bytes may be given to read_addendum. What it takes, it takes in one spelling only.
#include "base/check.h"
#include "base/limits.h"
#include "parcel/addendum.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sealift;
  const auto read = parcel::read_addendum(std::as_bytes(std::span(data, size)));
  if (read) SEALIFT_CHECK(read->addendum.address.size() <= limits::kAddressSizeMax);
  return 0;
}
