// The conformance suite over SQLite, and what is SQLite's alone.
#include "catalog/sqlite_catalog.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "catalog/catalog_suite.h"

namespace sealift::catalog {
namespace {

std::string file_in(const std::string& folder) { return folder + "/catalog.db"; }

INSTANTIATE_TEST_SUITE_P(Sqlite, CatalogSuite,
                         testing::Values(CatalogKind{"Sqlite",
                                                     [](const std::string& folder) {
                                                       return open_sqlite_catalog(file_in(folder));
                                                     }}),
                         testing::PrintToStringParamName());

std::string content_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(SqliteCatalogTest, FilesAreReadableByTheirOwnerAlone) {
  const base::TemporaryFolder folder;
  const auto catalog = must(open_sqlite_catalog(file_in(folder.path())));
  must(catalog->advance_clock(base::UnixTime(std::chrono::hours(1))));
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    struct stat status {};
    ASSERT_EQ(::stat(entry.path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
    ++files;
  }
  EXPECT_EQ(files, 3) << "database, write-ahead log and its index";
}

TEST(SqliteCatalogTest, WhatIsNoDatabaseIsRefused) {
  const base::TemporaryFolder folder;
  std::ofstream(file_in(folder.path())) << std::string(8192, 'x');
  EXPECT_EQ(open_sqlite_catalog(file_in(folder.path())).error().code, base::ErrorCode::damaged);
}

TEST(SqliteCatalogTest, AMissingFolderIsNotFound) {
  const base::TemporaryFolder folder;
  EXPECT_EQ(open_sqlite_catalog(folder.path() + "/no/catalog.db").error().code,
            base::ErrorCode::not_found);
}

TEST(SqliteCatalogTest, ASymbolicLinkIsNotFollowed) {
  const base::TemporaryFolder folder;
  std::filesystem::create_symlink(folder.path() + "/elsewhere.db", file_in(folder.path()));
  EXPECT_FALSE(open_sqlite_catalog(file_in(folder.path())));
  EXPECT_FALSE(std::filesystem::exists(folder.path() + "/elsewhere.db"));
}

TEST(SqliteCatalogTest, TwoProcessesShareOneFile) {
  const base::TemporaryFolder folder;
  const auto one = must(open_sqlite_catalog(file_in(folder.path())));
  const auto other = must(open_sqlite_catalog(file_in(folder.path())));
  const NewAccount account{.sealed_address = base::Bytes(1)};
  EXPECT_EQ(must(one->transact([&](Records& records) { return records.accounts->add(account); })),
            Insert::added);
  EXPECT_EQ(must(other->transact([&](Records& records) { return records.accounts->add(account); })),
            Insert::taken);
}

// The command line writes beside a running server, which has just read and keeps its snapshot.
TEST(SqliteCatalogTest, WhatAnotherProcessCommittedTheNextReadSees) {
  const base::TemporaryFolder folder;
  const auto server = must(open_sqlite_catalog(file_in(folder.path())));
  const auto other = must(open_sqlite_catalog(file_in(folder.path())));
  for (std::uint64_t revision = 0; revision < 100; ++revision) {
    const auto seen = [&] {
      return must(server->read([](const Records& records) { return records.policies->current(); }))
          .revision.value;
    };
    ASSERT_EQ(seen(), revision);
    const Policy next{.revision = {revision}};
    ASSERT_EQ(
        must(other->transact([&](Records& records) { return records.policies->replace(next); })),
        Change::done);
    ASSERT_EQ(seen(), revision + 1);
  }
}

// Deleting the header is what makes every copy of a payload unreadable, so it has to be gone from
// the disk, not only from the table.
TEST(SqliteCatalogTest, ADestroyedHeaderIsInNoFileAfterScrubbing) {
  const base::TemporaryFolder folder;
  const auto catalog = must(open_sqlite_catalog(file_in(folder.path())));
  const std::string header = "a header that must not stay " + std::string(3000, 'h');
  const Parcel parcel{.expires = base::UnixTime(std::chrono::hours(1))};
  must(catalog->transact([&](Records& records) -> base::Result<Change> {
    SEALIFT_TRY_VOID(records.accounts->add({.sealed_address = base::Bytes(1)}));
    SEALIFT_TRY_VOID(records.parcels->create(parcel));
    return records.parcels->put_part(
        parcel.id, {.part = Part::content, .header = base::copy_of(base::bytes_of(header))});
  }));
  const auto files_with_header = [&] {
    int count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
      count += content_of(entry.path()).find("must not stay") != std::string::npos ? 1 : 0;
    return count;
  };
  EXPECT_EQ(files_with_header(), 1) << "the test would not see it";
  must(catalog->scrub());
  EXPECT_EQ(files_with_header(), 1);
  must(catalog->transact(
      [&](Records& records) { return records.parcels->recall(parcel.id, base::UnixTime{}); }));
  must(catalog->scrub());
  EXPECT_EQ(files_with_header(), 0);
}

// A read that ended during a scrub kept its snapshot, which the scrub waited for with every commit
// behind it.
TEST(SqliteCatalogTest, AScrubIsDoneBesideReads) {
  const base::TemporaryFolder folder;
  const auto catalog = must(open_sqlite_catalog(file_in(folder.path())));
  std::atomic<bool> is_done = false;
  std::atomic<int> reads = 0;
  std::thread reader([&] {
    while (!is_done) {
      must(catalog->read([](const Records& records) { return records.policies->current(); }));
      ++reads;
    }
  });
  for (int i = 0; i < 10; ++i) {
    must(catalog->transact([&](Records& records) -> base::Result<Change> {
      SEALIFT_TRY(const Policy policy, records.policies->current());
      return records.policies->replace(policy);
    }));
    for (const int before = reads; reads < before + 10;) std::this_thread::yield();
    const auto scrubbed = catalog->scrub();
    EXPECT_TRUE(scrubbed) << scrubbed.error().text;
    if (!scrubbed) break;
  }
  is_done = true;
  reader.join();
}

TEST(SqliteCatalogTest, ABackupIsWholeAndOpensAsACatalog) {
  const base::TemporaryFolder folder;
  const auto catalog = must(open_sqlite_catalog(file_in(folder.path())));
  const NewAccount account{.sealed_address = base::Bytes(1)};
  must(catalog->transact([&](Records& records) { return records.accounts->add(account); }));
  const std::string copy = folder.path() + "/copy.db";
  must(catalog->back_up_to(copy));
  EXPECT_EQ(catalog->back_up_to(copy).error().code, base::ErrorCode::conflict);
  const auto restored = must(open_sqlite_catalog(copy));
  EXPECT_TRUE(
      must(restored->read([&](const Records& records) { return records.accounts->find({}); })));
}

// A row that our code did not write is reported, not handed out.
TEST(SqliteCatalogTest, NumbersBeyondTheColumnAreRefused) {
  const base::TemporaryFolder folder;
  const auto catalog = must(open_sqlite_catalog(file_in(folder.path())));
  const auto outcome = catalog->transact([&](Records& records) -> base::Result<Change> {
    return records.accounts->set_quota({}, std::numeric_limits<std::uint64_t>::max());
  });
  EXPECT_EQ(outcome.error().code, base::ErrorCode::limit);
}

}  // namespace
}  // namespace sealift::catalog
