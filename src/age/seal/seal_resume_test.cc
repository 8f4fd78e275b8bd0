#include "age/seal/seal_resume.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <map>

#include "age/open/open_payload.h"
#include "age/payload/payload_fixture.h"

namespace sealift::age {
namespace {

using base::Bytes;
using base::ByteView;
using base::ErrorCode;
using internal::BrokenSink;
using internal::FixedRandom;
using internal::random_text;

constexpr std::size_t kBatch = std::size_t{1} << 20;
constexpr std::size_t kSealedBatch = 16 * kSealedChunkSize;

class SealResumeTest : public testing::Test {
 protected:
  base::Result<SealSummary> seal(SealJournal& journal, ByteView text, Bytes& receiver,
                                 std::size_t room = ~std::size_t{0}) {
    MemorySource source(text);
    BrokenSink sink(receiver, room);
    return seal_payload_journaled(pipeline_, file_key_, journal, {receiver.size()}, source, sink);
  }
  bool opens_to(ByteView payload, ByteView text) {
    PayloadNonce nonce;
    if (payload.size() < nonce.size()) return false;
    std::copy_n(payload.begin(), nonce.size(), nonce.begin());
    MemorySource source(payload.subspan(nonce.size()));
    Bytes out;
    MemorySink sink(out);
    return open_payload(pipeline_, file_key_, nonce, source, sink).has_value() &&
           std::ranges::equal(out, text);
  }

  Pipeline pipeline_{2};
  FileKey file_key_ = FixedRandom(1).secret<kFileKeySize>();
  FixedRandom random_{2};
  MemorySealJournal journal_{random_};
};

TEST_F(SealResumeTest, BrokenOffAndContinuedIsTheSamePayload) {
  const Bytes text = random_text(3 * kBatch + 99, 1);
  Bytes at_once;
  ASSERT_TRUE(seal(journal_, text, at_once).has_value());
  for (const std::size_t room : {0ul, 5ul, 16ul, 17ul, kBatch, 2 * kBatch + 777, at_once.size()}) {
    Bytes receiver;
    FixedRandom same(2);
    MemorySealJournal journal(same);
    static_cast<void>(seal(journal, text, receiver, room));
    EXPECT_EQ(receiver.size(), room);
    const auto summary = seal(journal, text, receiver);
    ASSERT_TRUE(summary.has_value()) << room;
    EXPECT_EQ(summary->payload_size, at_once.size());
    EXPECT_TRUE(receiver == at_once) << room;
  }
}

TEST_F(SealResumeTest, ChangeOfWhatWasSealedIsAConflictAndNothingLeaves) {
  const Bytes text = random_text(3 * kBatch, 2);
  Bytes receiver;
  static_cast<void>(seal(journal_, text, receiver, 2 * kBatch + kSealedChunkSize));
  const Bytes received = receiver;
  for (const std::size_t at : {0ul, kBatch - 1, kBatch, 2 * kBatch + 5}) {
    Bytes changed = text;
    changed[at] ^= std::byte{1};
    EXPECT_EQ(seal(journal_, changed, receiver).error().code, ErrorCode::conflict) << at;
    EXPECT_TRUE(receiver == received) << at;
  }
}

TEST_F(SealResumeTest, CompletePayloadCanNeitherBeExtendedNorCut) {
  for (const std::size_t size : {0ul, 100ul, kChunkSize, kBatch, kBatch + kChunkSize}) {
    MemorySealJournal journal(random_);
    Bytes text = random_text(size, 3);
    Bytes whole;
    ASSERT_TRUE(seal(journal, text, whole).has_value());
    Bytes again;
    ASSERT_TRUE(seal(journal, text, again).has_value());
    EXPECT_TRUE(again == whole);
    text.push_back(std::byte{1});
    EXPECT_EQ(seal(journal, text, again).error().code, ErrorCode::conflict) << size;
    text.pop_back();
    if (size == 0) continue;
    text.pop_back();
    Bytes cut;
    EXPECT_EQ(seal(journal, text, cut).error().code, ErrorCode::conflict) << size;
  }
}

// Chunk 15 was sealed as one that is not the last, and cannot become the last.
TEST_F(SealResumeTest, SourceThatNowEndsWhereABatchEndedIsAConflict) {
  const Bytes text = random_text(2 * kBatch, 4);
  Bytes receiver;
  static_cast<void>(seal(journal_, text, receiver, kBatch / 2));
  ASSERT_GE(journal_.count(), 1u);
  EXPECT_EQ(seal(journal_, ByteView(text).first(kBatch), receiver).error().code,
            ErrorCode::conflict);
}

TEST_F(SealResumeTest, OldJournalIsAConflict) {
  const Bytes text = random_text(2 * kBatch, 5);
  FixedRandom same(7);
  MemorySealJournal journal(same);
  Bytes receiver;
  ASSERT_TRUE(seal(journal, text, receiver).has_value());
  FixedRandom same_again(7);
  MemorySealJournal old(same_again);
  EXPECT_EQ(seal(old, text, receiver).error().code, ErrorCode::conflict);
  Bytes longer = receiver;
  longer.resize(receiver.size() + 1);
  EXPECT_EQ(seal(journal, text, longer).error().code, ErrorCode::conflict);
}

TEST_F(SealResumeTest, JournalThatCannotWriteLetsNothingLeave) {
  class FullJournal final : public SealJournal {
   public:
    const PayloadNonce& nonce() const override { return nonce_; }
    std::uint64_t count() const override { return 0; }
    base::Result<SealRecord> at(std::uint64_t) const override { return SealRecord{}; }
    base::Result<void> append(std::span<const SealRecord>) override {
      return base::fail(ErrorCode::no_space, "full");
    }

   private:
    PayloadNonce nonce_{};
  };
  FullJournal journal;
  Bytes receiver;
  EXPECT_EQ(seal(journal, random_text(100, 6), receiver).error().code, ErrorCode::no_space);
  EXPECT_EQ(receiver.size(), kPayloadNonceSize);
}

// A file whose journal is in it: create, kill, open again.
TEST_F(SealResumeTest, JournalFileOutlivesTheProcess) {
  const Bytes text = random_text(4 * kBatch, 7);
  std::FILE* file = std::tmpfile();
  const auto reopened = [&] {
    // A descriptor of its own, as another process would have: the lock goes with it.
    const std::string self = "/proc/self/fd/" + std::to_string(::fileno(file));
    return base::FileDescriptor(::open(self.c_str(), O_RDWR | O_CLOEXEC));
  };
  Bytes receiver;
  {
    auto journal =
        FileSealJournal::create(reopened(), random_, FileSealJournal::Survives::power_cut);
    ASSERT_TRUE(journal.has_value());
    EXPECT_EQ(FileSealJournal::open(reopened(), FileSealJournal::Survives::process).error().code,
              ErrorCode::conflict)
        << "one at a time";
    static_cast<void>(seal(*journal, text, receiver, 2 * kBatch));
  }
  EXPECT_EQ(
      FileSealJournal::create(reopened(), random_, FileSealJournal::Survives::process).error().code,
      ErrorCode::conflict);
  // A record that a crash cut short does not count.
  ASSERT_EQ(::lseek(::fileno(file), 0, SEEK_END) % 16, 8);  // the head has 40 bytes
  ASSERT_TRUE(base::write_full(::fileno(file), Bytes(7)).has_value());
  auto journal = FileSealJournal::open(reopened(), FileSealJournal::Survives::process);
  ASSERT_TRUE(journal.has_value());
  ASSERT_TRUE(seal(*journal, text, receiver).has_value());
  EXPECT_TRUE(opens_to(receiver, text));
  EXPECT_EQ(journal->count(), 4u);
  Bytes changed = text;
  changed[0] ^= std::byte{1};
  Bytes other;
  EXPECT_EQ(seal(*journal, changed, other).error().code, ErrorCode::conflict);
  std::fclose(file);
}

TEST_F(SealResumeTest, WhatIsNoJournalIsRefused) {
  for (const std::string_view text : {"", "sealift.journal1", "sealift.journal1 only 15 byt",
                                      "sealift.journal3 and a text that is as long as a head"}) {
    std::FILE* file = std::tmpfile();
    ASSERT_TRUE(base::write_full(::fileno(file), base::bytes_of(text)).has_value());
    const auto journal = FileSealJournal::open(base::FileDescriptor(::dup(::fileno(file))),
                                               FileSealJournal::Survives::process);
    EXPECT_EQ(journal.error().code, ErrorCode::malformed) << text;
    std::fclose(file);
  }
}

TEST_F(SealResumeTest, ACopyOfAJournalIsRefused) {
  std::FILE* file = std::tmpfile();
  const auto reopened = [](std::FILE* of) { return base::FileDescriptor(::dup(::fileno(of))); };
  ASSERT_TRUE(FileSealJournal::create(reopened(file), random_, FileSealJournal::Survives::process));
  ASSERT_TRUE(FileSealJournal::open(reopened(file), FileSealJournal::Survives::process));
  Bytes bytes(40);
  ASSERT_EQ(base::pread_full(::fileno(file), bytes, 0).value(), bytes.size());
  std::FILE* copy = std::tmpfile();
  ASSERT_TRUE(base::write_full(::fileno(copy), bytes));
  const auto journal = FileSealJournal::open(reopened(copy), FileSealJournal::Survives::process);
  ASSERT_FALSE(journal.has_value());
  EXPECT_EQ(journal.error().code, ErrorCode::malformed);
  std::fclose(copy);
  std::fclose(file);
}

// Everything that ever left, by nonce and place: one place never shows two different bytes.
class Eavesdropper {
 public:
  // False when `sent` contradicts what was seen before.
  bool hears(const PayloadNonce& nonce, std::size_t from, ByteView sent) {
    Seen& seen = seen_[nonce];
    if (seen.bytes.size() < from + sent.size()) {
      seen.bytes.resize(from + sent.size());
      seen.known.resize(from + sent.size());
    }
    for (std::size_t i = 0; i < sent.size(); ++i) {
      if (seen.known[from + i] && seen.bytes[from + i] != sent[i]) return false;
      seen.bytes[from + i] = sent[i];
      seen.known[from + i] = true;
    }
    return true;
  }

 private:
  struct Seen {
    Bytes bytes;
    std::vector<bool> known;
  };
  std::map<PayloadNonce, Seen> seen_;
};

// Edits, cuts or extends; sometimes leaves alone.
void change_at_random(Bytes& text, std::mt19937_64& dice) {
  switch (dice() % 6) {
    case 0:
      if (!text.empty()) text[dice() % text.size()] ^= std::byte{0x10};
      break;
    case 1:
      text.resize(dice() % (text.size() + 1));
      break;
    case 2:
      base::append(text, random_text(dice() % (2 * kChunkSize), dice()));
      break;
    case 3:  // to where a batch or chunk ends
      text.resize(text.size() / kChunkSize * kChunkSize);
      break;
    default:
      break;
  }
}

TEST_F(SealResumeTest, NoScheduleOfKillsAndEditsSealsTwoTextsAsOneChunk) {
  int conflicts = 0, resumed = 0;
  for (std::uint64_t schedule = 0; schedule < 300; ++schedule) {
    std::mt19937_64 dice(schedule);
    Bytes text = random_text(
        dice() % 3 == 0 ? dice() % kChunkSize : dice() % (2 * kBatch + kChunkSize), schedule);
    Eavesdropper eavesdropper;
    auto journal = std::make_unique<MemorySealJournal>(random_);
    Bytes receiver;
    for (int session = 0; session < 6; ++session) {
      const std::size_t from = receiver.size();
      const bool dies = session < 5 && dice() % 3 != 0;
      const std::size_t room = dies ? dice() % (sealed_size(text.size()) + 32) : ~std::size_t{0};
      const std::size_t known = journal->count();
      const auto summary = seal(*journal, text, receiver, room);
      ASSERT_TRUE(eavesdropper.hears(journal->nonce(), from, ByteView(receiver).subspan(from)))
          << "schedule " << schedule << " session " << session;
      if (summary) {
        EXPECT_TRUE(opens_to(receiver, text)) << "schedule " << schedule;
        resumed += from > 0;
      } else if (summary.error().code == ErrorCode::conflict) {
        // Batches before the change may have left again, as they were.
        EXPECT_LE(receiver.size(), std::max(from, kPayloadNonceSize + known * kSealedBatch));
        ++conflicts;  // what a caller does then: a new journal, and from the beginning
        journal = std::make_unique<MemorySealJournal>(random_);
        receiver.clear();
      } else {
        EXPECT_EQ(summary.error().code, ErrorCode::no_space);
      }
      change_at_random(text, dice);
      if (dice() % 4 == 0) receiver.resize(dice() % (receiver.size() + 1));  // the receiver forgets
    }
  }
  EXPECT_GT(conflicts, 100);
  EXPECT_GT(resumed, 50);
}

}  // namespace
}  // namespace sealift::age
