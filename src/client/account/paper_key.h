// PaperKey: what a person keeps on paper to get back in: 16 random bytes with a checksum.
//
//   text    = bech32 of the bytes under the prefix "SEALIFTPAPER": 45 characters, upper case
//   printed = "SEALIFTPAPER1", then groups of four, joined by "-"
//
// Reading takes any case, and passes over spaces, line ends and "-". Bech32's checksum finds every
// error of up to four characters. One thread at a time.
#pragma once

#include <string_view>

#include "base/result.h"
#include "crypto/random.h"
#include "crypto/secret_bytes.h"

namespace sealift::client {

class PaperKey {
 public:
  static PaperKey generate(crypto::Random& random);
  // Errors: malformed (mistyped). The text repeats nothing of it.
  static base::Result<PaperKey> parse(std::string_view typed);

  // As it is printed.
  crypto::SecretBuffer text() const;
  const crypto::SecretBytes<16>& bytes() const { return bytes_; }

 private:
  explicit PaperKey(crypto::SecretBytes<16> bytes) : bytes_(std::move(bytes)) {}
  crypto::SecretBytes<16> bytes_;
};

}  // namespace sealift::client
