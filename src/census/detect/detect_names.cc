#include "census/detect/detect_names.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <unordered_set>
#include <vector>

#include "census/kinds/text_fold.h"
#include "census/names/name_features.h"
#include "census/names/name_rules.h"
#include "census/names/person_name.h"
#include "census/names/small_names.h"

namespace sealift::census::internal {
namespace {

constexpr std::size_t kNameTokensMax = 7;
constexpr std::size_t kTextPartSizeMax = std::size_t{1} << 20;
// Added to the tagger's score: a name that is missed costs more than a word too many. Chosen on the
// parts of the corpora that are for looking at (name_corpora.h), and then moved up by as much as
// no figure of the two development dumps minds (docs/census/names.md).
constexpr int kLeaning = 170;
constexpr double kSureScore = 200;   // of a single word: a name that no list has
constexpr double kSureEnough = 0.6;  // a name from here is looked for in the whole text

// Tokens [begin, end) of one name; a comma inside when it is written surname first.
struct Run {
  std::size_t begin = 0, end = 0;
  double score = 0;  // mean of its tokens
  bool surname_first = false;
};

struct Tagged {
  std::vector<NameToken> tokens;
  std::vector<int> scores;  // over 0: taken for part of a name
};

void tag(Tagged& text, const Models& models) {
  text.scores.assign(text.tokens.size(), 0);
  bool previous = false;
  bool before_previous = false;
  NameFeatures features;
  for (std::size_t i = 0; i < text.tokens.size(); ++i) {
    int score = 0;
    if (text.tokens[i].may_be_name(previous)) {
      name_features(text.tokens, i, previous, before_previous, &features);
      for (const std::uint32_t feature : features) score += models.weight(feature);
      score += kLeaning;
    }
    text.scores[i] = score;
    before_previous = previous;
    previous = score > 0;
  }
}

// "Sage Goose called": an ordinary word behind a given name, with nothing capitalised behind it.
bool ends_a_name(const Tagged& text, std::size_t at) {
  if (at == 0 || text.tokens[at].shape != Shape::title) return false;
  const NameToken& given = text.tokens[at - 1];
  const bool first = at == 1 || text.scores[at - 2] <= 0 || given.line_begins;
  if (!first || given.levels.given < 8 || given.levels.place > given.levels.given) return false;
  return at + 1 == text.tokens.size() || text.tokens[at + 1].line_begins ||
         !text.tokens[at + 1].is_capitalised();
}

// Beside a name, a listed word needs less: "Dakoda" drags "Edgar" along.
void widen(Tagged& text) {
  constexpr int kLenient = -90;
  const auto stands_beside = [&](std::size_t at, std::size_t other) {
    return text.scores[other] > 0 &&
           text.tokens[std::max(at, other)].begin - text.tokens[std::min(at, other)].end <= 1 &&
           !text.tokens[std::max(at, other)].line_begins;
  };
  for (std::size_t i = 0; i < text.tokens.size(); ++i) {
    const NameToken& token = text.tokens[i];
    if (text.scores[i] > 0 || text.scores[i] < kLenient) continue;
    if (token.shape != Shape::title && token.shape != Shape::capitals &&
        token.shape != Shape::mixed)
      continue;
    // a word that no list has is more often a rare name than anything else, beside a name
    const bool unknown = token.levels.given + token.levels.surname + token.levels.word == 0 &&
                         token.shape == Shape::title && token.end - token.begin > 2;
    if (token.levels.word > 5 && !ends_a_name(text, i)) continue;
    const bool behind = i > 0 && stands_beside(i, i - 1) &&
                        (token.levels.surname > 0 || unknown || ends_a_name(text, i));
    const bool before = i + 1 < text.tokens.size() && (token.levels.given > 0 || unknown) &&
                        stands_beside(i, i + 1);
    if (behind || before) text.scores[i] = 1;
  }
}

bool is_comma(const NameToken& token) {
  return token.shape == Shape::punctuation && token.word == ',';
}

// Names stay on their line, except where wide layout has put nothing between.
bool joined(std::string_view text, const NameToken& left, const NameToken& right) {
  if (right.line_begins) return false;
  const std::size_t gap = right.begin - left.end;
  return gap <= 2 && text.substr(left.end, gap).find('\t') == std::string_view::npos;
}

bool is_surname_alone(const std::vector<NameToken>& tokens, const Run& run) {
  if (run.end - run.begin > 3) return false;
  std::size_t words = 0;
  for (std::size_t i = run.begin; i < run.end; ++i) words += tokens[i].particle ? 0 : 1;
  if (words > 2) return false;
  if (words == 2)
    return tokens[run.begin].end - tokens[run.begin].begin <= 4 ||
           tokens[run.begin].shape == Shape::capitals;
  return tokens[run.end - 1].shape != Shape::initial;
}

// "DaCosta, Keisha": a surname, a comma and one to three given names, not one of a list of names.
bool reads_surname_first(const Tagged& text, std::string_view all, const Run& left,
                         const Run& right) {
  if (right.begin != left.end + 1 || !is_comma(text.tokens[left.end])) return false;
  if (!is_surname_alone(text.tokens, left) || right.end - right.begin > 3) return false;
  const NameToken& comma = text.tokens[left.end];
  if (text.tokens[right.begin].line_begins || text.tokens[right.begin].begin - comma.end > 2)
    return false;
  if (right.end < text.tokens.size() && is_comma(text.tokens[right.end]) &&
      right.end - right.begin > 1)
    return false;
  const WordUse& first = text.tokens[left.end - 1].levels;
  const WordUse& second = text.tokens[right.begin].levels;
  if (first.place > first.surname && second.place > second.given) return false;
  const bool starts = text.tokens[left.begin].line_begins || left.begin == 0 ||
                      text.tokens[left.begin - 1].shape == Shape::punctuation ||
                      text.tokens[left.begin - 1].shape == Shape::number;
  return (starts || first.surname >= first.given) && second.given + 2 >= second.surname &&
         !all.empty();
}

std::vector<Run> runs_of(const Tagged& text, std::string_view all) {
  std::vector<Run> runs;
  for (std::size_t i = 0; i < text.tokens.size(); ++i) {
    if (text.scores[i] <= 0 || text.tokens[i].particle) continue;
    Run run{i, i + 1, static_cast<double>(text.scores[i]), false};
    while (run.end < text.tokens.size() && text.scores[run.end] > 0 &&
           run.end - run.begin < kNameTokensMax &&
           joined(all, text.tokens[run.end - 1], text.tokens[run.end])) {
      run.score += text.scores[run.end++];
    }
    while (run.end > run.begin + 1 && text.tokens[run.end - 1].particle) --run.end;
    run.score /= static_cast<double>(run.end - run.begin);
    i = run.end - 1;
    if (!runs.empty() && !runs.back().surname_first &&
        reads_surname_first(text, all, runs.back(), run)) {
      runs.back().end = run.end;
      runs.back().surname_first = true;
      runs.back().score = (runs.back().score + run.score) / 2;
    } else {
      runs.push_back(run);
    }
  }
  return runs;
}

class NameFinder {
 public:
  NameFinder(const Models& models, Search& search) : models_(models), search_(search) {}

  void look_at(std::size_t from, std::size_t to) {
    const std::string_view part = search_.text.substr(from, to - from);
    Tagged text{name_tokens(part, models_), {}};
    tag(text, models_);
    widen(text);
    learn(text, part);
    mention_again(text);
    note_small_words(text, part);
    std::vector<Run> alone;
    for (const Run& tagged : runs_of(text, part)) {
      const Run run = without_greeting(text, part, tagged);
      if (!add(text, part, from, run)) alone.push_back(run);
    }
    for (const Run& run : alone) add_second_pass(text, part, from, run);
    add_small_names(text, part, from);
  }

 private:
  double confidence_of(const Tagged& text, const Run& run, const PersonName& name) const {
    double log_odds = 0.02 * run.score + 1;
    for (std::size_t i = run.begin; i < run.end; ++i) {
      const NameToken& token = text.tokens[i];
      const int use = std::max(token.levels.given, token.levels.surname);
      if (token.shape == Shape::punctuation || token.shape == Shape::initial || token.particle)
        continue;
      log_odds += use > 0 ? 0.08 * use : -0.5;
      log_odds -= token.levels.word > 6 && use < 8 ? 0.8 : 0;
    }
    if (!name.title.empty()) log_odds += 2;
    if (run.surname_first) log_odds += 0.5;
    if (name.given.empty() || name.surname.empty()) log_odds -= name.title.empty() ? 1.5 : 0;
    return 1 / (1 + std::exp(-log_odds));
  }

  // A greeting or label that the tagger took along: "Hello Gordon".
  static Run without_greeting(const Tagged& text, std::string_view part, Run run) {
    constexpr std::string_view kGreetings[] = {
        "hello", "hi",      "dear",      "hey",  "thanks", "regards", "bonjour", "cher",
        "chere", "morning", "afternoon", "attn", "re",     "client",  "patient", "pt"};
    while (run.end - run.begin > 1) {
      const NameToken& first = text.tokens[run.begin];
      if (std::ranges::find(kGreetings, fold(part.substr(first.begin, first.end - first.begin))) ==
          std::end(kGreetings))
        break;
      ++run.begin;
    }
    return run;
  }

  static bool is_listed(const Tagged& text, const Run& run) {
    const WordUse& levels = text.tokens[run.end - 1].levels;
    return std::max(levels.given, levels.surname) >= 4;
  }

  // "Argentina", "Plow Operator, Works", or "Seal the drum" in a text that also writes "seal".
  bool is_other_word(const Tagged& text, const Run& run) const {
    const NameToken& token = text.tokens[run.begin];
    if (run.end - run.begin != 1) return false;
    if (token.levels.place > 8 && token.levels.place > token.levels.given) return true;
    if (token.line_begins && token.levels.given + token.levels.surname == 0) return true;
    if (token.levels.word == 0) return false;
    return (token.levels.word >= 4 && token.levels.given < 9) || small_words_.contains(token.word);
  }

  void note_small_words(const Tagged& text, std::string_view part) {
    std::unordered_set<std::uint32_t> asked;
    for (const Run& run : runs_of(text, part)) {
      if (run.end - run.begin == 1) asked.insert(text.tokens[run.begin].word);
    }
    small_words_.clear();
    if (asked.empty()) return;
    for (const NameToken& token : text.tokens) {
      if (token.shape == Shape::small && asked.contains(token.word))
        small_words_.insert(token.word);
    }
  }

  // "Amy Hall", beside "Bowmanville Hall": a given name and a surname, nothing more.
  static bool is_known_surname(const Tagged& text, const Run& run) {
    const WordUse& given = text.tokens[run.begin].levels;
    return run.end - run.begin == 2 && text.tokens[run.end - 1].levels.surname >= 7 &&
           given.given >= 9 && given.place < given.given && given.word < given.given;
  }

  // Adds a name that stands by itself; false for a word that needs a second mention.
  bool add(const Tagged& text, std::string_view part, std::size_t from, const Run& run) {
    const std::size_t begin = text.tokens[run.begin].begin;
    const std::size_t end = text.tokens[run.end - 1].end;
    const auto name = parse_person_name(part.substr(begin, end - begin));
    const std::size_t words_between = run.end - run.begin == 1 ? 1 : 0;
    if (!name || followed_by_thing(part, end, words_between)) return true;
    const NameToken& last = text.tokens[run.end - 1];
    if (run.end - run.begin > 1 && is_thing(fold(part.substr(last.begin, last.end - last.begin))) &&
        !is_known_surname(text, run))
      return true;
    const bool whole = !name->given.empty() && !name->surname.empty();
    const double confidence = confidence_of(text, run, *name);
    const bool sure = (confidence >= 0.75 && is_listed(text, run)) || run.score >= kSureScore;
    if (!whole && name->title.empty() && (!sure || is_other_word(text, run))) return false;
    if (is_program_word(part.substr(begin, end - begin)) ||
        is_place(part.substr(begin, end - begin)))
      return true;
    search_.add(ElementType::name, name->display(), from + begin, from + end, confidence,
                Reason::tagger | Reason::gazetteer);
    return true;
  }

  void add_small_names(const Tagged& text, std::string_view part, std::size_t from) {
    for (const SmallName& small : names_in_small_letters(part, text.tokens, models_)) {
      const auto name = parse_person_name(part.substr(small.begin, small.end - small.begin));
      if (!name) continue;
      search_.add(ElementType::name, name->display(), from + small.begin, from + small.end,
                  small.whole ? 0.8 : 0.7, Reason::keyword | Reason::gazetteer);
    }
  }

  // Words of names found with good evidence: they are looked for in the whole text.
  void learn(const Tagged& text, std::string_view part) {
    for (const Run& run : runs_of(text, part)) {
      if (run.end - run.begin < 2) continue;
      const std::size_t begin = text.tokens[run.begin].begin;
      const auto name = parse_person_name(part.substr(begin, text.tokens[run.end - 1].end - begin));
      if (!name || name->given.empty() || name->surname.empty()) continue;
      if (confidence_of(text, run, *name) < kSureEnough) continue;
      for (std::size_t i = run.begin; i < run.end; ++i) {
        const NameToken& token = text.tokens[i];
        if (may_stand_alone(token) && token.end - token.begin > 1) known_.insert(token.word);
      }
    }
  }

  static bool may_stand_alone(const NameToken& token) {
    return token.shape == Shape::title || token.shape == Shape::capitals ||
           token.shape == Shape::mixed;
  }

  // "Besigye" alone, where "Kizza Besigye" is named elsewhere. A word that is also a common one or
  // a place needs more of the tagger's own opinion.
  void mention_again(Tagged& text) const {
    constexpr int kAnyWord = -500;
    constexpr int kPlace = -10;
    constexpr int kCommonWord = 80;
    for (std::size_t i = 0; i < text.tokens.size(); ++i) {
      const NameToken& token = text.tokens[i];
      if (text.scores[i] > 0 || !may_stand_alone(token) || !known_.contains(token.word)) continue;
      const int least = token.levels.word > 5    ? kCommonWord
                        : token.levels.place > 3 ? kPlace
                                                 : kAnyWord;
      if (text.scores[i] < least || part_of_something_else(text, i)) continue;
      text.scores[i] = 1;
    }
  }

  // A capitalised word follows that is no name: "Koizumi Cabinet" is let pass, "Gordon Street" not.
  static bool part_of_something_else(const Tagged& text, std::size_t at) {
    if (at + 1 >= text.tokens.size()) return false;
    const NameToken& next = text.tokens[at + 1];
    return !next.line_begins && may_stand_alone(next) && text.scores[at + 1] <= 0 &&
           next.begin - text.tokens[at].end <= 1 && next.levels.place > 3;
  }

  void add_second_pass(const Tagged& text, std::string_view part, std::size_t from,
                       const Run& run) {
    const std::size_t begin = text.tokens[run.begin].begin;
    const std::size_t end = text.tokens[run.end - 1].end;
    for (std::size_t i = run.begin; i < run.end; ++i) {
      if (may_stand_alone(text.tokens[i]) && !known_.contains(text.tokens[i].word)) return;
    }
    const auto name = parse_person_name(part.substr(begin, end - begin));
    if (!name || is_program_word(part.substr(begin, end - begin))) return;
    search_.add(ElementType::name, name->display(), from + begin, from + end, 0.8,
                Reason::tagger | Reason::second_pass);
  }

  const Models& models_;
  Search& search_;
  std::unordered_set<std::uint32_t> small_words_;  // words that the part writes in small letters
  std::unordered_set<std::uint32_t> known_;        // words of names found with good evidence
};

}  // namespace

void detect_names(const Models& models, Search& search) {
  NameFinder finder(models, search);
  const std::string_view text = search.text;
  // in parts, cut between lines, so that tokens of a large text are not all in memory
  for (std::size_t from = 0; from < text.size();) {
    std::size_t to = std::min(text.size(), from + kTextPartSizeMax);
    if (to < text.size()) {
      const std::size_t newline = text.rfind('\n', to);
      if (newline != text.npos && newline > from) to = newline + 1;
    }
    finder.look_at(from, to);
    from = to;
  }
}

}  // namespace sealift::census::internal
