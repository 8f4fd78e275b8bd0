// The state of a sending: whatever is read writes itself again to the letter.
#include "base/check.h"
#include "client/transfer/send_state.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace sealift;
  const base::ByteView bytes = std::as_bytes(std::span(data, size));
  if (const auto state = client::SendState::parse(bytes)) {
    const auto again = client::SendState::parse(state->text().view());
    SEALIFT_CHECK(again.has_value());
    SEALIFT_CHECK(crypto::equal(again->text().view(), state->text().view()));
  }
  return 0;
}
