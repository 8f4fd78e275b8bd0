#include "server/vault/reaper.h"

#include <gtest/gtest.h>

#include "server/vault/services_for_test.h"

namespace sealift::server::vault {
namespace {

using catalog::Records;

class ReaperTest : public ServicesTest {
 protected:
  ReaperTest() {
    catalog::NewAccount account;
    account.id = owner_;
    EXPECT_TRUE(
        catalog_->transact([&](Records& records) { return records.accounts->add(account); }));
  }
  catalog::BlobId blob() {
    const catalog::BlobId id{random_.array<16>()};
    EXPECT_TRUE(catalog_->transact([&](Records& records) {
      return records.blobs->reserve({id, owner_, 10, 1000});
    }));
    EXPECT_TRUE(blobs_.create({id.bytes}, 10));
    return id;
  }
  bool is_stored(const catalog::BlobId& id) {
    return blobs_.status({id.bytes}).value().has_value();
  }

  const catalog::AccountId owner_{random_.array<16>()};
};

TEST_F(ReaperTest, DoomedBlobsGoFromTheStoreThenFromTheCatalog) {
  const auto doomed = blob();
  const auto kept = blob();
  ASSERT_TRUE(catalog_->transact([&](Records& records) { return records.blobs->doom(doomed); }));
  EXPECT_EQ(remove_doomed(services_).value(), 1U);
  EXPECT_FALSE(is_stored(doomed));
  EXPECT_TRUE(is_stored(kept));
  EXPECT_EQ(remove_doomed(services_).value(), 0U);
  const auto account =
      catalog_->read([&](const Records& records) { return records.accounts->find(owner_); });
  EXPECT_EQ(account.value()->used_bytes, 10U);
}

TEST_F(ReaperTest, ADoomedBlobThatACrashRemovedHalfIsForgottenAtTheNextTurn) {
  const auto doomed = blob();
  ASSERT_TRUE(catalog_->transact([&](Records& records) { return records.blobs->doom(doomed); }));
  ASSERT_TRUE(blobs_.remove({doomed.bytes}));
  EXPECT_EQ(remove_doomed(services_).value(), 1U);
  EXPECT_EQ(remove_doomed(services_).value(), 0U);
}

TEST_F(ReaperTest, BlobsThatTheCatalogDoesNotKnowAreRemoved) {
  const auto known = blob();
  const catalog::BlobId orphan{random_.array<16>()};
  ASSERT_TRUE(blobs_.create({orphan.bytes}, 5));
  EXPECT_EQ(remove_orphans(services_, std::nullopt).value(), std::nullopt);
  EXPECT_TRUE(is_stored(known));
  EXPECT_FALSE(is_stored(orphan));
}

TEST(SteadyTimeTest, ItNeverGoesBack) {
  base::ManualClock clock(base::UnixTime(std::chrono::hours(10)));
  SteadyTime time(clock, base::UnixTime(std::chrono::hours(12)));
  EXPECT_EQ(time.now(), base::UnixTime(std::chrono::hours(12)));
  clock.advance(std::chrono::hours(3));
  EXPECT_EQ(time.now(), base::UnixTime(std::chrono::hours(13)));
  time.advance(time.now());
  clock.step_wall_clock(-std::chrono::hours(5));
  EXPECT_EQ(time.now(), base::UnixTime(std::chrono::hours(13)));
}

}  // namespace
}  // namespace sealift::server::vault
