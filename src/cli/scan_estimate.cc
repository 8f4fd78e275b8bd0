#include "cli/scan_estimate.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "cli/phrase.h"

namespace sealift::cli {
namespace {

constexpr double kDeviations = 2;         // 95 %, where sums are normal
constexpr std::size_t kFilesToTrust = 3;  // fewer say little about their kind

std::string time_text(double seconds, base::Language language) {
  std::array<char, 32> out{};
  if (seconds < 90) {
    std::snprintf(out.data(), out.size(), "%.0f s", std::max(1.0, seconds));
  } else if (seconds < 90 * 60) {
    std::snprintf(out.data(), out.size(), "%.0f min", seconds / 60);
  } else {
    std::snprintf(out.data(), out.size(), "%.1f h", seconds / 3600);
  }
  std::string text = out.data();
  if (language == base::Language::french) std::ranges::replace(text, '.', ',');
  return text;
}

}  // namespace

std::string to_string(const TimeLeft& left, base::Language language) {
  const std::string low = time_text(left.low_seconds, language);
  const std::string high = time_text(left.high_seconds, language);
  if (low == high) return phrase(language, "about {time} left", high);
  const std::size_t unit = low.find(' ');
  const bool same_unit = low.substr(unit) == high.substr(high.find(' '));
  return phrase(language, "{low} to {high} left", same_unit ? low.substr(0, unit) : low, high);
}

void ScanEstimate::expect(const std::string& kind, double amount) {
  for (Kind* const k : {&kinds_[kind], &all_}) {
    k->ahead += amount;
    k->ahead_squares += amount * amount;
    ++k->files_ahead;
  }
}

void ScanEstimate::learn(const std::string& kind, double amount, double seconds) {
  for (Kind* const k : {&kinds_[kind], &all_}) {
    k->ahead = std::max(0.0, k->ahead - amount);
    k->ahead_squares = std::max(0.0, k->ahead_squares - amount * amount);
    k->files_ahead -= k->files_ahead > 0 ? 1 : 0;
    ++k->files;
    k->amount += amount;
    k->seconds += seconds;
    k->squares += amount * amount;
    k->products += amount * seconds;
    k->seconds_squares += seconds * seconds;
  }
}

// The ratio estimator of survey sampling: seconds over amounts, and what its residuals tell of the
// spread (Cochran, Sampling Techniques, chapter 6).
ScanEstimate::Rate ScanEstimate::rate_of(const Kind& kind) {
  Rate rate;
  rate.seconds = kind.seconds / std::max(1.0, kind.amount);
  const double residuals = kind.seconds_squares - 2 * rate.seconds * kind.products +
                           rate.seconds * rate.seconds * kind.squares;
  const double freedom = std::max(1.0, static_cast<double>(kind.files) - 1);
  const double mean_square = kind.squares / std::max<double>(1, static_cast<double>(kind.files));
  if (mean_square > 0) rate.variance = std::max(0.0, residuals) / freedom / mean_square;
  return rate;
}

std::optional<TimeLeft> ScanEstimate::left(unsigned jobs) const {
  if (all_.files < kFilesToTrust || all_.seconds <= 0) return std::nullopt;
  double sum = 0;
  double variance = 0;
  for (const auto& [name, kind] : kinds_) {
    if (kind.files_ahead == 0) continue;
    const bool known = kind.files >= kFilesToTrust;
    const Kind& from = known ? kind : all_;
    const Rate rate = rate_of(from);
    sum += rate.seconds * kind.ahead;
    // What each file to come may differ by, and what the rate itself may be wrong by.
    variance += rate.variance * kind.ahead_squares;
    const double doubt = from.squares / std::max(1.0, from.amount * from.amount);
    variance += rate.variance * kind.ahead * kind.ahead * doubt;
    if (!known) variance += std::pow(rate.seconds * kind.ahead, 2);
  }
  const double spread = kDeviations * std::sqrt(variance);
  const double jobs_at_work = std::max(1U, jobs);
  return TimeLeft{std::max(sum * 0.1, sum - spread) / jobs_at_work, (sum + spread) / jobs_at_work};
}

}  // namespace sealift::cli
