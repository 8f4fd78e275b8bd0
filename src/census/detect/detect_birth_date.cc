// Birth dates: a date behind, or in a form below, a word that says so.
//
// Finds:    "born 26-Apr-2010", "DOB: 06/09/1986", "née le 7 mars 1984", a date below "Date of
// birth". Refuses:  every other date; dates after `as_of`; dates before 1900. Evidence: keyword.
// Numeric dates that read both ways follow the order of other dates of the text,
//           and say so, so that people's other records can decide.
#include <algorithm>
#include <optional>

#include "census/detect/detectors.h"
#include "census/kinds/text_fold.h"

namespace sealift::census::internal {
namespace {

constexpr std::size_t kReach = 40;  // from the keyword to the date on its line
constexpr std::size_t kColumnsApart = 30;
constexpr std::size_t kLineReach = 512;
constexpr int kYearMin = 1900;

bool starts_token(std::string_view text, std::size_t at) {
  if (at == 0) return true;
  const char before = text[at - 1];
  return !is_ascii_alnum(before) && before != '-' && before != '/' &&
         static_cast<unsigned char>(before) < 0x80;
}

bool may_begin_date(char c) { return is_ascii_digit(c) || is_ascii_letter(c); }

struct Placed {
  ParsedDate date;
  std::size_t begin = 0;
};

// The first date in [from, to).
std::optional<Placed> first_date(std::string_view text, std::size_t from, std::size_t to,
                                 const DateHint& hint) {
  for (std::size_t at = from; at < to; ++at) {
    if (!may_begin_date(text[at]) || !starts_token(text, at)) continue;
    const auto parsed = parse_date_prefix(text.substr(at, 40), hint);
    if (parsed) return Placed{*parsed, at};
    if (is_ascii_digit(text[at])) return std::nullopt;  // another number stands nearer
  }
  return std::nullopt;
}

// Not looked for beyond kLineReach: lines have no limit.
std::size_t line_end(std::string_view text, std::size_t at) {
  const std::size_t newline = text.substr(at, kLineReach).find('\n');
  return newline == text.npos ? std::min(text.size(), at + kLineReach) : at + newline;
}

// The date that stands in the next line that is not empty, about below `column`.
std::optional<Placed> date_below(std::string_view text, const KeywordHit& hit,
                                 const DateHint& hint) {
  const std::size_t reach = hit.begin > kLineReach ? hit.begin - kLineReach : 0;
  const std::size_t newline = text.substr(reach, hit.begin - reach).rfind('\n');
  const std::size_t start = newline == text.npos ? reach : reach + newline + 1;
  const std::size_t column = hit.begin - start;
  std::size_t line = line_end(text, hit.end);
  for (int lines = 0; lines < 3 && line < text.size(); ++lines) {
    if (text[line] != '\n') return std::nullopt;
    const std::size_t begin = line + 1;
    const std::size_t end = line_end(text, begin);
    if (trim(text.substr(begin, end - begin)).empty()) {
      line = end;
      continue;
    }
    const std::size_t from = begin + (column > kColumnsApart ? column - kColumnsApart : 0);
    const std::size_t to = std::min(end, begin + column + kColumnsApart);
    for (std::size_t at = from; at < to; ++at) {
      if (!is_ascii_alnum(text[at]) || !starts_token(text, at)) continue;
      const auto parsed = parse_date_prefix(text.substr(at, 40), hint);
      if (parsed) return Placed{*parsed, at};
    }
    return std::nullopt;
  }
  return std::nullopt;
}

// Day/month order of the text: hinted, or shown by the numeric dates beside birth words.
DateOrder order_of_text(const Search& search, const std::vector<KeywordHit>& hits) {
  if (search.context->dates.order != DateOrder::unknown) return search.context->dates.order;
  std::size_t days = 0;
  std::size_t months = 0;
  for (const KeywordHit& hit : hits) {
    const std::size_t to = std::min(line_end(search.text, hit.end), hit.end + kReach);
    auto placed = first_date(search.text, hit.end, to, {});
    if (!placed) placed = date_below(search.text, hit, {});
    if (!placed) continue;
    days += placed->date.order == DateOrder::day_month_year ? 1 : 0;
    months += placed->date.order == DateOrder::month_day_year ? 1 : 0;
  }
  if (days > months) return DateOrder::day_month_year;
  return months > days ? DateOrder::month_day_year : DateOrder::unknown;
}

}  // namespace

void detect_birth_dates(Search& search) {
  const std::vector<KeywordHit> hits = search.keywords.all_of(Topic::birth);
  if (hits.empty()) return;
  DateHint hint = search.context->dates;
  hint.order = order_of_text(search, hits);
  const bool by_document =
      hint.order != DateOrder::unknown && search.context->dates.order == DateOrder::unknown;
  for (const KeywordHit& hit : hits) {
    const std::size_t to = std::min(line_end(search.text, hit.end), hit.end + kReach);
    auto placed = first_date(search.text, hit.end, to, hint);
    if (!placed) placed = date_below(search.text, hit, hint);
    if (!placed) continue;
    const Date& date = placed->date.date;
    if (date.year < kYearMin || search.context->dates.as_of < date) continue;
    std::uint32_t reasons = Reason::keyword | Reason::format;
    if (placed->date.swapped) {
      reasons = reasons | Reason::day_month_could_be_swapped;
      if (by_document) reasons = reasons | Reason::order_by_document;
    }
    search.add(ElementType::birth_date, date.iso(), placed->begin,
               placed->begin + placed->date.size_bytes, placed->date.two_digit_year ? 0.9 : 0.98,
               reasons);
  }
}

}  // namespace sealift::census::internal
