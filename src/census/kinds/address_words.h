// Words of addresses: street types, directions, provinces, unit words. Folded, any thread.
#pragma once

#include <string_view>

namespace sealift::census::internal {

struct StreetType {
  std::string_view shortened;  // "RD"; empty when the word is no street type
  bool common = false;         // rarely means anything else: "Road", not "Way"
};

StreetType street_type_of(std::string_view word);           // "road", "rd"
std::string_view french_type_of(std::string_view word);     // "rue" -> "RUE"; empty for none
std::string_view numbered_road_of(std::string_view words);  // "highway", "concession road"; empty
std::string_view direction_of(std::string_view word);       // "north" -> "N"; empty
std::string_view province_of(std::string_view word);        // "ontario" -> "ON"; empty
bool is_unit_word(std::string_view word);                   // "apt", "unite"
bool is_city_word(std::string_view word);           // false for words that never begin a city
bool is_known_city(std::string_view folded_words);  // municipalities of Ontario, large cities

}  // namespace sealift::census::internal
