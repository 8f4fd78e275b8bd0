// A real catalog and a real log in temporary folders; a crash is what a process leaves behind when
// it stops between two steps.
#include "server/vault/directory_keeper.h"

#include <gtest/gtest.h>

#include "base/temporary_folder.h"
#include "catalog/sqlite_catalog.h"

namespace sealift::server::vault {
namespace {

using base::ErrorCode;
using catalog::Records;
using directory::How;
using directory::State;

constexpr std::string_view kMarie = "marie@example.org";

class DirectoryKeeperTest : public testing::Test {
 protected:
  DirectoryKeeperTest() { EXPECT_TRUE(start()); }

  bool start() {
    keeper_.reset();
    auto opened = DirectoryKeeper::open({*catalog_, commits_, files_, keys_, kName, seed_});
    if (opened) keeper_ = *std::move(opened);
    return keeper_ != nullptr;
  }
  void note(std::string_view address, const State& state) {
    ASSERT_TRUE(catalog_->transact(
        [&](Records& records) { return keeper_->note(records, address, state, now_); }));
  }
  void log_all() {
    while (true) {
      const auto more = keeper_->log_some();
      ASSERT_TRUE(more.has_value()) << more.error().text;
      if (!*more) return;
    }
  }
  directory::Found look(std::string_view address) {
    const auto lookup = directory::parse_lookup(keeper_->look(address).value()).value();
    // The partial bundle goes once the full one is there.
    const auto partial = keeper_->log().tile("entries/000.p/1");
    const auto bundle = partial ? partial : keeper_->log().tile("entries/000");
    const unsigned width = partial ? 1 : log::kTileWidth;
    const directory::Entry entry =
        directory::parse_entry(log::parse_bundle(bundle.value(), width).value().front()).value();
    return directory::verify_lookup(lookup, address, keeper_->log().key(),
                                    std::get<directory::FirstEntry>(entry).vrf_key)
        .value();
  }
  State state(How how, std::uint32_t generation) { return {how, generation, random_.array<32>()}; }
  std::size_t queued() {
    return catalog_
        ->read([](const Records& records) { return records.directory->queued_changes(100); })
        .value()
        .size();
  }
  void write_row(const catalog::DirectoryChange& row) {
    ASSERT_TRUE(
        catalog_->transact([&](Records& records) { return records.directory->add_change(row); }));
  }

  const std::string kName = "sealift-test";
  const base::UnixTime now_{std::chrono::hours(500'000)};
  crypto::SystemRandom random_;
  const crypto::SecretBytes<32> seed_ = random_.secret<32>();
  const VaultKeys keys_{random_.secret<32>()};
  base::TemporaryFolder catalog_folder_{base::FolderOn::memory};
  base::TemporaryFolder log_folder_{base::FolderOn::memory};
  base::DiskFileSystem files_ = base::DiskFileSystem::open_root(log_folder_.path()).value();
  std::unique_ptr<catalog::Catalog> catalog_ =
      catalog::open_sqlite_catalog(catalog_folder_.path() + "/catalog.db").value();
  catalog::CommitQueue commits_{*catalog_};
  std::unique_ptr<DirectoryKeeper> keeper_;
};

TEST_F(DirectoryKeeperTest, AnswersAreProvedAndOutliveARestart) {
  EXPECT_FALSE(look(kMarie).state) << "nobody yet";
  const State first = state(How::enrolled, 1);
  note(kMarie, first);
  EXPECT_FALSE(look(kMarie).state) << "not before the log has it";
  log_all();
  EXPECT_EQ(look(kMarie).state, first);
  for (int i = 0; i < 300; ++i)
    note("person" + std::to_string(i) + "@example.org", state(How::enrolled, 1));
  const State second = state(How::rotated, 2);
  note(kMarie, second);
  log_all();
  EXPECT_EQ(look(kMarie).state, second);
  EXPECT_EQ(look(kMarie).checkpoint.head.size, 303U);
  ASSERT_TRUE(start());
  EXPECT_EQ(look(kMarie).state, second);
  note(kMarie, {How::removed, 2, {}});
  log_all();
  EXPECT_TRUE(look(kMarie).state->is_removed());
}

TEST_F(DirectoryKeeperTest, ARowThatSomebodyWroteIntoTheCatalogIsNeverLogged) {
  const State first = state(How::enrolled, 1);
  note(kMarie, first);
  log_all();
  const auto honest =
      catalog_->read([](const Records& records) { return records.directory->change_at({1}); })
          .value()
          .value();
  catalog::DirectoryChange forged = honest;
  forged.generation = {2};
  forged.how = static_cast<std::uint8_t>(How::rotated);
  write_row(forged);  // the code of another change
  forged.authenticator.clear();
  write_row(forged);
  write_row(honest);  // a true row, once more: it may not follow itself
  log_all();
  EXPECT_EQ(look(kMarie).state, first);
  EXPECT_EQ(look(kMarie).checkpoint.head.size, 2U);
  EXPECT_EQ(queued(), 0U);
  const State second = state(How::rotated, 2);
  note(kMarie, second);
  log_all();
  EXPECT_EQ(look(kMarie).state, second) << "the queue goes on";
}

TEST_F(DirectoryKeeperTest, EntriesThatACrashLeftUnnotedAreFoundAgain) {
  note("first@example.org", state(How::enrolled, 1));
  log_all();
  const State lost = state(How::enrolled, 1);
  note(kMarie, lost);
  // Appends, and dies before the catalog knows.
  {
    const auto change =
        catalog_->read([](const Records& records) { return records.directory->queued_changes(1); })
            .value()
            .front();
    auto other_catalog = catalog::open_sqlite_catalog(catalog_folder_.path() + "/other.db").value();
    catalog::CommitQueue other_commits(*other_catalog);
    ASSERT_TRUE(other_catalog->transact([&](Records& records) -> base::Result<void> {
      SEALIFT_TRY_VOID(records.directory->add_change(change));
      SEALIFT_TRY_VOID(records.directory->change_logged({1}, {1}));
      return records.directory->add_change(change);
    }));
    keeper_.reset();
    const auto other =
        DirectoryKeeper::open({*other_catalog, other_commits, files_, keys_, kName, seed_});
    ASSERT_TRUE(other.has_value()) << other.error().text;
    ASSERT_TRUE((*other)->log_some().has_value());
  }
  EXPECT_EQ(queued(), 1U);
  ASSERT_TRUE(start());
  EXPECT_EQ(queued(), 0U);
  EXPECT_EQ(look(kMarie).state, lost);
  EXPECT_EQ(look(kMarie).checkpoint.head.size, 3U);
}

TEST_F(DirectoryKeeperTest, AnOlderLogThanTheCatalogsIsRefused) {
  note(kMarie, state(How::enrolled, 1));
  log_all();
  keeper_.reset();
  base::TemporaryFolder empty{base::FolderOn::memory};
  auto files = base::DiskFileSystem::open_root(empty.path()).value();
  const auto opened = DirectoryKeeper::open({*catalog_, commits_, files, keys_, kName, seed_});
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code, ErrorCode::damaged);
  EXPECT_EQ(opened.error().text, "the directory's log is older than the catalog: run admin fsck");
}

TEST_F(DirectoryKeeperTest, AnotherServersLogIsRefused) {
  note(kMarie, state(How::enrolled, 1));
  log_all();
  keeper_.reset();
  const auto other = random_.secret<32>();
  EXPECT_FALSE(DirectoryKeeper::open({*catalog_, commits_, files_, keys_, kName, other}));
}

}  // namespace
}  // namespace sealift::server::vault
