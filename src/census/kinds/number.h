// A run of digit groups in text, the common ground of every identifier detector.
//
//   "SIN 046-454-286."   groups 046 454 286, joined by "-"
//   "A1234-56789-01231"  one letter before, groups 1234 56789 01231
//
// Plain data, borrowed text, any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace sealift::census::internal {

inline constexpr std::size_t kGroupsMax = 8;
inline constexpr std::size_t kDigitsInGroupMax = 24;

struct DigitGroup {
  std::size_t begin = 0;
  std::size_t size = 0;
};

struct Number {
  std::string_view text;  // the whole text
  std::array<DigitGroup, kGroupsMax> groups{};
  std::array<char, kGroupsMax>
      joiners{};          // joiners[i] stands between groups i and i+1; '-' for every dash
  std::size_t count = 0;  // of groups; the first may be all there is

  std::size_t begin() const { return groups[0].begin; }
  std::size_t end_of(std::size_t group) const { return groups[group].begin + groups[group].size; }

  // The first groups have exactly these sizes, joined by one and the same character.
  bool starts_with(std::initializer_list<std::size_t> sizes) const;
  // As starts_with, and no further group is joined on by the same character.
  bool is(std::initializer_list<std::size_t> sizes) const;
  // The digits of the first `group_count` groups.
  std::string digits(std::size_t group_count) const;

  // Nothing before the number, or behind its first `group_count` groups, makes it part of something
  // longer: a word, a path, a decimal, a longer chain of groups.
  bool free_before() const;
  bool free_after(std::size_t group_count) const;
};

// The number whose first digit is at `at`. A group of more than kDigitsInGroupMax digits gives
// count 0 and groups[0] set, so that the caller can go on behind it.
Number number_at(std::string_view text, std::size_t at);

}  // namespace sealift::census::internal
