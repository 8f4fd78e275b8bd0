// Base64 (RFC 4648 section 4, standard alphabet), canonical forms only.
//
// Decoding refuses everything that encoding would not have produced: other characters, line breaks,
// wrong padding, and non-zero trailing bits. One text has one value, and the other way round.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace sealift::base {

enum class Padding { none, required };

std::string base64_encode(ByteView bytes, Padding padding);

// nullopt when `text` is not the canonical encoding of any bytes.
std::optional<Bytes> base64_decode(std::string_view text, Padding padding);

}  // namespace sealift::base
