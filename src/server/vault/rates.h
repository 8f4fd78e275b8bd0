// Rates: how many requests one caller may make a second, by class of operation.
//
// A bucket for each caller (login, or network address) and class is kept in memory; it fills with
// time and each request takes from it. What a restart forgets does no harm: guessing is delayed by
// the catalog (guessing.h). Thread-safe.
#pragma once

#include <array>
#include <chrono>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "server/vault/handler.h"

namespace sealift::server::vault {

struct Bucket {
  double per_second = 0;
  double burst = 0;
};
struct RateSettings {
  Bucket ordinary{500, 2000};
  Bucket guessing{5, 60};
  Bucket costly{0.5, 60};
  // What adds to the log without end: so many an hour, and as many at once.
  Bucket recorded{1, 3600};

  RateSettings with_entries_per_hour(std::uint32_t count) const;
  std::uint64_t entries_per_hour() const;
};

class Rates {
 public:
  Rates(const RateSettings& settings, const base::Clock& clock)
      : settings_(settings), clock_(clock) {}

  // nullopt: go on. Otherwise how long to wait.
  std::optional<std::chrono::milliseconds> take(const Ask& ask);
  // Forgets callers whose buckets are full again.
  void sweep();
  const RateSettings& settings() const { return settings_; }

 private:
  static constexpr std::size_t kClasses = 4;
  struct Level {
    double tokens = 0;
    std::chrono::milliseconds at{0};
  };
  using Levels = std::unordered_map<std::string, Level>;
  void refill(Level& level, const Bucket& bucket) const;
  std::array<Bucket, kClasses> buckets() const;

  const RateSettings settings_;
  const base::Clock& clock_;
  std::mutex mutex_;
  std::array<Levels, kClasses> levels_;  // by class; guarded by mutex_
};

}  // namespace sealift::server::vault
