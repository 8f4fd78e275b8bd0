// Any bytes as an identity file: what is accepted holds at least one identity.
#include "age/open/open_identity_file.h"

#include "base/check.h"

using namespace sealift;  // NOLINT(google-build-using-namespace): a program of its own

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const auto identities =
      age::parse_identity_file(std::as_bytes(std::span(data, size)),
                               [](age::PassphraseFor) -> base::Result<crypto::SecretBuffer> {
                                 return base::fail(base::ErrorCode::usage, "no passphrase");
                               });
  if (identities) SEALIFT_CHECK(!identities->empty());
  return 0;
}
