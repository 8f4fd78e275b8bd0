// Any bytes as a header: what is accepted encodes to itself, and the prefix judge agrees.
#include "age/format/header.h"

#include <algorithm>

#include "base/check.h"

using namespace sealift;  // NOLINT(google-build-using-namespace): a program of its own

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const auto input = std::as_bytes(std::span(data, size));
  const auto header = age::Header::parse(input);
  if (!header) return 0;
  SEALIFT_CHECK(age::judge_header_prefix(input) == age::HeaderPrefix::parsable);
  const base::Bytes& encoded = header->encoded();
  SEALIFT_CHECK(std::ranges::equal(encoded, input.first(encoded.size())));
  const auto again = age::Header::make(header->stanzas(), age::FileKey());
  SEALIFT_CHECK(again && again->stanzas() == header->stanzas());
  // all but the MAC, which was made with another key
  const std::size_t same = encoded.size() - 44;
  SEALIFT_CHECK(std::ranges::equal(base::ByteView(again->encoded()).first(same),
                                   base::ByteView(encoded).first(same)));
  return 0;
}
