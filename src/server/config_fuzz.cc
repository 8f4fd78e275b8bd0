// The configuration: whatever is in the file, it is read or refused.
#include <cstdint>
#include <span>

#include "base/check.h"
#include "server/config.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace base = sealift::base;
  const auto config =
      sealift::server::parse_config(base::text_of(std::as_bytes(std::span(data, size))));
  if (config) SEALIFT_CHECK(config->fronts <= 64);
  return 0;
}
