// What is an address is one in its normal spelling too, and holds nothing that ends a line.
#include "base/bytes.h"
#include "base/check.h"
#include "parcel/address.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using sealift::parcel::Address;
  const auto address = Address::parse(sealift::base::text_of(std::as_bytes(std::span(data, size))));
  if (!address) return 0;
  SEALIFT_CHECK(Address::parse(address->text()) == address);
  SEALIFT_CHECK(address->text().find_first_of("\r\n <>\",;:") == std::string::npos);
  SEALIFT_CHECK(sealift::parcel::is_domain(address->domain()));
  return 0;
}
