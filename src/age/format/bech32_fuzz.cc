// Any text as a key: what is accepted is the encoding of what it gives.
#include "age/format/bech32.h"

#include <array>

#include "base/check.h"

using namespace sealift;  // NOLINT(google-build-using-namespace): a program of its own

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text = base::text_of(std::as_bytes(std::span(data, size)));
  for (const std::string_view prefix : {"age", "AGE-SECRET-KEY-"}) {
    std::array<std::byte, 32> out;
    if (age::bech32_decode(text, prefix, out)) {
      SEALIFT_CHECK(age::bech32_encode(prefix, out) == text);
    }
  }
  return 0;
}
