#include "drill/canary_search.h"

#include <algorithm>

#include "base/base64.h"
#include "base/check.h"
#include "base/hex.h"
#include "base/utf8.h"

namespace sealift::cli {
namespace {

using base::bytes_of;
using base::ByteView;

constexpr std::size_t kHeadSize = sizeof(std::uint64_t);

std::uint64_t head_of(ByteView bytes) {
  std::uint64_t head = 0;
  for (std::size_t i = 0; i < kHeadSize; ++i)
    head |= std::to_integer<std::uint64_t>(bytes[i]) << (8 * i);
  return head;
}

// A bit of the filter: Fibonacci hashing, its best bits on top.
std::size_t filter_bit(std::uint64_t head) {
  return static_cast<std::size_t>((head * 0x9E3779B97F4A7C15U) >> 42);
}

std::string upper_case(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return text;
}

std::u32string code_points(std::string_view text) {
  std::u32string points;
  while (!text.empty()) {
    const auto point = base::first_code_point(text);
    SEALIFT_CHECK(point.has_value());
    points += point->value;
    text.remove_prefix(point->size_bytes);
  }
  return points;
}

std::string utf16_of(std::u32string_view points, bool big_endian) {
  std::string out;
  const auto put = [&](char32_t unit) {
    const char low = static_cast<char>(unit & 0xFF);
    const char high = static_cast<char>(unit >> 8 & 0xFF);
    out += big_endian ? high : low;
    out += big_endian ? low : high;
  };
  for (const char32_t point : points) {
    if (point < 0x10000) {
      put(point);
    } else {
      put(0xD800 + ((point - 0x10000) >> 10));
      put(0xDC00 + ((point - 0x10000) & 0x3FF));
    }
  }
  return out;
}

// What base64 makes of the text alone, when `before` bytes stand in front of it in its group of
// three: the characters at both ends that depend on the neighbours are left out.
std::string base64_inside(std::string_view text, std::size_t before) {
  const std::string padded = std::string(before, '\0').append(text);
  const std::size_t whole = padded.size() / 3 * 3;
  const std::string encoded =
      base::base64_encode(bytes_of(padded).first(whole), base::Padding::none);
  return encoded.substr(before == 0 ? 0 : 4);
}

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

std::string percent_encoded(std::string_view text, bool upper) {
  std::string out;
  for (const char c : text) {
    if (is_unreserved(c)) {
      out += c;
      continue;
    }
    const std::string hex = base::hex_encode(bytes_of(std::string_view(&c, 1)));
    out += '%' + (upper ? upper_case(hex) : hex);
  }
  return out;
}

// As JSON writers escape what is not ASCII.
std::string json_escaped(std::u32string_view points) {
  std::string out;
  const std::string units = utf16_of(points, true);
  for (std::size_t i = 0; i < units.size(); i += 2) {
    const std::string_view unit = std::string_view(units).substr(i, 2);
    if (unit[0] == '\0' && static_cast<unsigned char>(unit[1]) < 0x80) {
      out += unit[1];
    } else {
      out += "\\u" + base::hex_encode(bytes_of(unit));
    }
  }
  return out;
}

}  // namespace

std::string_view CanarySearch::name_of(Form form) {
  static constexpr std::string_view kNames[] = {"raw",    "UTF-16", "hexadecimal",
                                                "base64", "URL",    "JSON"};
  return kNames[static_cast<std::size_t>(form)];
}

void CanarySearch::add_pattern(std::uint32_t canary, Form form, std::string_view bytes) {
  SEALIFT_CHECK(bytes.size() >= kHeadSize);
  const std::uint64_t head = head_of(bytes_of(bytes));
  std::vector<Pattern>& known = by_head_[head];
  const auto is_same = [&](const Pattern& each) {
    return each.canary == canary && std::ranges::equal(each.bytes, bytes_of(bytes));
  };
  if (std::ranges::any_of(known, is_same)) return;  // two forms may be the same bytes
  known.push_back({canary, form, base::copy_of(bytes_of(bytes))});
  const std::size_t bit = filter_bit(head);
  filter_[bit / 64] |= std::uint64_t{1} << (bit % 64);
  longest_ = std::max(longest_, bytes.size());
}

void CanarySearch::add(std::uint32_t canary, std::string_view text) {
  SEALIFT_CHECK(text.size() >= kTextSizeMin);
  const std::u32string points = code_points(text);
  add_bytes(canary, bytes_of(text));
  add_pattern(canary, Form::utf16, utf16_of(points, false));
  add_pattern(canary, Form::utf16, utf16_of(points, true));
  add_pattern(canary, Form::url, percent_encoded(text, true));
  add_pattern(canary, Form::url, percent_encoded(text, false));
  add_pattern(canary, Form::json, json_escaped(points));
}

void CanarySearch::add_bytes(std::uint32_t canary, ByteView bytes) {
  SEALIFT_CHECK(bytes.size() >= kTextSizeMin);
  const std::string_view text = base::text_of(bytes);
  add_pattern(canary, Form::raw, text);
  add_pattern(canary, Form::hexadecimal, base::hex_encode(bytes_of(text)));
  add_pattern(canary, Form::hexadecimal, upper_case(base::hex_encode(bytes_of(text))));
  for (std::size_t before = 0; before < 3; ++before) {
    std::string encoded = base64_inside(text, before);
    add_pattern(canary, Form::base64, encoded);
    std::ranges::replace(encoded, '+', '-');
    std::ranges::replace(encoded, '/', '_');
    add_pattern(canary, Form::base64, encoded);
  }
}

void CanarySearch::search(ByteView bytes, const std::function<void(const Hit&)>& found) const {
  for (std::size_t at = 0; at + kHeadSize <= bytes.size(); ++at) {
    const std::uint64_t head = head_of(bytes.subspan(at, kHeadSize));
    const std::size_t bit = filter_bit(head);
    if ((filter_[bit / 64] >> (bit % 64) & 1) == 0) continue;
    const auto known = by_head_.find(head);
    if (known == by_head_.end()) continue;
    for (const Pattern& pattern : known->second) {
      const ByteView rest = bytes.subspan(at);
      if (rest.size() < pattern.bytes.size()) continue;
      if (!std::ranges::equal(rest.first(pattern.bytes.size()), ByteView(pattern.bytes))) continue;
      found({pattern.canary, pattern.form, at});
    }
  }
}

}  // namespace sealift::cli
