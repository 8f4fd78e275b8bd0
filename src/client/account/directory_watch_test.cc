// A server that lies about whose key is whose, with both of its logs as its accomplices. What the
// log of events is content with is shown first: it was all that a client asked, once.
#include "client/account/directory_watch.h"

#include <gmock/gmock.h>

#include "base/said_for_test.h"
#include "client/account/hostile_server_for_test.h"

namespace sealift::client {
namespace {

using base::ErrorCode;
using directory::How;
using directory::State;

class DirectoryWatchTest : public HostileServerTest {
 protected:
  base::Result<FoundKeys> find_as(Pins& pins) { return KeyFinder(api_, pins, {}).find(kAlice); }
  // What a client without a directory would say to what is served now.
  void expect_the_log_alone_is_content() {
    Pins other;
    LogWatch watch(api_, other.log);
    for (const api::DirectoryEntry& entry : server_.entries) {
      const auto logged = check_logged(watch, entry);
      EXPECT_TRUE(logged.has_value()) << logged.error().text;
    }
    EXPECT_TRUE(judge_keys(std::nullopt, server_.entries).has_value());
  }
  base::Result<DirectoryCheck> replay() {
    Pins other;
    return check_whole_directory(api_, other, {});
  }
  api::Key another_first_key() {
    server_.signing.clear();
    return server_.next_key();
  }
  State some_state(How how, std::uint32_t generation) {
    return {how, generation, random_source().array<32>()};
  }
};

TEST_F(DirectoryWatchTest, AnHonestDirectoryIsFollowedAndReplayed) {
  server_.publish(server_.next_key());
  for (int i = 0; i < 300; ++i)
    server_.directory->change("person" + std::to_string(i) + "@example.org",
                              some_state(How::enrolled, 1));
  ASSERT_TRUE(find().has_value());
  server_.publish(server_.next_key());
  const auto second = find();
  ASSERT_TRUE(second.has_value()) << second.error().text;
  EXPECT_EQ(second->keys.size(), 2U);
  const auto whole = replay();
  ASSERT_TRUE(whole.has_value()) << whole.error().text;
  EXPECT_EQ(whole->addresses, 301U);
  EXPECT_EQ(whole->head, pins_.directory->head);
}

TEST_F(DirectoryWatchTest, ADirectoryThatGrewMeanwhileIsReplayedToTheCheckpoint) {
  server_.publish(server_.next_key());
  const std::string before = server_.directory->log.checkpoint();
  for (int i = 0; i < 300; ++i)
    server_.directory->change("person" + std::to_string(i) + "@example.org",
                              some_state(How::enrolled, 1));
  server_.lies = {{"/log/directory/checkpoint", before}};
  const auto whole = replay();
  ASSERT_TRUE(whole.has_value()) << whole.error().text;
  EXPECT_EQ(whole->addresses, 1U);
}

TEST_F(DirectoryWatchTest, ASecondKeyInTheLogOfEventsIsNoKeyOfTheAddress) {
  server_.publish(server_.next_key());
  const api::DirectoryEntry first = server_.entries[0];
  ASSERT_TRUE(find().has_value());
  // For somebody else: the same account and generation, another key, logged as well.
  api::DirectoryEntry second = server_.logged(another_first_key());
  server_.entries = {second};
  expect_the_log_alone_is_content();
  Pins carol;
  server_.entries[0].opening = first.opening;
  EXPECT_EQ(base::said(find_as(carol)), "damaged: the directory has another key for this address")
      << "another key's opening";
  server_.entries[0].opening.reset();
  EXPECT_EQ(base::said(find_as(carol)), "damaged: the server doesn't open what its directory has")
      << "none";
  EXPECT_TRUE(carol.keys.empty());
}

TEST_F(DirectoryWatchTest, ASecondKeyInTheDirectoryIsFoundByItsOwnerByOthersAndByReplay) {
  server_.publish(server_.next_key());
  ASSERT_TRUE(find().has_value());
  ASSERT_TRUE(replay().has_value());
  server_.entries.clear();
  server_.publish(another_first_key());  // over the first one, in the map too
  expect_the_log_alone_is_content();
  Pins carol;  // for whom this is the first contact
  ASSERT_TRUE(find_as(carol).has_value());
  EXPECT_EQ(base::said(find()), "damaged: the key is not the one seen before")
      << "who saw the first key";
  EXPECT_EQ(base::said(replay()),
            "damaged: directory: a change that may not follow what was there");
  // And the owner, on a machine that never saw the directory.
  Pins own;
  KeyFinder finder(api_, own, {});
  const AccountKeys keys = AccountKeys::generate(kAlice, random_source()).value();
  EXPECT_EQ(base::said(find_own(finder, keys, server_.entries[0].account)),
            "damaged: the directory has another key for this account");
}

TEST_F(DirectoryWatchTest, APuppetsAccountIsNotTheAddresses) {
  // The puppet is well logged, and has a place in the map: its own.
  server_.publish(server_.next_key());
  api::DirectoryEntry& puppet = server_.entries[0];
  const auto opening = directory::parse_opening(puppet.opening->bytes).value();
  server_.directory = std::make_shared<TestDirectory>();
  const std::string_view own = "puppet@example.org";
  server_.directory->change(
      own,
      {How::enrolled, 1, directory::commitment_of(opening, own, HostileServer::key_text(puppet))});
  expect_the_log_alone_is_content();
  server_.lookup = server_.directory->look(own);
  EXPECT_EQ(base::said(find()), "damaged: directory: not the address's index")
      << "the puppet's place";
  server_.lookup.reset();
  EXPECT_EQ(base::said(find()), "conflict: the directory doesn't have the key yet")
      << "the address's true place: nobody there";
  // The puppet's commitment at the address's place: it is of another address.
  server_.directory->change(kAlice.text(),
                            *server_.directory->map.find(TestDirectory::index_of(own)));
  EXPECT_EQ(base::said(find()), "damaged: the directory has another key for this address");
  EXPECT_TRUE(pins_.keys.empty());
}

TEST_F(DirectoryWatchTest, ARootThatDoesNotFollowIsFoundByReplay) {
  server_.publish(server_.next_key());
  ASSERT_TRUE(replay().has_value());
  server_.directory->append_wrong_root("x@example.org", some_state(How::enrolled, 1));
  EXPECT_EQ(base::said(replay()),
            "damaged: directory: a root that does not follow from the entries");
  EXPECT_EQ(base::said(find()), "damaged: map proof is wrong") << "and no lookup fits it";
}

TEST_F(DirectoryWatchTest, AKeyShownForOneMomentIsFoundAfterwards) {
  server_.publish(server_.next_key());
  const State first = *server_.directory->map.find(TestDirectory::index_of(kAlice.text()));
  const auto true_entries = server_.entries;
  server_.entries.clear();
  server_.publish(another_first_key());
  ASSERT_TRUE(find().has_value());  // the false one, at a first contact
  expect_the_log_alone_is_content();
  // Back to the true one, as if nothing had been.
  server_.directory->change(kAlice.text(), first);
  server_.entries = true_entries;
  expect_the_log_alone_is_content();
  EXPECT_TRUE(pins_.to_check_again.contains(kAlice.text()));
  KeyFinder finder(api_, pins_, {});
  EXPECT_EQ(base::said(finder.check_again()),
            "damaged: a key that was sealed to before, looked at again: the key is not the one "
            "seen before");
  EXPECT_TRUE(pins_.to_check_again.contains(kAlice.text())) << "it stays to be looked at";
  EXPECT_EQ(base::said(replay()),
            "damaged: directory: a change that may not follow what was there");
}

TEST_F(DirectoryWatchTest, WhatIsTheSameIsCheckedAgainOnce) {
  server_.publish(server_.next_key());
  ASSERT_TRUE(find().has_value());
  KeyFinder finder(api_, pins_, {});
  ASSERT_TRUE(finder.check_again().has_value());
  EXPECT_TRUE(pins_.to_check_again.empty());
}

TEST_F(DirectoryWatchTest, AnOlderOrAForkedDirectoryIsRefused) {
  server_.publish(server_.next_key());
  const State state = *server_.directory->map.find(TestDirectory::index_of(kAlice.text()));
  const auto older = std::make_shared<TestDirectory>();
  older->change(kAlice.text(), state);
  server_.directory->change("x@example.org", some_state(How::enrolled, 1));
  ASSERT_TRUE(find().has_value());
  const Pins before = pins_;
  server_.directory = older;
  expect_refused(find(), before, "damaged: the server's directory went back to an older state");
  older->change("y@example.org", some_state(How::enrolled, 1));
  expect_refused(find(), before,
                 "damaged: the server's log is not the one seen before: it has forked");
  older->change("z@example.org", some_state(How::enrolled, 1));
  expect_refused(find(), before,
                 "damaged: the server's log is not the one seen before: it was changed");
}

// Proved, and of the very directory that was seen; only not the newest answer.
TEST_F(DirectoryWatchTest, AnOlderAnswerOfTheSameDirectoryIsRefused) {
  server_.publish(server_.next_key());
  ASSERT_TRUE(find().has_value());
  const std::string older = server_.directory->look(kAlice.text());
  server_.directory->change("x@example.org", some_state(How::enrolled, 1));
  ASSERT_TRUE(find().has_value());
  const Pins before = pins_;
  server_.lookup = older;
  expect_refused(find(), before, "damaged: the server's directory went back to an older state");
}

TEST_F(DirectoryWatchTest, AHistoryThatTheDirectoryDoesNotHaveIsRefused) {
  server_.publish(server_.next_key());
  server_.publish(server_.next_key());
  // A false first key that endorses the true second one: whoever signed with it would be believed.
  const auto false_signing = crypto::Ed25519Secret::generate(random_source());
  api::Key false_key = server_.entries[0].key;
  false_key.signing_key = false_signing.public_key();
  api::DirectoryEntry false_entry = server_.logged(false_key);
  false_entry.opening = server_.entries[0].opening;
  api::DirectoryEntry& second = server_.entries[1];
  second.key.endorsement = parcel::endorse_directory_key(
      {second.account.bytes, 2, second.key.recipient, second.key.signing_key}, false_signing);
  server_.entries[0] = false_entry;
  expect_the_log_alone_is_content();
  EXPECT_EQ(base::said(find()), "damaged: the directory has another key for this address");
}

TEST_F(DirectoryWatchTest, AnotherVrfKeyThanTheFirstEntrysIsRefused) {
  server_.publish(server_.next_key());
  ASSERT_TRUE(find().has_value());
  pins_.vrf_key[0] ^= std::byte{1};
  EXPECT_EQ(base::said(find()), "damaged: directory: not the address's index");
}

TEST_F(DirectoryWatchTest, AnAnswerWithoutAProofIsRefused) {
  server_.publish(server_.next_key());
  api::DirectoryEntry bare = server_.entries[0];
  server_.lies["/api/v1/directory/find"] = api::encode(bare);
  expect_the_log_alone_is_content();
  EXPECT_EQ(base::said(find()), "damaged: the server gives no proof of what its directory has");
}

}  // namespace
}  // namespace sealift::client
