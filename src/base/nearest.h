// The known word that was most likely meant by a mistyped one. Pure.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace sealift::base {

// At most two letters added, left out, changed or swapped, and fewer than half of them; the first
// of several that are as near. nullopt: none.
std::optional<std::string_view> nearest(std::string_view typed,
                                        std::span<const std::string_view> known);

}  // namespace sealift::base
