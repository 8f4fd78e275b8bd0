// Any text may be given to RequestLink::parse. What it takes, it takes in one spelling only.
#include "base/check.h"
#include "parcel/request_link.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sealift;
  const auto text = base::text_of(std::as_bytes(std::span(data, size)));
  if (const auto link = parcel::RequestLink::parse(text)) SEALIFT_CHECK(link->text() == text);
  return 0;
}
