// Rates: how many requests one caller may make a second, by class of operation.
//
// A bucket for each caller (login, or network address) and class is kept in memory; it fills with
// time and each request takes from it. What a restart forgets does no harm: guessing is delayed by
// the catalog (guessing.h). Thread-safe.
#pragma once

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
};

class Rates {
 public:
  Rates(const RateSettings& settings, const base::Clock& clock)
      : settings_(settings), clock_(clock) {}

  // nullopt: go on. Otherwise how long to wait.
  std::optional<std::chrono::milliseconds> take(const Ask& ask);
  // Forgets callers whose buckets are full again.
  void sweep();

 private:
  struct Level {
    double tokens = 0;
    std::chrono::milliseconds at{0};
  };
  using Levels = std::unordered_map<std::string, Level>;
  void refill(Level& level, const Bucket& bucket) const;

  const RateSettings settings_;
  const base::Clock& clock_;
  std::mutex mutex_;
  std::array<Levels, 3> levels_;  // by class; guarded by mutex_
};

}  // namespace sealift::server::vault
