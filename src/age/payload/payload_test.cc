// Sealing and opening whole payloads: every size, every kind of damage, every number of threads.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include <thread>

#include "age/open/open_payload.h"
#include "age/payload/payload_fixture.h"
#include "age/seal/seal_payload.h"
#include "base/file_descriptor.h"

namespace sealift::age {
namespace {

using base::Bytes;
using base::ByteView;
using base::ErrorCode;
using internal::BrokenSink;
using internal::FixedRandom;
using internal::random_text;
using internal::UnsizedSource;

constexpr std::size_t kBatch = std::size_t{1} << 20;
constexpr std::size_t kSizes[] = {0,
                                  1,
                                  kChunkSize - 1,
                                  kChunkSize,
                                  kChunkSize + 1,
                                  3 * kChunkSize,
                                  kBatch - 1,
                                  kBatch,
                                  kBatch + 1,
                                  kBatch + kChunkSize,
                                  2 * kBatch,
                                  5 * kBatch + 4095,
                                  5 * kBatch + 4096,
                                  5 * kBatch + 4097,
                                  257 * kChunkSize,
                                  300 * kChunkSize + 17};

class PayloadTest : public testing::TestWithParam<unsigned> {
 protected:
  struct Opened {
    Bytes text;
    std::optional<base::Error> error;
  };

  Bytes seal(Source&& source) {
    Bytes out;
    MemorySink sink(out);
    FixedRandom random(1);
    const auto summary = seal_payload(pipeline_, file_key_, random, source, sink);
    EXPECT_TRUE(summary.has_value());
    EXPECT_EQ(summary->payload_size, out.size());
    std::copy_n(out.begin(), nonce_.size(), nonce_.begin());
    out.erase(out.begin(), out.begin() + kPayloadNonceSize);
    return out;
  }
  Opened open(Source&& source) {
    Opened opened;
    MemorySink sink(opened.text);
    const auto summary = open_payload(pipeline_, file_key_, nonce_, source, sink);
    if (summary) {
      EXPECT_EQ(summary->text_size, opened.text.size());
    } else {
      opened.error = summary.error();
    }
    return opened;
  }
  PayloadKey key() const { return derive_payload_key(file_key_, nonce_); }

  // What `sealed` opens to must be what the reference gives out, from either kind of source.
  void expect_damaged(const Bytes& sealed, std::string_view what) {
    const auto expected = internal::open_slowly(key(), sealed);
    ASSERT_FALSE(expected.whole) << what;
    for (const Opened& opened : {open(MemorySource(sealed)), open(UnsizedSource(sealed))}) {
      ASSERT_TRUE(opened.error.has_value()) << what;
      EXPECT_EQ(opened.error->code, ErrorCode::damaged) << what;
      EXPECT_TRUE(opened.text == expected.text) << what << ' ' << opened.text.size();
    }
  }

  Pipeline pipeline_{GetParam()};
  FileKey file_key_ = FixedRandom(2).secret<kFileKeySize>();
  PayloadNonce nonce_{};
};

TEST_P(PayloadTest, SealsAsTheReferenceDoesAndOpensAgain) {
  for (const std::size_t size : kSizes) {
    const Bytes text = random_text(size, size);
    const Bytes sealed = seal(MemorySource(text));
    EXPECT_TRUE(sealed == internal::seal_slowly(key(), text)) << size;
    EXPECT_TRUE(sealed == seal(UnsizedSource(text))) << size;
    for (const Opened& opened : {open(MemorySource(sealed)), open(UnsizedSource(sealed))}) {
      EXPECT_FALSE(opened.error.has_value()) << size;
      EXPECT_TRUE(opened.text == text) << size;
    }
  }
}

TEST_P(PayloadTest, EveryPayloadHasItsOwnNonce) {
  crypto::SystemRandom random;
  Bytes first, second;
  MemorySink one(first), two(second);
  MemorySource none({});
  ASSERT_TRUE(seal_payload(pipeline_, file_key_, random, none, one).has_value());
  ASSERT_TRUE(seal_payload(pipeline_, file_key_, random, none, two).has_value());
  EXPECT_NE(first, second);
}

TEST_P(PayloadTest, DamageGivesOutExactlyTheChunksBeforeIt) {
  const Bytes text = random_text(40 * kChunkSize + 100, 3);
  const Bytes sealed = seal(MemorySource(text));
  for (const std::size_t chunk : {0u, 1u, 15u, 16u, 17u, 31u, 32u, 39u, 40u}) {
    const std::size_t begin = chunk * kSealedChunkSize;
    const std::size_t end = std::min(sealed.size(), begin + kSealedChunkSize);
    for (const std::size_t at : {begin, begin + 50, end - kChunkTagSize, end - 1}) {
      Bytes changed = sealed;
      changed[at] ^= std::byte{0x80};
      expect_damaged(changed, "byte " + std::to_string(at));
      EXPECT_EQ(open(MemorySource(changed)).text.size(), chunk * kChunkSize);
    }
  }
}

TEST_P(PayloadTest, CutShortAnywhereIsDamage) {
  const Bytes sealed = seal(MemorySource(random_text(34 * kChunkSize, 4)));
  for (const std::size_t chunk : {0u, 1u, 16u, 17u, 32u, 33u, 34u}) {
    for (const std::ptrdiff_t offset : {-17, -16, -15, -1, 0, 1, 15, 16, 17, 4096}) {
      const auto size = static_cast<std::ptrdiff_t>(chunk * kSealedChunkSize) + offset;
      if (size < 0 || size >= static_cast<std::ptrdiff_t>(sealed.size())) continue;
      expect_damaged({sealed.begin(), sealed.begin() + size}, "cut to " + std::to_string(size));
    }
  }
}

TEST_P(PayloadTest, AnythingBehindTheEndIsDamage) {
  for (const std::size_t size : {0ul, 1ul, kChunkSize, 3 * kChunkSize, kBatch, kBatch + 1}) {
    const Bytes sealed = seal(MemorySource(random_text(size, 5)));
    for (const std::size_t more : {1ul, 15ul, 16ul, 17ul, kSealedChunkSize}) {
      Bytes longer = sealed;
      longer.resize(longer.size() + more);
      expect_damaged(longer, std::to_string(size) + " and " + std::to_string(more));
    }
    Bytes twice = sealed;
    base::append(twice, sealed);
    expect_damaged(twice, "twice");
  }
}

TEST_P(PayloadTest, ChunksInAnotherOrderAreDamage) {
  const Bytes sealed = seal(MemorySource(random_text(20 * kChunkSize, 6)));
  for (const auto& [a, b] : {std::pair{0u, 1u}, {3u, 17u}, {18u, 19u}}) {
    Bytes swapped = sealed;
    std::swap_ranges(swapped.begin() + a * kSealedChunkSize,
                     swapped.begin() + (a + 1) * kSealedChunkSize,
                     swapped.begin() + b * kSealedChunkSize);
    expect_damaged(swapped, "swapped");
  }
  Bytes without = sealed;
  without.erase(without.begin() + 2 * kSealedChunkSize, without.begin() + 3 * kSealedChunkSize);
  expect_damaged(without, "one missing");
}

TEST_P(PayloadTest, AnotherKeyOpensNothing) {
  const Bytes sealed = seal(MemorySource(random_text(100, 7)));
  file_key_.mutable_view()[0] ^= std::byte{1};
  const Opened opened = open(MemorySource(sealed));
  EXPECT_EQ(opened.error->code, ErrorCode::damaged);
  EXPECT_TRUE(opened.text.empty());
}

TEST_P(PayloadTest, BrokenSourceIsReportedAndNothingLooksWhole) {
  const Bytes text = random_text(3 * kBatch, 8);
  for (const std::size_t at : {0ul, 10ul, kBatch + 5, 3 * kBatch}) {
    UnsizedSource source(text);
    source.fails_at = at;
    Bytes out;
    MemorySink sink(out);
    FixedRandom random(1);
    const auto summary = seal_payload(pipeline_, file_key_, random, source, sink);
    ASSERT_FALSE(summary.has_value());
    EXPECT_EQ(summary.error().code, ErrorCode::io);
    std::copy_n(out.begin(), nonce_.size(), nonce_.begin());
    EXPECT_FALSE(internal::open_slowly(key(), ByteView(out).subspan(kPayloadNonceSize)).whole);
  }
}

// Gives a size, and fewer bytes: a file that was cut while it was read.
class ShrunkSource final : public Source {
 public:
  ShrunkSource(ByteView bytes, std::uint64_t size) : memory_(bytes), size_(size) {}
  std::optional<std::uint64_t> size_bytes() const override { return size_; }
  base::Result<std::size_t> read_at(std::span<const base::MutableByteView> pieces,
                                    std::uint64_t offset) override {
    return memory_.read_at(pieces, offset);
  }

 private:
  MemorySource memory_;
  std::uint64_t size_;
};

TEST_P(PayloadTest, SourceThatShrinksIsAConflict) {
  const Bytes text = random_text(2 * kBatch, 9);
  for (const std::size_t left : {0ul, kBatch, 2 * kBatch - 1}) {
    ShrunkSource source(ByteView(text).first(left), text.size());
    Bytes out;
    MemorySink sink(out);
    FixedRandom random(1);
    const auto summary = seal_payload(pipeline_, file_key_, random, source, sink);
    ASSERT_FALSE(summary.has_value());
    EXPECT_EQ(summary.error().code, ErrorCode::conflict);
  }
}

TEST_P(PayloadTest, FullSinkEndsTheRunWithItsError) {
  const Bytes text = random_text(6 * kBatch, 10);
  for (const std::size_t room : {0ul, 16ul, kBatch, 4 * kBatch}) {
    Bytes out;
    BrokenSink sink(out, room);
    FixedRandom random(1);
    MemorySource source(text);
    const auto summary = seal_payload(pipeline_, file_key_, random, source, sink);
    ASSERT_FALSE(summary.has_value());
    EXPECT_EQ(summary.error().code, ErrorCode::no_space);
    EXPECT_EQ(out.size(), room);
  }
}

TEST_P(PayloadTest, ProgressGrowsToTheWholeSize) {
  const Bytes text = random_text(5 * kBatch + 3, 11);
  std::vector<std::uint64_t> seen;
  Bytes out;
  MemorySink sink(out);
  MemorySource source(text);
  FixedRandom random(1);
  ASSERT_TRUE(seal_payload(pipeline_, file_key_, random, source, sink,
                           {.progress = [&](std::uint64_t bytes) { seen.push_back(bytes); }})
                  .has_value());
  EXPECT_EQ(seen.size(), 6u);
  EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
  EXPECT_EQ(seen.back(), text.size());
}

// Both ends are pipes, and the far ends move odd amounts.
TEST_P(PayloadTest, GoesThroughPipes) {
  const Bytes text = random_text(3 * kBatch + 77, 12);
  int in[2];
  int out[2];
  ASSERT_EQ(::pipe(in), 0);
  ASSERT_EQ(::pipe(out), 0);
  std::thread writer([&] {
    for (std::size_t at = 0; at < text.size(); at += 1777)
      EXPECT_TRUE(base::write_full(in[1], ByteView(text).subspan(
                                              at, std::min<std::size_t>(1777, text.size() - at)))
                      .has_value());
    ::close(in[1]);
  });
  Bytes sealed(kPayloadNonceSize + sealed_size(text.size()) + 1);
  std::thread reader([&] { sealed.resize(base::read_full(out[0], sealed).value()); });
  // The first bytes were read by somebody before.
  Bytes head(10);
  ASSERT_EQ(base::read_full(in[0], head), 10u);
  StreamSource source(in[0], head);
  FdSink sink(out[1]);
  FixedRandom random(1);
  EXPECT_TRUE(seal_payload(pipeline_, file_key_, random, source, sink).has_value());
  ::close(out[1]);
  writer.join();
  reader.join();
  ::close(in[0]);
  ::close(out[0]);
  std::copy_n(sealed.begin(), nonce_.size(), nonce_.begin());
  const auto opened = internal::open_slowly(key(), ByteView(sealed).subspan(kPayloadNonceSize));
  EXPECT_TRUE(opened.whole);
  EXPECT_TRUE(opened.text == text);
}

TEST_P(PayloadTest, GoesThroughFilesFromTheirCurrentPosition) {
  const Bytes text = random_text(2 * kBatch + 5, 13);
  std::FILE* in = std::tmpfile();
  std::FILE* out = std::tmpfile();
  ASSERT_TRUE(base::write_full(::fileno(in), text).has_value());
  for (const std::size_t from : {0ul, 5ul, 2 * kBatch, text.size()}) {
    ASSERT_EQ(::lseek(::fileno(in), static_cast<off_t>(from), SEEK_SET), static_cast<off_t>(from));
    ASSERT_EQ(::ftruncate(::fileno(out), 0), 0);
    ASSERT_EQ(::lseek(::fileno(out), 0, SEEK_SET), 0);
    auto source = source_of(::fileno(in));
    ASSERT_TRUE(source.has_value());
    EXPECT_EQ((*source)->size_bytes().has_value(), text.size() - from > kBatch);
    FdSink sink(::fileno(out));
    FixedRandom random(1);
    ASSERT_TRUE(seal_payload(pipeline_, file_key_, random, **source, sink).has_value());
    auto sealed = FileSource::from(::fileno(out), kPayloadNonceSize);
    ASSERT_TRUE(sealed.has_value());
    ASSERT_EQ(base::pread_full(::fileno(out), nonce_, 0), nonce_.size());
    const Opened opened = open(std::move(*sealed));
    EXPECT_FALSE(opened.error.has_value());
    EXPECT_TRUE(std::ranges::equal(opened.text, ByteView(text).subspan(from)));
  }
  std::fclose(in);
  std::fclose(out);
}

TEST(FileSourceTest, WhatIsNoFileOfThatSizeIsRefused) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  EXPECT_EQ(FileSource::from(ends[0], 0).error().code, ErrorCode::usage);
  ::close(ends[0]);
  ::close(ends[1]);
  std::FILE* file = std::tmpfile();
  EXPECT_EQ(FileSource::from(::fileno(file), 1).error().code, ErrorCode::usage);
  EXPECT_TRUE(FileSource::from(::fileno(file), 0).has_value());
  std::fclose(file);
}

std::size_t threads_of_this_process() {
  return static_cast<std::size_t>(
      std::distance(std::filesystem::directory_iterator("/proc/self/task"),
                    std::filesystem::directory_iterator()));
}

TEST(PipelineTest, SmallPayloadsStartNoThreads) {
  const std::size_t before = threads_of_this_process();
  Pipeline pipeline(8);
  const FileKey file_key;
  FixedRandom random(1);
  for (const std::size_t size : {0ul, 4096ul, kBatch}) {
    const Bytes text(size);
    Bytes out;
    MemorySource source(text);
    MemorySink sink(out);
    ASSERT_TRUE(seal_payload(pipeline, file_key, random, source, sink).has_value());
    EXPECT_EQ(threads_of_this_process(), before);
  }
  const Bytes text(20 * kBatch);
  Bytes out;
  MemorySource source(text);
  MemorySink sink(out);
  ASSERT_TRUE(seal_payload(pipeline, file_key, random, source, sink).has_value());
  EXPECT_GE(threads_of_this_process(), before + 7);
  EXPECT_LE(threads_of_this_process(), before + 8) << "a sanitizer may have one of its own";
}

INSTANTIATE_TEST_SUITE_P(Workers, PayloadTest, testing::Values(1, 2, 8),
                         testing::PrintToStringParamName());

}  // namespace
}  // namespace sealift::age
