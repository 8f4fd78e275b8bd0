#include "census/structure/column_sample.h"

#include "census/kinds/text_fold.h"

namespace sealift::census::internal {
namespace {

constexpr double kMostly = 0.6;
constexpr std::size_t kSampleMax = 500;  // values of a column that are looked at

}  // namespace

Sample sample_of(const TableSection& section, const Rows& rows, std::size_t column) {
  Sample sample;
  for (std::size_t row = section.begin; row < section.end && sample.values.size() < kSampleMax;
       ++row) {
    if (column >= rows[row].size()) continue;
    if (const std::string_view value = trim(rows[row][column]); !value.empty())
      sample.values.push_back(value);
  }
  sample.evidence = column_evidence(sample.values);
  return sample;
}

bool look_like_phones(const Sample& sample) {
  constexpr double kMostly = 0.6;
  return sample.share_of([](std::string_view v) {
    return v.find_first_of("-.() +") != std::string_view::npos;
  }) >= kMostly;
}

bool has_digit(std::string_view value) { return std::ranges::any_of(value, is_ascii_digit); }

bool has_letter(std::string_view value) {
  return std::ranges::any_of(value, [](char c) { return is_ascii_letter(c) || (c & 0x80) != 0; });
}

bool all_past(const Sample& sample, const DateHint& dates) {
  return sample.share_of([&](std::string_view value) {
    const auto parsed = parse_date(value, dates);
    return parsed && !(dates.as_of < parsed->date) && parsed->date.year >= 1900;
  }) >= 0.9;
}

bool are_dates_of_lives(const Sample& sample, const DateHint& dates) {
  constexpr int kYearsApart = 15;
  int first = 9999;
  int last = 0;
  std::size_t past = 0;
  for (const std::string_view value : sample.values) {
    const auto parsed = parse_date(value, dates);
    if (!parsed || dates.as_of < parsed->date) continue;
    ++past;
    first = std::min(first, parsed->date.year);
    last = std::max(last, parsed->date.year);
  }
  const auto values = static_cast<double>(sample.values.size());
  return past >= 3 && static_cast<double>(past) >= kMostly * values &&
         last - first >= kYearsApart && first >= 1900;
}

bool is_health_mix(const Sample& sample) {
  constexpr double kNearlyAll = 0.9;
  if (sample.values.size() < 6) return false;
  const double passing = sample.share_of([](std::string_view v) {
    return normalise(ElementType::ca_on_health_number, v) ||
           normalise(ElementType::ca_qc_health_number, v) ||
           normalise(ElementType::ca_bc_health_number, v);
  });
  const double ontario = sample.share_of([](std::string_view v) {
    return normalise(ElementType::ca_on_health_number, v).has_value();
  });
  return passing >= kNearlyAll && ontario >= kMostly;
}

}  // namespace sealift::census::internal
