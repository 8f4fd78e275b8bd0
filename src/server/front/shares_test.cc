#include "server/front/shares.h"

#include <gtest/gtest.h>

namespace sealift::server::front {
namespace {

ClientKey client(unsigned number) {
  ClientKey key{};
  key[15] = static_cast<std::byte>(number);
  key[14] = static_cast<std::byte>(number >> 8);
  return key;
}

std::size_t take_all(Shares& shares, const ClientKey& who) {
  std::size_t count = 0;
  while (shares.take(who, 1)) ++count;
  return count;
}

TEST(SharesTest, AGreedyClientLeavesHalf) {
  Shares shares(4096);
  const std::size_t taken = take_all(shares, client(1));
  EXPECT_LE(taken, 2048U);
  EXPECT_GE(taken, 1500U);
  EXPECT_GE(take_all(shares, client(2)), 500U);
}

TEST(SharesTest, WhenSomeAreGreedyANewcomerFindsRoom) {
  Shares shares(4096);
  for (unsigned number = 1; number <= 30; ++number) take_all(shares, client(number));
  EXPECT_TRUE(shares.take(client(200), 1));
}

TEST(SharesTest, WhatIsGivenBackLevelsThem) {
  Shares shares(4096);
  const std::size_t first = take_all(shares, client(1));
  const std::size_t second = take_all(shares, client(2));
  shares.give_back(client(1), first - second);
  EXPECT_FALSE(shares.take(client(1), first - second)) << "not what it had before";
  EXPECT_GT(take_all(shares, client(2)), 0U);
}

TEST(SharesTest, NeverMoreThanThereIs) {
  Shares shares(4096);
  for (unsigned number = 1; number <= 1000; ++number) take_all(shares, client(number));
  EXPECT_LE(shares.taken(), 4096U);
}

TEST(SharesTest, WhatIsTooMuchTakesNothing) {
  Shares shares(100);
  EXPECT_FALSE(shares.take(client(1), 51));
  EXPECT_EQ(shares.taken(), 0U);
  EXPECT_FALSE(shares.take(client(1), 101));
  EXPECT_TRUE(shares.take(client(1), 40));
}

TEST(SharesTest, WhatIsGivenBackCanBeTakenAgain) {
  Shares shares(1000);
  const std::size_t taken = take_all(shares, client(1));
  shares.give_back(client(1), taken);
  EXPECT_EQ(shares.taken(), 0U);
  EXPECT_EQ(take_all(shares, client(1)), taken);
}

TEST(ShareTest, HoldsWhatItWasGrantedAndGivesItBackAtItsEnd) {
  Shares shares(100);
  {
    Share share(shares);
    EXPECT_TRUE(share.hold(client(1), 40));
    EXPECT_FALSE(share.hold(client(1), 60));
    EXPECT_EQ(shares.taken(), 40U);
    EXPECT_TRUE(share.hold(client(1), 10));
    EXPECT_EQ(shares.taken(), 10U);
    EXPECT_TRUE(share.hold(client(2), 20)) << "the next request on the connection is another's";
    EXPECT_EQ(shares.taken(), 20U);
  }
  EXPECT_EQ(shares.taken(), 0U);
}

}  // namespace
}  // namespace sealift::server::front
