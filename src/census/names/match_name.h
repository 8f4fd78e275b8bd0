// Two written names: can they be one person's, and how much does their agreement tell?
//
// Names are compared by parts, folded (text_fold.h): "HILL, Denise Cortney" and "Denise Hill"
// agree; "Tony Barnett Jr" and "Tony Barnett Sr" clash; "Ji-a Rim" and "Ji-an Rim" are two people.
// Pure functions, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sealift::census {

// A name ready for comparing.
struct MatchName {
  std::vector<std::string> given;   // first names and middle names; "jean-francois"
  std::vector<std::string> family;  // without particles: {"girard", "lambert"}, {"dijk"}
  std::uint8_t generation = 0;      // 0 none, 1 senior, 2 junior, 3 the third, ...

  bool empty() const { return given.empty() && family.empty(); }
  bool operator==(const MatchName&) const = default;
};

// From "Given Middle Family Suffix" or "Family, Given Middle". Titles are left out.
MatchName match_name(std::string_view written);

enum class GivenAgreement : std::uint8_t {
  missing,   // one of them has none
  equal,     // first names equal
  nickname,  // forms of one name
  middle,    // one is called by a middle name of the other
  initial,   // an initial, and it fits
  typo,      // one letter apart, at least five letters long
  different,
};

enum class FamilyAgreement : std::uint8_t { missing, equal, part, typo, different };

struct NameAgreement {
  GivenAgreement given = GivenAgreement::missing;
  FamilyAgreement family = FamilyAgreement::missing;
  bool middle_equal = false;          // full middle names on both sides, and equal
  bool middle_clash = false;          // full middle names on both sides, and different
  bool generation_clash = false;      // Jr and Sr
  bool generation_one_sided = false;  // Jr and nothing
  bool swapped = false;               // agrees once given and family names are exchanged

  // Nothing in the written names says that they are two people's.
  bool compatible() const {
    return given != GivenAgreement::different && given != GivenAgreement::typo &&
           family != FamilyAgreement::different && !middle_clash && !generation_clash;
  }
};

NameAgreement compare_names(const MatchName& a, const MatchName& b);

// Can both strings be one word with one slip (a letter changed, missing, added, or two exchanged)?
bool is_one_slip(std::string_view a, std::string_view b);

}  // namespace sealift::census
