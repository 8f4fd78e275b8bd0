#include "age/format/bech32.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

namespace sealift::age {

using base::ByteView;
using base::MutableByteView;

namespace {

constexpr std::string_view kAlphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
constexpr std::size_t kChecksumSize = 6;

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
char to_lower(char c) { return is_upper(c) ? static_cast<char>(c + ('a' - 'A')) : c; }
char to_upper(char c) { return is_lower(c) ? static_cast<char>(c - ('a' - 'A')) : c; }

// The checksum's state: a remainder modulo the generator polynomial over GF(32).
class Checksum {
 public:
  explicit Checksum(std::string_view prefix) {
    for (const char c : prefix) add(static_cast<std::uint32_t>(to_lower(c)) >> 5);
    add(0);
    for (const char c : prefix) add(static_cast<std::uint32_t>(to_lower(c)) & 31);
  }

  void add(std::uint32_t group) {
    static constexpr std::array<std::uint32_t, 5> kGenerator = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa,
                                                                0x3d4233dd, 0x2a1462b3};
    const std::uint32_t top = state_ >> 25;
    state_ = ((state_ & 0x1ffffff) << 5) ^ group;
    for (std::size_t bit = 0; bit < kGenerator.size(); ++bit) {
      if ((top >> bit & 1) != 0) state_ ^= kGenerator[bit];
    }
  }

  bool is_valid() const { return state_ == 1; }

  std::array<std::uint32_t, kChecksumSize> finish() {
    for (std::size_t i = 0; i < kChecksumSize; ++i) add(0);
    std::array<std::uint32_t, kChecksumSize> groups{};
    for (std::size_t i = 0; i < kChecksumSize; ++i) {
      groups[i] = ((state_ ^ 1) >> (5 * (kChecksumSize - 1 - i))) & 31;
    }
    return groups;
  }

 private:
  std::uint32_t state_ = 1;
};

std::optional<std::uint32_t> group_of(char c, bool upper) {
  if (upper ? is_lower(c) : is_upper(c)) return std::nullopt;
  const std::size_t at = kAlphabet.find(to_lower(c));
  if (at == std::string_view::npos) return std::nullopt;
  return static_cast<std::uint32_t>(at);
}

bool decode_groups(std::string_view groups, bool upper, Checksum checksum, MutableByteView out) {
  const std::size_t data_groups = (out.size() * 8 + 4) / 5;
  if (groups.size() != data_groups + kChecksumSize) return false;
  std::uint32_t bits = 0;
  unsigned bit_count = 0;
  std::size_t written = 0;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const auto group = group_of(groups[i], upper);
    if (!group) return false;
    checksum.add(*group);
    if (i >= data_groups) continue;
    bits = ((bits << 5) | *group) & 0xfff;
    bit_count += 5;
    if (bit_count < 8) continue;
    bit_count -= 8;
    out[written++] = static_cast<std::byte>(bits >> bit_count);
  }
  const bool filled_with_zeros = (bits & ((1u << bit_count) - 1)) == 0;
  return filled_with_zeros && checksum.is_valid();
}

}  // namespace

std::string bech32_encode(std::string_view prefix, ByteView data) {
  const bool upper = std::ranges::any_of(prefix, is_upper);
  Checksum checksum(prefix);
  std::string text(prefix);
  text.reserve(prefix.size() + 1 + (data.size() * 8 + 4) / 5 + kChecksumSize);
  text.push_back('1');
  const auto put = [&](std::uint32_t group) {
    text.push_back(upper ? to_upper(kAlphabet[group]) : kAlphabet[group]);
  };
  const auto put_data = [&](std::uint32_t group) {
    checksum.add(group);
    put(group);
  };
  std::uint32_t bits = 0;
  unsigned bit_count = 0;
  for (const std::byte byte : data) {
    bits = ((bits << 8) | std::to_integer<std::uint32_t>(byte)) & 0xfff;
    for (bit_count += 8; bit_count >= 5; bit_count -= 5) put_data(bits >> (bit_count - 5) & 31);
  }
  if (bit_count > 0) put_data((bits << (5 - bit_count)) & 31);
  for (const std::uint32_t group : checksum.finish()) put(group);
  return text;
}

bool bech32_decode(std::string_view text, std::string_view prefix, MutableByteView out) {
  const bool upper = std::ranges::any_of(prefix, is_upper);
  if (text.starts_with(prefix) && text.substr(prefix.size()).starts_with('1') &&
      decode_groups(text.substr(prefix.size() + 1), upper, Checksum(prefix), out)) {
    return true;
  }
  std::ranges::fill(out, std::byte{0});
  return false;
}

}  // namespace sealift::age
