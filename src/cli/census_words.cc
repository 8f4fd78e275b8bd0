#include "cli/census_words.h"

#include "census/kinds/kind.h"
#include "cli/phrase.h"

namespace sealift::cli {

using base::Language;

// Reasons have semicolons of their own: the longest stretch that is known comes first.
std::string reason_text(std::string_view reason, Language language) {
  constexpr std::string_view kBetween = "; ";
  if (language == Language::english || reason.empty()) return std::string(reason);
  for (std::size_t end = reason.size();; end = reason.rfind(kBetween, end - 1)) {
    if (end == reason.npos) break;
    const std::string_view first = reason.substr(0, end);
    const std::string shown = recognised(language, first);
    if (shown == first) {
      if (end == 0) break;
      continue;
    }
    if (end == reason.size()) return shown;
    return shown + std::string(kBetween) +
           reason_text(reason.substr(end + kBetween.size()), language);
  }
  return std::string(reason);
}

std::string_view kind_title(census::ElementType type, Language language) {
  const census::Kind& kind = census::kind_of(type);
  return language == Language::french ? kind.title_french : kind.title_english;
}

}  // namespace sealift::cli
