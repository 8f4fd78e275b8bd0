// Any text may be pasted as a link. What comes out whole is a link that needs no mending.
#include "base/check.h"
#include "parcel/link.h"
#include "parcel/mended_link.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sealift;
  using State = parcel::MendedLink::State;
  const auto pasted = base::text_of(std::as_bytes(std::span(data, size)));
  const parcel::MendedLink mended = parcel::mend_link(pasted);
  SEALIFT_CHECK((mended.state == State::whole) == !mended.text.empty());
  if (mended.state != State::whole) return 0;
  const parcel::MendedLink again = parcel::mend_link(mended.text);
  SEALIFT_CHECK(again.text == mended.text && !again.was_seen);
  return 0;
}
