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

}  // namespace sealift::census
