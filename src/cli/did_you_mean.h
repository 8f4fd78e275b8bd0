// Did you mean: the known word that a mistyped one most likely stands for. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sealift::cli {

// At most two letters added, left out, changed or swapped, and fewer than half of them; the first
// of several that are as near. nullopt: none.
std::optional<std::string_view> nearest(std::string_view typed,
                                        std::span<const std::string_view> known);

// "did you mean WORD?", or "" when nothing is near, or it is the word itself.
std::string did_you_mean(std::string_view typed, std::span<const std::string_view> known);

}  // namespace sealift::cli
