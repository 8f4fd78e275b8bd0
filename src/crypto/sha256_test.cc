#include "crypto/sha256.h"

#include <gtest/gtest.h>

#include "base/hex.h"
#include "crypto/sha3.h"

namespace sealift::crypto {
namespace {

using base::bytes_of;
using base::hex_encode;

TEST(Sha256Test, KnownAnswers) {
  EXPECT_EQ(hex_encode(sha256({})),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex_encode(sha256(bytes_of("abc"))),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Sha256Test, PiecesGiveTheDigestOfTheWhole) {
  Sha256 hash;
  hash.update(bytes_of("a"));
  hash.update({});
  hash.update(bytes_of("bc"));
  EXPECT_EQ(hash.finish(), sha256(bytes_of("abc")));
  hash.reset();
  EXPECT_EQ(hash.finish(), sha256({}));
}

TEST(HmacSha256Test, KnownAnswers) {  // RFC 4231 test case 2
  EXPECT_EQ(hex_encode(hmac_sha256(bytes_of("Jefe"), bytes_of("what do ya want for nothing?"))),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hex_encode(hmac_sha256({}, {})),
            "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST(Sha3Test, KnownAnswers) {
  EXPECT_EQ(hex_encode(sha3_256({})),
            "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a");
  std::array<std::byte, 32> stream;
  shake256({}, stream);
  EXPECT_EQ(hex_encode(stream), "46b9dd2b0ba88d13233b3feb743eeb243fcd52ea62b81b82b50c27646ed5762f");
  shake128({}, stream);
  EXPECT_EQ(hex_encode(stream), "7f9c2ba4e88f827d616045507605853ed73b8093f6efbc88eb1a6eacfa66ef26");
}

}  // namespace
}  // namespace sealift::crypto
