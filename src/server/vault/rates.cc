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

void Rates::refill(Level& level, const Bucket& bucket) const {
  const milliseconds now = clock_.monotonic();
  const double seconds = std::chrono::duration<double>(now - level.at).count();
  level.tokens = std::min(bucket.burst, level.tokens + seconds * bucket.per_second);
  level.at = now;
}

std::optional<milliseconds> Rates::take(const Ask& ask) {
  const auto number = class_of(ask.operation.rate);
  if (!number) return std::nullopt;
  const Bucket bucket = *number == 0   ? settings_.ordinary
                        : *number == 1 ? settings_.guessing
                                       : settings_.costly;
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
  const std::array<Bucket, 3> buckets = {settings_.ordinary, settings_.guessing, settings_.costly};
  const std::scoped_lock lock(mutex_);
  for (std::size_t i = 0; i < levels_.size(); ++i) {
    for (auto& [caller, level] : levels_.at(i)) refill(level, buckets.at(i));
    std::erase_if(levels_.at(i),
                  [&](const auto& each) { return each.second.tokens >= buckets.at(i).burst; });
  }
}

}  // namespace sealift::server::vault
