#include "server/vault/guessing.h"

#include <gtest/gtest.h>

#include "base/temporary_folder.h"
#include "catalog/sqlite_catalog.h"

namespace sealift::server::vault {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

TEST(DelayAfterTest, GrowsFromOneSecondToItsBound) {
  constexpr Growth growth{3, minutes(1)};
  EXPECT_EQ(delay_after(0, growth), milliseconds(0));
  EXPECT_EQ(delay_after(3, growth), milliseconds(0));
  EXPECT_EQ(delay_after(4, growth), seconds(1));
  EXPECT_EQ(delay_after(5, growth), seconds(2));
  EXPECT_EQ(delay_after(9, growth), seconds(32));
  EXPECT_EQ(delay_after(10, growth), minutes(1));
  EXPECT_EQ(delay_after(4'000'000'000U, growth), minutes(1));
}

class GuessingTest : public testing::Test {
 protected:
  Attempt from(unsigned char client, std::string_view account = "jo@clinic.example") const {
    Attempt attempt{catalog::DelayKind::account, base::bytes_of(account), {}};
    attempt.peer[10] = attempt.peer[11] = std::byte{0xff};  // IPv4
    attempt.peer[15] = std::byte{client};
    return attempt;
  }
  void fail(const Attempt& attempt, int times) {
    for (int i = 0; i < times; ++i) ASSERT_TRUE(guessing_.failed(attempt, now_));
  }
  milliseconds wait(const Attempt& attempt) {
    return guessing_.wait(attempt, now_).value().value_or(milliseconds(0));
  }

  base::UnixTime now_{std::chrono::hours(500'000)};
  base::TemporaryFolder folder_;
  std::unique_ptr<catalog::Catalog> catalog_ =
      catalog::open_sqlite_catalog(folder_.path() + "/catalog.db").value();
  catalog::CommitQueue commits_{*catalog_};
  const VaultKeys keys_{crypto::SecretBytes<32>()};
  Guessing guessing_{*catalog_, commits_, keys_};
};

TEST_F(GuessingTest, WhoGuessesWaitsLongerAndLonger) {
  fail(from(1), 4);
  EXPECT_EQ(wait(from(1)), milliseconds(0));
  fail(from(1), 1);
  EXPECT_EQ(wait(from(1)), seconds(1));
  fail(from(1), 5);
  EXPECT_EQ(wait(from(1)), seconds(32));
  now_ += seconds(31);
  EXPECT_EQ(wait(from(1)), seconds(1));
}

TEST_F(GuessingTest, StrangersCannotLockAPersonOut) {
  for (unsigned char stranger = 2; stranger < 60; ++stranger) fail(from(stranger), 5);
  EXPECT_LE(wait(from(1)), seconds(4));
}

// A stranger fails from somewhere whenever that is possible; the person has logged in from 1
// before.
TEST_F(GuessingTest, StrangersWhoNeverStopDoNotTakeThePersonsTurns) {
  ASSERT_TRUE(guessing_.succeeded(from(1), now_));
  for (int round = 0; round < 26; ++round) {
    for (unsigned char stranger = 2; stranger < 200; ++stranger) fail(from(stranger), 1);
    EXPECT_EQ(wait(from(1)), milliseconds(0)) << round;
    EXPECT_GT(wait(from(250)), milliseconds(0)) << "a place that nobody knows";
    now_ += seconds(4);
  }
}

TEST_F(GuessingTest, APlaceIsKnownForWhatSucceededThereAndForAWhile) {
  ASSERT_TRUE(guessing_.succeeded(from(1), now_));
  fail(from(2, "else@clinic.example"), 30);
  EXPECT_GT(wait(from(1, "else@clinic.example")), milliseconds(0)) << "another account";
  fail(from(1), 8);
  EXPECT_GT(wait(from(1)), seconds(4)) << "who guesses from there waits like anyone";
  now_ += std::chrono::hours(24 * 91);
  fail(from(2), 30);
  EXPECT_GT(wait(from(1)), milliseconds(0));
}

TEST_F(GuessingTest, AddressesOfOneIpv6NetworkAreOneClient) {
  Attempt first{catalog::DelayKind::account, base::bytes_of("jo@clinic.example"), {}};
  first.peer[0] = std::byte{0x20};
  Attempt second = first;
  second.peer[15] = std::byte{9};
  Attempt elsewhere = first;
  elsewhere.peer[7] = std::byte{1};
  fail(first, 8);
  EXPECT_EQ(wait(second), wait(first));
  EXPECT_GT(wait(second), milliseconds(0));
  EXPECT_EQ(wait(elsewhere), milliseconds(0));
}

TEST_F(GuessingTest, WhoTriesManyAccountsIsSlowedDownToo) {
  for (int i = 0; i < 40; ++i) fail(from(1, std::to_string(i) + "@clinic.example"), 1);
  EXPECT_GE(wait(from(1, "new@clinic.example")), minutes(1));
  EXPECT_EQ(wait(from(2, "new@clinic.example")), milliseconds(0));
}

TEST_F(GuessingTest, SuccessAndTimeForgive) {
  fail(from(1), 6);
  ASSERT_TRUE(guessing_.succeeded(from(1), now_));
  EXPECT_EQ(wait(from(1)), milliseconds(0));
  fail(from(1), 12);
  now_ += std::chrono::hours(2);
  EXPECT_EQ(wait(from(1)), milliseconds(0));
}

}  // namespace
}  // namespace sealift::server::vault
