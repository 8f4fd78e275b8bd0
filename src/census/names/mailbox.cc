#include "census/names/mailbox.h"

#include <algorithm>

#include "census/kinds/text_fold.h"
#include "census/names/match_nickname.h"

namespace sealift::census {
namespace {

constexpr std::size_t kPartMin = 3;  // letters of a name that are hardly there by chance

std::string_view box_of(std::string_view email) { return email.substr(0, email.find('@')); }

bool begins_alike(std::string_view a, std::string_view b) {
  return a.starts_with(b) || b.starts_with(a);
}

// "owen" beside the surname: one of the person's own names, in short or in full?
bool is_own_word(std::string_view word, const MatchName& name) {
  const auto is_alike = [&](const std::string& given) {
    return !given.empty() &&
           (begins_alike(given, word) || nickname_root(given) == nickname_root(word));
  };
  return std::ranges::any_of(name.given, is_alike) || std::ranges::any_of(name.family, is_alike);
}

// Words that households and shops put beside a surname.
bool is_of_all(std::string_view word) {
  constexpr std::string_view kWords[] = {"family", "famille", "the", "house", "home",
                                         "info",   "mail",    "les", "team",  "office"};
  return std::ranges::find(kWords, word) != std::end(kWords);
}

}  // namespace

std::string letters_of_mailbox(std::string_view email) {
  std::string letters;
  for (const char c : box_of(email))
    if (is_ascii_letter(c)) letters.push_back(ascii_lower(c));
  return letters;
}

std::vector<std::string> mailboxes_of(const MatchName& name) {
  if (name.given.empty() || name.family.empty()) return {};
  const std::string& given = name.given.front();
  const std::string& family = name.family.back();
  if (given.size() < kPartMin || family.size() < kPartMin) return {};
  const std::string initial = given.substr(0, 1);
  return {given + family, family + given, initial + family, family + initial, given + family[0]};
}

bool spells(std::string_view email, const MatchName& name) {
  const std::vector<std::string> ways = mailboxes_of(name);
  if (ways.empty()) return false;
  const std::string box = letters_of_mailbox(email);
  const bool both = box.find(name.given.front()) != std::string::npos &&
                    box.find(name.family.back()) != std::string::npos;
  return both || std::ranges::find(ways, box) != ways.end();
}

bool spells_relative(std::string_view email, const std::vector<MatchName>& names) {
  const std::string box = letters_of_mailbox(email);
  bool is_relative = false;
  for (const MatchName& name : names) {
    for (const std::string& family : name.family) {
      if (family.size() < kPartMin || !(box.starts_with(family) || box.ends_with(family))) continue;
      const std::string rest = box.starts_with(family) ? box.substr(family.size())
                                                       : box.substr(0, box.size() - family.size());
      if (rest.empty() || is_of_all(rest) || name.given.empty()) return false;
      // two letters are initials: the first one counts
      const bool own = rest.size() < kPartMin
                           ? std::ranges::any_of(name.given,
                                                 [&](const std::string& given) {
                                                   return given.front() == rest.front();
                                                 })
                           : is_own_word(rest, name) || rest.find(name.given.front()) != rest.npos;
      if (own) return false;
      is_relative = true;
    }
  }
  return is_relative;
}

}  // namespace sealift::census
