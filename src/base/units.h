// Sizes and durations as people write them: a number and a unit. Pure.
//
//   size     = number [ "K" | "M" | "G" | "T" ] [ "B" | "iB" ]     powers of 1024; a bare number:
//   bytes duration = number ( "s" | "m" | "h" | "d" | "w" | "y" )        y: 365 days number   =
//   digits, no sign, no fraction, no leading zero
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sealift::base {

// At least one byte, less than 2^63; nullopt for anything else. Letters of either case.
std::optional<std::uint64_t> parse_bytes(std::string_view text);

// At least a second, at most a hundred years; nullopt for anything else.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

}  // namespace sealift::base
