#include "server/vault/host.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/ascii.h"
#include "base/temporary_folder.h"
#include "catalog/sqlite_catalog.h"
#include "server/vault/steady_time.h"

namespace sealift::server::vault {
namespace {

base::Result<void> shown(const ReopenKeyTexts&) { return {}; }

class HostTest : public testing::Test {
 protected:
  std::unique_ptr<Host> host() {
    return Host::open(folder_.path(), Host::Begin::yes, random_, clock_).value();
  }
  std::unique_ptr<catalog::Catalog> catalog() {
    return catalog::open_sqlite_catalog(data().catalog_path()).value();
  }
  DataFolder data() { return DataFolder::open(folder_.path(), random_).value(); }
  void add_account(std::string_view address, catalog::Roles roles) {
    const VaultKeys keys(data().vault_key());
    catalog::NewAccount account;
    account.id = {random_.array<16>()};
    account.lookup = keys.address_lookup(address);
    account.sealed_address =
        keys.wrap(WrapFor::address, account.id.view(), base::bytes_of(address), random_);
    account.roles = roles;
    ASSERT_TRUE(catalog()->transact(
        [&](catalog::Records& records) { return records.accounts->add(account); }));
  }
  std::uint64_t letters() {
    return catalog()
        ->read([](const catalog::Records& records) { return records.outbox->counts(); })
        .value()
        .waiting;
  }

  base::TemporaryFolder folder_;
  crypto::SystemRandom random_;
  base::ManualClock clock_{base::UnixTime(std::chrono::milliseconds(1'800'000'000'000))};
};

TEST_F(HostTest, LockingTellsEveryoneInChargeOnce) {
  const auto machine = host();
  ASSERT_TRUE(data().set_last_start({"https://files.example", true}));
  add_account("admin@region.example", {.administrator = true});
  add_account("officer@region.example", {.recovery_officer = true});
  add_account("lea@region.example", {});
  EXPECT_EQ(machine->lock().value(), catalog::Change::done);
  EXPECT_EQ(letters(), 2U);
  EXPECT_EQ(machine->lock().value(), catalog::Change::stale);
  EXPECT_EQ(letters(), 2U);
  EXPECT_TRUE(machine->lockdown().value().has_value());
}

TEST_F(HostTest, WhileTheClockIsHeldTimeIsTheServers) {
  (void)host();
  ASSERT_TRUE(catalog()->advance_clock(clock_.now()));
  const auto machine = host();
  const HeldClock held{clock_.now() + std::chrono::minutes(10), std::chrono::hours(0)};
  ASSERT_TRUE(catalog()->transact([&](catalog::Records& records) {
    return records.marks->put(catalog::Mark::clock_held, base::bytes_of(held_clock_text(held)));
  }));
  const base::UnixTime before = clock_.now();
  clock_.step_wall_clock(std::chrono::minutes(10));
  const auto made = machine->invite(*parcel::Address::parse("lea@region.example"), {});
  ASSERT_TRUE(made);
  EXPECT_EQ(made->expires, before + std::chrono::hours(7 * 24));
  EXPECT_EQ(catalog()->advance_clock({}).value(), before) << "the next start believes nothing more";
  EXPECT_EQ(machine->held_clock().value(), held.shows);
}

TEST_F(HostTest, AServerThatHasNoMailServerGetsNoLetters) {
  const auto machine = host();
  ASSERT_TRUE(data().set_last_start({"https://files.example", false}));
  add_account("admin@region.example", {.administrator = true});
  EXPECT_EQ(machine->lock().value(), catalog::Change::done);
  EXPECT_EQ(letters(), 0U);
}

TEST_F(HostTest, AReopenKeyEndsALockDownWhoeverIsThere) {
  const auto machine = host();
  ASSERT_TRUE(data().set_last_start({"https://files.example", true}));
  EXPECT_FALSE(machine->reopening().value().has_keys);
  const auto keys = machine->make_reopen_keys(shown);
  ASSERT_TRUE(keys);
  EXPECT_TRUE(machine->reopening().value().has_keys);
  EXPECT_EQ(machine->make_reopen_keys(shown).error().code, base::ErrorCode::conflict)
      << "they are printed once";
  for (const std::string& key : *keys) {
    EXPECT_TRUE(key.starts_with("SEALIFT-REOPEN-1")) << key;
    EXPECT_EQ(machine->reopen(key).value(), catalog::Change::stale) << "the server is open";
    ASSERT_EQ(machine->lock().value(), catalog::Change::done);
    std::string wrong = key;
    wrong.back() = wrong.back() == 'Q' ? 'P' : 'Q';
    EXPECT_EQ(machine->reopen(wrong).error().code, base::ErrorCode::malformed);
    EXPECT_TRUE(machine->lockdown().value().has_value());
    EXPECT_EQ(machine->reopen("  " + key + "\n").value(), catalog::Change::done);
    EXPECT_FALSE(machine->lockdown().value().has_value());
  }
}

// From paper it is read as it looks: in groups, over two lines, in small letters.
TEST_F(HostTest, AReopenKeyIsTakenAsItReads) {
  const auto machine = host();
  const auto keys = machine->make_reopen_keys(shown);
  ASSERT_TRUE(keys);
  const std::string& key = keys->front();
  std::string lower = key;
  std::ranges::transform(lower, lower.begin(), [](char c) { return base::ascii_lower(c); });
  std::string grouped;
  for (std::size_t at = 0; at < lower.size(); at += 4) {
    grouped += lower.substr(at, 4) + (at % 32 == 28 ? "\r\n" : at % 3 == 0 ? "  " : "\t");
  }
  std::string mixed = key;
  mixed.back() = base::ascii_lower(mixed.back());
  // As paper keys stand, dashes between the groups and one too few or many before them.
  std::string dashed = "sealift-reopen-1";
  const std::size_t head = dashed.size();
  for (std::size_t at = head; at < lower.size(); at += 4) {
    dashed += (at == head ? "" : "-") + lower.substr(at, 4);
  }
  std::string bare = dashed;
  std::erase(bare, '-');
  for (const std::string& typed : {lower, grouped, mixed, dashed, bare}) {
    ASSERT_EQ(machine->lock().value(), catalog::Change::done);
    const auto change = machine->reopen(typed);
    ASSERT_TRUE(change) << typed << ": " << change.error().text;
    EXPECT_EQ(*change, catalog::Change::done);
  }
  ASSERT_EQ(machine->lock().value(), catalog::Change::done);
  for (const std::string& typed : {std::string(" \n"), key + key, std::string(10'000, 'q')}) {
    EXPECT_EQ(machine->reopen(typed).error().code, base::ErrorCode::malformed);
  }
}

// On a full disk, say: keys that nobody saw would keep others from being made.
TEST_F(HostTest, ReopenKeysThatCannotBeShownAreNotMade) {
  const auto machine = host();
  const auto refused = machine->make_reopen_keys([](const ReopenKeyTexts&) -> base::Result<void> {
    return base::fail(base::ErrorCode::no_space, "output");
  });
  EXPECT_EQ(refused.error().code, base::ErrorCode::no_space);
  EXPECT_FALSE(machine->reopening().value().has_keys);
  EXPECT_TRUE(machine->make_reopen_keys(shown));
}

TEST_F(HostTest, NoReopenKeyIsMadeInALockDown) {
  const auto machine = host();
  ASSERT_EQ(machine->lock().value(), catalog::Change::done);
  EXPECT_EQ(machine->make_reopen_keys(shown).error().code, base::ErrorCode::locked_down)
      << "who broke into the machine would end the lock-down with it";
  EXPECT_FALSE(machine->reopening().value().has_keys);
}

TEST_F(HostTest, AnotherServersReopenKeyReopensNothing) {
  const auto machine = host();
  ASSERT_TRUE(machine->make_reopen_keys(shown));
  const base::TemporaryFolder other_folder;
  const auto other = Host::open(other_folder.path(), Host::Begin::yes, random_, clock_).value();
  const auto others = other->make_reopen_keys(shown);
  ASSERT_TRUE(others);
  ASSERT_EQ(machine->lock().value(), catalog::Change::done);
  EXPECT_EQ(machine->reopen(others->front()).error().code, base::ErrorCode::no_match);
  EXPECT_TRUE(machine->lockdown().value().has_value());
}

TEST_F(HostTest, AServerThatWasNotRestoredStatesNoRestore) {
  const auto machine = host();
  const auto keys = machine->make_reopen_keys(shown);
  ASSERT_TRUE(keys);
  EXPECT_EQ(machine->state_restore(keys->front()).error().code, base::ErrorCode::not_found);
}

TEST_F(HostTest, HowTheServerLastStartedIsRemembered) {
  const DataFolder folder = data();
  EXPECT_EQ(folder.last_start().server_url, "");
  EXPECT_FALSE(folder.last_start().has_mail_server);
  for (const bool has_mail_server : {true, false}) {
    ASSERT_TRUE(folder.set_last_start({"https://files.example", has_mail_server}));
    EXPECT_EQ(folder.last_start().server_url, "https://files.example");
    EXPECT_EQ(folder.last_start().has_mail_server, has_mail_server);
    EXPECT_EQ(folder.last_start().config_path, "");
  }
  for (const char* const config : {"", "/etc/sealift/sealift.conf"}) {
    ASSERT_TRUE(folder.set_last_start({.server_url = "https://files.example",
                                       .has_incident_key = true,
                                       .config_path = config,
                                       .certificate_path = "/etc/a certificate.pem"}));
    EXPECT_TRUE(folder.last_start().has_incident_key);
    EXPECT_EQ(folder.last_start().config_path, config);
    EXPECT_EQ(folder.last_start().certificate_path, "/etc/a certificate.pem");
  }
}

}  // namespace
}  // namespace sealift::server::vault
