// Durations as people write them: a number and a unit, "90m", "36h", "7d", "2w", "1y"
// (base/units.h).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sealift::cli {

// What the help of each option that takes one calls the units; a static_assert next to the verb
// holds it there.
inline constexpr std::string_view kDurationUnits = "m, h, d, w or y";

// Whether a help text has them, however its lines are broken.
constexpr bool names_duration_units(std::string_view help) {
  std::size_t found = 0;
  bool after_space = false;
  for (const char c : help) {
    if (found == kDurationUnits.size()) return true;
    const bool is_space = c == ' ' || c == '\n';
    if (is_space && after_space) continue;
    after_space = is_space;
    found = (is_space ? ' ' : c) == kDurationUnits[found] ? found + 1 : 0;
  }
  return found == kDurationUnits.size();
}

// What is said of another text, `option` with its dashes.
std::string duration_refused(std::string_view option, std::string_view text);
std::string days_refused(std::string_view text);

// At least a minute, at most ten years; nullopt for anything else.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

// What --days takes: a number of days, or a number and a unit; up to ten years.
std::optional<std::chrono::milliseconds> parse_days(std::string_view text);

// How many whole days that is.
std::uint64_t days_of(std::chrono::milliseconds duration);

// A number from 1 to `max`, decimal, no sign; nullopt for anything else.
std::optional<std::uint64_t> parse_count(std::string_view text, std::uint64_t max);

}  // namespace sealift::cli
