#include "age/open/open_reader_at.h"

#include <algorithm>
#include <array>
#include <mutex>
#include <vector>

#include "age/open/open_chunk.h"

namespace sealift::age {
namespace {

using base::Bytes;
using base::ByteView;
using base::ErrorCode;
using base::MutableByteView;
using base::Result;

constexpr std::size_t kReadChunksMax = 16;
constexpr std::size_t kKeptChunks = 4;

tl::unexpected<base::Error> damaged() {
  return base::fail(ErrorCode::damaged, "the sealed data was changed or cut short");
}

// A few opened chunks, the least recently used of which makes room. Thread-safe.
class KeptChunks {
 public:
  ~KeptChunks() {
    for (Kept& kept : kept_) crypto::wipe(kept.text);
  }

  // Copies from the chunk's byte `from` on into `out`; nullopt when the chunk is not kept.
  std::optional<std::size_t> copy(std::uint64_t chunk, std::size_t from, MutableByteView out) {
    const std::lock_guard lock(mutex_);
    for (Kept& kept : kept_) {
      if (kept.chunk != chunk || kept.used == 0) continue;
      kept.used = ++uses_;
      const ByteView text = ByteView(kept.text).subspan(from);
      const std::size_t size = std::min(out.size(), text.size());
      std::copy_n(text.begin(), size, out.begin());
      return size;
    }
    return std::nullopt;
  }

  void keep(std::uint64_t chunk, Bytes text) {
    const std::lock_guard lock(mutex_);
    Kept& oldest = *std::ranges::min_element(kept_, {}, &Kept::used);
    crypto::wipe(oldest.text);
    oldest = {.chunk = chunk, .used = ++uses_, .text = std::move(text)};
  }

 private:
  struct Kept {
    std::uint64_t chunk = 0;
    std::uint64_t used = 0;  // when last; 0 for never
    Bytes text;
  };

  std::mutex mutex_;
  std::array<Kept, kKeptChunks> kept_;  // mutex_
  std::uint64_t uses_ = 0;              // mutex_
};

}  // namespace

class ReaderAt::State {
 public:
  State(PayloadKey key, Source& source, std::uint64_t size)
      : key_(std::move(key)), source_(source), size_(size) {}

  std::uint64_t size() const { return size_; }

  // Some bytes from `offset` on, at least one; `out` is not empty and `offset` inside the text.
  Result<std::size_t> read_some(MutableByteView out, std::uint64_t offset) {
    const std::uint64_t chunk = offset / kChunkSize;
    const std::size_t from = static_cast<std::size_t>(offset % kChunkSize);
    if (const auto copied = kept_.copy(chunk, from, out)) return *copied;
    return open_range(out, offset);
  }

  // Opens the last chunk, which nothing else tells from any other.
  Result<void> authenticate_size() {
    const std::uint64_t last = chunk_count(size_) - 1;
    std::vector<Piece> pieces(1);
    pieces[0].edge.resize(chunk_size(last));
    pieces[0].text = pieces[0].edge;
    SEALIFT_TRY_VOID(open_pieces(pieces, last));
    kept_.keep(last, std::move(pieces[0].edge));
    return {};
  }

 private:
  // One chunk of a range. Its text is opened where the caller wants it when all of it is wanted,
  // and in a buffer of its own at the edges of the range.
  struct Piece {
    MutableByteView text;
    Bytes edge;
    std::array<std::byte, kChunkTagSize> tag;
  };

  std::size_t chunk_size(std::uint64_t chunk) const {
    return static_cast<std::size_t>(
        std::min<std::uint64_t>(kChunkSize, size_ - chunk * kChunkSize));
  }

  Result<std::size_t> open_range(MutableByteView out, std::uint64_t offset) {
    const std::uint64_t first = offset / kChunkSize;
    const std::uint64_t end_wanted = std::min(size_, offset + out.size());
    const std::uint64_t end =
        std::min(end_wanted, (first + kReadChunksMax) * std::uint64_t{kChunkSize});
    std::vector<Piece> pieces(chunk_count(end) - first);
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      const std::uint64_t begins = (first + i) * kChunkSize;
      const std::size_t size = chunk_size(first + i);
      if (begins >= offset && begins + size <= end) {
        pieces[i].text = out.subspan(begins - offset, size);
      } else {
        pieces[i].edge.resize(size);
        pieces[i].text = pieces[i].edge;
      }
    }
    SEALIFT_TRY_VOID(open_pieces(pieces, first));
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      if (pieces[i].edge.empty()) continue;
      copy_edge(pieces[i].edge, (first + i) * kChunkSize, out, offset);
      kept_.keep(first + i, std::move(pieces[i].edge));
    }
    return static_cast<std::size_t>(end - offset);
  }

  // What of a chunk that begins at `begins` lies in `out`, which begins at `offset`.
  static void copy_edge(ByteView edge, std::uint64_t begins, MutableByteView out,
                        std::uint64_t offset) {
    const std::size_t skipped = begins < offset ? static_cast<std::size_t>(offset - begins) : 0;
    const std::size_t to = begins < offset ? 0 : static_cast<std::size_t>(begins - offset);
    const std::size_t size = std::min(edge.size() - skipped, out.size() - to);
    std::copy_n(edge.begin() + static_cast<std::ptrdiff_t>(skipped), size,
                out.begin() + static_cast<std::ptrdiff_t>(to));
  }

  // Reads the chunks from `first` on with one call, and opens them.
  Result<void> open_pieces(std::vector<Piece>& pieces, std::uint64_t first) {
    std::vector<MutableByteView> places;
    std::size_t wanted = 0;
    for (Piece& piece : pieces) {
      places.push_back(piece.text);
      places.emplace_back(piece.tag);
      wanted += piece.text.size() + kChunkTagSize;
    }
    SEALIFT_TRY(const std::size_t got, source_.read_at(places, first * kSealedChunkSize));
    if (got != wanted) return damaged();
    crypto::Aead aead(key_.view());
    const std::uint64_t last = chunk_count(size_) - 1;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      const Last is_last = first + i == last ? Last::yes : Last::no;
      if (!open_chunk(aead, first + i, is_last, pieces[i].text, pieces[i].tag)) return damaged();
    }
    return {};
  }

  const PayloadKey key_;
  Source& source_;
  const std::uint64_t size_;
  KeptChunks kept_;
};

ReaderAt::ReaderAt(std::unique_ptr<State> state) : state_(std::move(state)) {}
ReaderAt::ReaderAt(ReaderAt&&) noexcept = default;
ReaderAt& ReaderAt::operator=(ReaderAt&&) noexcept = default;
ReaderAt::~ReaderAt() = default;

Result<ReaderAt> ReaderAt::create(const FileKey& file_key, const PayloadNonce& nonce,
                                  Source& source) {
  const auto sealed = source.size_bytes();
  if (!sealed) return base::fail(ErrorCode::usage, "the input cannot be read at any place");
  const auto size = text_size(*sealed);
  if (!size) return damaged();
  auto state = std::make_unique<State>(derive_payload_key(file_key, nonce), source, *size);
  SEALIFT_TRY_VOID(state->authenticate_size());
  return ReaderAt(std::move(state));
}

std::uint64_t ReaderAt::size_bytes() const { return state_->size(); }

Result<std::size_t> ReaderAt::read_at(MutableByteView out, std::uint64_t offset) const {
  std::size_t done = 0;
  while (done < out.size() && offset + done < state_->size()) {
    auto some = state_->read_some(out.subspan(done), offset + done);
    if (!some) {
      crypto::wipe(out);
      return some;
    }
    done += *some;
  }
  return done;
}

}  // namespace sealift::age
