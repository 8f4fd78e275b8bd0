// A real catalog and a real log, in a temporary folder; crashes are what a process leaves behind
// when it stops between two steps.
#include "server/vault/sequencer.h"

#include <gtest/gtest.h>

#include "base/temporary_folder.h"
#include "catalog/sqlite_catalog.h"
#include "log/log_verifier.h"
#include "log/proof.h"
#include "server/vault/log_reader.h"
#include "server/vault/notary.h"

namespace sealift::server::vault {
namespace {

using catalog::Records;

class SequencerTest : public testing::Test {
 protected:
  std::vector<catalog::EventId> note(int count) {
    std::vector<catalog::EventId> ids;
    for (int i = 0; i < count; ++i) {
      const auto id = catalog_->transact([&](Records& records) {
        return notary_.note(records, {Logged::parcel_created, now_});
      });
      ids.push_back(id.value());
    }
    return ids;
  }
  base::Result<std::unique_ptr<Sequencer>> start() {
    return Sequencer::start({*catalog_, commits_, files_, keys_, kName, seed_});
  }
  catalog::CustodyEvent event(const catalog::EventId& id) {
    return catalog_->read([&](const Records& records) { return records.custody->find(id); })
        .value()
        .value();
  }
  void wait_until_logged(const catalog::EventId& id) {
    for (int i = 0; i < 2000 && !event(id).log_index; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }
  // What a sequencer that dies after appending leaves behind.
  std::unique_ptr<log::LogWriter> append_and_die(const std::vector<catalog::EventId>& ids) {
    auto writer = open_log();
    std::vector<base::Bytes> entries;
    for (const catalog::EventId& id : ids) {
      const catalog::CustodyEvent found = event(id);
      log::EventSalt salt{};
      std::copy(found.salt.begin(), found.salt.end(), salt.begin());
      entries.push_back(log::event_entry(salt, found.event));
    }
    EXPECT_TRUE(writer->append(entries));
    return writer;
  }
  std::unique_ptr<log::LogWriter> open_log() {
    return log::LogWriter::open(files_, {kName, crypto::Ed25519Secret::from_seed(seed_.view())})
        .value();
  }
  void expect_one_leaf_each(const std::vector<catalog::EventId>& ids) {
    for (std::size_t i = 0; i < ids.size(); ++i) {
      EXPECT_EQ(event(ids[i]).log_index, catalog::LogIndex{i});
    }
    EXPECT_EQ(open_log()->size(), ids.size());
  }

  const std::string kName = "sealift-test";
  const base::UnixTime now_{std::chrono::hours(500'000)};
  crypto::SystemRandom random_;
  const crypto::SecretBytes<32> seed_ = random_.secret<32>();
  base::TemporaryFolder catalog_folder_{base::FolderOn::memory};
  base::TemporaryFolder log_folder_{base::FolderOn::memory};
  base::DiskFileSystem files_ = base::DiskFileSystem::open_root(log_folder_.path()).value();
  std::unique_ptr<catalog::Catalog> catalog_ =
      catalog::open_sqlite_catalog(catalog_folder_.path() + "/catalog.db").value();
  catalog::CommitQueue commits_{*catalog_};
  const VaultKeys keys_{random_.secret<32>()};
  Notary notary_{random_, keys_, [] {}};
};

TEST_F(SequencerTest, EveryEventGetsOneLeafInOrderAndAProof) {
  auto ids = note(300);
  {
    const auto sequencer = start().value();
    wait_until_logged(ids.back());
    for (const catalog::EventId& id : note(5)) ids.push_back(id);
    sequencer->notify();
    wait_until_logged(ids.back());
    const auto key = crypto::Ed25519Secret::from_seed(seed_.view()).public_key();
    LogReader reader(files_, {kName, key});
    std::optional<std::string> proof;
    for (int i = 0; i < 1000 && !proof; ++i) {
      proof = reader.proof({ids.size() - 1}).value();
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    ASSERT_TRUE(proof);
    const auto found = event(ids.back());
    log::EventSalt salt{};
    std::copy(found.salt.begin(), found.salt.end(), salt.begin());
    EXPECT_TRUE(log::verify_receipt(log::parse_receipt(*proof).value(),
                                    log::event_entry(salt, found.event), {kName, key}));
  }
  expect_one_leaf_each(ids);
}

TEST_F(SequencerTest, WhatWaitsAtTheEndIsLogged) {
  std::vector<catalog::EventId> ids;
  {
    const auto sequencer = start().value();
    ids = note(3);
  }
  expect_one_leaf_each(ids);
}

TEST_F(SequencerTest, LeavesThatACrashLeftUnnotedAreFoundAgain) {
  const auto ids = note(7);
  append_and_die({ids.begin(), ids.begin() + 4});  // in the journal alone
  { const auto sequencer = start().value(); }
  expect_one_leaf_each(ids);
}

TEST_F(SequencerTest, PublishedLeavesThatACrashLeftUnnotedAreFoundAgain) {
  const auto ids = note(600);
  ASSERT_TRUE(append_and_die({ids.begin(), ids.begin() + 520})->publish());
  { const auto sequencer = start().value(); }
  expect_one_leaf_each(ids);
}

TEST_F(SequencerTest, AnEventThatSomebodyWroteIntoTheCatalogIsNeverLogged) {
  const auto before = note(2);
  catalog::CustodyEvent forged = event(before[0]);
  const auto write = [&](const catalog::CustodyEvent& row) {
    ASSERT_TRUE(catalog_->transact([&](Records& records) { return records.custody->add(row); })
                    .has_value());
  };
  forged.id = {random_.array<16>()};  // another event's code
  write(forged);
  catalog::CustodyEvent bare = forged;
  bare.id = {random_.array<16>()};
  bare.authenticator.clear();
  write(bare);
  catalog::CustodyEvent guessed = forged;
  guessed.id = {random_.array<16>()};
  guessed.authenticator = custody_authenticator(VaultKeys(random_.secret<32>()), guessed);
  write(guessed);
  const auto after = note(2);
  { const auto sequencer = start().value(); }
  for (const catalog::EventId& id : {forged.id, bare.id, guessed.id})
    EXPECT_FALSE(event(id).log_index) << "it is kept, and not logged";
  expect_one_leaf_each({before[0], before[1], after[0], after[1]});
}

TEST_F(SequencerTest, AnotherLogThanTheCatalogsIsRefused) {
  note(2);
  const base::Bytes foreign(33, std::byte{1});
  ASSERT_TRUE(open_log()->append(std::span(&foreign, 1)));
  const auto outcome = start();
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, base::ErrorCode::damaged);
  EXPECT_EQ(outcome.error().text, "the log is not the catalog's");
}

TEST_F(SequencerTest, ALogWithMoreThanTheCatalogKnowsIsRefused) {
  const base::Bytes foreign(33, std::byte{1});
  ASSERT_TRUE(open_log()->append(std::span(&foreign, 1)));
  EXPECT_FALSE(start());
}

}  // namespace
}  // namespace sealift::server::vault
