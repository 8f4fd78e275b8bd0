// Did you mean: base/nearest.h as a hint. Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/nearest.h"

namespace sealift::cli {

using base::nearest;

// "did you mean WORD?", or "" when nothing is near, or it is the word itself.
std::string did_you_mean(std::string_view typed, std::span<const std::string_view> known);

}  // namespace sealift::cli
