#include "census/names/person_name.h"

#include <algorithm>
#include <cmath>

#include "census/kinds/text_fold.h"

namespace sealift::census {
namespace {

constexpr std::size_t kNameSizeBytesMax = 96;
constexpr std::size_t kNameWordsMax = 8;

template <std::size_t kSize>
bool is_one_of(const std::string_view (&list)[kSize], std::string_view word) {
  return std::ranges::find(list, word) != std::end(list);
}

bool is_title(std::string_view folded) {
  constexpr std::string_view kTitles[] = {
      "mr",    "mrs",     "ms",  "miss",     "mx",        "dr",     "prof",
      "rev",   "sir",     "mme", "mlle",     "hon",       "fr",     "sr.",
      "capt",  "sgt",     "cst", "maitre",   "professor", "doctor", "councillor",
      "judge", "justice", "dre", "monsieur", "madame",    "messrs", "mister"};
  return is_one_of(kTitles, folded);
}

bool is_suffix(std::string_view folded) {
  constexpr std::string_view kSuffixes[] = {"jr",     "sr",     "ii",   "iii", "iv",
                                            "junior", "senior", "fils", "pere"};
  return is_one_of(kSuffixes, folded);
}

bool is_credential(std::string_view folded) {
  constexpr std::string_view kCredentials[] = {
      "md",  "phd", "rn",  "rpn", "esq", "dds", "cpa",  "peng", "ba",  "bsc",
      "msc", "ma",  "msw", "bsw", "rsw", "ece", "rece", "oct",  "llb", "jd",
      "kc",  "qc",  "pcp", "acp", "psw", "np",  "mba",  "cga",  "cma"};
  return is_one_of(kCredentials, folded);
}

bool is_particle(std::string_view folded) {
  constexpr std::string_view kParticles[] = {
      "de", "del", "della", "da",  "dos",    "das",  "do",   "du",    "des",   "di", "la",
      "le", "van", "von",   "der", "den",    "ter",  "ten",  "bin",   "ibn",   "al", "el",
      "st", "ste", "saint", "mac", "vander", "abu",  "bint", "san",   "santa", "y",  "e",
      "af", "av",  "zu",    "ben", "ap",     "fitz", "lo",   "dello", "dal",   "d"};
  return is_one_of(kParticles, folded);
}

// Words of organisations and labels, which a name of a person does not have.
bool is_never_in_names(std::string_view folded) {
  constexpr std::string_view kWords[] = {
      "inc",      "ltd",        "corp",     "limited",  "llc",          "company",    "co",
      "school",   "board",      "hospital", "region",   "municipality", "department", "division",
      "services", "service",    "street",   "avenue",   "road",         "total",      "subtotal",
      "address",  "name",       "phone",    "email",    "date",         "number",     "unknown",
      "vacant",   "university", "college",  "centre",   "center",       "committee",  "council",
      "ministry", "insurance",  "bank",     "trust",    "estate",       "holdings",   "ontario",
      "canada",   "the",        "and",      "of",       "for",          "with",       "not",
      "none",     "see",        "account",  "report",   "page",         "applicant",  "signature",
      "student",  "patient",    "client",   "employee", "teacher",      "grade",      "yes",
      "no",       "same",       "nil",      "na",       "tbd",          "test"};
  return is_one_of(kWords, folded);
}

struct Word {
  std::string text;    // as written, dots at the end kept
  std::string folded;  // without dots and apostrophes
};

bool is_letter(char32_t c) {
  return is_upper_latin(c) || is_lower_latin(c) || (c >= 0x370 && c < 0x2000) || c >= 0x2E80;
}

// Letters, and what stands between letters in names. nullopt when something else is found.
std::optional<Word> word_of(std::string_view text) {
  Word word;
  bool letter = false;
  for (std::size_t i = 0; i < text.size();) {
    const CodePoint c = code_point_at(text, i);
    const bool mark = c.value == '-' || c.value == '\'' || c.value == '.' || c.value == 0x2019 ||
                      c.value == 0x2018 || (c.value >= 0x300 && c.value < 0x370) ||
                      c.value == 0x2010 || c.value == 0x2BC || c.value == '`';
    if (!is_letter(c.value) && !mark) return std::nullopt;
    letter = letter || is_letter(c.value);
    i += c.size_bytes;
  }
  if (!letter) return std::nullopt;
  word.text = text;
  for (const char c : fold(text)) {
    if (c != '.' && c != '\'' && c != '`') word.folded.push_back(c);
  }
  return word;
}

bool all_capitals(std::string_view text) {
  bool letter = false;
  for (std::size_t i = 0; i < text.size();) {
    const CodePoint c = code_point_at(text, i);
    if (is_lower_latin(c.value)) return false;
    letter = letter || is_upper_latin(c.value);
    i += c.size_bytes;
  }
  return letter;
}

bool all_small(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const CodePoint c = code_point_at(text, i);
    if (is_upper_latin(c.value)) return false;
    i += c.size_bytes;
  }
  return true;
}

std::size_t letters_in(std::string_view text) {
  std::size_t letters = 0;
  for (std::size_t i = 0; i < text.size();) {
    const CodePoint c = code_point_at(text, i);
    letters += is_letter(c.value) ? 1 : 0;
    i += c.size_bytes;
  }
  return letters;
}

void append_lower(std::string& to, char32_t c) {
  if (c < 0x80) {
    to.push_back(ascii_lower(static_cast<char>(c)));
  } else if (c >= 0xC0 && c <= 0xDE && c != 0xD7) {
    append_utf8(to, c + 0x20);
  } else {
    append_utf8(to, is_upper_latin(c) && is_lower_latin(c + 1) ? c + 1 : c);
  }
}

// "MCDONALD-O'NEIL" -> "McDonald-O'Neil"; words that are not all capitals or all small stay.
std::string title_case(std::string_view text) {
  std::string out;
  bool begins = true;
  for (std::size_t i = 0; i < text.size();) {
    const CodePoint c = code_point_at(text, i);
    if (begins && is_letter(c.value)) {
      out.append(upper_latin(text.substr(i, c.size_bytes)));
      begins = false;
    } else {
      append_lower(out, c.value);
    }
    if (!is_letter(c.value)) begins = true;
    const bool after_mc = out.size() >= 2 && out.ends_with("Mc") && text.size() - i > 2;
    if (after_mc) begins = true;
    i += c.size_bytes;
  }
  return out;
}

std::string joined(const std::vector<Word>& words, std::size_t begin, std::size_t end) {
  std::string out;
  for (std::size_t i = begin; i < end; ++i)
    out.append(out.empty() ? "" : " ").append(words[i].text);
  return out;
}

// A name in work: its words without title, suffix and nickname.
struct Draft {
  PersonName name;
  std::vector<Word> words;
  bool titled = false;
};

// Takes "(Sally)" and "\"Sally\"" out of `text`.
std::string without_nickname(std::string_view text, std::string* nickname) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char closing = text[i] == '(' ? ')' : text[i] == '"' ? '"' : '\0';
    const std::size_t close = closing != 0 ? text.find(closing, i + 1) : text.npos;
    if (close == text.npos) {
      out.push_back(text[i]);
      continue;
    }
    const std::string_view inner = trim(text.substr(i + 1, close - i - 1));
    if (word_of(inner)) *nickname = inner;
    out.push_back(' ');
    i = close;
  }
  return out;
}

// Splits at spaces; titles and suffixes go to their places. false when a word can't be in a name.
bool add_words(std::string_view text, Draft* draft) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t begin = text.find_first_not_of(" \t\r\n\xC2\xA0", at);
    if (begin == text.npos) break;
    at = std::min(text.find_first_of(" \t\r\n", begin), text.size());
    const auto word = word_of(text.substr(begin, at - begin));
    if (!word) return false;
    const bool dotted = word->text.back() == '.';
    if (draft->words.empty() && is_title(word->folded) && (dotted || word->folded.size() > 1)) {
      draft->name.title = dotted ? word->text.substr(0, word->text.size() - 1) : word->text;
      draft->titled = true;
    } else if (!draft->words.empty() && is_suffix(word->folded)) {
      draft->name.suffix = dotted ? word->text.substr(0, word->text.size() - 1) : word->text;
    } else {
      draft->words.push_back(*word);
    }
  }
  return true;
}

void set_case(std::vector<Word>& words) {
  std::string all;
  for (const Word& word : words) all += word.text;
  const bool one_case = letters_in(all) > 2 && (all_capitals(all) || all_small(all));
  for (Word& word : words) {
    const bool shouted = letters_in(word.text) > 3 && all_capitals(word.text);
    if (one_case || shouted) word.text = title_case(word.text);
  }
}

// Where the surname begins in words written given name first.
std::size_t surname_start(const std::vector<Word>& words) {
  std::size_t start = words.size() - 1;
  while (start > 1 && is_particle(words[start - 1].folded) && words[start - 1].folded.size() > 1)
    --start;
  return start;
}

// One written in capitals among others that are not: "TANG Christopher", "Christopher TANG".
NameOrder order_by_capitals(const std::vector<Word>& words) {
  const auto shouted = [](const Word& word) {
    return letters_in(word.text) > 1 && all_capitals(word.text);
  };
  if (words.size() < 2 || std::ranges::all_of(words, shouted)) return NameOrder::unknown;
  return shouted(words.front()) && !shouted(words.back()) ? NameOrder::surname_first
                                                          : NameOrder::unknown;
}

void place_words(Draft* draft, NameOrder order) {
  std::vector<Word>& words = draft->words;
  if (order == NameOrder::unknown) order = order_by_capitals(words);
  set_case(words);
  PersonName& name = draft->name;
  if (words.size() == 1) {
    (draft->titled || order == NameOrder::surname_first ? name.surname : name.given) =
        words[0].text;
    return;
  }
  if (order == NameOrder::surname_first) {
    std::size_t end = 1;
    while (end + 1 < words.size() && is_particle(words[end - 1].folded)) ++end;
    name.surname = joined(words, 0, end);
    name.given = words[end].text;
    name.middle = joined(words, end + 1, words.size());
    return;
  }
  const std::size_t start = surname_start(words);
  name.surname = joined(words, start, words.size());
  name.given = words[0].text;
  name.middle = joined(words, 1, start);
}

bool acceptable(const Draft& draft) {
  const auto& words = draft.words;
  if (words.empty() || words.size() > kNameWordsMax) return false;
  std::size_t letters = 0;
  for (const Word& word : words) {
    if (is_never_in_names(word.folded)) return false;
    letters = std::max(letters, letters_in(word.text));
  }
  return letters >= 2;
}

std::vector<std::string_view> split_at(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t at = std::min(text.find(separator), text.size());
    parts.push_back(trim(text.substr(0, at)));
    if (at == text.size()) return parts;
    text.remove_prefix(at + 1);
  }
}

bool all_words(std::string_view part, bool (*is)(std::string_view)) {
  const auto words = folded_words(part);
  return !words.empty() &&
         std::ranges::all_of(words, [is](const std::string& word) { return is(word); });
}

}  // namespace

std::string PersonName::display() const {
  std::string out;
  for (const std::string* part : {&given, &middle, &surname, &suffix}) {
    if (!part->empty()) out.append(out.empty() ? "" : " ").append(*part);
  }
  return out;
}

std::optional<PersonName> parse_person_name(std::string_view raw, NameOrder order) {
  std::string_view text = trim(raw);
  while (!text.empty() && (text.back() == ',' || text.back() == ';' || text.back() == ':'))
    text.remove_suffix(1);
  if (text.size() < 2 || text.size() > kNameSizeBytesMax) return std::nullopt;
  Draft draft;
  const std::string plain = without_nickname(text, &draft.name.nickname);
  std::vector<std::string_view> parts = split_at(plain, ',');
  while (parts.size() > 1 && (all_words(parts.back(), is_credential) || parts.back().empty()))
    parts.pop_back();
  // "Smith, John, Jr" and "Smith, Jr, John": suffixes of their own
  for (std::size_t i = 1; i < parts.size();) {
    if (!all_words(parts[i], is_suffix)) {
      ++i;
      continue;
    }
    draft.name.suffix = parts[i].back() == '.' ? parts[i].substr(0, parts[i].size() - 1) : parts[i];
    parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(i));
  }
  if (parts.size() > 2) return std::nullopt;
  if (!add_words(parts[0], &draft)) return std::nullopt;
  if (parts.size() == 1) {
    if (draft.words.size() > 2 && is_credential(draft.words.back().folded) &&
        all_capitals(draft.words.back().text) && !all_capitals(draft.words.front().text)) {
      draft.words.pop_back();
    }
    if (!acceptable(draft)) return std::nullopt;
    place_words(&draft, order);
    return draft.name;
  }
  Draft given;
  if (draft.words.empty() || draft.words.size() > 4 || !add_words(parts[1], &given))
    return std::nullopt;
  if (!acceptable(draft) || !acceptable(given) || given.words.size() > 4) return std::nullopt;
  set_case(draft.words);
  set_case(given.words);
  PersonName name = draft.name;
  if (name.title.empty()) name.title = given.name.title;
  if (name.suffix.empty()) name.suffix = given.name.suffix;
  name.surname = joined(draft.words, 0, draft.words.size());
  name.given = given.words[0].text;
  name.middle = joined(given.words, 1, given.words.size());
  return name;
}

std::optional<PersonName> person_name_of_parts(std::string_view given, std::string_view middle,
                                               std::string_view surname) {
  std::string left(trim(surname));
  std::string right(trim(given));
  if (!trim(middle).empty()) right.append(right.empty() ? "" : " ").append(trim(middle));
  if (left.empty() || right.empty()) {
    return parse_person_name(left.empty() ? right : left,
                             left.empty() ? NameOrder::given_first : NameOrder::surname_first);
  }
  // commas inside a part would be read as "Last, First"
  std::ranges::replace(left, ',', ' ');
  std::ranges::replace(right, ',', ' ');
  return parse_person_name(left + ", " + right);
}

std::vector<PersonName> parse_person_names(std::string_view raw, NameOrder order) {
  std::vector<PersonName> names;
  std::string text(trim(raw));
  for (const std::string_view joiner :
       {" and ", " AND ", " & ", " et ", " ET ", " / ", "/", ";", "\n", "&"}) {
    for (std::size_t at = text.find(joiner); at != text.npos; at = text.find(joiner, at + 1)) {
      text.replace(at, joiner.size(), 1, '\x01');
    }
  }
  for (const std::string_view part : split_at(text, '\x01')) {
    if (auto name = parse_person_name(part, order)) {
      names.push_back(std::move(*name));
    } else if (is_title(fold_words(part))) {
      names.emplace_back().title = part;
    }
  }
  // "John & Mary Smith", "Mr. and Mrs. John Smith": the last one's surname is the others' too
  if (names.size() < 2) {
    std::erase_if(names, [](const PersonName& name) { return name.display().empty(); });
    return names;
  }
  const PersonName last = names.back();
  const PersonName first = names.front();
  for (PersonName& name : names) {
    if (!name.surname.empty()) continue;
    const bool surname_before = raw.find(',') != raw.npos && !first.surname.empty();
    name.surname = surname_before ? first.surname : last.surname;
  }
  std::erase_if(names, [](const PersonName& name) { return name.display().empty(); });
  return names;
}

double name_plausibility(const Models& models, std::string_view raw) {
  const auto name = parse_person_name(raw);
  if (!name) return 0;
  double log_odds = 0;
  std::size_t words = 0;
  const auto weigh = [&](std::string_view part, bool surname) {
    for (const std::string& word : folded_words(part)) {
      ++words;
      if (word.size() == 1) continue;
      const WordUse use = models.use_of(word);
      const double as_name =
          std::max(use.given, use.surname) * 0.35 + (surname ? use.surname : use.given) * 0.15;
      log_odds += as_name > 0 ? std::min(as_name, 3.0) : -0.4;
      log_odds -= use.word * (as_name > 0 ? 0.15 : 0.4);
    }
  };
  weigh(name->given, false);
  weigh(name->middle, false);
  weigh(name->surname, true);
  if (words < 2) log_odds -= 1;
  if (!name->title.empty()) log_odds += 1.5;
  const bool small = all_small(raw);
  if (small) log_odds -= 1;
  return 1 / (1 + std::exp(-log_odds));
}

bool is_two_places(const Models& models, std::string_view raw) {
  constexpr int kTown = 5;
  const std::vector<std::string> words = folded_words(raw);
  if (words.size() != 2) return false;
  const WordUse first = models.use_of(words[0]);
  const WordUse last = models.use_of(words[1]);
  return first.place >= kTown && first.place > first.given && last.place >= kTown;
}

}  // namespace sealift::census
