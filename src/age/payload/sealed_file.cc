#include "age/payload/sealed_file.h"

#include <algorithm>

#include "base/limits.h"

namespace sealift::age {

using base::Bytes;
using base::ByteView;
using base::Error;
using base::ErrorCode;
using base::MutableByteView;
using base::Result;

namespace {

constexpr std::size_t kReadSize = std::size_t{4} << 10;

// What is left of a source behind its first bytes. Seekable when the source is.
class RestSource final : public Source {
 public:
  // `start` of `file` is where this begins; `already_read` was read from there on.
  RestSource(Source& file, std::uint64_t start, Bytes already_read)
      : file_(file), start_(start), already_read_(std::move(already_read)) {}

  std::optional<std::uint64_t> size_bytes() const override {
    const auto size = file_.size_bytes();
    if (!size) return std::nullopt;
    return *size - std::min(*size, start_);
  }

  Result<std::size_t> read_at(std::span<const MutableByteView> pieces,
                              std::uint64_t offset) override {
    if (file_.size_bytes()) return file_.read_at(pieces, start_ + offset);
    return read_on(pieces);
  }

 private:
  // A file that only reads on: first what was read already, then what follows it.
  Result<std::size_t> read_on(std::span<const MutableByteView> pieces) {
    std::size_t filled = 0;
    for (MutableByteView piece : pieces) {
      const std::size_t count = std::min(piece.size(), already_read_.size() - taken_);
      std::ranges::copy(ByteView(already_read_).subspan(taken_, count), piece.begin());
      taken_ += count;
      filled += count;
      piece = piece.subspan(count);
      if (piece.empty()) continue;
      SEALIFT_TRY(const std::size_t read,
                  file_.read_at(std::span(&piece, 1), start_ + already_read_.size() + read_on_));
      read_on_ += read;
      filled += read;
      if (read < piece.size()) break;
    }
    return filled;
  }

  Source& file_;
  std::uint64_t start_;
  Bytes already_read_;
  std::size_t taken_ = 0;
  std::uint64_t read_on_ = 0;
};

// Reads on until `read` has at least `size` bytes; false when the file ends before.
Result<bool> read_until(Source& source, Bytes& read, std::size_t size) {
  if (read.size() >= size) return true;
  const std::size_t before = read.size();
  read.resize(size);
  const MutableByteView piece = MutableByteView(read).subspan(before);
  auto count = source.read_at(std::span(&piece, 1), before);
  read.resize(before + count.value_or(0));
  if (!count) return tl::unexpected(std::move(count).error());
  return read.size() == size;
}

Result<Header> read_header(Source& source, Bytes& read) {
  while (judge_header_prefix(read) == HeaderPrefix::incomplete) {
    SEALIFT_TRY(const bool more, read_until(source, read, read.size() + kReadSize));
    if (!more) break;
  }
  return Header::parse(read);
}

}  // namespace

OpenResult<SealedFile> SealedFile::read(Source& file, ArmorRule rule) {
  Bytes read;
  if (auto start = read_until(file, read, kReadSize); !start) {
    return open_failed(OpenFailure::other, std::move(start).error());
  }
  std::unique_ptr<ArmorSource> armor;
  Source* binary = &file;
  if (rule == ArmorRule::required || looks_armored(read)) {
    armor = std::make_unique<ArmorSource>(
        std::make_unique<RestSource>(file, 0, std::exchange(read, {})));
    binary = armor.get();
  }
  const auto failure = [&](const Error& error) {
    if (armor && armor->failed()) return OpenFailure::armor;
    const bool of_the_file = error.code == ErrorCode::malformed || error.code == ErrorCode::limit;
    return of_the_file ? OpenFailure::header : OpenFailure::other;
  };
  const auto failed = [&](Error error) {
    const OpenFailure kind = failure(error);
    return open_failed(kind, std::move(error));
  };

  auto header = read_header(*binary, read);
  if (!header) return failed(std::move(header).error());
  SealedFile sealed(*std::move(header));
  const std::size_t header_size = sealed.header_.encoded().size();
  const std::size_t start_size = header_size + kPayloadNonceSize;
  auto nonce = read_until(*binary, read, start_size);
  if (!nonce) return failed(std::move(nonce).error());
  if (read.size() < start_size) {
    return open_failed(OpenFailure::header,
                       {ErrorCode::malformed, "the file ends with its header"});
  }
  std::ranges::copy(ByteView(read).subspan(header_size, kPayloadNonceSize), sealed.nonce_.begin());
  sealed.chunks_ = std::make_unique<RestSource>(*binary, start_size,
                                                base::copy_of(ByteView(read).subspan(start_size)));
  sealed.armor_ = std::move(armor);
  return sealed;
}

OpenFailure SealedFile::failure_of(const Error& error) const {
  if (armor_ && armor_->failed()) return OpenFailure::armor;
  return error.code == ErrorCode::damaged ? OpenFailure::payload : OpenFailure::other;
}

}  // namespace sealift::age
