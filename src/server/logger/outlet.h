// Outlet: standard error, to which lines go as long as somebody reads.
//
// Lines wait in memory, up to a limit, until the reader takes them; past that the oldest are
// dropped and counted. Nothing blocks. Not thread-safe.
#pragma once

#include <cstdint>
#include <deque>
#include <string>

namespace sealift::server {

class Outlet {
 public:
  // `fd` is borrowed.
  Outlet(int fd, std::size_t bytes_max) : fd_(fd), bytes_max_(bytes_max) {}

  void put(std::string line);
  // Writes what is taken now.
  void flush();
  // Whether it is worth waiting for: lines wait, and the reader isn't gone for good.
  bool is_waiting() const { return !lines_.empty() && !is_closed_; }
  bool is_closed() const { return is_closed_; }
  int fd() const { return fd_; }
  std::uint64_t dropped() const { return dropped_; }
  void dropped_was_told() { dropped_ = 0; }

 private:
  const int fd_;
  const std::size_t bytes_max_;
  std::deque<std::string> lines_;
  std::size_t bytes_ = 0;
  std::size_t first_written_ = 0;  // of the first line
  std::uint64_t dropped_ = 0;
  bool is_closed_ = false;
};

}  // namespace sealift::server
