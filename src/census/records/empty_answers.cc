#include "census/records/empty_answers.h"

#include <algorithm>
#include <array>

#include "census/kinds/text_fold.h"

namespace sealift::census {
namespace {

constexpr std::array<std::string_view, 18> kNothing = {"",
                                                       "n a",
                                                       "na",
                                                       "none",
                                                       "nil",
                                                       "unknown",
                                                       "same",
                                                       "same as above",
                                                       "nkda",
                                                       "not known",
                                                       "null",
                                                       "tbd",
                                                       "not applicable",
                                                       "inconnu",
                                                       "aucun",
                                                       "neant",
                                                       "s o",
                                                       "sans objet"};

}  // namespace

bool says_nothing(std::string_view value) {
  // more than the longest of these has
  constexpr std::ptrdiff_t kLettersMax = 13;
  if (std::ranges::count_if(value, is_ascii_alnum) > kLettersMax) return false;
  const std::string folded = fold_words(value);
  return std::ranges::find(kNothing, std::string_view(folded)) != kNothing.end();
}

bool says_no(std::string_view value) {
  const std::string folded = fold_words(value);
  return folded == "no" || folded == "n" || folded == "false" || folded == "0" || folded == "non" ||
         folded == "alive" || folded == "living" || folded == "active" || folded == "missing";
}

}  // namespace sealift::census
