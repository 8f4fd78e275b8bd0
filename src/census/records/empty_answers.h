// Answers that say nothing, or no: "n/a", "unknown", "none"; "no", "missing". English and French.
#pragma once

#include <string_view>

namespace sealift::census {

bool says_nothing(std::string_view value);
bool says_no(std::string_view value);

}  // namespace sealift::census
