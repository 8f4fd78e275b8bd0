// Lower-case hexadecimal.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace sealift::base {

std::string hex_encode(ByteView bytes);

// nullopt for an odd length, upper case or any other character: one text, one value.
std::optional<Bytes> hex_decode(std::string_view text);

}  // namespace sealift::base
