// The drill: a data folder that was lost comes back from its backup, and the log is the same.
#include "server/vault/backup.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/temporary_folder.h"
#include "catalog/sqlite_catalog.h"
#include "log/log_writer.h"
#include "server/vault/data_folder.h"
#include "server/vault/vault_keys.h"
#include "store/disk_blob_store.h"

namespace sealift::server::vault {
namespace {

namespace fs = std::filesystem;

template <typename Value>
Value must(base::Result<Value> result) {
  if (!result) throw std::runtime_error(result.error().text);
  if constexpr (!std::is_void_v<Value>) return *std::move(result);
}

class BackupTest : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return root_.path() + "/" + name; }
  BackupPlace place() const { return {path("backup"), path("keys")}; }
  base::Result<BackupReport> back_up_data() {
    return back_up(path("data"), place(), random_, clock_);
  }
  base::Result<RestoreReport> restore_data() {
    return restore(place(), path("data"), random_, clock_);
  }

  // An account with a login, a blob, and some entries in the log.
  void fill() {
    const DataFolder folder = must(DataFolder::open(path("data"), random_));
    const auto catalog = must(catalog::open_sqlite_catalog(folder.catalog_path()));
    must(catalog->transact([&](catalog::Records& records) -> base::Result<void> {
      SEALIFT_TRY_VOID(records.accounts->add({.id = account_,
                                              .lookup = {random_.array<32>()},
                                              .sealed_address = {std::byte{1}},
                                              .roles = {.administrator = true},
                                              .created = clock_.now()}));
      SEALIFT_TRY_VOID(records.sessions->add({.id = {random_.array<16>()},
                                              .account = account_,
                                              .created = clock_.now(),
                                              .last_seen = clock_.now(),
                                              .expires = clock_.now() + std::chrono::hours(1),
                                              .idle_ms_max = std::chrono::hours(1)},
                                             token_));
      return {};
    }));
    auto files = must(base::DiskFileSystem::open_root(folder.store_path()));
    const auto store = must(store::DiskBlobStore::open(files));
    must(store->create(blob_, kContent.size()));
    must(store->write(blob_, 0, base::bytes_of(kContent)));
    must(store->finish(blob_));
    grow_log(300);
  }
  void grow_log(std::size_t entries) {
    const DataFolder folder = must(DataFolder::open(path("data"), random_));
    auto files = must(base::DiskFileSystem::open_root(folder.log_path()));
    const auto writer = must(log::LogWriter::open(
        files, {folder.log_name(), crypto::Ed25519Secret::from_seed(folder.log_seed().view())}));
    std::vector<base::Bytes> all;
    for (std::size_t i = 0; i < entries; ++i) {
      all.push_back(base::copy_of(base::bytes_of("entry " + std::to_string(i))));
    }
    must(writer->append(all));
    must(writer->publish());
  }
  std::string file(const std::string& name) const {
    std::ifstream in(path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  const base::TemporaryFolder root_;
  crypto::SystemRandom random_;
  base::ManualClock clock_{base::UnixTime(std::chrono::hours(500'000))};
  const catalog::AccountId account_{random_.array<16>()};
  const catalog::TokenHash token_{random_.array<32>()};
  const store::BlobId blob_ = store::BlobId::generate(random_);
  static constexpr std::string_view kContent = "sealed bytes";
};

TEST_F(BackupTest, ALostDataFolderComesBack) {
  fill();
  const std::string checkpoint = file("data/log/checkpoint");
  const BackupReport report = must(back_up_data());
  EXPECT_EQ(report.blobs, 1U);
  EXPECT_EQ(report.bytes_copied, kContent.size());
  fs::remove_all(path("data"));

  const RestoreReport restored = must(restore_data());
  EXPECT_EQ(restored.accounts, 1U);
  EXPECT_EQ(restored.blobs, 1U);
  EXPECT_EQ(restored.log_entries, 300U);
  EXPECT_EQ(file("data/log/checkpoint"), checkpoint);
  const DataFolder folder = must(DataFolder::open(path("data"), random_));
  auto files = must(base::DiskFileSystem::open_root(folder.store_path()));
  const auto store = must(store::DiskBlobStore::open(files));
  base::Bytes content(kContent.size());
  EXPECT_EQ(must(store->read(blob_, 0, content)), kContent.size());
  EXPECT_EQ(base::text_of(content), kContent);
  grow_log(10);
}

TEST_F(BackupTest, LoginsOfTheBackupAreEnded) {
  fill();
  must(back_up_data());
  fs::remove_all(path("data"));
  must(restore_data());
  const auto catalog = must(catalog::open_sqlite_catalog(path("data/catalog/catalog.db")));
  must(catalog->read([&](const catalog::Records& records) -> base::Result<void> {
    EXPECT_TRUE(must(records.accounts->find(account_)));
    EXPECT_FALSE(must(records.sessions->find_live(token_, clock_.now())));
    return {};
  }));
}

TEST_F(BackupTest, ASecondBackupCopiesWhatIsNewAndDropsWhatIsGone) {
  fill();
  must(back_up_data());
  grow_log(500);
  const BackupReport second = must(back_up_data());
  EXPECT_EQ(second.blobs, 1U);
  EXPECT_EQ(second.blobs_copied, 0U);
  {
    auto files = must(base::DiskFileSystem::open_root(path("data/store")));
    const auto store = must(store::DiskBlobStore::open(files));
    must(store->remove(blob_));
  }
  EXPECT_EQ(must(back_up_data()).blobs, 0U);
  fs::remove_all(path("data"));
  const RestoreReport restored = must(restore_data());
  EXPECT_EQ(restored.log_entries, 800U);
  EXPECT_EQ(restored.blobs, 0U);
}

TEST_F(BackupTest, ABackupIsLoggedAndHoldsNoKey) {
  fill();
  must(back_up_data());
  EXPECT_FALSE(fs::exists(path("backup/vault.key")));
  const std::string key = file("keys/vault.key");
  ASSERT_GT(key.size(), 32U);
  for (const auto& entry : fs::recursive_directory_iterator(path("backup"))) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    EXPECT_EQ(bytes.find(key.substr(key.size() - 32)), std::string::npos);
    EXPECT_EQ(fs::status(entry.path()).permissions() & fs::perms::all,
              fs::perms::owner_read | fs::perms::owner_write);
  }
  const auto catalog = must(catalog::open_sqlite_catalog(path("data/catalog/catalog.db")));
  must(catalog->read([&](const catalog::Records& records) -> base::Result<void> {
    const auto events = must(records.custody->queued(10));
    EXPECT_EQ(events.size(), 1U);
    EXPECT_NE(base::text_of(events.front().event).find("backed_up"), std::string_view::npos);
    return {};
  }));
}

TEST_F(BackupTest, WhatCannotBeRightIsRefused) {
  using base::ErrorCode;
  EXPECT_EQ(back_up_data().error().code, ErrorCode::not_found);
  EXPECT_EQ(restore_data().error().code, ErrorCode::not_found);
  fill();
  EXPECT_EQ(
      back_up(path("data"), {path("backup"), path("backup/keys")}, random_, clock_).error().code,
      ErrorCode::usage);
  must(back_up_data());
  EXPECT_EQ(restore_data().error().code, ErrorCode::conflict) << "the data folder is in use";
  fs::remove_all(path("data"));
  std::fstream tile(path("backup/log/tile/entries/000"),
                    std::ios::binary | std::ios::in | std::ios::out);
  ASSERT_TRUE(tile.good());
  tile.seekp(40);
  tile.put('X');
  tile.close();
  EXPECT_EQ(restore_data().error().code, ErrorCode::damaged);
}

}  // namespace
}  // namespace sealift::server::vault
