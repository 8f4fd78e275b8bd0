// Any text as an SSH private key file: what is accepted has a recipient.
#include "age/open/open_ssh_identity.h"

#include "base/check.h"

using namespace sealift;  // NOLINT(google-build-using-namespace): a program of its own

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const auto input = std::as_bytes(std::span(data, size));
  const auto identity = age::parse_ssh_identity(
      base::text_of(input), [](age::PassphraseFor) -> base::Result<crypto::SecretBuffer> {
        return base::fail(base::ErrorCode::usage, "no passphrase");
      });
  if (identity) SEALIFT_CHECK(identity->recipient().has_value());
  return 0;
}
