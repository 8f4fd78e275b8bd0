// One suite for every BlobStore whose blobs are files: the promises of BlobDescriptors as tests.
#pragma once

#include "store/blob_store_suite.h"

namespace sealift::store {

template <typename Fixture>
class BlobDescriptorSuite : public BlobStoreSuite<Fixture> {};
TYPED_TEST_SUITE_P(BlobDescriptorSuite);

TYPED_TEST_P(BlobDescriptorSuite, DescriptorsWriteAndReadTheSameBlob) {
  BlobDescriptors* descriptors = this->store_.descriptors();
  ASSERT_TRUE(descriptors != nullptr);
  ASSERT_TRUE(this->store_.create(this->id_, 6).has_value());
  ASSERT_TRUE(this->store_.write(this->id_, 0, base::bytes_of("abc")).has_value());
  ASSERT_EQ(*this->store_.acknowledge(this->id_, 2), 2u);
  {
    const auto writable = descriptors->open_to_write(this->id_);
    ASSERT_TRUE(writable.has_value());
    EXPECT_EQ(writable->status, (BlobStatus{BlobState::unfinished, 6, 2}));
    ASSERT_TRUE(base::pwrite_full(writable->fd.get(), base::bytes_of("CD"), 2).has_value());
    EXPECT_EQ(*this->store_.acknowledge(this->id_, 4), 4u);
    ASSERT_TRUE(base::pwrite_full(writable->fd.get(), base::bytes_of("EF"), 4).has_value());
  }
  EXPECT_EQ(descriptors->open_to_read(this->id_).error().code, base::ErrorCode::not_found);
  ASSERT_TRUE(this->store_.finish(this->id_).has_value());
  EXPECT_EQ(descriptors->open_to_write(this->id_).error().code, base::ErrorCode::conflict);
  const auto readable = descriptors->open_to_read(this->id_);
  ASSERT_TRUE(readable.has_value());
  EXPECT_EQ(readable->size_bytes, 6u);
  base::Bytes out(6);
  EXPECT_EQ(*base::pread_full(readable->fd.get(), out, 0), 6u);
  EXPECT_EQ(base::text_of(out), "abCDEF");
  EXPECT_FALSE(base::pwrite_full(readable->fd.get(), out, 0).has_value());
  ASSERT_TRUE(this->store_.remove(this->id_).has_value());
  EXPECT_EQ(*base::pread_full(readable->fd.get(), out, 0), 6u);
}

TYPED_TEST_P(BlobDescriptorSuite, OpeningToWriteDropsWhatAnEarlierWriterLeft) {
  BlobDescriptors* descriptors = this->store_.descriptors();
  ASSERT_TRUE(descriptors != nullptr);
  ASSERT_TRUE(this->store_.create(this->id_, 4).has_value());
  {
    const auto earlier = descriptors->open_to_write(this->id_);
    ASSERT_TRUE(base::pwrite_full(earlier->fd.get(), base::bytes_of("abcdef"), 0).has_value());
  }
  // too many bytes are as wrong as too few
  EXPECT_EQ(this->store_.finish(this->id_).error().code, base::ErrorCode::conflict);
  ASSERT_TRUE(descriptors->open_to_write(this->id_).has_value());
  EXPECT_EQ(this->store_.acknowledge(this->id_, 1).error().code, base::ErrorCode::conflict);
  EXPECT_EQ(this->store_.finish(this->id_).error().code, base::ErrorCode::conflict);
}

REGISTER_TYPED_TEST_SUITE_P(BlobDescriptorSuite, DescriptorsWriteAndReadTheSameBlob,
                            OpeningToWriteDropsWhatAnEarlierWriterLeft);

}  // namespace sealift::store
