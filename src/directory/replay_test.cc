#include "directory/replay.h"

#include <gtest/gtest.h>

namespace sealift::directory {
namespace {

using base::ErrorCode;

Index index_of(int number) {
  Index index{};
  index[0] = static_cast<std::byte>(number * 37);
  index[1] = static_cast<std::byte>(number);
  return index;
}
State state_of(How how, std::uint32_t generation) {
  State state{how, generation, {}};
  if (how != How::removed) state.commitment.fill(static_cast<std::byte>(generation));
  return state;
}
FirstEntry first_entry(bool has_organisation = true) {
  FirstEntry first;
  first.vrf_key.fill(std::byte{1});
  if (has_organisation) first.organisation_key.fill(std::byte{2});
  return first;
}

// A log's entries, written as a server writes them.
class Written {
 public:
  explicit Written(const FirstEntry& first = first_entry()) {
    entries.push_back(encode_entry(first));
    EXPECT_TRUE(replay.take(entries.back()).has_value());
  }
  void add(int number, How how, std::uint32_t generation, std::uint64_t time_ms = 1000) {
    const auto change = replay.add(index_of(number), state_of(how, generation), time_ms);
    ASSERT_TRUE(change.has_value());
    entries.push_back(encode_entry(*change));
  }
  std::vector<base::Bytes> entries;
  Replay replay;
};

base::Result<void> replay_all(const std::vector<base::Bytes>& entries,
                              Replay::Roots roots = Replay::Roots::each) {
  Replay replay(roots);
  for (const base::Bytes& entry : entries) SEALIFT_TRY_VOID(replay.take(entry));
  return replay.check_root();
}

Written some_log() {
  Written log;
  log.add(1, How::enrolled, 1);
  log.add(2, How::enrolled, 1);
  log.add(1, How::rotated, 2);
  log.add(1, How::restarted, 3);
  log.add(2, How::removed, 1);
  log.add(2, How::enrolled, 2);
  return log;
}

TEST(ReplayTest, WhatAServerWritesFollows) {
  const Written log = some_log();
  EXPECT_TRUE(replay_all(log.entries).has_value());
  EXPECT_TRUE(replay_all(log.entries, Replay::Roots::last).has_value());
  EXPECT_EQ(log.replay.map().find(index_of(1)), state_of(How::restarted, 3));
  EXPECT_EQ(log.replay.map().find(index_of(2)), state_of(How::enrolled, 2));
}

TEST(ReplayTest, AChangeThatMayNotFollowIsRefused) {
  struct Case {
    int number;
    How how;
    std::uint32_t generation;
    const char* what;
  };
  const Case cases[] = {
      {1, How::enrolled, 1, "a second key for an address that has one"},
      {1, How::enrolled, 4, "enrolled over a key that is there"},
      {1, How::rotated, 3, "the same generation again: K2 for one head, then back"},
      {1, How::rotated, 2, "an older generation"},
      {1, How::rotated, 5, "a generation left out"},
      {1, How::restarted, 3, "restarted without a new generation"},
      {1, How::removed, 4, "removed with another generation"},
      {3, How::rotated, 1, "rotated and never enrolled"},
      {3, How::enrolled, 2, "a first key that isn't generation 1"},
      {3, How::removed, 1, "removed and never enrolled"},
  };
  for (const Case& each : cases) {
    Written log = some_log();
    const State state = state_of(each.how, each.generation);
    const auto refused = log.replay.add(index_of(each.number), state, 1000);
    ASSERT_FALSE(refused.has_value()) << each.what;
    EXPECT_EQ(refused.error().code, ErrorCode::conflict);
    // And from a server that writes it all the same, with a root that fits.
    Map map;
    for (int number = 1; number <= 2; ++number)
      map.put(index_of(number), *log.replay.map().find(index_of(number)));
    map.put(index_of(each.number), state);
    log.entries.push_back(
        encode_entry(ChangeEntry{1000, index_of(each.number), state, map.root()}));
    const auto judged = replay_all(log.entries);
    ASSERT_FALSE(judged.has_value()) << each.what;
    EXPECT_EQ(judged.error().code, ErrorCode::damaged);
  }
}

TEST(ReplayTest, ARootThatDoesNotFollowIsRefused) {
  Written log = some_log();
  auto last = std::get<ChangeEntry>(*parse_entry(log.entries.back()));
  last.root[0] ^= std::byte{1};
  log.entries.back() = encode_entry(last);
  EXPECT_EQ(replay_all(log.entries).error().code, ErrorCode::damaged);
  EXPECT_EQ(replay_all(log.entries, Replay::Roots::last).error().code, ErrorCode::damaged);
  // One in the middle, which a later true root would hide from who compares the last alone.
  log = some_log();
  auto middle = std::get<ChangeEntry>(*parse_entry(log.entries[2]));
  middle.root[0] ^= std::byte{1};
  log.entries[2] = encode_entry(middle);
  EXPECT_EQ(replay_all(log.entries).error().code, ErrorCode::damaged);
}

TEST(ReplayTest, TimeGoesOnlyForward) {
  Written log;
  log.add(1, How::enrolled, 1, 2000);
  log.add(2, How::enrolled, 1, 1000);  // the machine's clock was set back
  EXPECT_EQ(std::get<ChangeEntry>(*parse_entry(log.entries[2])).time_ms, 2000U);
  auto last = std::get<ChangeEntry>(*parse_entry(log.entries[2]));
  last.time_ms = 1999;
  log.entries[2] = encode_entry(last);
  EXPECT_EQ(replay_all(log.entries).error().code, ErrorCode::damaged);
}

TEST(ReplayTest, OneFirstEntryAtTheBeginning) {
  const Written log = some_log();
  EXPECT_FALSE(replay_all({log.entries[1]}).has_value());
  EXPECT_FALSE(replay_all({log.entries[0], log.entries[0]}).has_value());
}

TEST(ReplayTest, NothingIsRestartedWithoutAnOrganisationsKey) {
  Written log(first_entry(false));
  log.add(1, How::enrolled, 1);
  EXPECT_FALSE(log.replay.add(index_of(1), state_of(How::restarted, 2), 1000).has_value());
}

TEST(EntryTest, OpeningsAreOfOneSize) {
  Opening opening{.salt = {}, .how = How::rotated, .previous = {}};
  opening.salt.fill(std::byte{3});
  opening.previous.fill(std::byte{4});
  base::Bytes bytes = encode_opening(opening);
  EXPECT_EQ(parse_opening(bytes), opening);
  EXPECT_FALSE(parse_opening(base::ByteView(bytes).first(bytes.size() - 1)).has_value());
  bytes.push_back(std::byte{0});
  EXPECT_FALSE(parse_opening(bytes).has_value());
  bytes.pop_back();
  bytes[32] = std::byte{4};
  EXPECT_FALSE(parse_opening(bytes).has_value()) << "what was removed has no key";
}

TEST(EntryTest, ACommitmentIsOfItsAddressTextAndPast) {
  Opening opening;
  const Commitment commitment = commitment_of(opening, "a@example.org", "text");
  EXPECT_NE(commitment_of(opening, "b@example.org", "text"), commitment);
  EXPECT_NE(commitment_of(opening, "a@example.org", "texts"), commitment);
  opening.how = How::rotated;
  EXPECT_NE(commitment_of(opening, "a@example.org", "text"), commitment);
  opening = {};
  opening.previous[0] = std::byte{1};
  EXPECT_NE(commitment_of(opening, "a@example.org", "text"), commitment);
  opening = {};
  opening.salt[0] = std::byte{1};
  EXPECT_NE(commitment_of(opening, "a@example.org", "text"), commitment);
}

TEST(EntryTest, OnlyWhatIsWrittenIsTaken) {
  for (const base::Bytes& good : some_log().entries) {
    const auto parsed = parse_entry(good);
    ASSERT_TRUE(parsed.has_value());
    EXPECT_EQ(encode_entry(*parsed), good);
    for (std::size_t size = 0; size < good.size(); ++size)
      EXPECT_FALSE(parse_entry(base::ByteView(good).first(size)).has_value());
    base::Bytes longer = good;
    longer.push_back(std::byte{0});
    EXPECT_FALSE(parse_entry(longer).has_value());
  }
  ChangeEntry change{1, index_of(1), state_of(How::enrolled, 1), {}};
  const auto refused = [](const ChangeEntry& entry) {
    return !parse_entry(encode_entry(entry)).has_value();
  };
  EXPECT_FALSE(refused(change));
  change.state.commitment = {};
  EXPECT_TRUE(refused(change)) << "a key without a commitment";
  change.state = state_of(How::removed, 1);
  change.state.commitment[3] = std::byte{1};
  EXPECT_TRUE(refused(change)) << "removed with a commitment";
  change.state = state_of(How::enrolled, 0);
  EXPECT_TRUE(refused(change)) << "generation 0";
  base::Bytes unknown = encode_entry(ChangeEntry{1, index_of(1), state_of(How::enrolled, 1), {}});
  unknown[9] = std::byte{5};
  EXPECT_FALSE(parse_entry(unknown).has_value()) << "another kind of change";
}

}  // namespace
}  // namespace sealift::directory
