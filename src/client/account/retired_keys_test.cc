#include "client/account/retired_keys.h"

#include "client/account/hostile_server_for_test.h"

namespace sealift::client {
namespace {

using base::ErrorCode;

class RetiredKeysTest : public HostileServerTest {
 protected:
  log::TreeHead end_at(std::uint64_t size) {
    log::TreeHead end{.size = size};
    end.root.fill(std::byte{3});
    return end;
  }
  base::Result<std::optional<log::TreeHead>> last_log(std::size_t generation) {
    SEALIFT_TRY(const FoundKeys found, find());
    return last_log_of(found, server_.signing.at(generation - 1).public_key());
  }
};

TEST_F(RetiredKeysTest, OnlyTheNewestKeyHasNoEnd) {
  server_.publish(server_.next_key());
  EXPECT_EQ(last_log(1).value(), std::nullopt);
  server_.publish(server_.retiring_key(end_at(5)));
  EXPECT_EQ(last_log(1).value(), end_at(5));
  EXPECT_EQ(last_log(2).value(), std::nullopt);
}

TEST_F(RetiredKeysTest, AThiefOfTheSecondKeyMovesNoEndOfTheFirst) {
  server_.publish(server_.next_key());
  server_.publish(server_.retiring_key(end_at(900)));
  server_.publish(server_.retiring_key(end_at(7)));
  EXPECT_EQ(last_log(1).value(), end_at(7)) << "what the third says counts for both before it";
  EXPECT_EQ(last_log(2).value(), end_at(7));
}

TEST_F(RetiredKeysTest, KeysThatSayNoEndLeaveNothingOfTheOnesBefore) {
  server_.publish(server_.next_key());
  server_.publish(server_.retiring_key(end_at(5)));
  server_.publish(server_.next_key());
  EXPECT_EQ(last_log(1).error().code, ErrorCode::damaged);
  EXPECT_EQ(last_log(2).error().code, ErrorCode::damaged);
  EXPECT_EQ(last_log(3).value(), std::nullopt);
}

TEST_F(RetiredKeysTest, AnEndThatTheNewKeyDidNotSignIsRefused) {
  server_.publish(server_.next_key());
  api::Key key = server_.retiring_key(end_at(5));
  key.retirement->front() ^= std::byte{1};
  server_.publish(key);
  EXPECT_EQ(find().error().code, ErrorCode::damaged);
}

TEST_F(RetiredKeysTest, AnotherKeyIsNobodysOfThem) {
  server_.publish(server_.next_key());
  const FoundKeys found = find().value();
  const auto other = crypto::Ed25519Secret::generate(random_source()).public_key();
  EXPECT_EQ(last_log_of(found, other).error().code, ErrorCode::damaged);
}

}  // namespace
}  // namespace sealift::client
