#include "census/kinds/address_words.h"

#include <algorithm>
#include <array>

namespace sealift::census::internal {
namespace {

struct Entry {
  std::string_view word;
  std::string_view shortened;
};

constexpr Entry kCommonTypes[] = {
#include "census/words/street_types.inc"
};

constexpr Entry kOtherTypes[] = {
#include "census/words/street_types_weak.inc"
};

constexpr Entry kFrenchTypes[] = {
#include "census/words/street_types_french.inc"
};

constexpr Entry kNumberedRoads[] = {
#include "census/words/numbered_roads.inc"
};

constexpr Entry kDirections[] = {
#include "census/words/directions.inc"
};

constexpr Entry kProvinces[] = {
#include "census/words/provinces.inc"
};

constexpr std::string_view kUnitWords[] = {
#include "census/words/unit_words.inc"
};

constexpr std::string_view kNoCity[] = {
#include "census/words/no_cities.inc"
};

constexpr std::string_view kCities[] = {
#include "census/words/cities.inc"
};

template <std::size_t kSize>
std::string_view lookup(const Entry (&table)[kSize], std::string_view word) {
  const auto found = std::ranges::find(table, word, &Entry::word);
  return found == std::end(table) ? std::string_view{} : found->shortened;
}

}  // namespace

StreetType street_type_of(std::string_view word) {
  if (const std::string_view common = lookup(kCommonTypes, word); !common.empty())
    return {common, true};
  return {lookup(kOtherTypes, word), false};
}

std::string_view french_type_of(std::string_view word) { return lookup(kFrenchTypes, word); }
std::string_view numbered_road_of(std::string_view words) { return lookup(kNumberedRoads, words); }
std::string_view direction_of(std::string_view word) { return lookup(kDirections, word); }
std::string_view province_of(std::string_view word) { return lookup(kProvinces, word); }
bool is_unit_word(std::string_view word) {
  return std::ranges::find(kUnitWords, word) != std::end(kUnitWords);
}
bool is_city_word(std::string_view word) {
  return std::ranges::find(kNoCity, word) == std::end(kNoCity);
}

bool is_known_city(std::string_view folded_words) {
  return std::ranges::binary_search(kCities, folded_words);
}

}  // namespace sealift::census::internal
