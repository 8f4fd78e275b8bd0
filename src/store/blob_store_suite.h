// One suite for every BlobStore: the promises of blob_store.h as tests.
//
//   class DiskFixture { public: BlobStore& store(); };
//   INSTANTIATE_TYPED_TEST_SUITE_P(Disk, BlobStoreSuite, DiskFixture);
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>

#include "base/limits.h"
#include "store/blob_store.h"

namespace sealift::store {

template <typename Fixture>
class BlobStoreSuite : public testing::Test {
 protected:
  static BlobId id_of(unsigned char first, unsigned char last = 7) {
    BlobId id;
    id.bytes.front() = std::byte{first};
    id.bytes.back() = std::byte{last};
    return id;
  }

  void make_whole(const BlobId& id, std::string_view text) {
    ASSERT_TRUE(store_.create(id, text.size()).has_value());
    ASSERT_TRUE(store_.write(id, 0, base::bytes_of(text)).has_value());
    ASSERT_TRUE(store_.finish(id).has_value());
  }

  std::string content(const BlobId& id) {
    base::Bytes out(100);
    const auto got = store_.read(id, 0, out);
    return got ? std::string(base::text_of(out).substr(0, *got)) : "absent";
  }

  Fixture fixture_;
  BlobStore& store_ = fixture_.store();
  const BlobId id_ = id_of(0xa9);
};
TYPED_TEST_SUITE_P(BlobStoreSuite);

TYPED_TEST_P(BlobStoreSuite, MissingBlobIsNotAnErrorToAskFor) {
  const auto status = this->store_.status(this->id_);
  ASSERT_TRUE(status.has_value());
  EXPECT_FALSE(status->has_value());
  EXPECT_TRUE(this->store_.remove(this->id_).has_value());
}

TYPED_TEST_P(BlobStoreSuite, MissingBlobCannotBeUsed) {
  base::Bytes out(1);
  const auto not_found = base::ErrorCode::not_found;
  EXPECT_EQ(this->store_.write(this->id_, 0, out).error().code, not_found);
  EXPECT_EQ(this->store_.acknowledge(this->id_, 0).error().code, not_found);
  EXPECT_EQ(this->store_.finish(this->id_).error().code, not_found);
  EXPECT_EQ(this->store_.read(this->id_, 0, out).error().code, not_found);
}

TYPED_TEST_P(BlobStoreSuite, FinishedBlobHoldsWhatWasWritten) {
  ASSERT_TRUE(this->store_.create(this->id_, 6).has_value());
  ASSERT_TRUE(this->store_.write(this->id_, 0, base::bytes_of("sea")).has_value());
  ASSERT_TRUE(this->store_.write(this->id_, 3, base::bytes_of("led")).has_value());
  ASSERT_TRUE(this->store_.finish(this->id_).has_value());
  EXPECT_EQ(this->content(this->id_), "sealed");
  EXPECT_EQ(**this->store_.status(this->id_), (BlobStatus{BlobState::whole, 6, 6}));
  this->make_whole(BlobId{}, "");
  EXPECT_EQ(**this->store_.status(BlobId{}), (BlobStatus{BlobState::whole, 0, 0}));
}

TYPED_TEST_P(BlobStoreSuite, RangesAreReadAndEndAtTheEnd) {
  this->make_whole(this->id_, "0123456789");
  base::Bytes out(4);
  EXPECT_EQ(*this->store_.read(this->id_, 3, out), 4u);
  EXPECT_EQ(base::text_of(out), "3456");
  EXPECT_EQ(*this->store_.read(this->id_, 8, out), 2u);
  EXPECT_EQ(*this->store_.read(this->id_, 10, out), 0u);
  EXPECT_EQ(*this->store_.read(this->id_, 1000, out), 0u);
}

TYPED_TEST_P(BlobStoreSuite, UnfinishedBlobCannotBeRead) {
  ASSERT_TRUE(this->store_.create(this->id_, 3).has_value());
  ASSERT_TRUE(this->store_.write(this->id_, 0, base::bytes_of("abc")).has_value());
  EXPECT_EQ(this->content(this->id_), "absent");
  EXPECT_EQ((*this->store_.status(this->id_))->state, BlobState::unfinished);
}

TYPED_TEST_P(BlobStoreSuite, IdIsTakenOnce) {
  ASSERT_TRUE(this->store_.create(this->id_, 1).has_value());
  EXPECT_EQ(this->store_.create(this->id_, 1).error().code, base::ErrorCode::conflict);
  ASSERT_TRUE(this->store_.remove(this->id_).has_value());
  this->make_whole(this->id_, "x");
  EXPECT_EQ(this->store_.create(this->id_, 1).error().code, base::ErrorCode::conflict);
  EXPECT_EQ(this->content(this->id_), "x");
}

TYPED_TEST_P(BlobStoreSuite, SizeHasALimit) {
  const std::uint64_t most = limits::kBlobSizeMax;
  EXPECT_EQ(this->store_.create(this->id_, most + 1).error().code, base::ErrorCode::limit);
  EXPECT_TRUE(this->store_.create(this->id_, most).has_value());
}

TYPED_TEST_P(BlobStoreSuite, WritePastTheDeclaredSizeChangesNothing) {
  ASSERT_TRUE(this->store_.create(this->id_, 3).has_value());
  EXPECT_EQ(this->store_.write(this->id_, 0, base::bytes_of("abcd")).error().code,
            base::ErrorCode::limit);
  ASSERT_TRUE(this->store_.write(this->id_, 0, base::bytes_of("abc")).has_value());
  ASSERT_TRUE(this->store_.finish(this->id_).has_value());
  EXPECT_EQ(this->content(this->id_), "abc");
}

TYPED_TEST_P(BlobStoreSuite, WritesFollowOneAnother) {
  ASSERT_TRUE(this->store_.create(this->id_, 9).has_value());
  EXPECT_EQ(this->store_.write(this->id_, 1, base::bytes_of("x")).error().code,
            base::ErrorCode::conflict);
  ASSERT_TRUE(this->store_.write(this->id_, 0, base::bytes_of("abc")).has_value());
  EXPECT_EQ(this->store_.write(this->id_, 2, base::bytes_of("x")).error().code,
            base::ErrorCode::conflict);
  EXPECT_EQ(this->store_.write(this->id_, 4, base::bytes_of("x")).error().code,
            base::ErrorCode::conflict);
}

TYPED_TEST_P(BlobStoreSuite, WritingBeginsAgainAtWhatIsDurable) {
  ASSERT_TRUE(this->store_.create(this->id_, 6).has_value());
  ASSERT_TRUE(this->store_.write(this->id_, 0, base::bytes_of("abc")).has_value());
  const auto acknowledged = this->store_.acknowledge(this->id_, 2);
  ASSERT_TRUE(acknowledged.has_value());
  ASSERT_LE(*acknowledged, 3u);
  const std::uint64_t durable = (*this->store_.status(this->id_))->durable_bytes;
  EXPECT_EQ(durable, *acknowledged);
  const std::string rest = std::string("ABCDEF").substr(durable);
  ASSERT_TRUE(this->store_.write(this->id_, durable, base::bytes_of(rest)).has_value());
  ASSERT_TRUE(this->store_.finish(this->id_).has_value());
  EXPECT_EQ(this->content(this->id_), std::string("abcdef").substr(0, durable) + rest);
}

TYPED_TEST_P(BlobStoreSuite, AcknowledgedLengthNeverShrinks) {
  ASSERT_TRUE(this->store_.create(this->id_, 3).has_value());
  ASSERT_TRUE(this->store_.write(this->id_, 0, base::bytes_of("abc")).has_value());
  const auto first = this->store_.acknowledge(this->id_, 3);
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(*this->store_.acknowledge(this->id_, 1), *first);
  EXPECT_EQ((*this->store_.status(this->id_))->durable_bytes, *first);
}

TYPED_TEST_P(BlobStoreSuite, BytesThatWereNotWrittenAreNotAcknowledged) {
  ASSERT_TRUE(this->store_.create(this->id_, 10).has_value());
  ASSERT_TRUE(this->store_.write(this->id_, 0, base::bytes_of("abc")).has_value());
  EXPECT_EQ(this->store_.acknowledge(this->id_, 4).error().code, base::ErrorCode::conflict);
}

TYPED_TEST_P(BlobStoreSuite, BlobIsFinishedOnlyWithAllItsBytes) {
  ASSERT_TRUE(this->store_.create(this->id_, 4).has_value());
  ASSERT_TRUE(this->store_.write(this->id_, 0, base::bytes_of("abc")).has_value());
  EXPECT_EQ(this->store_.finish(this->id_).error().code, base::ErrorCode::conflict);
  ASSERT_TRUE(this->store_.write(this->id_, 3, base::bytes_of("d")).has_value());
  EXPECT_TRUE(this->store_.finish(this->id_).has_value());
}

TYPED_TEST_P(BlobStoreSuite, WholeBlobStaysAsItIs) {
  this->make_whole(this->id_, "abc");
  EXPECT_TRUE(this->store_.finish(this->id_).has_value());
  EXPECT_EQ(this->store_.write(this->id_, 3, base::bytes_of("x")).error().code,
            base::ErrorCode::conflict);
  EXPECT_EQ(this->store_.write(this->id_, 0, base::bytes_of("x")).error().code,
            base::ErrorCode::conflict);
  EXPECT_EQ(*this->store_.acknowledge(this->id_, 3), 3u);
  EXPECT_EQ(this->store_.acknowledge(this->id_, 4).error().code, base::ErrorCode::conflict);
  EXPECT_EQ(this->content(this->id_), "abc");
}

TYPED_TEST_P(BlobStoreSuite, RemovedBlobIsGoneInEveryState) {
  const BlobId unfinished = this->id_of(1);
  ASSERT_TRUE(this->store_.create(unfinished, 4).has_value());
  this->make_whole(this->id_, "abc");
  for (const BlobId& id : {unfinished, this->id_}) {
    ASSERT_TRUE(this->store_.remove(id).has_value());
    EXPECT_FALSE(this->store_.status(id)->has_value());
    EXPECT_TRUE(this->store_.remove(id).has_value());
  }
  EXPECT_TRUE(this->store_.list({})->empty());
}

TYPED_TEST_P(BlobStoreSuite, ListGivesEveryBlobOnceInOrderPageByPage) {
  std::vector<BlobId> made;
  for (const int first : {0x00, 0x01, 0x01, 0x7f, 0xff, 0xff, 0xff}) {
    const auto last = static_cast<unsigned char>(made.size());
    made.push_back(this->id_of(static_cast<unsigned char>(first), last));
    if (made.size() % 2 == 0) {
      this->make_whole(made.back(), "abc");
    } else {
      ASSERT_TRUE(this->store_.create(made.back(), 3).has_value());
    }
  }
  for (const std::size_t count : {1u, 2u, 3u, 7u, 100u}) {
    std::vector<BlobId> seen;
    BlobPage page{.after = std::nullopt, .count_max = count};
    for (;;) {
      const auto ids = this->store_.list(page);
      ASSERT_TRUE(ids.has_value());
      ASSERT_LE(ids->size(), count);
      seen.insert(seen.end(), ids->begin(), ids->end());
      if (ids->size() < count) break;
      page.after = ids->back();
    }
    EXPECT_EQ(seen, made);
  }
}

TYPED_TEST_P(BlobStoreSuite, OfManyCreatorsOneSucceeds) {
  std::atomic<int> made = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] { made += this->store_.create(this->id_, 3).has_value() ? 1 : 0; });
  }
  threads.clear();
  EXPECT_EQ(made, 1);
}

TYPED_TEST_P(BlobStoreSuite, BlobsAreIndependentAcrossThreads) {
  std::vector<std::jthread> threads;
  for (unsigned char i = 0; i < 4; ++i) {
    threads.emplace_back([this, i] {
      for (unsigned char round = 0; round < 10; ++round) {
        const BlobId id = this->id_of(i, round);
        this->make_whole(id, "abc");
        EXPECT_EQ(this->content(id), "abc");
        EXPECT_TRUE(round % 2 != 0 || this->store_.remove(id).has_value());
        EXPECT_TRUE(this->store_.list({}).has_value());
      }
    });
  }
  threads.clear();
  EXPECT_EQ(this->store_.list({})->size(), 20u);
}

REGISTER_TYPED_TEST_SUITE_P(BlobStoreSuite, MissingBlobIsNotAnErrorToAskFor,
                            MissingBlobCannotBeUsed, FinishedBlobHoldsWhatWasWritten,
                            RangesAreReadAndEndAtTheEnd, UnfinishedBlobCannotBeRead, IdIsTakenOnce,
                            SizeHasALimit, WritePastTheDeclaredSizeChangesNothing,
                            WritesFollowOneAnother, WritingBeginsAgainAtWhatIsDurable,
                            AcknowledgedLengthNeverShrinks,
                            BytesThatWereNotWrittenAreNotAcknowledged,
                            BlobIsFinishedOnlyWithAllItsBytes, WholeBlobStaysAsItIs,
                            RemovedBlobIsGoneInEveryState, ListGivesEveryBlobOnceInOrderPageByPage,
                            OfManyCreatorsOneSucceeds, BlobsAreIndependentAcrossThreads);

}  // namespace sealift::store
