#include "server/vault/rates.h"

#include <algorithm>

#include "server/client_of.h"

namespace sealift::server::vault {
namespace {

using std::chrono::milliseconds;

// Past so many, all start anew: memory is worth more than strictness towards a flood of addresses.
constexpr std::size_t kCallersMax = 100'000;

std::optional<std::size_t> class_of(Rate rate) {
  switch (rate) {
    case Rate::ordinary:
      return 0;
    case Rate::guessing:
      return 1;
    case Rate::costly:
      return 2;
    case Rate::recorded:
      return 3;
    case Rate::free:
    case Rate::stream:  // bounded by the front: connections, and bytes on each
      return std::nullopt;
  }
  return std::nullopt;
}

std::string caller_of(const Ask& ask) {
  if (ask.caller.session) return std::string("a").append(base::text_of(ask.account().view()));
  return std::string("p").append(base::text_of(client_of(ask.frame.peer)));
}

}  // namespace

RateSettings RateSettings::with_entries_per_hour(std::uint32_t count) const {
  RateSettings changed = *this;
  changed.recorded = {count / 3600.0, static_cast<double>(count)};
  return changed;
}

std::uint64_t RateSettings::entries_per_hour() const {
  return static_cast<std::uint64_t>(recorded.burst);
}

std::array<Bucket, Rates::kClasses> Rates::buckets() const {
  return {settings_.ordinary, settings_.guessing, settings_.costly, settings_.recorded};
}

void Rates::refill(Level& level, const Bucket& bucket) const {
  const milliseconds now = clock_.monotonic();
  const double seconds = std::chrono::duration<double>(now - level.at).count();
  level.tokens = std::min(bucket.burst, level.tokens + seconds * bucket.per_second);
  level.at = now;
}

std::optional<milliseconds> Rates::take(const Ask& ask) {
  const auto number = class_of(ask.operation.rate);
  if (!number) return std::nullopt;
  const Bucket bucket = buckets().at(*number);
  const std::scoped_lock lock(mutex_);
  if (levels_.at(*number).size() >= kCallersMax) levels_.at(*number).clear();
  auto [at, is_new] = levels_.at(*number).try_emplace(caller_of(ask));
  Level& level = at->second;
  if (is_new) level = {bucket.burst, clock_.monotonic()};
  refill(level, bucket);
  if (level.tokens >= 1) {
    level.tokens -= 1;
    return std::nullopt;
  }
  return std::chrono::ceil<milliseconds>(
      std::chrono::duration<double>((1 - level.tokens) / bucket.per_second));
}

void Rates::sweep() {
  const std::scoped_lock lock(mutex_);
  for (std::size_t i = 0; i < levels_.size(); ++i) {
    const Bucket bucket = buckets().at(i);
    for (auto& [caller, level] : levels_.at(i)) refill(level, bucket);
    std::erase_if(levels_.at(i),
                  [&](const auto& each) { return each.second.tokens >= bucket.burst; });
  }
}

}  // namespace sealift::server::vault
