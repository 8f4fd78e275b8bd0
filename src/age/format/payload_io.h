// Where payload bytes come from and go to. The engine knows these two interfaces and no sockets,
// paths or formats around the payload; an HTTP range reader or an upload implements them elsewhere.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "base/bytes.h"
#include "base/result.h"

namespace sealift::age {

class Source {
 public:
  virtual ~Source() = default;

  // A size makes the source seekable: read_at() may then be called at any offset, and by several
  // threads at once. Without one, calls come one at a time and each starts where the last ended.
  virtual std::optional<std::uint64_t> size_bytes() const = 0;

  // Fills `pieces` in order with the bytes from `offset` on; gives how many it filled, fewer than
  // asked for only at the end of the input.
  virtual base::Result<std::size_t> read_at(std::span<const base::MutableByteView> pieces,
                                            std::uint64_t offset) = 0;
};

class Sink {
 public:
  virtual ~Sink() = default;

  // Takes all of `pieces`, which follow what was written before. Called by one thread at a time.
  virtual base::Result<void> write(std::span<const base::ByteView> pieces) = 0;
};

// A regular file from a given offset to the size it has when the source is made.
class FileSource final : public Source {
 public:
  // Borrows `fd`. Errors: io, usage (not a regular file, or shorter than `offset`).
  static base::Result<FileSource> from(int fd, std::uint64_t offset);

  std::optional<std::uint64_t> size_bytes() const override { return size_; }
  base::Result<std::size_t> read_at(std::span<const base::MutableByteView> pieces,
                                    std::uint64_t offset) override;

 private:
  FileSource(int fd, std::uint64_t start, std::uint64_t size)
      : fd_(fd), start_(start), size_(size) {}

  int fd_;
  std::uint64_t start_;
  std::uint64_t size_;
};

// Anything that can be read: pipes, terminals, sockets, special files.
class StreamSource final : public Source {
 public:
  // Borrows `fd`. `already_read` comes before what is left in it (a header reader's overshoot).
  explicit StreamSource(int fd, base::Bytes already_read = {})
      : fd_(fd), already_read_(std::move(already_read)) {}

  std::optional<std::uint64_t> size_bytes() const override { return std::nullopt; }
  base::Result<std::size_t> read_at(std::span<const base::MutableByteView> pieces,
                                    std::uint64_t offset) override;

 private:
  int fd_;
  base::Bytes already_read_;
  std::size_t taken_ = 0;  // of already_read_
};

// The better of the two for what is left of `fd` at its current position. Small files are read as
// streams, to their real end, because special files lie about their size.
base::Result<std::unique_ptr<Source>> source_of(int fd);

class MemorySource final : public Source {
 public:
  // Borrows `bytes`.
  explicit MemorySource(base::ByteView bytes) : bytes_(bytes) {}

  std::optional<std::uint64_t> size_bytes() const override { return bytes_.size(); }
  base::Result<std::size_t> read_at(std::span<const base::MutableByteView> pieces,
                                    std::uint64_t offset) override;

 private:
  base::ByteView bytes_;
};

// Writes at the descriptor's position: files (base/atomic_file.h), pipes, terminals.
class FdSink final : public Sink {
 public:
  explicit FdSink(int fd) : fd_(fd) {}  // borrows it

  base::Result<void> write(std::span<const base::ByteView> pieces) override;

 private:
  int fd_;
};

class MemorySink final : public Sink {
 public:
  explicit MemorySink(base::Bytes& out) : out_(out) {}  // appends to it

  base::Result<void> write(std::span<const base::ByteView> pieces) override;

 private:
  base::Bytes& out_;
};

}  // namespace sealift::age
