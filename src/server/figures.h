// Figures: what is counted while the server runs, in memory that all of its processes share.
//
// A front counts its own answers, the vault reads all of them for GET /metrics. Each front has a
// stretch of its own, so that counting is one relaxed addition to a cache line that nobody else
// writes. The memory is the supervisor's: figures outlive the processes that count. Numbers alone:
// what a front that was broken into can do here is to count wrongly. Thread-safe.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string_view>

#include "base/result.h"

namespace sealift::server {

// What a request is about, by its path: how long it may take differs by it.
enum class RequestClass : std::uint8_t { web, api, upload, download, log, watch };
inline constexpr std::size_t kRequestClasses = 6;
std::string_view class_name(RequestClass request_class);
RequestClass class_of_path(std::string_view path);

// Upper bounds of the latency histogram's buckets; one more has what took longer.
inline constexpr std::array<std::uint32_t, 13> kLatencyBoundsMs = {
    1, 5, 10, 25, 50, 100, 250, 500, 1'000, 2'500, 5'000, 10'000, 60'000};
inline constexpr std::uint16_t kStatusMin = 100;
inline constexpr std::size_t kStatuses = 500;

using Counter = std::atomic<std::uint64_t>;

struct ClassFigures {
  std::array<Counter, kStatuses> by_status;                     // from kStatusMin
  std::array<Counter, kLatencyBoundsMs.size() + 1> by_latency;  // each answer in one
  Counter milliseconds;                                         // of all answers together
};

struct alignas(64) FrontFigures {
  std::array<ClassFigures, kRequestClasses> classes;
  Counter connections_refused;

  // `taken`: from the request's head to the beginning of its answer.
  void count(RequestClass request_class, std::uint16_t status, std::chrono::milliseconds taken);
};

enum class ThrottleClass : std::uint8_t { ordinary, guessing, costly, recorded };
inline constexpr std::size_t kThrottleClasses = 4;
std::string_view class_name(ThrottleClass throttle_class);

// The vault's, and what the supervisor tells it.
struct alignas(64) ServerFigures {
  Counter logins_failed;
  Counter proofs_failed;
  Counter disk_full;
  Counter blobs_missing;
  std::array<Counter, kThrottleClasses> throttled;
  Counter mails_failed;
  Counter roles_ended;
  Counter unexplained_bytes;       // a gauge
  Counter certificate_expires_ms;  // a gauge: Unix time; 0 where no certificate is used
};

struct Figures {
  static constexpr std::size_t kFrontsMax = 64;
  std::array<FrontFigures, kFrontsMax> fronts;
  ServerFigures server;
  Counter next_front;

  // For a front that begins; after many restarts two may share one, and both count rightly.
  FrontFigures& front() { return fronts.at(next_front.fetch_add(1) % kFrontsMax); }

  struct Unmap {
    void operator()(Figures* figures) const;
  };
  // Zeros, shared with every process that is forked from here on. Errors: io.
  static base::Result<std::unique_ptr<Figures, Unmap>> make();
};

}  // namespace sealift::server
