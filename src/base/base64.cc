#include "base/base64.h"

#include <array>

namespace sealift::base {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kNoValue = 0xff;

constexpr std::array<std::uint8_t, 256> kValues = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(kNoValue);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i)
    values[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
  return values;
}();

// Takes the padding off; false when it is not exactly the padding that the length needs.
bool strip_padding(std::string_view& text) {
  if (text.size() % 4 != 0) return false;
  for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
  return true;
}

}  // namespace

std::string base64_encode(ByteView bytes, Padding padding) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j)
      group = (group << 8) | (j < count ? std::to_integer<std::uint32_t>(bytes[i + j]) : 0);
    for (std::size_t j = 0; j <= count; ++j) out.push_back(kAlphabet[(group >> (18 - 6 * j)) & 63]);
    if (padding == Padding::required) out.append(3 - count, '=');
  }
  return out;
}

std::optional<Bytes> base64_decode(std::string_view text, Padding padding) {
  if (padding == Padding::required && !strip_padding(text)) return std::nullopt;
  if (text.size() % 4 == 1) return std::nullopt;
  Bytes out;
  out.reserve(text.size() / 4 * 3 + 2);
  std::uint32_t bits = 0;
  unsigned bit_count = 0;
  for (const char c : text) {
    const std::uint8_t value = kValues[static_cast<unsigned char>(c)];
    if (value == kNoValue) return std::nullopt;
    bits = (bits << 6) | value;
    bit_count += 6;
    if (bit_count < 8) continue;
    bit_count -= 8;
    out.push_back(static_cast<std::byte>(bits >> bit_count));
    bits &= (1u << bit_count) - 1;
  }
  if (bits != 0) return std::nullopt;
  return out;
}

}  // namespace sealift::base
