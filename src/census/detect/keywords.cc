#include "census/detect/keywords.h"

#include <algorithm>
#include <array>

#include "census/kinds/folded_word.h"
#include "census/kinds/text_fold.h"

namespace sealift::census::internal {
namespace {

constexpr std::size_t kReachBefore = 96;  // on the same line
constexpr std::size_t kReachAfter = 24;
constexpr std::size_t kReachAbove = 400;   // back to the label in the line above
constexpr std::size_t kColumnsApart = 28;  // a label begins about where its value begins
constexpr std::size_t kWordSizeMax = 16;

struct Phrase {
  std::string_view words;  // folded, separated by one space; "*" ends a word stem
  Topic topic;
};

// Sorted by their first word for the look-up.
constexpr Phrase kPhrases[] = {
    {"account", Topic::account},
    {"acct", Topic::account},
    {"amex", Topic::card},
    {"arn", Topic::roll},
    {"assessment roll", Topic::roll},
    {"assurance maladie", Topic::qc_health_number},
    {"assurance sociale", Topic::sin},
    {"bank", Topic::bank},
    {"banking", Topic::bank},
    {"batch", Topic::other_number},
    {"birth", Topic::birth},
    {"birthdate", Topic::birth},
    {"birthday", Topic::birth},
    {"bn", Topic::other_number},
    {"born", Topic::birth},
    {"business number", Topic::other_number},
    {"card number", Topic::card},
    {"card no", Topic::card},
    {"carecard", Topic::bc_health_number},
    {"carte sante", Topic::health_number},
    {"carte de credit", Topic::card},
    {"carte de sante", Topic::health_number},
    {"case", Topic::other_number},
    {"cell", Topic::phone},
    {"cellulaire", Topic::phone},
    {"cheque", Topic::bank},
    {"chequing", Topic::bank},
    {"claim", Topic::other_number},
    {"compte", Topic::account},
    {"credit card", Topic::card},
    {"ddn", Topic::birth},
    {"deposit", Topic::bank},
    {"deposited", Topic::bank},
    {"depot", Topic::bank},
    {"dl", Topic::drivers_licence},
    {"dob", Topic::birth},
    {"drawing", Topic::other_number},
    {"driver licence", Topic::drivers_licence},
    {"driver license", Topic::drivers_licence},
    {"driver s licence", Topic::drivers_licence},
    {"driver s license", Topic::drivers_licence},
    {"drivers lic", Topic::drivers_licence},
    {"drivers licence", Topic::drivers_licence},
    {"drivers license", Topic::drivers_licence},
    {"driving licence", Topic::drivers_licence},
    {"education number", Topic::education_number},
    {"fax", Topic::phone},
    {"file no", Topic::other_number},
    {"file number", Topic::other_number},
    {"gl", Topic::other_number},
    {"hcn", Topic::health_number},
    {"hc", Topic::health_number},
    {"health card", Topic::health_number},
    {"health ins", Topic::health_number},
    {"health insurance", Topic::health_number},
    {"health no", Topic::health_number},
    {"health number", Topic::health_number},
    {"healthcard", Topic::health_number},
    {"hst", Topic::other_number},
    {"iban", Topic::iban},
    {"immatriculation scolaire", Topic::education_number},
    {"inst", Topic::bank},
    {"institution", Topic::bank},
    {"invoice", Topic::other_number},
    {"isbn", Topic::other_number},
    {"licence no", Topic::drivers_licence},
    {"licence number", Topic::drivers_licence},
    {"license number", Topic::drivers_licence},
    {"mastercard", Topic::card},
    {"mobile", Topic::phone},
    {"model", Topic::other_number},
    {"naissance", Topic::birth},
    {"nam", Topic::qc_health_number},
    {"nas", Topic::sin},
    {"national insurance", Topic::other_number},
    {"ne le", Topic::birth},
    {"nee le", Topic::birth},
    {"ne e le", Topic::birth},
    {"nhs", Topic::nhs_number},
    {"niso", Topic::education_number},
    {"numero de sante", Topic::health_number},
    {"oen", Topic::education_number},
    {"ohip", Topic::health_number},
    {"order", Topic::other_number},
    {"parcel", Topic::other_number},
    {"part", Topic::other_number},
    {"passeport", Topic::passport},
    {"passport", Topic::passport},
    {"permis de conduire", Topic::drivers_licence},
    {"personal health number", Topic::bc_health_number},
    {"phin", Topic::health_number},
    {"phn", Topic::bc_health_number},
    {"phone", Topic::phone},
    {"pin", Topic::other_number},
    {"po number", Topic::other_number},
    {"ramq", Topic::qc_health_number},
    {"ref", Topic::other_number},
    {"reference", Topic::other_number},
    {"roll", Topic::roll},
    {"routing", Topic::bank},
    {"rt", Topic::other_number},
    {"serial", Topic::other_number},
    {"sin", Topic::sin},
    {"sku", Topic::other_number},
    {"social ins", Topic::sin},
    {"social insurance", Topic::sin},
    {"social security", Topic::ssn},
    {"ss", Topic::ssn},
    {"ssn", Topic::ssn},
    {"student id", Topic::student},
    {"student no", Topic::student},
    {"student number", Topic::student},
    {"tel", Topic::phone},
    {"telephone", Topic::phone},
    {"tracking", Topic::other_number},
    {"transit", Topic::bank},
    {"upc", Topic::other_number},
    {"virement", Topic::bank},
    {"visa", Topic::card},
};

// Their sizes: the look-up compares nothing of another size.
constexpr std::array<std::uint8_t, std::size(kPhrases)> first_sizes() {
  std::array<std::uint8_t, std::size(kPhrases)> out{};
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = static_cast<std::uint8_t>(first_word_size(kPhrases[i].words));
  return out;
}
constexpr std::array kFirstSizes = first_sizes();

// Which first letter and length any first word of a phrase has: most words are turned away here.
struct FirstWords {
  std::array<std::uint32_t, 26> lengths{};
  std::array<std::uint16_t, 27> begin{};
};

constexpr FirstWords first_words() {
  FirstWords out;
  for (const Phrase& phrase : kPhrases) {
    const auto letter = static_cast<std::size_t>(phrase.words[0] - 'a');
    out.lengths[letter] |= 1U << first_word_size(phrase.words);
    for (std::size_t later = letter + 1; later < out.begin.size(); ++later) ++out.begin[later];
  }
  return out;
}
constexpr FirstWords kFirstWords = first_words();

constexpr bool sorted_by_first_letter() {
  for (std::size_t i = 1; i < std::size(kPhrases); ++i) {
    if (kPhrases[i - 1].words[0] > kPhrases[i].words[0]) return false;
  }
  return true;
}
static_assert(sorted_by_first_letter());

using Word = FoldedWord<kWordSizeMax>;

// An initial and its dot, with a letter behind: "S.I.N.".
bool is_dotted_initial(std::string_view text, std::size_t at, const Word& word) {
  return text[at] == '.' && at + 1 < text.size() && is_ascii_letter(text[at + 1]) &&
         at + 2 - word.begin <= 6 && word.size * 2 == at + 1 - word.begin;
}

// The next word from `at` before `limit`; dots between single letters vanish.
bool next_word(std::string_view text, std::size_t* at, std::size_t limit, Word* word) {
  std::size_t i = next_letter(text, *at, limit);
  if (i >= limit) return false;
  word->begin = i;
  word->size = 0;
  while (i < text.size()) {
    if (begins_letter(text[i])) {
      const FoldedLetter folded = folded_letter(text, i);
      word->add(folded.letter);
      i += folded.size_bytes;
    } else if (is_dotted_initial(text, i, *word)) {
      ++i;
    } else {
      break;
    }
  }
  word->end = i;
  *at = i;
  return true;
}

// Where `phrase` ends when its further words follow `at`; npos when they don't.
std::size_t match_rest(std::string_view text, std::size_t at, std::string_view rest) {
  while (!rest.empty()) {
    const std::size_t size = std::min(rest.find(' '), rest.size());
    Word word;
    const std::size_t limit = std::min(text.size(), at + 6);
    if (rest.substr(0, size) == "no" && at < limit) {
      const std::size_t hash = text.substr(at, limit - at).find('#');
      if (hash != text.npos) return at + hash + 1;
    }
    if (!next_word(text, &at, limit, &word) || word.view() != rest.substr(0, size))
      return std::string_view::npos;
    rest.remove_prefix(std::min(size + 1, rest.size()));
  }
  return at;
}

std::optional<KeywordHit> phrase_at(std::string_view text, const Word& word) {
  const char first = word.letters[0];
  if (!is_ascii_lower(first)) return std::nullopt;
  const auto letter = static_cast<std::size_t>(first - 'a');
  if ((kFirstWords.lengths[letter] >> word.size & 1) == 0) return std::nullopt;
  std::optional<KeywordHit> best;
  for (std::size_t i = kFirstWords.begin[letter]; i < kFirstWords.begin[letter + 1]; ++i) {
    const std::size_t size = kFirstSizes[i];
    if (size != word.size) continue;
    const std::string_view words = kPhrases[i].words;
    if (words.substr(0, size) != word.view()) continue;
    const std::size_t end =
        size == words.size() ? word.end : match_rest(text, word.end, words.substr(size + 1));
    if (end == std::string_view::npos || (best && best->end > end)) continue;
    best = KeywordHit{word.begin, end, kPhrases[i].topic};
  }
  return best;
}

// The beginning of the line that holds `at`, not looked for beyond kReachAbove: lines have no
// limit.
std::size_t line_start(std::string_view text, std::size_t at) {
  const std::size_t from = at > kReachAbove ? at - kReachAbove : 0;
  const std::size_t newline = text.substr(from, at - from).rfind('\n');
  return newline == text.npos ? from : from + newline + 1;
}

}  // namespace

void KeywordIndex::read(std::size_t begin, std::size_t end) {
  std::size_t at = begin;
  // a word cut in two at `begin` belongs to what was read before
  while (at > 0 && at < end && is_ascii_letter(text_[at]) && is_ascii_letter(text_[at - 1])) ++at;
  Word word;
  while (at < end && next_word(text_, &at, end, &word)) {
    if (auto hit = phrase_at(text_, word)) hits_.push_back(*hit);
  }
  read_to_ = std::max(at, end);
}

void KeywordIndex::read_around(std::size_t begin, std::size_t end) {
  const std::size_t wanted =
      reading_ == Reading::whole || begin < kReachAbove ? 0 : begin - kReachAbove;
  const std::size_t from = std::max(read_to_, wanted);
  const std::size_t to = std::min(text_.size(), end + kReachAfter);
  if (from < to) read(from, to);
}

bool KeywordIndex::any_near(std::size_t begin, std::size_t end) {
  read_around(begin, end);
  // numbers come in order, and read up to about where they stand
  const bool behind_all = hits_.empty() || hits_.back().begin <= begin;
  const auto first_after =
      behind_all ? hits_.end() : std::ranges::upper_bound(hits_, begin, {}, &KeywordHit::begin);
  const bool none_before =
      first_after == hits_.begin() || (first_after - 1)->begin + 2 * kReachAbove < begin;
  const bool none_after = first_after == hits_.end() || first_after->begin >= end + kReachAfter;
  return !none_before || !none_after;
}

std::optional<KeywordHit> KeywordIndex::nearest(std::size_t begin, std::size_t end,
                                                std::uint32_t wanted) {
  // most numbers have no keyword anywhere near: the lines around them need no look
  if (!any_near(begin, end)) return std::nullopt;
  const auto first_after = std::ranges::upper_bound(hits_, begin, {}, &KeywordHit::begin);
  const std::size_t start = line_start(text_, begin);
  const std::size_t line = std::max(start, begin > kReachBefore ? begin - kReachBefore : 0);
  // before it, on its line
  auto before = first_after;
  while (before != hits_.begin() && (before - 1)->begin >= line) {
    --before;
    if ((wanted & topics(before->topic)) != 0) return *before;
  }
  // right behind it
  for (auto after = first_after; after != hits_.end() && after->begin < end + kReachAfter;
       ++after) {
    if (text_.substr(end, after->begin - end).find_first_of("\n0123456789") != text_.npos) break;
    if ((wanted & topics(after->topic)) != 0) return *after;
  }
  // above it
  std::size_t above_end = start;
  while (above_end > 0 && (text_[above_end - 1] == '\n' || text_[above_end - 1] == ' ' ||
                           text_[above_end - 1] == '\r' || text_[above_end - 1] == '\t')) {
    --above_end;
  }
  if (above_end == 0 || begin - above_end > kReachAbove) return std::nullopt;
  const std::size_t above = line_start(text_, above_end);
  const std::size_t column = begin - start;
  std::optional<KeywordHit> best;
  std::size_t best_distance = kColumnsApart + 1;
  for (auto hit = before; hit != hits_.begin();) {
    --hit;
    if (hit->begin < above) break;
    if (hit->begin >= above_end || (wanted & topics(hit->topic)) == 0) continue;
    const std::size_t at = hit->begin - above;
    const std::size_t distance = at > column ? at - column : column - at;
    if (distance < best_distance) {
      best_distance = distance;
      best = *hit;
    }
  }
  return best;
}

std::uint32_t KeywordIndex::around(std::size_t begin, std::size_t end, std::size_t reach) {
  read_around(begin, end);
  std::uint32_t found = 0;
  const std::size_t from = begin > reach ? begin - reach : 0;
  auto hit = std::ranges::lower_bound(hits_, from, {}, &KeywordHit::begin);
  for (; hit != hits_.end() && hit->begin < end + reach; ++hit) found |= topics(hit->topic);
  return found;
}

std::vector<KeywordHit> KeywordIndex::all_of(Topic topic) {
  if (read_to_ < text_.size()) read(read_to_, text_.size());
  std::vector<KeywordHit> found;
  for (const KeywordHit& hit : hits_) {
    if (hit.topic == topic) found.push_back(hit);
  }
  return found;
}

}  // namespace sealift::census::internal
