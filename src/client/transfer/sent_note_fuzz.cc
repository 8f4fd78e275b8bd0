// A note of a sent parcel: whatever is read writes itself again, and reads as the same.
#include "base/check.h"
#include "client/transfer/sent_note.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sealift;
  const base::ByteView bytes = std::as_bytes(std::span(data, size));
  if (const auto note = client::SentNote::parse(bytes)) {
    const auto again = client::SentNote::parse(base::bytes_of(note->text()));
    SEALIFT_CHECK(again.has_value());
    SEALIFT_CHECK(again->text() == note->text());
  }
  return 0;
}
