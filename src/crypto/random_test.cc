#include "crypto/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace sealift::crypto {
namespace {

TEST(SystemRandomTest, ValuesDoNotRepeat) {
  SystemRandom random;
  std::set<std::array<std::byte, 16>> seen;
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(seen.insert(random.array<16>()).second);
}

TEST(SystemRandomTest, FillsEverythingItIsGiven) {
  SystemRandom random;
  base::Bytes bytes((std::size_t{2} << 20) + 5);
  random.fill(bytes);
  // 64 zero bytes in a row have a chance of 2^-512 at each place.
  const base::Bytes zeros(64);
  EXPECT_EQ(std::search(bytes.begin(), bytes.end(), zeros.begin(), zeros.end()), bytes.end());
  random.fill({});
}

TEST(SystemRandomTest, SecretsAreFilledToo) {
  SystemRandom random;
  EXPECT_FALSE(equal(random.secret<32>().view(), SecretBytes<32>().view()));
}

}  // namespace
}  // namespace sealift::crypto
