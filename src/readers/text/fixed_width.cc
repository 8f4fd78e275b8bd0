#include "readers/text/fixed_width.h"

#include <algorithm>
#include <array>
#include <set>

namespace sealift::readers {
namespace {

constexpr std::size_t kRecordsSeen = 400;
constexpr std::size_t kLengthMin = 16;
constexpr std::size_t kLengthMax = 4096;
constexpr std::size_t kRecordsMin = 3;
constexpr double kAgreeMin = 0.85;

enum Class : std::size_t { space, digit, letter, other };

Class class_of(char c) {
  if (c == ' ' || c == '\0') return space;
  if (c >= '0' && c <= '9') return digit;
  if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80) != 0) return letter;
  return other;
}

// How many records have which class at a place.
struct Counts {
  std::array<std::size_t, 4> of{};
  std::size_t sum = 0;
  char first = 0;
  bool varies = false;

  void add(char c) {
    if (sum == 0) first = c;
    varies = varies || c != first;
    ++of.at(class_of(c));
    ++sum;
  }
  double share(Class wanted) const {
    return sum == 0 ? 0 : static_cast<double>(of.at(wanted)) / static_cast<double>(sum);
  }
  double agreement() const {
    // Letters beside padding agree: names are of different lengths.
    return std::max({share(digit), share(other), share(space) + share(letter)});
  }
};

std::vector<Counts> counts_of(const std::vector<std::string_view>& records) {
  std::vector<Counts> counts;
  for (const std::string_view record : records) {
    counts.resize(std::max(counts.size(), std::min(record.size(), kLengthMax)));
    for (std::size_t i = 0; i < std::min(record.size(), kLengthMax); ++i) counts[i].add(record[i]);
  }
  return counts;
}

// 1: at every place all records agree. Places that are digits in all count more than blank ones:
// prose is letters and spaces everywhere. A number of some digits is in every table.
double agreement(const std::vector<Counts>& counts) {
  constexpr std::size_t kDigitsMin = 3;
  double sum = 0;
  std::size_t firm = 0;
  std::size_t digits = 0;
  for (const Counts& place : counts) {
    sum += place.agreement();
    firm += place.share(digit) >= 0.95 || place.share(space) >= 0.98 ? 1 : 0;
    digits += place.share(digit) >= 0.95 && place.varies ? 1 : 0;
  }
  if (digits < kDigitsMin || firm * 8 < counts.size()) return 0;
  return sum / static_cast<double>(counts.size());
}

std::vector<std::string_view> cut(std::string_view text, std::size_t length) {
  std::vector<std::string_view> records;
  while (text.size() >= length && records.size() < kRecordsSeen) {
    records.push_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return records;
}

bool is_date(std::string_view digits) {
  const auto number = [&](std::size_t at, std::size_t size) {
    int value = 0;
    for (const char c : digits.substr(at, size)) value = value * 10 + (c - '0');
    return value;
  };
  const int year = number(0, 4);
  const int month = number(4, 2);
  const int day = number(6, 2);
  return year >= 1880 && year <= 2060 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

// Within the digits from `begin` to `end`: where dates begin and end that all records have.
void split_dates(const std::vector<std::string_view>& records, std::size_t begin, std::size_t end,
                 std::vector<std::size_t>& columns) {
  constexpr std::size_t kDate = 8;
  for (std::size_t at = begin; at + kDate <= end; ++at) {
    std::size_t dates = 0;
    std::size_t filled = 0;
    for (const std::string_view record : records) {
      const std::string_view digits = record.substr(std::min(at, record.size()), kDate);
      const bool whole = digits.size() == kDate &&
                         std::ranges::all_of(digits, [](char c) { return class_of(c) == digit; });
      const bool blank = digits.find_first_not_of("0 9") == std::string_view::npos;
      if (!whole || blank) continue;
      ++filled;
      dates += is_date(digits) ? 1 : 0;
    }
    if (filled < kRecordsMin || dates * 50 < filled * 49) continue;
    columns.push_back(at);
    columns.push_back(at + kDate);
    at += kDate - 1;
  }
}

bool passes_luhn(std::string_view digits) {
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const int digit = digits[digits.size() - 1 - i] - '0';
    const int weighed = i % 2 == 0 ? digit : digit * 2;
    sum += weighed > 9 ? weighed - 9 : weighed;
  }
  return sum % 10 == 0;
}

// Within the digits from `begin` to `end`, beyond what is in `columns`: where numbers begin and end
// that pass the check of SINs, health cards and payment cards in all records, of which there are
// enough that chance doesn't do it.
void split_checked(const std::vector<std::string_view>& records, std::size_t begin, std::size_t end,
                   std::vector<std::size_t>& columns) {
  constexpr std::size_t kDistinctMin = 4;
  for (const std::size_t size : {std::size_t{16}, std::size_t{9}, std::size_t{10}}) {
    for (std::size_t at = begin; at + size <= end; ++at) {
      if (std::ranges::any_of(columns, [&](std::size_t c) { return c > at && c < at + size; }))
        continue;
      std::set<std::string_view> distinct;
      const bool all = std::ranges::all_of(records, [&](std::string_view record) {
        const std::string_view number = record.substr(std::min(at, record.size()), size);
        const bool digits = number.size() == size && std::ranges::all_of(number, [](char c) {
                              return class_of(c) == digit;
                            });
        if (!digits) return number.find_first_not_of(' ') == std::string_view::npos;
        distinct.insert(number);
        return number.front() != '0' && passes_luhn(number);
      });
      if (!all || distinct.size() < kDistinctMin) continue;
      columns.push_back(at);
      columns.push_back(at + size);
      at += size - 1;
    }
  }
}

// Where the words of a header begin within the digits from `begin` to `end`, parted by two spaces:
// "BORN    SIN      SEQ" over one run of digits.
void split_by_header(std::string_view header, std::size_t begin, std::size_t end,
                     std::vector<std::size_t>& columns) {
  for (std::size_t at = begin + 2; at < std::min(end, header.size()); ++at) {
    if (class_of(header[at]) != letter || header[at - 1] != ' ' || header[at - 2] != ' ') continue;
    columns.push_back(at);
  }
}

bool begins_column(const Counts& before, const Counts& here) {
  constexpr double kNearlyAll = 0.95;
  constexpr double kBlank = 0.98;
  if (here.share(space) >= kBlank) return false;
  if (before.share(space) >= kBlank) return true;
  const bool padded = before.share(space) >= 0.5 && here.share(space) <= 0.1;
  if (padded && here.share(letter) >= 0.5) return true;
  if (here.share(digit) >= kNearlyAll && before.share(digit) <= 0.02) return true;
  return before.share(digit) >= kNearlyAll && here.share(digit) <= 0.05;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty() && lines.size() < kRecordsSeen) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty()) lines.push_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

}  // namespace

std::optional<std::size_t> fixed_record_length(std::string_view text) {
  std::optional<std::size_t> best;
  double best_agreement = kAgreeMin;
  const std::string_view sample = text.substr(0, std::size_t{64} << 10);
  for (std::size_t length = kLengthMin; length <= kLengthMax; ++length) {
    if (text.size() < length * kRecordsMin) break;
    // The last record may lack its padding, or be followed by an end mark.
    if (text.size() % length > 2 && text.size() % length + 8 < length) continue;
    std::vector<std::string_view> records = cut(sample, length);
    if (records.size() > kRecordsMin) records.erase(records.begin());  // it may be a header
    const double agrees = agreement(counts_of(records));
    constexpr double kClearlyBetter = 0.01;  // multiples of the length agree as well as it does
    if (agrees < best_agreement + (best ? kClearlyBetter : 0)) continue;
    best = length;
    best_agreement = agrees;
  }
  return best;
}

bool has_fixed_width_lines(std::string_view text) {
  const std::vector<std::string_view> lines = lines_of(text);
  if (lines.size() < kRecordsMin) return false;
  const std::size_t length = lines[lines.size() / 2].size();
  if (length < kLengthMin) return false;
  const auto same = std::ranges::count(lines, length, &std::string_view::size);
  if (static_cast<std::size_t>(same) * 10 < lines.size() * 9) return false;
  const std::vector<std::string_view> data(lines.begin() + 1, lines.end());
  return agreement(counts_of(data)) >= kAgreeMin;
}

std::vector<std::size_t> fixed_columns(const std::vector<std::string_view>& records) {
  const std::vector<std::string_view> data(records.begin() + (records.size() > kRecordsMin ? 1 : 0),
                                           records.end());
  const std::vector<Counts> counts = counts_of(data);
  const bool is_header =
      records.size() > kRecordsMin &&
      std::ranges::none_of(records.front(), [](char c) { return class_of(c) == digit; });
  std::vector<std::size_t> columns = {0};
  for (std::size_t i = 1; i < counts.size(); ++i)
    if (begins_column(counts[i - 1], counts[i])) columns.push_back(i);
  std::vector<std::size_t> dates;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::size_t begin = columns[i];
    std::size_t end = i + 1 < columns.size() ? columns[i + 1] : counts.size();
    while (end > begin && counts[end - 1].share(space) >= 0.98) --end;
    const bool digits = std::all_of(counts.begin() + static_cast<std::ptrdiff_t>(begin),
                                    counts.begin() + static_cast<std::ptrdiff_t>(end),
                                    [](const Counts& c) { return c.share(digit) >= 0.9; });
    if (!digits || end - begin <= 8) continue;
    split_dates(data, begin, end, dates);
    split_checked(data, begin, end, dates);
    if (is_header) split_by_header(records.front(), begin, end, dates);
  }
  columns.insert(columns.end(), dates.begin(), dates.end());
  std::ranges::sort(columns);
  columns.erase(std::unique(columns.begin(), columns.end()), columns.end());
  return columns;
}

std::vector<std::string> cut_record(std::string_view record,
                                    const std::vector<std::size_t>& columns) {
  std::vector<std::string> row;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::size_t begin = std::min(columns[i], record.size());
    const std::size_t end =
        i + 1 < columns.size() ? std::min(columns[i + 1], record.size()) : record.size();
    std::string_view cell = record.substr(begin, end - begin);
    const std::size_t first = cell.find_first_not_of(' ');
    if (first == std::string_view::npos) {
      row.emplace_back();
    } else {
      row.emplace_back(cell.substr(first, cell.find_last_not_of(' ') - first + 1));
    }
  }
  return row;
}

}  // namespace sealift::readers
