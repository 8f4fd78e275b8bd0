#include "census/names/match_name.h"

#include <algorithm>
#include <array>

#include "census/kinds/text_fold.h"
#include "census/names/match_nickname.h"

namespace sealift::census {
namespace {

constexpr std::array<std::string_view, 20> kTitles = {
    "mr",  "mrs",   "ms",       "miss",   "dr",  "mme", "mlle", "m",  "rev",     "prof",
    "sir", "madam", "monsieur", "madame", "hon", "cst", "sgt",  "pt", "patient", "client"};

constexpr std::array<std::string_view, 26> kParticles = {
    "van", "von", "de",  "der", "den", "del", "della", "di", "da",  "dos", "du",  "la", "le",
    "el",  "al",  "bin", "ben", "ibn", "abu", "ter",   "st", "ste", "mc",  "mac", "o",  "ten"};

template <std::size_t kSize>
bool is_in(const std::array<std::string_view, kSize>& list, std::string_view word) {
  return std::ranges::find(list, word) != list.end();
}

std::uint8_t generation_of(std::string_view word) {
  if (word == "sr" || word == "senior" || word == "pere") return 1;
  if (word == "jr" || word == "junior" || word == "fils" || word == "ii") return 2;
  if (word == "iii") return 3;
  if (word == "iv") return 4;
  return 0;
}

// Words between spaces, folded; hyphenated ones in parts.
std::vector<std::vector<std::string>> words_of(std::string_view text) {
  std::vector<std::vector<std::string>> words;
  std::string spaced(text);
  std::ranges::replace(spaced, '.', ' ');
  std::size_t at = 0;
  while (at < spaced.size()) {
    const std::size_t end = std::min(spaced.find_first_of(" \t\n", at), spaced.size());
    std::vector<std::string> parts = folded_words(std::string_view(spaced).substr(at, end - at));
    if (!parts.empty()) words.push_back(std::move(parts));
    at = end + 1;
  }
  return words;
}

// The letters of all parts, hyphens left out.
std::string joined(const std::vector<std::string>& parts) {
  std::string all;
  for (const std::string& part : parts)
    for (const char c : part)
      if (c != '-') all += c;
  return all;
}

std::string hyphened(const std::vector<std::string>& parts) {
  std::string all;
  for (const std::string& part : parts) all += (all.empty() ? "" : "-") + part;
  return all;
}

void take_generation(std::vector<std::vector<std::string>>& words, MatchName& name) {
  while (!words.empty() && words.back().size() == 1) {
    const std::uint8_t generation = generation_of(words.back().front());
    if (generation == 0) return;
    name.generation = generation;
    words.pop_back();
  }
}

void drop_titles(std::vector<std::vector<std::string>>& words) {
  while (words.size() > 1 && words.front().size() == 1 && is_in(kTitles, words.front().front()))
    words.erase(words.begin());
}

void add_family(const std::vector<std::string>& parts, MatchName& name) {
  const bool only = parts.size() == 1;
  for (const std::string& part : parts)
    if (only || !is_in(kParticles, part)) name.family.push_back(part);
}

void split_natural_order(std::vector<std::vector<std::string>> words, MatchName& name) {
  drop_titles(words);
  take_generation(words, name);
  if (words.empty()) return;
  std::size_t family = words.size() - 1;
  while (family > 1 && words[family - 1].size() == 1 &&
         is_in(kParticles, words[family - 1].front()))
    --family;
  if (words.size() == 1) family = 0;
  for (std::size_t i = 0; i < family; ++i) name.given.push_back(hyphened(words[i]));
  add_family(words.back(), name);
}

bool equal_joined(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return a == b || joined(a) == joined(b);
}

// "vandijk" and "dijk": a particle written as part of the name.
bool is_particle_and(std::string_view longer, std::string_view shorter) {
  return longer.size() > shorter.size() && longer.ends_with(shorter) &&
         is_in(kParticles, longer.substr(0, longer.size() - shorter.size()));
}

bool is_subset(const std::vector<std::string>& part, const std::vector<std::string>& whole) {
  return std::ranges::all_of(
      part, [&](const std::string& word) { return std::ranges::find(whole, word) != whole.end(); });
}

FamilyAgreement compare_family(const std::vector<std::string>& a,
                               const std::vector<std::string>& b) {
  if (a.empty() || b.empty()) return FamilyAgreement::missing;
  if (equal_joined(a, b)) return FamilyAgreement::equal;
  const std::string all_a = joined(a);
  const std::string all_b = joined(b);
  if (is_particle_and(all_a, all_b) || is_particle_and(all_b, all_a)) return FamilyAgreement::equal;
  if (is_subset(a, b) || is_subset(b, a)) return FamilyAgreement::part;
  if (std::min(all_a.size(), all_b.size()) >= 5 && is_one_slip(all_a, all_b))
    return FamilyAgreement::typo;
  return FamilyAgreement::different;
}

bool is_initial_of(std::string_view a, std::string_view b) {
  return !a.empty() && !b.empty() && (a.size() == 1 || b.size() == 1) && a[0] == b[0];
}

// "jean" and "jean-francois". Two letters ("ji" and "ji-a") are too few to tell.
bool is_first_part(std::string_view part, std::string_view whole) {
  return part.size() >= 3 && whole.size() > part.size() && whole.starts_with(part) &&
         whole[part.size()] == '-';
}

GivenAgreement compare_given(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  if (a.empty() || b.empty()) return GivenAgreement::missing;
  if (a[0].size() > 1 && (a[0] == b[0] || joined(a) == joined(b))) return GivenAgreement::equal;
  if (is_nickname_pair(a[0], b[0]) || is_first_part(a[0], b[0]) || is_first_part(b[0], a[0]))
    return GivenAgreement::nickname;
  const auto is_middle_of = [](const std::string& name, const std::vector<std::string>& whole) {
    return name.size() > 1 && std::find(whole.begin() + 1, whole.end(), name) != whole.end();
  };
  if (is_middle_of(a[0], b) || is_middle_of(b[0], a)) return GivenAgreement::middle;
  if (is_initial_of(a[0], b[0])) return GivenAgreement::initial;
  if (std::min(a[0].size(), b[0].size()) >= 5 && is_one_slip(a[0], b[0]))
    return GivenAgreement::typo;
  return GivenAgreement::different;
}

// Middle names pair one to one in order, initials with full names; a missing one says nothing.
void compare_middle(const MatchName& a, const MatchName& b, NameAgreement& out) {
  const std::size_t both = std::min(a.given.size(), b.given.size());
  if (joined(a.given) == joined(b.given)) {
    out.middle_equal = both > 1;
    return;
  }
  for (std::size_t i = 1; i < both; ++i) {
    const std::string& x = a.given[i];
    const std::string& y = b.given[i];
    if (x == y) {
      out.middle_equal = out.middle_equal || x.size() > 1;
    } else if (!is_initial_of(x, y) && !is_nickname_pair(x, y) && !is_one_slip(x, y) &&
               std::ranges::find(a.given, y) == a.given.end() &&
               std::ranges::find(b.given, x) == b.given.end()) {
      out.middle_clash = true;
    }
  }
}

// "Maria Garcia Lopez" and "Maria Garcia": every word of the shorter stands in the longer.
bool is_shortened(const MatchName& a, const MatchName& b) {
  std::vector<std::string> all_a = a.given;
  std::vector<std::string> all_b = b.given;
  all_a.insert(all_a.end(), a.family.begin(), a.family.end());
  all_b.insert(all_b.end(), b.family.begin(), b.family.end());
  if (all_a.size() < 2 || all_b.size() < 2 || all_a[0] != all_b[0] || all_a[0].size() < 2)
    return false;
  return all_a.size() < all_b.size() ? is_subset(all_a, all_b) : is_subset(all_b, all_a);
}

}  // namespace

MatchName match_name(std::string_view written) {
  MatchName name;
  const std::size_t comma = written.find(',');
  if (comma == std::string_view::npos) {
    split_natural_order(words_of(written), name);
    return name;
  }
  auto family = words_of(written.substr(0, comma));
  auto given = words_of(written.substr(comma + 1));
  take_generation(given, name);
  take_generation(family, name);
  drop_titles(given);
  if (given.empty()) {  // "Barnett, Jr" or "Tony Barnett, PCP"
    split_natural_order(std::move(family), name);
    return name;
  }
  std::vector<std::string> parts;
  for (const auto& word : family) parts.insert(parts.end(), word.begin(), word.end());
  add_family(parts, name);
  for (const auto& word : given) name.given.push_back(hyphened(word));
  return name;
}

NameAgreement compare_names(const MatchName& a, const MatchName& b) {
  NameAgreement out;
  out.given = compare_given(a.given, b.given);
  out.family = compare_family(a.family, b.family);
  if (out.given == GivenAgreement::different || out.family == FamilyAgreement::different) {
    const MatchName turned{.given = b.family, .family = b.given, .generation = b.generation};
    if (equal_joined(a.given, turned.given) && equal_joined(a.family, turned.family)) {
      out = {.given = GivenAgreement::equal, .family = FamilyAgreement::equal, .swapped = true};
    } else if (is_shortened(a, b)) {
      out.given = GivenAgreement::equal;
      out.family = FamilyAgreement::part;
    }
  }
  if (!out.swapped) compare_middle(a, b, out);
  out.generation_clash = a.generation != 0 && b.generation != 0 && a.generation != b.generation;
  out.generation_one_sided = (a.generation == 0) != (b.generation == 0);
  return out;
}

bool is_one_slip(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() - a.size() > 1) return false;
  const auto [in_a, in_b] = std::ranges::mismatch(a, b);
  const std::string_view rest_a(in_a, a.end());
  const std::string_view rest_b(in_b, b.end());
  if (rest_a.size() != rest_b.size()) return rest_a == rest_b.substr(1);
  if (rest_a.empty() || rest_a.substr(1) == rest_b.substr(1)) return true;
  return rest_a.size() >= 2 && rest_a[0] == rest_b[1] && rest_a[1] == rest_b[0] &&
         rest_a.substr(2) == rest_b.substr(2);
}

}  // namespace sealift::census
