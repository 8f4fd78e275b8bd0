#include "age/format/payload_io.h"

#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/check.h"
#include "base/file_descriptor.h"

namespace sealift::age {
namespace {

using base::ByteView;
using base::ErrorCode;
using base::MutableByteView;
using base::Result;

// A batch of sealed chunks has two pieces a chunk, and the look-ahead one more.
constexpr std::size_t kPiecesMax = 64;
constexpr std::uint64_t kSmallFileSize = std::uint64_t{1} << 20;

// Scatter-gather lists, from which what a system call has moved can be taken off.
class PieceList {
 public:
  template <typename View>
  explicit PieceList(std::span<const View> pieces) {
    SEALIFT_CHECK(pieces.size() <= kPiecesMax);
    for (const View& piece : pieces) {
      if (piece.empty()) continue;
      // The kernel's interface has no const; writing does not change the bytes.
      list_[count_++] = {const_cast<std::byte*>(piece.data()), piece.size()};
    }
  }

  bool empty() const { return first_ == count_; }
  const iovec* data() const { return &list_[first_]; }
  int count() const { return static_cast<int>(count_ - first_); }

  void advance(std::size_t moved) {
    while (moved > 0) {
      iovec& piece = list_[first_];
      const std::size_t step = std::min(moved, piece.iov_len);
      piece.iov_base = static_cast<std::byte*>(piece.iov_base) + step;
      piece.iov_len -= step;
      moved -= step;
      if (piece.iov_len == 0) ++first_;
    }
  }

 private:
  std::array<iovec, kPiecesMax> list_;
  std::size_t first_ = 0;
  std::size_t count_ = 0;
};

// Calls `step(list, done)` until the list is used up or it gives 0, retrying EINTR.
template <typename Step>
Result<std::size_t> move_pieces(PieceList& list, std::string_view what, Step step) {
  std::size_t done = 0;
  while (!list.empty()) {
    const ssize_t moved = step(done);
    if (moved == 0) break;
    if (moved < 0) {
      if (errno == EINTR) continue;
      return tl::unexpected(base::error_of_errno(errno, what));
    }
    list.advance(static_cast<std::size_t>(moved));
    done += static_cast<std::size_t>(moved);
  }
  return done;
}

// Copies from `bytes` into `pieces`; gives how much was copied.
std::size_t scatter(ByteView bytes, std::span<const MutableByteView> pieces) {
  std::size_t done = 0;
  for (const MutableByteView piece : pieces) {
    const std::size_t step = std::min(piece.size(), bytes.size() - done);
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(done), step, piece.begin());
    done += step;
  }
  return done;
}

}  // namespace

Result<FileSource> FileSource::from(int fd, std::uint64_t offset) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) return tl::unexpected(base::error_of_errno(errno, "read input"));
  const auto size = static_cast<std::uint64_t>(status.st_size);
  if (!S_ISREG(status.st_mode) || offset > size)
    return fail(ErrorCode::usage, "the input is not a file of that size");
  return FileSource(fd, offset, size - offset);
}

Result<std::size_t> FileSource::read_at(std::span<const MutableByteView> pieces,
                                        std::uint64_t offset) {
  PieceList list(pieces);
  return move_pieces(list, "read input", [&](std::size_t done) {
    return ::preadv(fd_, list.data(), list.count(), static_cast<off_t>(start_ + offset + done));
  });
}

Result<std::size_t> StreamSource::read_at(std::span<const MutableByteView> pieces, std::uint64_t) {
  const std::size_t ready = scatter(ByteView(already_read_).subspan(taken_), pieces);
  taken_ += ready;
  PieceList list(pieces);
  list.advance(ready);
  SEALIFT_TRY(const std::size_t done, move_pieces(list, "read input", [&](std::size_t) {
                return ::readv(fd_, list.data(), list.count());
              }));
  return ready + done;
}

Result<std::unique_ptr<Source>> source_of(int fd) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) return tl::unexpected(base::error_of_errno(errno, "read input"));
  const off_t at = S_ISREG(status.st_mode) ? ::lseek(fd, 0, SEEK_CUR) : -1;
  if (at < 0 || status.st_size - at <= static_cast<off_t>(kSmallFileSize))
    return std::make_unique<StreamSource>(fd);
  SEALIFT_TRY(FileSource file, FileSource::from(fd, static_cast<std::uint64_t>(at)));
  return std::make_unique<FileSource>(file);
}

Result<std::size_t> MemorySource::read_at(std::span<const MutableByteView> pieces,
                                          std::uint64_t offset) {
  if (offset >= bytes_.size()) return 0;
  return scatter(bytes_.subspan(offset), pieces);
}

Result<void> FdSink::write(std::span<const ByteView> pieces) {
  PieceList list(pieces);
  SEALIFT_TRY_VOID(move_pieces(
      list, "write output", [&](std::size_t) { return ::writev(fd_, list.data(), list.count()); }));
  if (!list.empty()) return fail(ErrorCode::io, "write output: nothing was taken");
  return {};
}

Result<void> MemorySink::write(std::span<const ByteView> pieces) {
  for (const ByteView piece : pieces) base::append(out_, piece);
  return {};
}

}  // namespace sealift::age
