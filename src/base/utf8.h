// UTF-8 (RFC 3629), strictly: no overlong form, no surrogate, nothing above U+10FFFF.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace sealift::base {

struct CodePoint {
  char32_t value;
  std::size_t size_bytes;  // 1 to 4
};

// The code point that `text` starts with; nullopt when it starts with none.
std::optional<CodePoint> first_code_point(std::string_view text);

bool is_utf8(std::string_view text);

// Length of the longest prefix that is well-formed.
std::size_t utf8_prefix_length(std::string_view text);

}  // namespace sealift::base
