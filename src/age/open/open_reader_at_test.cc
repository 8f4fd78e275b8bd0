#include "age/open/open_reader_at.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "age/payload/payload_fixture.h"

namespace sealift::age {
namespace {

using base::Bytes;
using base::ByteView;
using base::ErrorCode;
using internal::random_text;

// Counts what is asked of it. Thread-safe.
class CountingSource final : public Source {
 public:
  explicit CountingSource(ByteView sealed) : memory_(sealed) {}
  std::optional<std::uint64_t> size_bytes() const override { return memory_.size_bytes(); }
  base::Result<std::size_t> read_at(std::span<const base::MutableByteView> pieces,
                                    std::uint64_t offset) override {
    SEALIFT_TRY(const std::size_t got, memory_.read_at(pieces, offset));
    ++reads;
    bytes += got;
    return got;
  }

  std::atomic<std::size_t> reads{0};
  std::atomic<std::size_t> bytes{0};

 private:
  MemorySource memory_;
};

class ReaderAtTest : public testing::Test {
 protected:
  Bytes seal(ByteView text) {
    return internal::seal_slowly(derive_payload_key(file_key_, nonce_), text);
  }
  base::Result<ReaderAt> create(Source& source) {
    return ReaderAt::create(file_key_, nonce_, source);
  }

  FileKey file_key_ = internal::FixedRandom(2).secret<kFileKeySize>();
  PayloadNonce nonce_{};
};

void expect_range(const ReaderAt& reader, ByteView text, std::uint64_t offset, std::size_t size) {
  Bytes out(size);
  const auto got = reader.read_at(out, offset);
  const ByteView expected = offset < text.size()
                                ? text.subspan(offset, std::min(size, text.size() - offset))
                                : ByteView();
  ASSERT_TRUE(got.has_value());
  ASSERT_EQ(*got, expected.size()) << offset << '+' << size;
  EXPECT_TRUE(std::ranges::equal(ByteView(out).first(*got), expected)) << offset << '+' << size;
}

TEST_F(ReaderAtTest, GivesEveryRangeOfEverySize) {
  for (const std::size_t size : {0ul, 1ul, kChunkSize - 1, kChunkSize, kChunkSize + 1,
                                 40 * kChunkSize, 40 * kChunkSize + 7}) {
    const Bytes text = random_text(size, size);
    const Bytes sealed = seal(text);
    MemorySource source(sealed);
    const auto reader = create(source);
    ASSERT_TRUE(reader.has_value()) << size;
    EXPECT_EQ(reader->size_bytes(), size);
    for (const std::size_t edge : {0ul, 1ul, kChunkSize, 2 * kChunkSize, size / 2, size})
      for (const std::size_t before : {0ul, 1ul, 5ul})
        for (const std::size_t length :
             {0ul, 1ul, 10ul, kChunkSize, kChunkSize + 9, 17 * kChunkSize, size + 1})
          if (edge >= before) expect_range(*reader, text, edge - before, length);
    expect_range(*reader, text, ~std::uint64_t{0}, 5);
  }
}

TEST_F(ReaderAtTest, ReadsOnlyTheChunksThatHoldTheRange) {
  const Bytes text = random_text(100 * kChunkSize, 1);
  const Bytes sealed = seal(text);
  CountingSource source(sealed);
  const auto reader = create(source);
  EXPECT_EQ(source.bytes, kSealedChunkSize) << "the last chunk";
  expect_range(*reader, text, 50 * kChunkSize + 5, 100);
  EXPECT_EQ(source.bytes, 2 * kSealedChunkSize);
  expect_range(*reader, text, 50 * kChunkSize + 105, 100);
  expect_range(*reader, text, 99 * kChunkSize, 100);
  EXPECT_EQ(source.bytes, 2 * kSealedChunkSize) << "both are kept";
  source.reads = 0;
  expect_range(*reader, text, 10 * kChunkSize + 1, 10 * kChunkSize);
  EXPECT_EQ(source.reads, 1u);
  EXPECT_EQ(source.bytes, 13 * kSealedChunkSize);
}

TEST_F(ReaderAtTest, DamageInTheRangeGivesNothing) {
  const Bytes text = random_text(20 * kChunkSize, 2);
  Bytes sealed = seal(text);
  sealed[7 * kSealedChunkSize + 9] ^= std::byte{4};
  MemorySource source(sealed);
  const auto reader = create(source);
  ASSERT_TRUE(reader.has_value());
  Bytes out(10 * kChunkSize, std::byte{1});
  EXPECT_EQ(reader->read_at(out, 5).error().code, ErrorCode::damaged);
  EXPECT_EQ(out, Bytes(out.size()));
  expect_range(*reader, text, 8 * kChunkSize, 5 * kChunkSize);
  expect_range(*reader, text, 0, 7 * kChunkSize);
}

TEST_F(ReaderAtTest, AnEndThatIsNotTheEndIsRefused) {
  const Bytes sealed = seal(random_text(3 * kChunkSize, 3));
  for (const std::size_t size :
       {0ul, 1ul, 16ul, kSealedChunkSize, 2 * kSealedChunkSize, sealed.size() - 1,
        sealed.size() + 1, sealed.size() + 16, sealed.size() + kSealedChunkSize}) {
    Bytes changed = sealed;
    changed.resize(size);
    MemorySource source(changed);
    EXPECT_EQ(create(source).error().code, ErrorCode::damaged) << size;
  }
  internal::UnsizedSource unsized(sealed);
  EXPECT_EQ(create(unsized).error().code, ErrorCode::usage);
}

TEST_F(ReaderAtTest, ThreadsShareIt) {
  const Bytes text = random_text(30 * kChunkSize + 11, 4);
  const Bytes sealed = seal(text);
  MemorySource source(sealed);
  const auto reader = create(source);
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      std::mt19937 engine(t);
      for (int i = 0; i < 50; ++i)
        expect_range(*reader, text, engine() % text.size(), engine() % (3 * kChunkSize));
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace sealift::age
