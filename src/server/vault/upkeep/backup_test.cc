// The drill: a data folder that was lost comes back from its backup, whole or saying what it lacks,
// wherever the power went.
#include "server/vault/upkeep/backup.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/hex.h"
#include "base/temporary_folder.h"
#include "catalog/sqlite_catalog.h"
#include "server/vault/directory_keeper.h"
#include "server/vault/host.h"
#include "server/vault/notary.h"
#include "server/vault/sequencer.h"
#include "server/vault/upkeep/restore.h"
#include "server/vault/vault_keys.h"
#include "store/disk_blob_store.h"

namespace sealift::server::vault {
namespace {

namespace fs = std::filesystem;
using base::ErrorCode;
using catalog::Records;
using Kind = Finding::Kind;

template <typename Value>
Value must(base::Result<Value> result) {
  if (!result) throw std::runtime_error(result.error().text);
  if constexpr (!std::is_void_v<Value>) return *std::move(result);
}

struct Sent {
  catalog::ParcelId parcel{};
  catalog::BlobId blob{};
  std::string content{};
};

class BackupTest : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return root_.path() + "/" + name; }
  BackupPlace place() const { return {path("backup"), path("keys")}; }
  base::Result<BackupReport> back_up_data(const BackupOptions& options = {}) {
    return back_up(path("data"), place(), options, random_, clock_);
  }
  base::Result<RestoreReport> restore_data(const RestoreOptions& options = {}) {
    return restore(place(), path("data"), options, random_, clock_);
  }
  DataFolder folder() { return must(DataFolder::open(path("data"), random_)); }
  std::unique_ptr<catalog::Catalog> open_catalog() {
    return must(catalog::open_sqlite_catalog(path("data/catalog/catalog.db")));
  }

  // An account with a login, a parcel, and some events in the log.
  void fill() {
    const DataFolder data = folder();
    const VaultKeys keys(data.vault_key());
    must(open_catalog()->transact([&](Records& records) -> base::Result<void> {
      SEALIFT_TRY_VOID(records.accounts->add(
          {.id = account_,
           .lookup = {random_.array<32>()},
           .sealed_address = keys.wrap(WrapFor::address, account_.view(),
                                       base::bytes_of("a@example.org"), random_),
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
    send("the first parcel's sealed bytes");
    note(300);
  }

  // A whole parcel, its bytes in the store.
  Sent send(const std::string& content) {
    Sent sent{{random_.array<16>()}, {random_.array<16>()}, content};
    must(open_catalog()->transact([&](Records& records) -> base::Result<void> {
      SEALIFT_TRY_VOID(
          records.blobs->reserve({sent.blob, account_, content.size(), std::uint64_t{1} << 40}));
      SEALIFT_TRY_VOID(records.parcels->create({.id = sent.parcel,
                                                .owner = account_,
                                                .created = clock_.now(),
                                                .expires = clock_.now() + kDay}));
      SEALIFT_TRY_VOID(records.parcels->put_part(
          sent.parcel, {catalog::Part::content, {std::byte{1}}, sent.blob, {}, content.size()}));
      SEALIFT_TRY_VOID(records.parcels->put_part(
          sent.parcel, {catalog::Part::manifest, {std::byte{1}}, std::nullopt, {std::byte{1}}, 1}));
      SEALIFT_TRY(const auto done, records.parcels->complete(sent.parcel, clock_.now()));
      EXPECT_EQ(done, catalog::Change::done);
      return {};
    }));
    auto files = must(base::DiskFileSystem::open_root(path("data/store")));
    const auto store = must(store::DiskBlobStore::open(files));
    const store::BlobId id{sent.blob.bytes};
    must(store->create(id, content.size()));
    must(store->write(id, 0, base::bytes_of(content)));
    must(store->finish(id));
    return sent;
  }

  // Events, and as many people's first keys in the directory, as the server logs them.
  void note(int count) {
    const DataFolder data = folder();
    const VaultKeys keys(data.vault_key());
    const auto catalog = open_catalog();
    catalog::CommitQueue commits(*catalog);
    auto files = must(base::DiskFileSystem::open_root(data.log_path()));
    auto directory_files = must(base::DiskFileSystem::open_root(data.directory_path()));
    const auto directory = must(DirectoryKeeper::open(
        {*catalog, commits, directory_files, keys, data.log_name(), data.log_seed()}));
    Notary notary(random_, keys, [] {});
    must(catalog->transact([&](Records& records) -> base::Result<void> {
      for (int i = 0; i < count; ++i) {
        SEALIFT_TRY_VOID(
            notary.note(records, {.kind = Logged::session_begun, .happened = clock_.now()}));
        SEALIFT_TRY_VOID(
            directory->note(records, base::hex_encode(random_.array<8>()) + "@example.org",
                            {directory::How::enrolled, 1, random_.array<32>()}, clock_.now()));
      }
      return {};
    }));
    // Its end logs what waits.
    (void)must(Sequencer::start(
        {*catalog, commits, files, keys, data.log_name(), data.log_seed(), directory.get()}));
  }
  std::uint64_t logged() {
    return must(open_catalog()->read(
        [](const Records& records) { return records.custody->logged_count(); }));
  }
  CheckReport check() { return must(check_data_folder(folder(), Reading::every_byte)); }

  // Recalled, and its bytes gone, as the server leaves it.
  base::Result<void> end_parcel(const Sent& sent) {
    fs::remove(live_blob(sent));
    return open_catalog()->transact([&](Records& records) -> base::Result<void> {
      SEALIFT_TRY_VOID(records.parcels->recall(sent.parcel, clock_.now()));
      return {};
    });
  }
  std::string file(const std::string& name) const {
    std::ifstream in(path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void flip_byte(const std::string& at, int offset) const {
    std::fstream bytes(at, std::ios::binary | std::ios::in | std::ios::out);
    ASSERT_TRUE(bytes.good()) << at;
    bytes.seekg(offset);
    const char before = static_cast<char>(bytes.get());
    bytes.seekp(offset);
    bytes.put(static_cast<char>(before ^ 1));
  }
  std::string live_blob(const Sent& sent) const {
    return whole_blob_path(path("data/store"), sent.blob);
  }
  std::string kept_blob(const Sent& sent) const {
    return BackupFolder(path("backup")).blob(sent.blob);
  }
  void lose_data() const { fs::remove_all(path("data")); }

  // Runs `work` in a process of its own that ends, as by SIGKILL, at its `step`th step; whether it
  // came to its end before.
  template <typename Work>
  bool survives(int step, const Work& work) {
    const pid_t child = ::fork();
    if (child == 0) {
      int left = step;
      const auto on_step = [&left](std::string_view) {
        if (left-- == 0) ::_exit(7);
      };
      ::_exit(work(on_step) ? 0 : 1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) != 1) << "step " << step;
    return WEXITSTATUS(status) == 0;
  }

  static constexpr std::chrono::hours kDay{24};
  const base::TemporaryFolder root_;
  crypto::SystemRandom random_;
  base::ManualClock clock_{base::UnixTime(std::chrono::hours(500'000))};
  const catalog::AccountId account_{random_.array<16>()};
  const catalog::TokenHash token_{random_.array<32>()};
};

TEST_F(BackupTest, ALostDataFolderComesBack) {
  fill();
  const Sent sent = send("sealed bytes");
  const std::string checkpoint = file("data/log/checkpoint");
  const BackupReport report = must(back_up_data());
  EXPECT_EQ(report.blobs, 2U);
  EXPECT_EQ(report.generation, 1U);
  EXPECT_TRUE(report.lost.empty());
  lose_data();

  const RestoreReport restored = must(restore_data());
  EXPECT_EQ(restored.accounts, 1U);
  EXPECT_EQ(restored.parcels, 2U);
  EXPECT_EQ(restored.blobs, 2U);
  EXPECT_EQ(restored.log_entries, 300U);
  EXPECT_TRUE(restored.lost.empty());
  EXPECT_EQ(file("data/log/checkpoint"), checkpoint);
  EXPECT_EQ(folder().restore_state(), RestoreState::none);
  auto files = must(base::DiskFileSystem::open_root(path("data/store")));
  const auto store = must(store::DiskBlobStore::open(files));
  base::Bytes content(sent.content.size());
  EXPECT_EQ(must(store->read({sent.blob.bytes}, 0, content)), content.size());
  EXPECT_EQ(base::text_of(content), sent.content);
  note(10);
  EXPECT_TRUE(check().findings.empty());
}

TEST_F(BackupTest, LoginsOfTheBackupAreEnded) {
  fill();
  must(back_up_data());
  lose_data();
  must(restore_data());
  must(open_catalog()->read([&](const Records& records) -> base::Result<void> {
    EXPECT_TRUE(must(records.accounts->find(account_)));
    EXPECT_FALSE(must(records.sessions->find_live(token_, clock_.now())));
    return {};
  }));
}

// They may have been withdrawn since.
TEST_F(BackupTest, ChangesThatWaitedInTheBackupAreWithdrawn) {
  fill();
  const catalog::ProposalId id{random_.array<16>()};
  must(open_catalog()->transact([&](Records& records) {
    return records.proposals->add({.id = id,
                                   .account = account_,
                                   .proposed_by = account_,
                                   .proposed = clock_.now(),
                                   .not_before = clock_.now()});
  }));
  must(back_up_data());
  lose_data();
  must(restore_data());
  must(open_catalog()->read([&](const Records& records) -> base::Result<void> {
    EXPECT_TRUE(must(records.proposals->waiting()).empty());
    EXPECT_EQ(must(records.proposals->find(id)).value().state, catalog::ProposalState::withdrawn);
    return {};
  }));
}

TEST_F(BackupTest, ALaterBackupCopiesWhatIsNewAndDropsWhatNoGenerationHas) {
  fill();
  const Sent early = send("early");
  must(back_up_data());
  must(open_catalog()->transact(
      [&](Records& records) { return records.parcels->recall(early.parcel, clock_.now()); }));
  const BackupReport second = must(back_up_data({.generations_kept = 2}));
  EXPECT_EQ(second.blobs, 1U);
  EXPECT_EQ(second.blobs_copied, 0U);
  EXPECT_TRUE(fs::exists(kept_blob(early))) << "generation 1 has it";
  must(back_up_data({.generations_kept = 2}));
  EXPECT_FALSE(fs::exists(kept_blob(early)));
  EXPECT_EQ(must(BackupFolder(path("backup")).numbers()), (std::vector<std::uint64_t>{2, 3}));
  lose_data();
  EXPECT_EQ(must(restore_data()).parcels, 1U);
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
  must(open_catalog()->read([&](const Records& records) -> base::Result<void> {
    const auto events = must(records.custody->queued(10));
    EXPECT_EQ(events.size(), 1U);
    EXPECT_NE(base::text_of(events.front().event).find("backed_up"), std::string_view::npos);
    return {};
  }));
}

TEST_F(BackupTest, TheCertificateComesBackToo) {
  fill();
  fs::create_directory(path("data/tls"));
  std::ofstream(path("data/tls/certificate.pem")) << "certificate";
  must(back_up_data());
  EXPECT_FALSE(fs::exists(path("backup/tls")));
  lose_data();
  must(restore_data());
  EXPECT_EQ(file("data/tls/certificate.pem"), "certificate");
}

TEST_F(BackupTest, ALinkInThePlaceOfAFolderIsNotFollowed) {
  fill();
  ASSERT_EQ(::mkdir(path("victim").c_str(), 0755), 0);
  std::ofstream(path("victim/private_key.pem")) << "somebody else's";
  ASSERT_EQ(::symlink(path("victim").c_str(), path("data/tls").c_str()), 0);
  EXPECT_FALSE(back_up_data());
  EXPECT_FALSE(fs::exists(path("keys/tls/private_key.pem")));
  fs::remove(path("data/tls"));
  ASSERT_EQ(::rename(path("data/log").c_str(), path("log").c_str()), 0);
  ASSERT_EQ(::symlink(path("victim").c_str(), path("data/log").c_str()), 0);
  crypto::SystemRandom random;
  const auto opened = DataFolder::open(path("data"), random);
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().text.find("data/log is no folder, it is a link"), std::string::npos)
      << opened.error().text;
  EXPECT_FALSE(fs::exists(path("victim/directory")));
}

TEST_F(BackupTest, WhatCannotBeRightIsRefused) {
  EXPECT_EQ(back_up_data().error().code, ErrorCode::not_found);
  EXPECT_EQ(restore_data().error().code, ErrorCode::not_found);
  fill();
  EXPECT_EQ(back_up(path("data"), {path("backup"), path("backup/keys")}, {}, random_, clock_)
                .error()
                .code,
            ErrorCode::usage);
  must(back_up_data());
  EXPECT_EQ(restore_data().error().code, ErrorCode::conflict) << "the data folder is in use";
  EXPECT_EQ(restore_data({.generation = 9}).error().code, ErrorCode::not_found);
  must(DataFolder::open(path("other"), random_));
  must(catalog::open_sqlite_catalog(path("other/catalog/catalog.db")));
  EXPECT_EQ(back_up(path("other"), place(), {}, random_, clock_).error().code, ErrorCode::conflict)
      << "another server's keys are there";
  EXPECT_EQ(
      back_up(path("other"), {path("backup"), path("keys2")}, {}, random_, clock_).error().code,
      ErrorCode::conflict)
      << "another server's backup is there";
}

TEST_F(BackupTest, WhatOtherAccountsCanReadOrWriteIsRefusedByName) {
  fill();
  must(back_up_data());
  const struct {
    const char* name;
    mode_t mode, open;
    std::string said;
  } all[] = {{"keys/vault.key", 0600, 0644, "vault.key in the keys' folder"},
             {"keys/log.key", 0600, 0640, "log.key in the keys' folder"},
             {"backup", 0700, 0777, path("backup") + " can be written to"},
             {"keys", 0700, 0720, path("keys") + " can be written to"}};
  const auto is_refused = [](const auto& result, const std::string& said) {
    return !result && result.error().code == ErrorCode::forbidden &&
           result.error().text.starts_with(said);
  };
  for (const auto& one : all) {
    ASSERT_EQ(::chmod(path(one.name).c_str(), one.open), 0);
    EXPECT_TRUE(is_refused(back_up_data(), one.said)) << one.name;
    EXPECT_TRUE(is_refused(verify_backup(place(), std::nullopt), one.said)) << one.name;
    EXPECT_TRUE(is_refused(restore(place(), path("elsewhere"), {}, random_, clock_), one.said))
        << one.name;
    EXPECT_FALSE(fs::exists(path("elsewhere"))) << "nothing was begun";
    ASSERT_EQ(::chmod(path(one.name).c_str(), one.mode), 0);
  }
  ASSERT_EQ(::chmod(path("backup").c_str(), 0755), 0);
  must(back_up_data());  // what it holds is sealed, or closed to others by itself
}

// Its owner could put a link in the place of store/, and the backup would clear what it leads to.
TEST_F(BackupTest, NoBackupIsMadeIntoAnotherAccountsFolder) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a folder away";
  fill();
  ASSERT_EQ(::mkdir(path("backup").c_str(), 0755), 0);
  ASSERT_EQ(::mkdir(path("victim").c_str(), 0755), 0);
  ASSERT_EQ(::mkdir(path("victim/docs").c_str(), 0755), 0);
  std::ofstream(path("victim/docs/thesis.txt")) << "years of work";
  ASSERT_EQ(::symlink(path("victim").c_str(), path("backup/store").c_str()), 0);
  ASSERT_EQ(::lchown(path("backup").c_str(), 65534, 65534), 0);
  const auto refused = back_up_data();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::forbidden);
  EXPECT_TRUE(fs::exists(path("victim/docs/thesis.txt")));
}

// Its owner could swap root's folder in it while the backup removes what is too old.
TEST_F(BackupTest, NoBackupIsMadeBelowAnotherAccountsFolder) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a folder away";
  fill();
  ASSERT_EQ(::mkdir(path("theirs").c_str(), 0755), 0);
  ASSERT_EQ(::mkdir(path("theirs/roots").c_str(), 0755), 0);
  ASSERT_EQ(::chown(path("theirs").c_str(), 65534, 65534), 0);
  const auto refused =
      back_up(path("data"), {path("theirs/roots/backup"), path("keys")}, {}, random_, clock_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::forbidden);
  EXPECT_TRUE(fs::is_empty(path("theirs/roots")));
}

TEST_F(BackupTest, ABackupInTheDataFolderIsRefused) {
  fill();
  const auto refused =
      back_up(path("data"), {path("data/backup"), path("keys")}, {}, random_, clock_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::usage);
}

TEST_F(BackupTest, AGenerationThatIsNotThereIsAnsweredWithThoseThatAre) {
  fill();
  must(back_up_data());
  must(back_up_data());
  const auto refused = verify_backup(place(), 17);
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().text.ends_with("but these: 1, 2")) << refused.error().text;
}

TEST_F(BackupTest, ABackupKilledAtAnyStepLeavesTheOneBeforeAsItWas) {
  fill();
  const Sent first = send("in the first backup");
  must(back_up_data());
  const Sent second = send("since then");
  note(20);
  int step = 0;
  while (!survives(step, [&](const auto& on_step) {
    return back_up_data({.generations_kept = 1, .on_step = on_step}).has_value();
  })) {
    SCOPED_TRACE(step);
    RestoreReport restored = must(restore(place(), path("again"), {}, random_, clock_));
    EXPECT_TRUE(restored.lost.empty());
    EXPECT_GE(restored.parcels, 2U);
    EXPECT_TRUE(fs::exists(whole_blob_path(path("again/store"), first.blob)));
    const bool has_second = fs::exists(whole_blob_path(path("again/store"), second.blob));
    EXPECT_EQ(has_second, restored.marker.generation > 1);
    fs::remove_all(path("again"));
    ++step;
  }
  EXPECT_GE(step, 10);
  EXPECT_TRUE(must(verify_backup(place(), std::nullopt)).findings.empty());
  EXPECT_EQ(must(verify_backup(place(), std::nullopt)).interrupted, 0U);
  lose_data();
  EXPECT_EQ(must(restore_data()).parcels, 3U);
}

TEST_F(BackupTest, ARestoreKilledAtAnyStepStartsNoServerAndIsRunAgain) {
  fill();
  must(back_up_data());
  lose_data();
  int step = 0;
  while (!survives(step, [&](const auto& on_step) {
    return restore_data({.generation = std::nullopt, .on_step = on_step}).has_value();
  })) {
    SCOPED_TRACE(step);
    EXPECT_EQ(file("data/restore"), "under way\n");
    EXPECT_EQ(
        must(DataFolder::open(path("data"), random_)).refuse_unfinished_restore().error().code,
        ErrorCode::conflict);
    lose_data();
    ++step;
    if (step % 2 == 0) continue;
    // Half of one is there, and the next is run over it.
    survives(step, [&](const auto& on_step) {
      return restore_data({.generation = std::nullopt, .on_step = on_step}).has_value();
    });
  }
  EXPECT_GE(step, 6);
  EXPECT_TRUE(check().findings.empty());
}

// A backup made meanwhile removes what is too old.
TEST_F(BackupTest, WhatARestoreReadsIsNotRemovedUnderIt) {
  fill();
  const Sent sent = send("bytes that end before the next backup");
  must(back_up_data());
  must(end_parcel(sent));
  const auto generations = [&] {
    return std::distance(fs::directory_iterator(path("backup/generations")), {});
  };
  const auto restored = restore(place(), path("elsewhere"),
                                {.generation = 1,
                                 .on_step =
                                     [&](std::string_view step) {
                                       if (step == "begun")
                                         must(back_up_data({.generations_kept = 1}));
                                     }},
                                random_, clock_);
  ASSERT_TRUE(restored) << restored.error().text;
  EXPECT_TRUE(restored->lost.empty());
  EXPECT_EQ(generations(), 2) << "it is removed later";
  must(back_up_data({.generations_kept = 1}));
  EXPECT_EQ(generations(), 1);
}

// An empty catalog in the place of a lost one would be whole.
TEST_F(BackupTest, ALostCatalogIsNotBackedUpAsAnEmptyOne) {
  must(catalog::open_sqlite_catalog((folder(), path("data/catalog/catalog.db"))));
  must(back_up_data());
  for (const char* name : {"catalog.db", "catalog.db-wal", "catalog.db-shm"})
    fs::remove(path("data/catalog/") + name);
  EXPECT_EQ(back_up_data().error().code, ErrorCode::damaged);
  EXPECT_EQ(Host::open(path("data"), Host::Begin::no, random_, clock_).error().code,
            ErrorCode::damaged);
  EXPECT_TRUE(fs::is_empty(path("data/catalog"))) << "none is made";
}

TEST_F(BackupTest, WhatHappensWhileItIsCopiedIsConsistent) {
  fill();
  std::optional<Sent> during;
  BackupOptions options;
  options.on_step = [&](std::string_view step) {
    if (step != "catalog") return;
    during = send("after the log was copied");
    note(7);
  };
  const BackupReport report = must(back_up_data(options));
  EXPECT_EQ(report.blobs, 2U);
  const std::string directory = file("data/log/directory/checkpoint");
  EXPECT_TRUE(directory.starts_with(folder().log_name() + "/directory\n308\n"));
  lose_data();
  EXPECT_EQ(must(restore_data()).parcels, 2U);
  EXPECT_TRUE(file("data/log/directory/checkpoint").find("\n301\n") != std::string::npos);
  note(0);
  EXPECT_EQ(logged(), 308U) << "and the restore";
  EXPECT_EQ(file("data/log/directory/checkpoint"), directory) << "the same changes, the same root";
  EXPECT_TRUE(check().findings.empty()) << "the same events have the same leaves";
  // A client that saw the log of 307 entries meets its beginning again.
  lose_data();
  must(restore_data());
}

TEST_F(BackupTest, AParcelThatEndsWhileItIsCopiedIsInNoGeneration) {
  fill();
  std::optional<Sent> brief;
  BackupOptions options;
  options.on_step = [&](std::string_view step) {
    if (step == "catalog") brief = send("short-lived");
    if (step != "compare" || !fs::exists(live_blob(*brief))) return;
    must(open_catalog()->transact(
        [&](Records& records) { return records.parcels->recall(brief->parcel, clock_.now()); }));
    fs::remove(live_blob(*brief));
  };
  const BackupReport report = must(back_up_data(options));
  EXPECT_TRUE(report.lost.empty());
  EXPECT_EQ(report.blobs, 1U);
  lose_data();
  EXPECT_EQ(must(restore_data()).parcels, 1U);
}

TEST_F(BackupTest, ADamagedStoreIsNotBackedUpInSilence) {
  fill();
  const Sent gone = send("gone");
  must(back_up_data());
  const Sent changed = send("changed");
  must(repair_what_is_safe(folder(), check().findings));  // reads their digests
  flip_byte(live_blob(changed), 2);
  const Sent missing = send("missing");
  fs::remove(live_blob(missing));
  fs::remove(live_blob(gone));
  const BackupReport report = must(back_up_data({.generations_kept = 1}));
  ASSERT_EQ(report.lost.size(), 2U);
  for (const Finding& finding : report.lost) {
    EXPECT_TRUE(finding.parcel == changed.parcel || finding.parcel == missing.parcel);
  }
  EXPECT_EQ(must(BackupFolder(path("backup")).numbers()).size(), 2U)
      << "one that lacks something removes none";
  EXPECT_EQ(must(verify_backup(place(), std::nullopt)).marker.lost, 2U);
  lose_data();
  const RestoreReport restored = must(restore_data());
  EXPECT_EQ(restored.lost.size(), 2U);
  EXPECT_EQ(folder().restore_state(), RestoreState::not_whole);
  EXPECT_FALSE(folder().refuse_unfinished_restore());
  EXPECT_TRUE(fs::exists(live_blob(gone))) << "an older generation had its bytes";
  EXPECT_EQ(must(end_what_is_lost(folder(), random_, clock_)), 2U);
  EXPECT_TRUE(folder().refuse_unfinished_restore());
  note(0);
  EXPECT_TRUE(check().findings.empty());
}

TEST_F(BackupTest, AFlippedByteInABackupIsFoundBeforeAndAtTheRestore) {
  fill();
  const Sent sent = send("some sealed bytes");
  must(back_up_data());
  flip_byte(kept_blob(sent), 5);
  const VerifyReport verified = must(verify_backup(place(), std::nullopt));
  ASSERT_EQ(verified.findings.size(), 1U);
  EXPECT_EQ(verified.findings[0].kind, Kind::blob_changed);
  lose_data();
  const RestoreReport restored = must(restore_data());
  ASSERT_EQ(restored.lost.size(), 1U);
  EXPECT_EQ(restored.lost[0].parcel, sent.parcel);
  EXPECT_FALSE(folder().refuse_unfinished_restore());
}

TEST_F(BackupTest, ADamagedCatalogOrLogInABackupIsRefused) {
  fill();
  must(back_up_data());
  lose_data();
  flip_byte(path("backup/generations/00000001/catalog.db"), 5000);
  EXPECT_EQ(must(verify_backup(place(), std::nullopt)).findings.at(0).kind, Kind::catalog_damaged);
  EXPECT_EQ(restore_data().error().code, ErrorCode::damaged);
  flip_byte(path("backup/generations/00000001/catalog.db"), 5000);
  flip_byte(path("backup/generations/00000001/log/tile/entries/000"), 40);
  EXPECT_EQ(must(verify_backup(place(), std::nullopt)).findings.at(0).kind, Kind::log_damaged);
  EXPECT_EQ(restore_data().error().code, ErrorCode::damaged);
  flip_byte(path("backup/generations/00000001/log/tile/entries/000"), 40);
  EXPECT_TRUE(must(restore_data()).lost.empty()) << "run again, once it is whole";
}

TEST_F(BackupTest, AnotherServersKeyIsNoKey) {
  fill();
  must(back_up_data());
  lose_data();
  must(DataFolder::open(path("other"), random_));
  fs::copy_file(path("other/vault.key"), path("keys/vault.key"),
                fs::copy_options::overwrite_existing);
  EXPECT_EQ(restore_data().error().code, ErrorCode::no_match);
  EXPECT_FALSE(folder().refuse_unfinished_restore());
  fs::copy_file(path("other/log.key"), path("keys/log.key"), fs::copy_options::overwrite_existing);
  EXPECT_EQ(restore_data().error().code, ErrorCode::no_match);
}

TEST_F(BackupTest, TheCheckNamesWhatIsNotAsItWas) {
  fill();
  const Sent sent = send("bytes of some length");
  const auto kinds = [&] {
    std::vector<Kind> found;
    for (const Finding& finding : check().findings) found.push_back(finding.kind);
    return found;
  };
  EXPECT_EQ(kinds(), (std::vector{Kind::undigested, Kind::undigested}));
  must(repair_what_is_safe(folder(), check().findings));
  EXPECT_TRUE(kinds().empty());
  flip_byte(live_blob(sent), 3);
  EXPECT_EQ(kinds(), std::vector{Kind::blob_changed});
  EXPECT_EQ(must(repair_what_is_safe(folder(), check().findings)), 0U) << "a loss stays one";
  fs::resize_file(live_blob(sent), 4);
  EXPECT_EQ(kinds(), std::vector{Kind::blob_size});
  fs::remove(live_blob(sent));
  EXPECT_EQ(kinds(), std::vector{Kind::blob_missing});
  must(end_what_is_lost(folder(), random_, clock_));
  fs::permissions(path("data/vault.key"), fs::perms::group_read, fs::perm_options::add);
  std::ofstream(path("data/log/checkpoint.new")) << "cut short";
  EXPECT_EQ(kinds(), (std::vector{Kind::open_to_others, Kind::left_over}));
  EXPECT_EQ(must(check_data_folder(folder(), Reading::sizes, Beside::a_server)).findings.size(), 1U)
      << "what a server writes at the moment is no leftover";
  EXPECT_EQ(must(repair_what_is_safe(folder(), check().findings)), 2U);
  EXPECT_TRUE(kinds().empty());
  fs::remove_all(path("data/log"));
  fs::create_directory(path("data/log"));
  fs::permissions(path("data/log"), fs::perms::owner_all);
  EXPECT_EQ(kinds(), (std::vector{Kind::log_behind, Kind::directory_behind}));
  must(repair_what_is_safe(folder(), check().findings));
  note(0);
  EXPECT_TRUE(kinds().empty()) << "the same leaves again";
}

// Whose folder it is may have put it there, for root to follow.
TEST_F(BackupTest, ARepairFollowsNoLinkOutOfTheDataFolder) {
  fill();
  must(repair_what_is_safe(folder(), check().findings));
  ASSERT_EQ(::mkdir(path("victim").c_str(), 0755), 0);
  std::ofstream(path("victim/private_key.pem")) << "everybody reads this";
  ASSERT_EQ(::chmod(path("victim/private_key.pem").c_str(), 0644), 0);
  const auto mode_of = [&](const std::string& name) {
    struct stat status {};
    EXPECT_EQ(::stat(path(name).c_str(), &status), 0);
    return status.st_mode & 07777U;
  };
  ASSERT_EQ(::symlink(path("victim").c_str(), path("data/tls").c_str()), 0);
  const auto refused = repair_what_is_safe(folder(), check().findings);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().text.substr(0, 6), "tls is") << refused.error().text;
  EXPECT_FALSE(repair_what_is_safe(folder(), {{Kind::open_to_others, "tls/private_key.pem"}}));
  EXPECT_EQ(mode_of("victim"), 0755U);
  EXPECT_EQ(mode_of("victim/private_key.pem"), 0644U);
  fs::remove(path("data/tls"));
  ASSERT_EQ(::mkdir(path("victim/deep").c_str(), 0755), 0);
  ASSERT_EQ(::mkdir(path("victim/deep/deeper").c_str(), 0755), 0);
  ASSERT_EQ(::symlink(path("victim/deep").c_str(), path("data/log/deep").c_str()), 0);
  for (const std::string name : {"deep/notes.new", "deep/deeper/notes.new"}) {
    std::ofstream(path("victim/" + name)) << "years of work";
    EXPECT_FALSE(repair_what_is_safe(folder(), {{Kind::left_over, "log/" + name}}));
    EXPECT_TRUE(fs::exists(path("victim/" + name)));
  }
}

TEST_F(BackupTest, WhatWasReadIsCounted) {
  fill();
  const Sent lost = send("bytes of some length");
  const Sent cut = send("others, cut short");
  EXPECT_EQ(check().blobs, 0U) << "these wait for their first reading";
  must(repair_what_is_safe(folder(), check().findings));
  EXPECT_EQ(check().blobs, 3U);
  must(back_up_data());
  EXPECT_EQ(must(verify_backup(place(), std::nullopt)).blobs, 3U);
  fs::remove(live_blob(lost));
  fs::resize_file(live_blob(cut), 4);
  EXPECT_EQ(check().blobs, 1U);
  for (const auto& each : fs::recursive_directory_iterator(path("backup/store"))) {
    if (each.is_regular_file()) {
      fs::remove(each.path());
      break;
    }
  }
  EXPECT_EQ(must(verify_backup(place(), std::nullopt)).blobs, 2U);
}

// Whoever can write to a backup's or a data folder's place may put a pipe there, at which nobody
// writes: each of these would wait for ever.
TEST_F(BackupTest, APipeInAFilesPlaceIsNamedAndHoldsNothingUp) {
  fill();
  const Sent sent = send("some bytes");
  must(back_up_data());
  ::alarm(60);
  const auto with_pipe = [&](const std::string& name, const auto& act) {
    fs::rename(path(name), path("aside"));
    ASSERT_EQ(::mkfifo(path(name).c_str(), 0600), 0);
    act();
    fs::remove(path(name));
    fs::rename(path("aside"), path(name));
  };
  const auto named = [](const auto& result) {
    return !result && result.error().text.find("it is a pipe") != std::string::npos;
  };
  for (const char* const name : {"data/vault.key", "data/log.key"}) {
    with_pipe(name, [&] {
      EXPECT_TRUE(named(DataFolder::open_keys(path("data")))) << name;
      EXPECT_TRUE(named(back_up_data())) << name;
    });
  }
  with_pipe("keys/log.key", [&] {
    EXPECT_TRUE(named(verify_backup(place(), std::nullopt)));
    EXPECT_TRUE(named(restore(place(), path("elsewhere"), {}, random_, clock_)));
  });
  with_pipe("backup/generations/00000001/catalog.db", [&] {
    EXPECT_FALSE(must(verify_backup(place(), std::nullopt)).findings.empty());
    const auto refused = restore(place(), path("elsewhere"), {}, random_, clock_);
    EXPECT_TRUE(named(refused)) << refused.error().text;
    fs::remove_all(path("elsewhere"));
  });
  with_pipe("backup/generations/00000001/whole",
            [&] { EXPECT_FALSE(verify_backup(place(), std::nullopt)); });
  with_pipe("backup/generations/00000001/blobs",
            [&] { EXPECT_FALSE(verify_backup(place(), std::nullopt)); });
  const std::string blob = live_blob(sent).substr(path("").size());
  with_pipe(blob, [&] { EXPECT_FALSE(check().findings.empty()); });
  with_pipe("data/log/checkpoint", [&] {
    EXPECT_FALSE(check().findings.empty());
    EXPECT_FALSE(back_up_data());
  });
  must(folder().set_last_start({"https://files.example"}));
  with_pipe("data/url", [&] { EXPECT_EQ(folder().last_start().server_url, ""); });
  ASSERT_EQ(::mkfifo(path("data/restore").c_str(), 0600), 0);
  EXPECT_EQ(folder().restore_state(), RestoreState::under_way);
  ::alarm(0);
}

TEST_F(BackupTest, ARestoreThatCannotMakeItsFolderNamesIt) {
  fill();
  must(back_up_data());
  const auto refused = restore(place(), path("nowhere/data"), {}, random_, clock_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::not_found);
  EXPECT_NE(refused.error().text.find(path("nowhere/data")), std::string::npos);
}

// The log's writer was at work, or was killed at it, while the log was copied.
TEST_F(BackupTest, WhatTheLogsWriterHadHalfWrittenIsNotInABackup) {
  fill();
  for (const char* name : {"checkpoint.new", "tile/0/000.p/17.new", "directory/checkpoint.new"}) {
    fs::create_directories(fs::path(path("data/log/") + name).parent_path());
    std::ofstream(path("data/log/") + name) << "cut short";
  }
  must(back_up_data());
  lose_data();
  EXPECT_TRUE(must(restore_data()).lost.empty());
  EXPECT_TRUE(check().findings.empty());
}

TEST_F(BackupTest, ALogThatLacksWhatItsMarkerCountsIsNotRestored) {
  fill();
  must(back_up_data());
  lose_data();
  const std::string log = path("backup/generations/00000001/log");
  for (const char* name : {"/checkpoint", "/directory/checkpoint"}) {
    fs::rename(log + name, path("aside"));
    EXPECT_EQ(restore_data().error().code, ErrorCode::damaged) << name;
    EXPECT_FALSE(folder().refuse_unfinished_restore()) << "no server starts on it";
    fs::rename(path("aside"), log + name);
  }
  EXPECT_EQ(must(restore_data()).log_entries, 300U);
}

TEST_F(BackupTest, AGenerationThatCannotBeReadCostsNoOther) {
  fill();
  must(back_up_data());
  must(back_up_data());
  const std::string marker = path("backup/generations/00000002/whole");
  fs::resize_file(marker, 7);
  EXPECT_EQ(must(restore(place(), path("again"), {}, random_, clock_)).marker.generation, 1U);
  EXPECT_EQ(restore(place(), path("none"), {.generation = 2}, random_, clock_).error().code,
            ErrorCode::malformed);
  EXPECT_EQ(must(verify_backup(place(), std::nullopt)).interrupted, 1U);
  const BackupReport third = must(back_up_data({.generations_kept = 1}));
  EXPECT_EQ(third.generation, 3U);
  EXPECT_EQ(third.unreadable, std::vector<std::uint64_t>{2});
  EXPECT_EQ(must(BackupFolder(path("backup")).numbers()).size(), 3U) << "nothing was removed";

  std::ofstream(marker) << R"({"format":"sealift-backup-2"})";
  EXPECT_EQ(must(restore(place(), path("third"), {}, random_, clock_)).marker.generation, 3U);
  fs::remove_all(path("backup/generations/00000003"));
  EXPECT_EQ(restore(place(), path("none"), {}, random_, clock_).error().code,
            ErrorCode::unsupported)
      << "the newest is another version's: an older one only by its number";
  EXPECT_TRUE(restore(place(), path("first"), {.generation = 1}, random_, clock_));
  fs::remove_all(path("backup/generations/00000002"));

  flip_byte(path("backup/generations/00000001/blobs"), 1);
  EXPECT_EQ(must(back_up_data()).unreadable, std::vector<std::uint64_t>{1});
}

TEST_F(BackupTest, WhatOnlyTheBackupStillHasIsNamed) {
  fill();
  const Sent gone = send("gone");
  const Sent shorter = send("cut short");
  must(back_up_data());
  fs::remove(live_blob(gone));
  fs::resize_file(live_blob(shorter), 3);
  const BackupReport report = must(back_up_data({.generations_kept = 1}));
  EXPECT_TRUE(report.lost.empty()) << "this generation has all";
  ASSERT_EQ(report.only_here.size(), 2U);
  for (const Finding& finding : report.only_here) {
    EXPECT_TRUE(finding.parcel == gone.parcel || finding.parcel == shorter.parcel);
  }
  EXPECT_EQ(must(BackupFolder(path("backup")).numbers()).size(), 2U) << "and none was removed";
}

TEST_F(BackupTest, ACatalogThatIsOlderThanItsLogIsALoss) {
  fill();
  must(repair_what_is_safe(folder(), check().findings));
  const std::string catalog = path("data/catalog/catalog.db");
  fs::copy_file(catalog, path("older"));
  note(5);
  must(open_catalog()->transact([&](Records& records) -> base::Result<void> {
    SEALIFT_TRY_VOID(records.custody->requeue({303}));
    SEALIFT_TRY_VOID(records.directory->requeue_changes({303}));
    return {};
  }));
  EXPECT_TRUE(check().findings.empty()) << "what waits for its index is known";
  fs::copy_file(path("older"), catalog, fs::copy_options::overwrite_existing);
  CheckReport report = check();
  ASSERT_EQ(report.findings.size(), 2U);
  EXPECT_EQ(report.findings[0].kind, Kind::catalog_behind);
  EXPECT_EQ(report.findings[1].kind, Kind::catalog_behind);
  EXPECT_TRUE(report.has_loss());
  fs::resize_file(catalog, 0);
  EXPECT_EQ(check().findings.at(0).kind, Kind::catalog_behind) << "an empty one knows nothing";
}

}  // namespace
}  // namespace sealift::server::vault
