// Any bytes as the profile's files, a server's address, a paper key, an enrolment link. What is
// taken is what would be written.
#include "base/check.h"
#include "client/account/entering.h"
#include "client/account/profile.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sealift;
  using namespace sealift::client;
  const base::ByteView bytes = std::as_bytes(std::span(data, size));
  const std::string_view text = base::text_of(bytes);
  if (const auto keys = AccountKeys::parse(bytes)) {
    const auto file = keys->keys_file();
    SEALIFT_CHECK(file && std::ranges::equal(file->view(), bytes));
  }
  if (const auto pins = decode_pins(bytes)) {
    const auto again = decode_pins(base::bytes_of(encode_pins(*pins)));
    SEALIFT_CHECK(again && *again == *pins);
  }
  if (const auto login = decode_login(bytes)) {
    const auto again = decode_login(base::bytes_of(encode_login(*login)));
    SEALIFT_CHECK(again && encode_login(*again) == encode_login(*login));
  }
  if (const auto address = ServerAddress::parse(text))
    SEALIFT_CHECK(ServerAddress::parse(address->text()) == *address);
  static_cast<void>(PaperKey::parse(text));
  const auto server = ServerAddress::parse("https://files.example.org");
  static_cast<void>(parse_enrolment_link(text, *server));
  return 0;
}
