// Durations as people write them: a number and a unit, "90m", "36h", "7d", "2w", "1y"
// (base/units.h).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sealift::cli {

// At least a minute, at most ten years; nullopt for anything else.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

// What --days takes: a number of days, or a number and a unit; up to ten years.
std::optional<std::chrono::milliseconds> parse_days(std::string_view text);

// How many whole days that is.
std::uint64_t days_of(std::chrono::milliseconds duration);

// A number from 1 to `max`, decimal, no sign; nullopt for anything else.
std::optional<std::uint64_t> parse_count(std::string_view text, std::uint64_t max);

}  // namespace sealift::cli
