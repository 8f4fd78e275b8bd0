// A person's name as written, taken apart.
//
//   "Lévesque, Léa"  "CHETRY Sr, Syed Shivansh"  "Dr. Maria J. de la Cruz-Ortiz, MD"
//   "Mme Jeanne d'Arc Tremblay"  "St.Hill, Eileen"  "Sarah (Sally) O'Neil"  "M. TANG"
//
// Case is judged: words all in capitals are put into title case with particles and Mc/O' kept.
// Pure functions over an immutable Models, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "census/names/models.h"

namespace sealift::census {

struct PersonName {
  std::string title;     // "Dr"; as written without the dot
  std::string given;     // "Maria"
  std::string middle;    // "J." or "Shivansh"; several separated by a space
  std::string surname;   // "de la Cruz-Ortiz"
  std::string suffix;    // "Jr", "Sr", "III"
  std::string nickname;  // "Sally"

  // "Maria J. de la Cruz-Ortiz": given, middle, surname, suffix; no title, no nickname.
  std::string display() const;
  bool operator==(const PersonName&) const = default;
};

// How the words of a name are ordered, where a header or column says so.
enum class NameOrder : std::uint8_t { unknown, given_first, surname_first };

// nullopt when `raw` can't be a name: digits, no letter, more than eight words, an e-mail address,
// words that names don't have. One word alone is a surname after a title ("Mrs. Ullloa"), else
// given.
std::optional<PersonName> parse_person_name(std::string_view raw,
                                            NameOrder order = NameOrder::unknown);

// The same from separate cells; any may be empty. Titles and suffixes within them are found.
std::optional<PersonName> person_name_of_parts(std::string_view given, std::string_view middle,
                                               std::string_view surname);

// Two people in one text: "Mr. and Mrs. John Smith", "John & Mary Smith", "Ann Lee / Bo Lee".
// One or more names; empty when none.
std::vector<PersonName> parse_person_names(std::string_view raw,
                                           NameOrder order = NameOrder::unknown);

// How likely a cell is a person's name, 0..1, by its shape and the name lists. Without a list entry
// a well-shaped name still gets about a half: names of the whole world are not all listed.
double name_plausibility(const Models& models, std::string_view raw);

// "Ajax Pickering": words that are names of towns before they are names of people.
bool is_two_places(const Models& models, std::string_view raw);

}  // namespace sealift::census
