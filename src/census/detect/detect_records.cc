#include "census/detect/detect_records.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "census/detect/record_words.h"
#include "census/kinds/folded_word.h"
#include "census/kinds/text_fold.h"

namespace sealift::census::internal {
namespace {

constexpr std::size_t kCueReach = 60;
constexpr std::size_t kWordSizeMax = 24;

using Word = FoldedWord<kWordSizeMax>;

// The next word at or after `at`: letters and digits folded, apostrophes left out. false at the
// end.
bool next_word(std::string_view text, std::size_t* at, Word* word) {
  std::size_t i = next_letter(text, *at, text.size());
  if (i >= text.size()) return false;
  word->begin = i;
  word->size = 0;
  while (i < text.size()) {
    const char c = text[i];
    if (begins_letter(c)) {
      const FoldedLetter folded = folded_letter(text, i);
      word->add(folded.letter);
      i += folded.size_bytes;
    } else if (is_ascii_digit(c) || c == '\'') {
      if (c != '\'') word->add(c);
      ++i;
    } else {
      break;
    }
  }
  word->end = i;
  *at = i;
  return true;
}

// The first two letters and the lengths of first words: turns most words away.
class FirstWords {
 public:
  FirstWords() {
    for (const RecordPhrase& phrase : record_phrases()) {
      lengths_[slot(phrase.words)] |= 1U << first_word_size(phrase.words);
    }
  }
  bool may_begin(const Word& word) const {
    return (lengths_[slot(word.view())] >> word.size & 1) != 0;
  }

 private:
  static std::size_t slot(std::string_view word) {
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(word[i]) % 32U; };
    return word.size() < 2 ? 0 : at(0) * 32 + at(1);
  }
  std::array<std::uint32_t, 1024> lengths_{};
};

struct Hit {
  std::size_t begin = 0, end = 0;
  const RecordPhrase* phrase = nullptr;
};

// Where `rest` ends when its words follow `at` with a space, a dash or a line break between.
std::size_t match_rest(std::string_view text, std::size_t at, std::string_view rest) {
  while (!rest.empty()) {
    const std::size_t size = std::min(rest.find(' '), rest.size());
    std::size_t start = at;
    while (start < text.size() &&
           (text[start] == ' ' || text[start] == '-' || text[start] == '\n' || text[start] == '\r'))
      ++start;
    if (start == at || start > at + 3) return text.npos;
    Word word;
    if (is_ascii_digit(start < text.size() ? text[start] : ' ')) {
      std::size_t end = start;
      while (end < text.size() && is_ascii_digit(text[end])) ++end;
      if (text.substr(start, end - start) != rest.substr(0, size)) return text.npos;
      at = end;
    } else {
      at = start;
      if (!next_word(text, &at, &word) || word.begin != start ||
          word.view() != rest.substr(0, size))
        return text.npos;
    }
    rest.remove_prefix(std::min(size + 1, rest.size()));
  }
  return at;
}

Hit longest_at(std::string_view text, const Word& word) {
  Hit best;
  const auto phrases = record_phrases();
  auto found = std::ranges::lower_bound(phrases, word.view(), {}, &RecordPhrase::words);
  for (; found != phrases.end() && found->words.starts_with(word.view()); ++found) {
    const std::string_view rest = found->words.substr(word.size);
    if (!rest.empty() && rest[0] != ' ') continue;
    const std::size_t end = rest.empty() ? word.end : match_rest(text, word.end, rest.substr(1));
    if (end != text.npos && end > best.end) best = {word.begin, end, &*found};
  }
  return best;
}

std::vector<Hit> hits_in(std::string_view text) {
  static const FirstWords first;
  std::vector<Hit> hits;
  Word word;
  for (std::size_t at = 0; next_word(text, &at, &word);) {
    if (word.size < 3 || !is_ascii_lower(word.letters[0]) || !first.may_begin(word)) continue;
    const Hit hit = longest_at(text, word);
    if (hit.phrase == nullptr) continue;
    hits.push_back(hit);
    at = hit.end;
  }
  return hits;
}

bool cue_before(const std::vector<Hit>& hits, std::size_t at, RecordTopic cue) {
  for (std::size_t i = at; i-- > 0 && hits[i].end + kCueReach > hits[at].begin;) {
    if (hits[i].phrase->topic == cue) return true;
  }
  return false;
}

// "Catholic School Board", "Roman Catholic Secondary School": a school's name is nobody's faith.
bool names_an_institution(std::string_view text, std::size_t end) {
  constexpr std::string_view kThings[] = {"school",    "schools",    "district", "board",
                                          "secondary", "elementary", "hospital", "cemetery"};
  std::size_t at = end;
  Word word;
  return next_word(text, &at, &word) && word.begin <= end + 2 &&
         std::ranges::find(kThings, word.view()) != std::end(kThings);
}

// The words behind "position as": at most five, up to a preposition or a punctuation mark.
std::size_t position_end(std::string_view text, std::size_t from) {
  constexpr std::string_view kStops[] = {"in",       "at", "with", "for",  "effective",
                                         "starting", "on", "and",  "from", "dans",
                                         "chez",     "is", "to"};
  std::size_t at = from;
  std::size_t end = from;
  Word word;
  for (int words = 0; words < 5 && next_word(text, &at, &word); ++words) {
    if (text.substr(end, word.begin - end).find_first_not_of(' ') != text.npos) break;
    if (std::ranges::find(kStops, word.view()) != std::end(kStops)) break;
    end = word.end;
  }
  return end;
}

void add_position(Search& search, const Hit& hit) {
  std::size_t begin = hit.end;
  while (begin < search.text.size() && search.text[begin] == ' ') ++begin;
  for (const std::string_view article : {"a ", "an ", "the "}) {
    if (search.text.substr(begin).starts_with(article)) begin += article.size();
  }
  const std::size_t end = position_end(search.text, begin);
  // a position is written with a capital: "Systems Analyst", "PSW"
  if (end <= begin + 1 || !is_ascii_upper(search.text[begin])) return;
  search.add(ElementType::employment_record, std::string(search.text.substr(begin, end - begin)),
             begin, end, 0.85, Reason::keyword | Reason::context);
}

// "password: Winter1748!", "password is hunter2": a word with a digit or sign that no program text
// has.
void add_password(Search& search, const Hit& hit) {
  const std::string_view text = search.text;
  std::size_t begin = hit.end;
  while (begin < text.size() && (text[begin] == ' ' || text[begin] == ':' || text[begin] == '='))
    ++begin;
  if (begin == hit.end || begin > hit.end + 4) return;
  // "password for the portal is ..."
  constexpr std::size_t kReach = 40;
  const std::string_view ahead = text.substr(hit.end, kReach);
  const std::size_t is = ahead.substr(0, ahead.find_first_of("\n.;")).find(" is ");
  if (is != ahead.npos) begin = hit.end + is + 4;
  std::size_t end = begin;
  while (end < text.size() && static_cast<unsigned char>(text[end]) > ' ' && end - begin <= 64)
    ++end;
  while (end > begin && (text[end - 1] == ',' || text[end - 1] == ';' || text[end - 1] == '.' ||
                         text[end - 1] == ')'))
    --end;
  const std::string_view value = text.substr(begin, end - begin);
  if (value.size() < 5 || value.size() > 64 ||
      value.find_first_of("\"'`<>(){}[]\\/|") != value.npos)
    return;
  const bool digit = value.find_first_of("0123456789") != value.npos;
  const bool letter = std::ranges::any_of(value, is_ascii_letter);
  if (!digit || !letter || value.find_first_of("=_") != value.npos) return;
  search.add(ElementType::credential, std::string(value), begin, end, 0.85,
             Reason::keyword | Reason::format);
}

void add_hit(Search& search, const std::vector<Hit>& hits, std::size_t at) {
  const Hit& hit = hits[at];
  const std::string_view raw = search.text.substr(hit.begin, hit.end - hit.begin);
  const bool capital = is_ascii_upper(raw[0]);
  const auto add = [&](ElementType type, double confidence) {
    search.add(type, std::string(raw), hit.begin, hit.end, confidence,
               Reason::keyword | Reason::context);
  };
  switch (hit.phrase->topic) {
    case RecordTopic::health:
      // "identified as exceptional (autism)": a school's word, in a school's record
      return add(cue_before(hits, at, RecordTopic::student) ? ElementType::student_record
                                                            : ElementType::health_record,
                 0.85);
    case RecordTopic::health_weak:
      return cue_before(hits, at, RecordTopic::health_cue) ? add(ElementType::health_record, 0.8)
                                                           : void();
    case RecordTopic::student:
      return add(ElementType::student_record, 0.8);
    case RecordTopic::employment:
      return add(ElementType::employment_record, 0.8);
    case RecordTopic::position_cue:
      return add_position(search, hit);
    case RecordTopic::religion:
      if (capital && !names_an_institution(search.text, hit.end)) add(ElementType::religion, 0.8);
      return;
    case RecordTopic::religion_weak:
      if (capital && cue_before(hits, at, RecordTopic::religion_cue))
        add(ElementType::religion, 0.75);
      return;
    case RecordTopic::citizenship:
      return add(ElementType::citizenship, 0.8);
    case RecordTopic::country:
      if (capital && cue_before(hits, at, RecordTopic::citizenship_cue) &&
          hits[at].begin - hits[at - 1].end < 12) {
        add(ElementType::citizenship, 0.8);
      }
      return;
    case RecordTopic::password_cue:
      return add_password(search, hit);
    default:
      return;
  }
}

}  // namespace

void detect_records(Search& search) {
  const std::vector<Hit> hits = hits_in(search.text);
  for (std::size_t i = 0; i < hits.size(); ++i) add_hit(search, hits, i);
}

}  // namespace sealift::census::internal
