// Calendar dates as people write them.
//
//   1984-03-07  1984/03/07  1984.3.7  19840307       year first
//   07/03/1984  7-3-1984  07.03.84                   day or month first: DateOrder or evidence
//   March 7, 1984   7 March 1984   7-Mar-1984   07MAR84   Mar. 7th, 1984
//   7 mars 1984   le 1er février 1984   7 de marzo de 1984 is refused
//   an ISO time or " 00:00" after a date is left out
//
// Excel serial numbers are not read here. Pure functions, any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace sealift::census {

// Day and month in numeric dates, where a header or label says so.
enum class DateOrder : std::uint8_t { unknown, year_month_day, day_month_year, month_day_year };

struct Date {
  int year = 0;
  int month = 0;
  int day = 0;

  bool operator==(const Date&) const = default;
  bool operator<(const Date& other) const {
    return std::tie(year, month, day) < std::tie(other.year, other.month, other.day);
  }
  std::string iso() const;  // "1984-03-07"
};

bool is_valid(const Date& date);

// "1984-03-07" alone; nullopt for anything else.
std::optional<Date> parse_iso_date(std::string_view text);

// Full years between `born` and `on`.
int age_on(const Date& born, const Date& on);

struct ParsedDate {
  Date date;
  std::size_t size_bytes = 0;  // of the text that was read
  // Set when day and month could be the other way round; `swapped` is that reading.
  std::optional<Date> swapped;
  DateOrder order =
      DateOrder::unknown;  // what the text itself shows, e.g. day_month_year for 28/06/2015
  bool two_digit_year = false;
};

struct DateHint {
  DateOrder order = DateOrder::unknown;  // of numeric dates that could be read both ways
  Date as_of = {2029, 12, 31};           // a two-digit year is the latest that is not after this
  DateOrder fallback = DateOrder::day_month_year;  // when `order` is unknown
};

// A date at the beginning of `text`; what follows it must not be a letter or digit.
std::optional<ParsedDate> parse_date_prefix(std::string_view text, const DateHint& hint = {});

// `text` as a whole is a date, give or take spaces, a weekday and a time of day.
std::optional<ParsedDate> parse_date(std::string_view text, const DateHint& hint = {});

// The order that most of `values` show (a column, the dates of a document); unknown when they show
// none or contradict each other.
DateOrder order_by_evidence(const std::vector<std::string_view>& values);

// 1..12 for an English or French month name or its usual abbreviation, 0 for anything else.
// `word` is folded (census/kinds/text_fold.h).
int month_of_word(std::string_view word);

}  // namespace sealift::census
