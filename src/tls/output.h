// Output: a fixed stretch of memory in which bytes that are to be sent are collected.
//
// Many TLS records are put into one Output and leave with one system call: that is where a server
// on a machine with dear system calls gains or loses half of its speed
// (docs/decisions/0034-own-record-buffer.md). Not thread-safe.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "base/bytes.h"
#include "base/check.h"

namespace sealift::tls {

class Output {
 public:
  Output() = default;
  // Borrows `storage`, which outlives every use.
  explicit Output(base::MutableByteView storage) : storage_(storage) {}

  base::ByteView pending() const { return storage_.subspan(begin_, end_ - begin_); }
  bool empty() const { return begin_ == end_; }
  std::size_t room() const { return storage_.size() - end_; }
  base::MutableByteView free_space() { return storage_.subspan(end_); }

  // Takes as much of `bytes` as there is room for; gives how much.
  std::size_t append(base::ByteView bytes) {
    const std::size_t size = std::min(bytes.size(), room());
    if (size > 0) std::memcpy(storage_.data() + end_, bytes.data(), size);
    end_ += size;
    return size;
  }
  // The caller wrote `size` bytes into free_space().
  void grow(std::size_t size) {
    SEALIFT_CHECK(size <= room());
    end_ += size;
  }
  // The first `size` pending bytes were sent.
  void consume(std::size_t size) {
    SEALIFT_CHECK(size <= end_ - begin_);
    begin_ += size;
    if (begin_ == end_) begin_ = end_ = 0;
  }

 private:
  base::MutableByteView storage_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace sealift::tls
