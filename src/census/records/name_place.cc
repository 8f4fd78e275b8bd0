#include "census/records/name_place.h"

#include <algorithm>

#include "census/kinds/text_fold.h"
#include "census/names/person_name.h"

namespace sealift::census {
namespace {

// The capitalised word that ends at `end`; empty when there is none.
std::string_view word_before(std::string_view text, std::size_t end) {
  std::size_t begin = end;
  while (begin > 0 && (is_ascii_letter(text[begin - 1]) || (text[begin - 1] & 0x80) != 0 ||
                       text[begin - 1] == '\'' || text[begin - 1] == '-'))
    --begin;
  const std::string_view word = text.substr(begin, end - begin);
  return word.size() >= 2 && is_upper_latin(code_point_at(text, begin).value) ? word
                                                                              : std::string_view();
}

std::string_view word_behind(std::string_view text, std::size_t begin) {
  std::size_t end = begin;
  while (end < text.size() && (is_ascii_letter(text[end]) || (text[end] & 0x80) != 0 ||
                               text[end] == '\'' || text[end] == '-'))
    ++end;
  const std::string_view word = text.substr(begin, end - begin);
  return word.size() >= 2 && is_upper_latin(code_point_at(text, begin).value) ? word
                                                                              : std::string_view();
}

}  // namespace

std::string_view name_ending_at(std::string_view text, std::size_t end) {
  std::size_t begin = end;
  std::size_t words = 0;
  while (words < 4) {
    std::size_t word = begin;
    while (word > 0 && text[word - 1] == ' ') --word;
    std::size_t first = word;
    while (first > 0 && text[first - 1] != ' ' && text[first - 1] != '\n') --first;
    if (first == word) break;
    const CodePoint point = code_point_at(text, first);
    const bool capital = is_upper_latin(point.value);
    const bool clean = text.substr(first, word - first).find_first_of(":;,()0123456789@/") ==
                       std::string_view::npos;
    if (!capital || !clean) break;
    const bool ends_sentence = text[word - 1] == '.' && word - first > 2;  // no initial
    if (ends_sentence) break;
    begin = first;
    ++words;
  }
  return words >= 2 ? text.substr(begin, end - begin) : std::string_view();
}

bool are_cells(std::string_view between) {
  return between.find('\n') == std::string_view::npos &&
         (between.find(" | ") != std::string_view::npos ||
          between.find(" \xE2\x80\xA2 ") != std::string_view::npos ||
          between.find(" \xC2\xB7 ") != std::string_view::npos);
}

bool is_card_line(std::string_view text, const Finding& name) {
  const std::size_t end = std::min(text.find('\n', name.end), text.size());
  const std::size_t begin = text.rfind('\n', name.begin);
  if (!trim(text.substr(begin == text.npos ? 0 : begin + 1,
                        name.begin - (begin == text.npos ? 0 : begin + 1)))
           .empty())
    return false;
  const std::string_view rest = text.substr(name.end, end - name.end);
  if (!rest.starts_with(" | ")) return false;
  const std::size_t next = rest.find(" | ", 3);
  if (next == std::string_view::npos) return false;
  const std::string_view does = rest.substr(3, next - 3);
  const bool words = !does.empty() && std::ranges::none_of(does, [](char c) {
    return is_ascii_digit(c) || c == '@';
  });
  return words && rest.find_first_of("0123456789@", next) != std::string_view::npos;
}

std::optional<std::string_view> card_line_around(std::string_view text, std::size_t at) {
  constexpr std::size_t kLineMax = 240;
  const std::size_t before = text.substr(0, at).rfind('\n');
  const std::size_t begin = before == text.npos ? 0 : before + 1;
  const std::string_view line =
      text.substr(begin, std::min(text.find('\n', at), text.size()) - begin);
  if (line.size() > kLineMax) return std::nullopt;
  std::size_t bars = 0;
  for (std::size_t bar = line.find(" | "); bar != line.npos; bar = line.find(" | ", bar + 3))
    ++bars;
  if (bars < 2 || line.find_first_of("0123456789@") == line.npos) return std::nullopt;
  return line;
}

std::size_t sentence_end_in_name(std::string_view name) {
  for (const std::string_view title : {"Mr", "Mrs", "Ms", "Dr", "Mme", "Mlle", "M."}) {
    const std::size_t at = name.find(std::string(". ") + std::string(title));
    if (at != std::string_view::npos) return at + 2;
  }
  return 0;
}

std::optional<NameAt> name_around_comma(std::string_view text, std::size_t comma,
                                        const Models& models) {
  const std::string_view surname = word_before(text, comma);
  const std::string_view given = word_behind(text, comma + 2);
  if (surname.empty() || given.empty()) return std::nullopt;
  const std::size_t begin = comma - surname.size();
  if (begin < 2 || (text[begin - 1] != ' ') ||
      !(is_ascii_lower(text[begin - 2]) || text[begin - 2] == ':'))
    return std::nullopt;
  const WordUse family = models.use_of(fold_words(surname));
  const WordUse first = models.use_of(fold_words(given));
  if (family.surname < 3 || family.surname <= std::max(family.word, family.place))
    return std::nullopt;
  if (first.given < 4 || first.given <= std::max(first.word, first.place)) return std::nullopt;
  std::size_t end = comma + 2 + given.size();
  if (end < text.size() && text[end] == ' ') {
    const std::string_view middle = word_behind(text, end + 1);
    const WordUse use = models.use_of(fold_words(middle));
    if (!middle.empty() && use.given >= 4 && use.given > use.word) end += 1 + middle.size();
  }
  const auto name = parse_person_name(text.substr(begin, end - begin));
  if (!name || name->given.empty() || name->surname.empty()) return std::nullopt;
  return NameAt{begin, end, name->display()};
}

std::size_t birth_lead(std::string_view text, std::size_t date) {
  std::size_t at = date;
  for (int words = 0; words < 3; ++words) {
    std::size_t end = at;
    while (end > 0 && std::string_view(" :(,.").find(text[end - 1]) != std::string_view::npos)
      --end;
    std::size_t begin = end;
    while (begin > 0 && text[begin - 1] != ' ' && text[begin - 1] != '(' && text[begin - 1] != '\n')
      --begin;
    const std::string word = fold_words(text.substr(begin, end - begin));
    if (word != "born" && word != "dob" && word != "ne" && word != "nee" && word != "le" &&
        word != "ddn")
      break;
    at = begin;
  }
  if (at == date) return date;
  while (at > 0 && std::string_view(" (,").find(text[at - 1]) != std::string_view::npos) --at;
  return at;
}

std::optional<Finding> birth_in_brackets(std::string_view text, const Finding& name,
                                         const DateHint& dates) {
  constexpr int kYearsPast = 3;
  if (!text.substr(name.end).starts_with(" (")) return std::nullopt;
  const std::size_t begin = name.end + 2;
  if (begin >= text.size() || !is_ascii_digit(text[begin])) return std::nullopt;
  const auto parsed = parse_date_prefix(text.substr(begin, 40), dates);
  if (!parsed || !text.substr(begin + parsed->size_bytes).starts_with(')')) return std::nullopt;
  const Date& date = parsed->date;
  if (date.year < 1900 || date.year + kYearsPast > dates.as_of.year) return std::nullopt;
  Finding finding{.type = ElementType::birth_date,
                  .value = date.iso(),
                  .begin = begin,
                  .end = begin + parsed->size_bytes,
                  .confidence = 0.85,
                  .reasons = Reason::context | Reason::format};
  if (parsed->swapped) finding.reasons = finding.reasons | Reason::day_month_could_be_swapped;
  return finding;
}

}  // namespace sealift::census
