// Any text as a line of an authorized_keys file, and any bytes as a key on the wire.
#include "age/keys/ssh_public_key.h"

#include "base/check.h"

using namespace sealift;  // NOLINT(google-build-using-namespace): a program of its own

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const auto input = std::as_bytes(std::span(data, size));
  static_cast<void>(age::SshPublicKey::parse_wire(input));
  const auto key = age::SshPublicKey::parse_line(base::text_of(input));
  if (!key) return 0;
  const auto again = age::SshPublicKey::parse_line(key->line());
  SEALIFT_CHECK(again && again->wire == key->wire);
  return 0;
}
