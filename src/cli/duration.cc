#include "cli/duration.h"

#include <charconv>
#include <cstdint>

namespace sealift::cli {
namespace {

constexpr std::chrono::milliseconds kDurationMax = std::chrono::hours(24) * 3650;
constexpr std::chrono::milliseconds kDurationMin = std::chrono::minutes(1);

std::optional<std::chrono::milliseconds> unit_of(char letter) {
  switch (letter) {
    case 'm':
      return std::chrono::minutes(1);
    case 'h':
      return std::chrono::hours(1);
    case 'd':
      return std::chrono::hours(24);
    case 'w':
      return std::chrono::hours(24 * 7);
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<std::uint64_t> parse_count(std::string_view text, std::uint64_t max) {
  std::uint64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || end != text.data() + text.size() || count < 1 || count > max)
    return std::nullopt;
  return count;
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const auto unit = unit_of(text.back());
  const auto count = parse_count(text.substr(0, text.size() - 1), 10'000'000);
  if (!unit || !count) return std::nullopt;
  const auto duration = *unit * static_cast<std::int64_t>(*count);
  if (duration < kDurationMin || duration > kDurationMax) return std::nullopt;
  return duration;
}

}  // namespace sealift::cli
