// Frames: what decodes encodes to the same bytes again, whichever side it came from.
#include <algorithm>
#include <cstdint>

#include "base/check.h"
#include "server/frames.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using sealift::server::Sender;
  const auto bytes = std::as_bytes(std::span(data, size));
  for (const Sender sender : {Sender::front, Sender::vault}) {
    const auto frame = sealift::server::decode_frame(bytes, sender);
    if (!frame) continue;
    SEALIFT_CHECK(sealift::server::sender_of(*frame) == sender);
    SEALIFT_CHECK(std::ranges::equal(sealift::server::encode_frame(*frame), bytes));
  }
  return 0;
}
