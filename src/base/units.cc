#include "base/units.h"

#include <charconv>

namespace sealift::base {
namespace {

using std::chrono::milliseconds;

constexpr std::uint64_t kBytesMax = (std::uint64_t{1} << 63) - 1;
constexpr milliseconds kDurationMax = std::chrono::hours(24) * 365 * 100;

struct Unit {
  char letter;
  milliseconds length;
};
constexpr Unit kUnits[] = {
    {'s', std::chrono::seconds(1)},    {'m', std::chrono::minutes(1)},
    {'h', std::chrono::hours(1)},      {'d', std::chrono::hours(24)},
    {'w', std::chrono::hours(24 * 7)}, {'y', std::chrono::hours(24 * 365)},
};

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t number = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, number);
  if (text.empty() || text.front() == '0' || error != std::errc() || end != last) {
    return std::nullopt;
  }
  return number;
}

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

}  // namespace

std::optional<std::uint64_t> parse_bytes(std::string_view text) {
  constexpr std::string_view kLetters = "KMGT";
  const auto take = [&](char letter) {
    const bool is_there = !text.empty() && upper(text.back()) == letter;
    if (is_there) text.remove_suffix(1);
    return is_there;
  };
  const bool has_byte = take('B');
  const bool has_binary = has_byte && take('I');
  unsigned shift = 0;
  for (std::size_t i = 0; i < kLetters.size(); ++i) {
    if (shift == 0 && take(kLetters[i])) shift = 10 * (static_cast<unsigned>(i) + 1);
  }
  if (has_binary && shift == 0) return std::nullopt;
  const auto number = parse_number(text);
  if (!number || *number > (kBytesMax >> shift)) return std::nullopt;
  return *number << shift;
}

std::optional<milliseconds> parse_duration(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const auto number = parse_number(text.substr(0, text.size() - 1));
  for (const Unit& unit : kUnits) {
    if (unit.letter != text.back()) continue;
    if (!number || *number > static_cast<std::uint64_t>(kDurationMax / unit.length)) break;
    return unit.length * static_cast<std::int64_t>(*number);
  }
  return std::nullopt;
}

}  // namespace sealift::base
