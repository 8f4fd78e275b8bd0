// How long a scan will still take, and how sure that is.
//
// What a byte costs differs a hundredfold between kinds of files, so it is learnt for each kind
// from the files that have been read; the spread of those says how far the rest may lie off. A kind
// of which nothing was read yet counts as the others do, with a wide margin. Not thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "base/refusal.h"

namespace sealift::cli {

// In nineteen of twenty cases the time lies between them, if the rest is like what was read.
struct TimeLeft {
  double low_seconds = 0;
  double high_seconds = 0;
};

// "8 to 12 min left", "about 40 s left"
std::string to_string(const TimeLeft& left, base::Language language);

class ScanEstimate {
 public:
  // A file that will be read. `amount` is its size in bytes, or any other measure of work.
  void expect(const std::string& kind, double amount);
  // One of them has been read, by one job.
  void learn(const std::string& kind, double amount, double seconds);

  // With so many jobs at work; nothing while nothing is known.
  std::optional<TimeLeft> left(unsigned jobs) const;

 private:
  struct Kind {
    double ahead = 0, ahead_squares = 0;  // amounts to come, and their squares
    std::size_t files_ahead = 0, files = 0;
    double amount = 0, seconds = 0;  // of what was read
    double squares = 0, products = 0, seconds_squares = 0;
  };
  struct Rate {
    double seconds = 0;   // for an amount of 1
    double variance = 0;  // of a file's seconds, for the square of its amount
  };
  static Rate rate_of(const Kind& kind);

  std::map<std::string, Kind> kinds_;
  Kind all_;
};

}  // namespace sealift::cli
