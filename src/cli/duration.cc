#include "cli/duration.h"

#include <charconv>
#include <cstdint>

#include "base/units.h"

namespace sealift::cli {
namespace {

constexpr std::chrono::milliseconds kDurationMax = std::chrono::hours(24) * 3650;
constexpr std::chrono::milliseconds kDurationMin = std::chrono::minutes(1);

}  // namespace

std::optional<std::uint64_t> parse_count(std::string_view text, std::uint64_t max) {
  std::uint64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || end != text.data() + text.size() || count < 1 || count > max)
    return std::nullopt;
  return count;
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  const auto duration = base::parse_duration(text);
  if (!duration || *duration < kDurationMin || *duration > kDurationMax) return std::nullopt;
  return duration;
}

std::optional<std::chrono::milliseconds> parse_days(std::string_view text) {
  constexpr std::uint64_t kDaysMax = 3650;
  if (const auto days = parse_count(text, kDaysMax)) {
    return std::chrono::hours(24) * static_cast<std::int64_t>(*days);
  }
  const auto duration = base::parse_duration(text);
  return duration && *duration >= kDurationMin && *duration <= kDurationMax ? duration
                                                                            : std::nullopt;
}

std::string duration_refused(std::string_view option, std::string_view text) {
  return std::string(option) +
         " takes a number and m, h, d, w or y, from a minute to ten years; not " +
         std::string(text);
}

std::string days_refused(std::string_view text) {
  return "--days takes a number of days, or a number and m, h, d, w or y, up to ten years; not " +
         std::string(text);
}

std::uint64_t days_of(std::chrono::milliseconds duration) {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::hours>(duration).count() / 24);
}

}  // namespace sealift::cli
