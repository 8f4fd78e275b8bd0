#include "crypto/password_hash.h"

#include <gtest/gtest.h>

#include "base/hex.h"

namespace sealift::crypto {
namespace {

using base::bytes_of;

TEST(PasswordHashTest, ScryptKnownAnswer) {  // from another implementation, hashlib.scrypt
  const auto key = scrypt(bytes_of("password"), bytes_of("NaCl"), {.log_n = 10});
  ASSERT_TRUE(key);
  EXPECT_EQ(base::hex_encode(key->view()),
            "27b418c674c769d12501fbb1f53bac32df6514c0f28d043872b148b348961a79");
}

TEST(PasswordHashTest, Argon2idKnownAnswer) {  // from another implementation, the argon2 program
  std::array<std::byte, kArgon2SaltSize> salt;
  std::ranges::copy(bytes_of("somesaltsomesalt"), salt.begin());
  const auto key =
      argon2id(bytes_of("password"), salt, {.passes = 2, .memory_bytes = std::size_t{64} << 10});
  ASSERT_TRUE(key);
  EXPECT_EQ(base::hex_encode(key->view()),
            "1a98fba8e6394425c9bdc333a9c750aaf811df070f5fb4a5788e1cf4db5793a1");
}

}  // namespace
}  // namespace sealift::crypto
