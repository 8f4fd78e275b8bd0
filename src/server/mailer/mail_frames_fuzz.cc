// Any bytes may arrive at either end; what decodes encodes to the same bytes.
#include "base/check.h"
#include "server/mailer/letter.h"
#include "server/mailer/mail_frames.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sealift;
  const base::ByteView bytes = std::as_bytes(std::span(data, size));
  const base::Bytes same = base::copy_of(bytes);
  if (const auto post = server::decode_post(bytes)) {
    SEALIFT_CHECK(server::encode_post(*post) == same);
    const auto from = parcel::Address::parse("sealift@example.org");
    const std::string text = server::write_letter(*post, {*from, "https://example.org"}, {});
    SEALIFT_CHECK(!text.empty());
  }
  if (const auto outcome = server::decode_outcome(bytes)) {
    SEALIFT_CHECK(server::encode_outcome(*outcome) == same);
  }
  if (const auto details = server::decode_letter_details(bytes)) {
    SEALIFT_CHECK(server::encode_letter_details(*details) == same);
  }
  return 0;
}
