#include "readers/office/number_format.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>

namespace sealift::readers {
namespace {

using Kind = NumberFormat::Kind;

constexpr double kLastDay = 2958465;  // 9999-12-31
constexpr double kSecondsPerDay = 86400;

// A code without its quoted text, escapes, [conditions] and all but its first section.
std::string bare(std::string_view code) {
  std::string out;
  for (std::size_t i = 0; i < code.size() && code[i] != ';'; ++i) {
    const char c = code[i];
    if (c == '"' || c == '[') {
      const std::size_t end = code.find(c == '"' ? '"' : ']', i + 1);
      if (end == std::string_view::npos) break;
      // [h], [mm], [ss]: time that may pass a day
      if (c == '[' && (code[i + 1] == 'h' || code[i + 1] == 'm' || code[i + 1] == 's')) out += 'h';
      i = end;
    } else if (c == '\\' || c == '_' || c == '*') {
      ++i;
    } else {
      out += static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
    }
  }
  return out;
}

std::string plain_number(double value) {
  std::array<char, 400> text{};
  if (std::abs(value) < 1e15 && value == std::trunc(value)) {
    const auto end =
        std::to_chars(text.data(), text.data() + text.size(), static_cast<long long>(value));
    return {text.data(), end.ptr};
  }
  // 15 significant digits, as spreadsheets show them: 0.1 + 0.2 is 0.3.
  const int length = std::snprintf(text.data(), text.size(), "%.15g", value);
  std::string out(text.data(), static_cast<std::size_t>(length));
  if (out.find('e') != std::string::npos && std::abs(value) < 1e21 && std::abs(value) > 1e-9) {
    const auto end =
        std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
    out.assign(text.data(), end.ptr);
  }
  return out;
}

std::string date_text(double value, NumberFormat format, DateSystem system) {
  using std::chrono::days;
  using std::chrono::sys_days;
  using std::chrono::year_month_day;
  double whole = std::floor(value);
  auto seconds = static_cast<int>(std::llround((value - whole) * kSecondsPerDay));
  if (seconds >= static_cast<int>(kSecondsPerDay)) {
    seconds = 0;
    whole += 1;
  }
  std::array<char, 40> text{};
  std::string out;
  if (format.kind != Kind::time) {
    const sys_days epoch = system == DateSystem::from_1904
                               ? sys_days(std::chrono::January / 1 / 1904)
                               : sys_days(std::chrono::December / 30 / 1899);
    // The 1900 system counts a 29 February that was none.
    const bool before = system == DateSystem::from_1900 && whole < 60;
    const year_month_day date(epoch + days(static_cast<int>(whole) + (before ? 1 : 0)));
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    out = text.data();
  }
  if (format.kind == Kind::date || (format.kind == Kind::date_time && seconds == 0)) return out;
  std::snprintf(text.data(), text.size(), "%02d:%02d", seconds / 3600, seconds / 60 % 60);
  if (!out.empty()) out += ' ';
  out += text.data();
  if (seconds % 60 != 0) {
    std::snprintf(text.data(), text.size(), ":%02d", seconds % 60);
    out += text.data();
  }
  return out;
}

}  // namespace

NumberFormat parse_number_format(std::string_view code) {
  const std::string text = bare(code);
  const auto has = [&](char c) { return text.find(c) != std::string::npos; };
  if (text.find("general") != std::string::npos) return {};
  const bool date = has('y') || has('d') || (has('m') && !has('h') && !has('s'));
  const bool time = has('h') || has('s');
  const bool number = has('0') || has('#') || has('?');
  if (date && !number) return {time ? Kind::date_time : Kind::date};
  if (time && text.find("0.") == std::string::npos) return {Kind::time};
  if (!text.empty() && text.find_first_not_of("0- ()") == std::string::npos) {
    int zeros = 0;
    for (const char c : text) zeros += c == '0' ? 1 : 0;
    if (zeros > 1 && zeros < 20) return {Kind::zeros, zeros};
  }
  return {};
}

NumberFormat builtin_number_format(std::uint32_t id) {
  if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || (id >= 50 && id <= 58) || id == 36) {
    return {Kind::date};
  }
  if (id == 22) return {Kind::date_time};
  if ((id >= 18 && id <= 21) || (id >= 32 && id <= 35) || (id >= 45 && id <= 47)) {
    return {Kind::time};
  }
  return {};
}

std::string show_number(double value, NumberFormat format, DateSystem system) {
  if (!std::isfinite(value)) return {};
  switch (format.kind) {
    case Kind::date:
    case Kind::date_time:
    case Kind::time:
      if (value >= 0 && value <= kLastDay) return date_text(value, format, system);
      break;
    case Kind::zeros: {
      std::string digits = plain_number(value);
      const auto zeros = static_cast<std::size_t>(format.zeros);
      if (value >= 0 && digits.size() < zeros) digits.insert(0, zeros - digits.size(), '0');
      return digits;
    }
    case Kind::general:
      break;
  }
  return plain_number(value);
}

CellAddress parse_cell_address(std::string_view text) {
  CellAddress address;
  std::size_t i = 0;
  for (; i < text.size() && text[i] >= 'A' && text[i] <= 'Z' && address.column < 100000; ++i) {
    address.column = address.column * 26 + static_cast<std::uint32_t>(text[i] - 'A' + 1);
  }
  const auto [end, error] =
      std::from_chars(text.data() + i, text.data() + text.size(), address.row);
  if (i == 0 || error != std::errc() || end != text.data() + text.size()) return {};
  return address;
}

}  // namespace sealift::readers
