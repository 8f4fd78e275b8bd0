// Bech32 (BIP 173), as age writes keys: without the limit of 90 characters.
//
//   key      = prefix "1" data checksum      all lower case, or all upper case
//   data     = bytes in groups of 5 bits, the last group filled up with zero bits
//   checksum = 6 characters
//
// Keys have known sizes, so that decoding takes the prefix and the size that it must find, and
// never holds a secret anywhere but in `out`. Thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"

namespace sealift::age {

// The case of `prefix` decides the case of the whole text: "age", or "AGE-SECRET-KEY-".
std::string bech32_encode(std::string_view prefix, base::ByteView data);

// False unless `text` is exactly the encoding of out.size() bytes under `prefix`, in its case;
// `out` is then wiped.
[[nodiscard]] bool bech32_decode(std::string_view text, std::string_view prefix,
                                 base::MutableByteView out);

}  // namespace sealift::age
