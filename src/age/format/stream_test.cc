#include "age/format/stream.h"

#include <gtest/gtest.h>

#include "age/open/open_chunk.h"
#include "age/seal/seal_chunk.h"
#include "base/hex.h"

namespace sealift::age {
namespace {

using base::Bytes;

TEST(StreamTest, ChunkNonceIsABigEndianCounterAndTheLastFlag) {
  EXPECT_EQ(base::hex_encode(chunk_nonce(0, Last::no)), "000000000000000000000000");
  EXPECT_EQ(base::hex_encode(chunk_nonce(1, Last::yes)), "000000000000000000000101");
  EXPECT_EQ(base::hex_encode(chunk_nonce(0x0102030405060708, Last::no)),
            "000000010203040506070800");
}

TEST(StreamTest, SizesGoBothWays) {
  for (const std::uint64_t size : {0u, 1u, 65535u, 65536u, 65537u, 131072u, 131073u, 1u << 30}) {
    EXPECT_EQ(text_size(sealed_size(size)), size);
  }
  EXPECT_EQ(sealed_size(0), 16u);
  EXPECT_EQ(sealed_size(65536), 65552u);
  EXPECT_EQ(sealed_size(65537), 65552u + 17);
  EXPECT_EQ(text_size(sealed_size(std::uint64_t{1} << 60)), std::uint64_t{1} << 60);
}

TEST(StreamTest, SizesThatNoPayloadHasAreRefused) {
  for (const std::uint64_t size : {0u, 1u, 15u, 65553u, 65552u + 15, 65552u + 16, 2 * 65552u + 16})
    EXPECT_FALSE(text_size(size).has_value()) << size;
}

class ChunkTest : public testing::Test {
 protected:
  FileKey file_key_;
  PayloadKey key_ = derive_payload_key(file_key_, PayloadNonce{});
  crypto::Aead aead_{key_.view()};
  std::array<std::byte, kChunkTagSize> tag_{};
};

TEST_F(ChunkTest, KeyDependsOnFileKeyAndNonce) {
  FileKey other_file_key;
  other_file_key.mutable_view()[0] = std::byte{1};
  PayloadNonce other_nonce{};
  other_nonce[15] = std::byte{1};
  EXPECT_FALSE(crypto::equal(key_.view(), derive_payload_key(other_file_key, {}).view()));
  EXPECT_FALSE(crypto::equal(key_.view(), derive_payload_key(file_key_, other_nonce).view()));
  EXPECT_TRUE(crypto::equal(key_.view(), derive_payload_key(file_key_, {}).view()));
}

TEST_F(ChunkTest, OpensAsWhatItWasSealedAsOnly) {
  Bytes text(kChunkSize, std::byte{7});
  seal_chunk(aead_, 5, Last::no, text, tag_);
  const Bytes sealed = text;
  ASSERT_TRUE(open_chunk(aead_, 5, Last::no, text, tag_));
  EXPECT_EQ(text, Bytes(kChunkSize, std::byte{7}));
  for (const auto& [chunk, last] :
       {std::pair{5u, Last::yes}, {4u, Last::no}, {5u + 256, Last::no}}) {
    text = sealed;
    EXPECT_FALSE(open_chunk(aead_, chunk, last, text, tag_));
    EXPECT_EQ(text, sealed) << "a refused chunk shows nothing";
  }
}

TEST_F(ChunkTest, SizesThatTheFormatForbidsAreRefusedThoughAuthentic) {
  Bytes none;
  aead_.seal(chunk_nonce(3, Last::yes), none, none, tag_);
  EXPECT_FALSE(open_chunk(aead_, 3, Last::yes, none, tag_)) << "empty, and not the only chunk";
  aead_.seal(chunk_nonce(0, Last::yes), none, none, tag_);
  EXPECT_TRUE(open_chunk(aead_, 0, Last::yes, none, tag_));
  Bytes brief(100);
  aead_.seal(chunk_nonce(0, Last::no), brief, brief, tag_);
  EXPECT_FALSE(open_chunk(aead_, 0, Last::no, brief, tag_)) << "short, and not the last chunk";
  Bytes large(kChunkSize + 1);
  aead_.seal(chunk_nonce(0, Last::yes), large, large, tag_);
  EXPECT_FALSE(open_chunk(aead_, 0, Last::yes, large, tag_));
}

}  // namespace
}  // namespace sealift::age
