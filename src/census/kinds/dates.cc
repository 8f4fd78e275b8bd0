#include "census/kinds/dates.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "census/kinds/text_fold.h"

namespace sealift::census {
namespace {

constexpr int kYearMin = 1850;
constexpr int kYearMax = 2150;

bool is_leap(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

int days_in(int year, int month) {
  constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : kDays[static_cast<std::size_t>(month - 1)];
}

// A number of at most four digits and where it ends.
struct Number {
  int value = 0;
  std::size_t digits = 0;
};

// Reads a date from left to right; every step says whether it found what it looked for.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  std::size_t at() const { return at_; }
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool at_boundary() const {
    return at_ >= text_.size() ||
           (!is_ascii_alnum(text_[at_]) && static_cast<unsigned char>(text_[at_]) < 0x80) ||
           code_point_at(text_, at_).value >= 0x2000 || code_point_at(text_, at_).value == 0xA0;
  }

  bool take(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }

  std::size_t spaces() {
    const std::size_t from = at_;
    while (peek() == ' ' || peek() == '\t' || text_.substr(at_, 2) == "\xC2\xA0") {
      at_ += peek() == '\xC2' ? 2 : 1;
    }
    return at_ - from;
  }

  // One of "/-. " or a long dash; 0 for none. "-" stands for every dash.
  char separator() {
    const char c = peek();
    if (c == '/' || c == '-' || c == '.' || c == ' ') {
      ++at_;
      return c;
    }
    const std::string_view three = text_.substr(at_, 3);
    if (three == "\xE2\x80\x90" || three == "\xE2\x80\x91" || three == "\xE2\x80\x93") {
      at_ += 3;
      return '-';
    }
    return 0;
  }

  std::optional<Number> number(std::size_t digits_max) {
    Number read;
    while (read.digits < digits_max && is_ascii_digit(peek())) {
      read.value = read.value * 10 + (text_[at_++] - '0');
      ++read.digits;
    }
    if (read.digits == 0 || is_ascii_digit(peek())) return std::nullopt;
    return read;
  }

  // The folded word here, without moving past it when `accept` refuses it.
  template <typename Accept>
  bool word(Accept accept) {
    std::size_t end = at_;
    while (end < text_.size()) {
      const CodePoint c = code_point_at(text_, end);
      if (!is_upper_latin(c.value) && !is_lower_latin(c.value)) break;
      end += c.size_bytes;
    }
    if (end == at_ || !accept(fold(text_.substr(at_, end - at_)))) return false;
    at_ = end;
    return true;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

bool is_weekday(std::string_view word) {
  constexpr std::string_view kWeekdays[] = {
      "mon",    "tue",   "tues",   "wed",      "thu",       "thur",     "thurs",  "fri",
      "sat",    "sun",   "monday", "tuesday",  "wednesday", "thursday", "friday", "saturday",
      "sunday", "lundi", "mardi",  "mercredi", "jeudi",     "vendredi", "samedi", "dimanche",
      "lun",    "mar",   "mer",    "jeu",      "ven",       "sam",      "dim"};
  return std::ranges::find(kWeekdays, word) != std::end(kWeekdays);
}

bool is_ordinal_ending(std::string_view word) {
  constexpr std::string_view kEndings[] = {"st", "nd", "rd", "th", "er", "re", "e", "ieme"};
  return std::ranges::find(kEndings, word) != std::end(kEndings);
}

// A year of four digits, or of two read as the latest that is not after `as_of`.
std::optional<int> full_year(const Number& year, const DateHint& hint) {
  if (year.digits == 4) {
    if (year.value < kYearMin || year.value > kYearMax) return std::nullopt;
    return year.value;
  }
  if (year.digits != 2) return std::nullopt;
  const int century = hint.as_of.year / 100 * 100;
  return century + year.value <= hint.as_of.year ? century + year.value
                                                 : century - 100 + year.value;
}

std::optional<ParsedDate> checked(const Date& date, const Reader& reader) {
  if (!is_valid(date) || !reader.at_boundary()) return std::nullopt;
  ParsedDate parsed;
  parsed.date = date;
  parsed.size_bytes = reader.at();
  return parsed;
}

// first / second / year, or year / first / second for a hint of year first with two digits.
std::optional<ParsedDate> numeric(const Number& first, const Number& second, const Number& last,
                                  const Reader& reader, const DateHint& hint) {
  if (hint.order == DateOrder::year_month_day && last.digits <= 2 && first.digits == 2) {
    const auto year = full_year(first, hint);
    if (!year) return std::nullopt;
    auto parsed = checked({*year, second.value, last.value}, reader);
    if (parsed) parsed->two_digit_year = true;
    return parsed;
  }
  if (last.digits != 4 && last.digits != 2) return std::nullopt;
  const auto year = full_year(last, hint);
  if (!year) return std::nullopt;
  const Date day_first{*year, second.value, first.value};
  const Date month_first{*year, first.value, second.value};
  const bool both = is_valid(day_first) && is_valid(month_first);
  DateOrder order = both                  ? hint.order
                    : is_valid(day_first) ? DateOrder::day_month_year
                                          : DateOrder::month_day_year;
  if (both && order != DateOrder::day_month_year && order != DateOrder::month_day_year)
    order = hint.fallback;
  const bool days = order == DateOrder::day_month_year;
  auto parsed = checked(days ? day_first : month_first, reader);
  if (!parsed) return std::nullopt;
  parsed->two_digit_year = last.digits == 2;
  if (!both) {
    parsed->order = order;
  } else if (first.value != second.value) {
    parsed->swapped = days ? month_first : day_first;
  }
  return parsed;
}

std::optional<ParsedDate> year_first(const Number& year, Reader& reader) {
  if (year.value < kYearMin || year.value > kYearMax) return std::nullopt;
  const char separator = reader.separator();
  if (separator == 0) return std::nullopt;
  int month = 0;
  if (!reader.word([&](std::string_view word) { return (month = month_of_word(word)) != 0; })) {
    const auto number = reader.number(2);
    if (!number) return std::nullopt;
    month = number->value;
  }
  if (reader.separator() != separator) return std::nullopt;
  const auto day = reader.number(2);
  if (!day) return std::nullopt;
  if (reader.peek() == 'T' || reader.peek() == 't') {  // an ISO time follows
    ParsedDate parsed;
    parsed.date = {year.value, month, day->value};
    parsed.size_bytes = reader.at();
    parsed.order = DateOrder::year_month_day;
    return is_valid(parsed.date) ? std::optional(parsed) : std::nullopt;
  }
  auto parsed = checked({year.value, month, day->value}, reader);
  if (parsed) parsed->order = DateOrder::year_month_day;
  return parsed;
}

// "7 March 1984", "07MAR84", "1er février 1984", "7-Mar-1984": the day is read.
std::optional<ParsedDate> day_then_word(const Number& day, Reader& reader, const DateHint& hint) {
  reader.word(is_ordinal_ending);
  reader.spaces();
  if (reader.peek() == '-' || reader.peek() == '/' || reader.peek() == '.') reader.separator();
  reader.spaces();
  reader.word([](std::string_view word) { return word == "of" || word == "de"; });
  reader.spaces();
  int month = 0;
  if (!reader.word([&](std::string_view word) { return (month = month_of_word(word)) != 0; }))
    return std::nullopt;
  if (reader.peek() == '.' || reader.peek() == ',') reader.take(reader.peek());
  if (reader.peek() == '-' || reader.peek() == '/') reader.separator();
  reader.spaces();
  reader.take('\'');
  const auto number = reader.number(4);
  const auto year = number ? full_year(*number, hint) : std::nullopt;
  if (!year) return std::nullopt;
  auto parsed = checked({*year, month, day.value}, reader);
  if (parsed) parsed->two_digit_year = number->digits == 2;
  return parsed;
}

// "March 7, 1984", "Mar. 7th 1984", "MAR-07-1984": the month is read.
std::optional<ParsedDate> word_then_day(int month, Reader& reader, const DateHint& hint) {
  if (reader.peek() == '.') reader.take('.');
  if (reader.peek() == '-' || reader.peek() == '/') reader.separator();
  reader.spaces();
  const auto day = reader.number(2);
  if (!day) return std::nullopt;
  reader.word(is_ordinal_ending);
  const bool comma = reader.take(',');
  const bool dash =
      !comma && (reader.peek() == '-' || reader.peek() == '/') && reader.separator() != 0;
  const bool gap = reader.spaces() > 0;
  if (!comma && !dash && !gap) return std::nullopt;
  const bool quote = reader.take('\'');
  const auto number = reader.number(4);
  if (!number || (number->digits == 2 && !dash && !quote && !comma)) return std::nullopt;
  const auto year = full_year(*number, hint);
  if (!year) return std::nullopt;
  auto parsed = checked({*year, month, day->value}, reader);
  if (parsed) parsed->two_digit_year = number->digits == 2;
  return parsed;
}

std::optional<ParsedDate> eight_digits(std::string_view text) {
  Reader reader(text.substr(8));
  const auto value = [&](std::size_t at, std::size_t count) {
    int sum = 0;
    for (const char c : text.substr(at, count)) sum = sum * 10 + (c - '0');
    return sum;
  };
  const Date date{value(0, 4), value(4, 2), value(6, 2)};
  if (date.year < kYearMin || date.year > kYearMax || !reader.at_boundary() || !is_valid(date))
    return std::nullopt;
  ParsedDate parsed;
  parsed.date = date;
  parsed.size_bytes = 8;
  parsed.order = DateOrder::year_month_day;
  return parsed;
}

std::optional<ParsedDate> digits_first(std::string_view text, const DateHint& hint) {
  const auto count =
      static_cast<std::size_t>(std::ranges::find_if_not(text, is_ascii_digit) - text.begin());
  if (count == 8) return eight_digits(text);
  if (count == 3 || count > 4) return std::nullopt;
  Reader reader(text);
  const auto first = reader.number(4);
  if (!first) return std::nullopt;
  if (first->digits == 4) return year_first(*first, reader);
  Reader before_word = reader;
  if (auto parsed = day_then_word(*first, before_word, hint)) return parsed;
  const char separator = reader.separator();
  if (separator == 0) return std::nullopt;
  const auto second = reader.number(2);
  if (!second || reader.separator() != separator) return std::nullopt;
  const auto last = reader.number(4);
  if (!last || (separator == ' ' && last->digits != 4)) return std::nullopt;
  return numeric(*first, *second, *last, reader, hint);
}

// " 00:00:00.000", "T05:00:00Z" and the like behind a date.
std::string_view without_time(std::string_view rest) {
  std::size_t i = 0;
  if (i < rest.size() && (rest[i] == 'T' || rest[i] == ' ' || rest[i] == ',')) ++i;
  while (i < rest.size() && rest[i] == ' ') ++i;
  const std::size_t digits = i;
  while (i < rest.size() && (is_ascii_digit(rest[i]) || rest[i] == ':' || rest[i] == '.')) ++i;
  if (i == digits || rest.substr(digits, i - digits).find(':') == std::string_view::npos)
    return rest;
  const std::string ending = fold_words(rest.substr(i));
  const bool known = ending.empty() || ending == "z" || ending == "am" || ending == "pm" ||
                     ending == "utc" || ending == "0000" || ending == "00 00";
  return known ? std::string_view{} : rest;
}

}  // namespace

std::string Date::iso() const {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02d-%02d", year, month, day);
  return text.data();
}

bool is_valid(const Date& date) {
  return date.year >= 1 && date.year <= 9999 && date.month >= 1 && date.month <= 12 &&
         date.day >= 1 && date.day <= days_in(date.year, date.month);
}

std::optional<Date> parse_iso_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto parsed = parse_date_prefix(text);
  if (!parsed || parsed->size_bytes != text.size()) return std::nullopt;
  return parsed->date;
}

int age_on(const Date& born, const Date& on) {
  const bool before_birthday =
      on.month < born.month || (on.month == born.month && on.day < born.day);
  return on.year - born.year - (before_birthday ? 1 : 0);
}

std::optional<ParsedDate> parse_date_prefix(std::string_view text, const DateHint& hint) {
  if (text.empty()) return std::nullopt;
  if (is_ascii_digit(text[0])) return digits_first(text, hint);
  Reader reader(text);
  const bool weekday = reader.word(is_weekday);
  if (weekday) {
    if (reader.peek() == '.' || reader.peek() == ',') reader.take(reader.peek());
    reader.take(',');
    reader.spaces();
  }
  const bool article =
      reader.word([](std::string_view word) { return word == "le" || word == "the"; });
  if (article) reader.spaces();
  if ((weekday || article) && is_ascii_digit(reader.peek())) {
    const std::size_t skipped = reader.at();
    auto parsed = digits_first(text.substr(skipped), hint);
    if (parsed) {
      parsed->size_bytes += skipped;
      return parsed;
    }
  }
  int month = 0;
  // "mar" is a Tuesday to some and a month to others: try the month on the whole text too
  if (reader.word([&](std::string_view word) { return (month = month_of_word(word)) != 0; })) {
    return word_then_day(month, reader, hint);
  }
  Reader again(text);
  if (again.word([&](std::string_view word) { return (month = month_of_word(word)) != 0; })) {
    return word_then_day(month, again, hint);
  }
  return std::nullopt;
}

std::optional<ParsedDate> parse_date(std::string_view text, const DateHint& hint) {
  const std::string_view trimmed = trim(text);
  auto parsed = parse_date_prefix(trimmed, hint);
  if (!parsed) return std::nullopt;
  std::string_view rest = trimmed.substr(parsed->size_bytes);
  if (!rest.empty() && !trim(without_time(rest)).empty()) return std::nullopt;
  return parsed;
}

DateOrder order_by_evidence(const std::vector<std::string_view>& values) {
  std::size_t days = 0;
  std::size_t months = 0;
  std::size_t years = 0;
  std::size_t open = 0;
  for (const std::string_view value : values) {
    const auto parsed = parse_date(value);
    if (!parsed) continue;
    days += parsed->order == DateOrder::day_month_year ? 1 : 0;
    months += parsed->order == DateOrder::month_day_year ? 1 : 0;
    years += parsed->order == DateOrder::year_month_day ? 1 : 0;
    open += parsed->swapped ? 1 : 0;
  }
  // a slip of the pen among many does not turn a column round
  if (days > months * 9 && days > 0) return DateOrder::day_month_year;
  if (months > days * 9 && months > 0) return DateOrder::month_day_year;
  if (years > 0 && open == 0 && days == 0 && months == 0) return DateOrder::year_month_day;
  return DateOrder::unknown;
}

int month_of_word(std::string_view word) {
  struct Month {
    std::string_view word;
    int month;
  };
  static constexpr Month kMonths[] = {
      {"january", 1},   {"jan", 1},       {"janvier", 1},   {"janv", 1},      {"february", 2},
      {"feb", 2},       {"fevrier", 2},   {"fevr", 2},      {"fev", 2},       {"march", 3},
      {"mar", 3},       {"mars", 3},      {"april", 4},     {"apr", 4},       {"avril", 4},
      {"avr", 4},       {"may", 5},       {"mai", 5},       {"june", 6},      {"jun", 6},
      {"juin", 6},      {"july", 7},      {"jul", 7},       {"juillet", 7},   {"juil", 7},
      {"august", 8},    {"aug", 8},       {"aout", 8},      {"september", 9}, {"sep", 9},
      {"sept", 9},      {"septembre", 9}, {"october", 10},  {"oct", 10},      {"octobre", 10},
      {"november", 11}, {"nov", 11},      {"novembre", 11}, {"december", 12}, {"dec", 12},
      {"decembre", 12}};
  const auto found = std::ranges::find(kMonths, word, &Month::word);
  return found == std::end(kMonths) ? 0 : found->month;
}

}  // namespace sealift::census
