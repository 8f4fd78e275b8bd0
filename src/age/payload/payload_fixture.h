// For tests and fuzzers of this module: texts, a slow and obvious reference, and sources and sinks
// that behave badly.
#pragma once

#include <algorithm>
#include <mutex>
#include <random>

#include "age/format/payload_io.h"
#include "age/open/open_chunk.h"
#include "age/seal/seal_chunk.h"
#include "base/check.h"
#include "crypto/random.h"

namespace sealift::age::internal {

// The same bytes for the same seed. Not for keys.
class FixedRandom final : public crypto::Random {
 public:
  explicit FixedRandom(std::uint64_t seed) : engine_(seed) {}
  void fill(base::MutableByteView out) override {
    for (std::byte& b : out) b = static_cast<std::byte>(engine_() >> 32);
  }

 private:
  std::mt19937_64 engine_;
};

// The same bytes for the same seed, quickly: tests make many megabytes of it.
inline base::Bytes random_text(std::size_t size, std::uint64_t seed) {
  crypto::SecretBytes<crypto::kAeadKeySize> key;
  for (std::size_t i = 0; i < 8; ++i)
    key.mutable_view()[i] = static_cast<std::byte>(seed >> (8 * i));
  base::Bytes text(size);
  std::array<std::byte, kChunkTagSize> tag;
  crypto::Aead(key.view()).seal(ChunkNonce{}, text, text, tag);
  return text;
}

// The chunks of `text`, one after the other, as the format describes them.
inline base::Bytes seal_slowly(const PayloadKey& key, base::ByteView text) {
  crypto::Aead aead(key.view());
  base::Bytes sealed;
  const std::uint64_t chunks = chunk_count(text.size());
  for (std::uint64_t i = 0; i < chunks; ++i) {
    const std::size_t at = i * kChunkSize;
    base::Bytes chunk = base::copy_of(text.subspan(at, std::min(kChunkSize, text.size() - at)));
    std::array<std::byte, kChunkTagSize> tag;
    seal_chunk(aead, i, i + 1 == chunks ? Last::yes : Last::no, chunk, tag);
    base::append(sealed, chunk);
    base::append(sealed, tag);
  }
  return sealed;
}

struct SlowlyOpened {
  base::Bytes text;  // what may be given out
  bool whole = false;
};

inline SlowlyOpened open_slowly(const PayloadKey& key, base::ByteView sealed) {
  crypto::Aead aead(key.view());
  SlowlyOpened out;
  for (std::uint64_t i = 0; !sealed.empty(); ++i) {
    const base::ByteView piece = sealed.first(std::min(kSealedChunkSize, sealed.size()));
    sealed = sealed.subspan(piece.size());
    if (piece.size() < kChunkTagSize) return out;
    base::Bytes text = base::copy_of(piece.first(piece.size() - kChunkTagSize));
    const Last last = sealed.empty() ? Last::yes : Last::no;
    const Last other = last == Last::yes ? Last::no : Last::yes;
    const bool opens = open_chunk(aead, i, last, text, piece.last<kChunkTagSize>());
    if (opens || (text.size() == kChunkSize &&
                  open_chunk(aead, i, other, text, piece.last<kChunkTagSize>())))
      base::append(out.text, text);
    if (!opens) return out;
    out.whole = sealed.empty();
  }
  return out;
}

// Without a size, as a pipe has none; can fail at a byte.
class UnsizedSource final : public Source {
 public:
  explicit UnsizedSource(base::ByteView bytes) : bytes_(bytes) {}
  std::optional<std::uint64_t> size_bytes() const override { return std::nullopt; }
  base::Result<std::size_t> read_at(std::span<const base::MutableByteView> pieces,
                                    std::uint64_t offset) override {
    SEALIFT_CHECK(offset == next_ || next_ > bytes_.size());
    MemorySource memory(bytes_.first(std::min(bytes_.size(), fails_at)));
    SEALIFT_TRY(const std::size_t got, memory.read_at(pieces, offset));
    next_ = offset + got;
    if (next_ >= fails_at) return base::fail(base::ErrorCode::io, "the input broke");
    return got;
  }

  std::size_t fails_at = static_cast<std::size_t>(-1);

 private:
  base::ByteView bytes_;
  std::uint64_t next_ = 0;
};

// Takes so many bytes, then fails.
class BrokenSink final : public Sink {
 public:
  BrokenSink(base::Bytes& out, std::size_t room) : out_(out), room_(room) {}
  base::Result<void> write(std::span<const base::ByteView> pieces) override {
    for (const base::ByteView piece : pieces) {
      const std::size_t taken = std::min(piece.size(), room_);
      base::append(out_, piece.first(taken));
      room_ -= taken;
      if (taken < piece.size()) return base::fail(base::ErrorCode::no_space, "the output is full");
    }
    return {};
  }

 private:
  base::Bytes& out_;
  std::size_t room_;
};

}  // namespace sealift::age::internal
