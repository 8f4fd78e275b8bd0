#include "server/vault/reaper.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <filesystem>

#include "log/log_verifier.h"
#include "server/vault/sequencer.h"
#include "server/vault/services_for_test.h"
#include "store/disk_blob_store.h"

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

TEST(CertificateWatchTest, ItsEndIsSaidOnceADayAndWhenItChanges) {
  using std::chrono::hours;
  const base::UnixTime now{std::chrono::milliseconds(1'700'000'000'000)};
  CertificateWatch watch;
  EXPECT_EQ(watch.look(std::nullopt, now), std::nullopt) << "a proxy has it";
  EXPECT_EQ(watch.look(now + hours(15 * 24), now), std::nullopt);
  const base::UnixTime expires = now + hours(14 * 24);
  EXPECT_EQ(watch.look(expires, now), LogEvent::certificate_expires_soon);
  EXPECT_EQ(watch.look(expires, now + hours(23)), std::nullopt) << "said already";
  EXPECT_EQ(watch.look(expires, now + hours(24)), LogEvent::certificate_expires_soon);
  EXPECT_EQ(watch.look(expires, expires), LogEvent::certificate_expired);
  EXPECT_EQ(watch.look(expires, expires + hours(1)), std::nullopt);
  EXPECT_EQ(watch.look(expires + hours(90 * 24), expires), std::nullopt) << "renewed";
  EXPECT_EQ(watch.look(expires, expires), LogEvent::certificate_expired) << "and put back";
}

TEST_F(ReaperTest, BlobsThatTheCatalogDoesNotKnowAreRemoved) {
  const auto known = blob();
  const catalog::BlobId orphan{random_.array<16>()};
  ASSERT_TRUE(blobs_.create({orphan.bytes}, 5));
  std::uint64_t bytes = 0;
  EXPECT_EQ(remove_orphans(services_, std::nullopt, bytes).value(), std::nullopt);
  EXPECT_TRUE(is_stored(known));
  EXPECT_FALSE(is_stored(orphan));
}

// ---- letters

class WarningTest : public ReaperTest {
 protected:
  WarningTest() { settings_.has_mail_server = true; }

  void whole_parcel(base::UnixTime expires) {
    catalog::NewAccount sender;
    sender.id = {random_.array<16>()};
    sender.lookup = {random_.array<32>()};
    sender.sealed_address = keys_.wrap(WrapFor::address, sender.id.view(),
                                       base::bytes_of("lea@region.example"), random_);
    catalog::Parcel parcel;
    parcel.id = {random_.array<16>()};
    parcel.owner = sender.id;
    parcel.expires = expires;
    ASSERT_TRUE(catalog_->transact([&](Records& records) -> base::Result<catalog::Change> {
      SEALIFT_TRY_VOID(records.accounts->add(sender));
      SEALIFT_TRY_VOID(records.parcels->create(parcel));
      for (const catalog::Part part : {catalog::Part::content, catalog::Part::manifest}) {
        SEALIFT_TRY_VOID(records.parcels->put_part(
            parcel.id, {part, base::Bytes(10), std::nullopt, base::Bytes(33), 33}));
      }
      return records.parcels->complete(parcel.id, expires - std::chrono::hours(48));
    }));
  }
  std::uint64_t letters() {
    return catalog_->read([](const Records& records) { return records.outbox->counts(); })
        .value()
        .waiting;
  }

  const base::UnixTime expires_{std::chrono::milliseconds(1'800'000'000'000)};
};

TEST_F(WarningTest, ASenderIsToldOnceADayBeforeAParcelExpires) {
  whole_parcel(expires_);
  const auto letters_at = [&](base::UnixTime now) {
    EXPECT_TRUE(end_due(services_, now));
    return letters();
  };
  const base::UnixTime day_before = expires_ - std::chrono::hours(24);
  EXPECT_EQ(letters_at(day_before - std::chrono::seconds(1)), 0U);
  EXPECT_EQ(letters_at(day_before + std::chrono::seconds(1)), 1U);
  EXPECT_EQ(letters_at(day_before + std::chrono::seconds(2)), 1U) << "once";
  EXPECT_EQ(letters_at(expires_), 1U);
}

TEST_F(WarningTest, AllWhoseParcelsExpireAtOnceAreToldAtOnce) {
  constexpr std::uint64_t kMany = 230;  // more than one transaction takes
  for (std::uint64_t i = 0; i < kMany; ++i) whole_parcel(expires_);
  EXPECT_TRUE(end_due(services_, expires_ - std::chrono::hours(1)));
  EXPECT_EQ(letters(), kMany);
  EXPECT_TRUE(end_due(services_, expires_).value());
  const auto totals =
      catalog_->read([](const Records& records) { return records.parcels->totals(); });
  EXPECT_EQ(totals.value().ended, kMany);
}

// ---- crashes

// Dies like a process that is killed, right after it removed so many blobs.
class DyingStore : public store::BlobStore {
 public:
  DyingStore(store::BlobStore& inner, int removals) : inner_(inner), left_(removals) {}

  base::Result<void> create(const store::BlobId& id, std::uint64_t size_bytes) override {
    return inner_.create(id, size_bytes);
  }
  base::Result<std::optional<store::BlobStatus>> status(const store::BlobId& id) override {
    return inner_.status(id);
  }
  base::Result<void> write(const store::BlobId& id, std::uint64_t offset,
                           base::ByteView bytes) override {
    return inner_.write(id, offset, bytes);
  }
  base::Result<std::uint64_t> acknowledge(const store::BlobId& id,
                                          std::uint64_t length_bytes) override {
    return inner_.acknowledge(id, length_bytes);
  }
  base::Result<void> finish(const store::BlobId& id) override { return inner_.finish(id); }
  base::Result<std::size_t> read(const store::BlobId& id, std::uint64_t offset,
                                 base::MutableByteView out) override {
    return inner_.read(id, offset, out);
  }
  base::Result<void> remove(const store::BlobId& id) override {
    SEALIFT_TRY_VOID(inner_.remove(id));
    if (--left_ == 0) (void)::raise(SIGKILL);
    return {};
  }
  base::Result<std::vector<store::BlobId>> list(const store::BlobPage& page) override {
    return inner_.list(page);
  }
  base::Result<std::optional<base::DiskSpace>> space() override { return inner_.space(); }
  store::BlobDescriptors* descriptors() override { return inner_.descriptors(); }

 private:
  store::BlobStore& inner_;
  int left_;
};

// Catalog and store on the disk, opened anew by each process.
class ReaperCrashTest : public testing::Test {
 protected:
  struct Machine {
    explicit Machine(const std::string& folder)
        : catalog(catalog::open_sqlite_catalog(folder + "/catalog.db").value()),
          files(base::DiskFileSystem::open_root(folder + "/store").value()),
          blobs(store::DiskBlobStore::open(files).value()) {}

    std::unique_ptr<catalog::Catalog> catalog;
    base::DiskFileSystem files;
    std::unique_ptr<store::DiskBlobStore> blobs;
  };
  // `work` of services whose store dies after so many removals; 0: never.
  template <typename Work>
  auto with_services(int removals, const Work& work) {
    Machine machine(folder_.path());
    DyingStore blobs(*machine.blobs, removals);
    catalog::CommitQueue commits(*machine.catalog);
    crypto::SystemRandom random;
    const VaultKeys keys(random.secret<32>());
    LogReader log(machine.files, {"log", crypto::Ed25519Secret::generate(random).public_key()});
    Notary notary(random, keys, [] {});
    Guessing guessing(*machine.catalog, commits, keys);
    UploadLocks upload_locks;
    const VaultSettings settings;
    Services services{*machine.catalog, commits, blobs,    keys,         random,
                      notary,           log,     guessing, upload_locks, settings};
    return work(services);
  }
  void SetUp() override { std::filesystem::create_directory(folder_.path() + "/store"); }

  // Blobs of one account that are there, `doomed` of them doomed, and others nobody knows.
  void make_blobs(int kept, int doomed, int orphans) {
    with_services(0, [&](Services& services) {
      crypto::SystemRandom random;
      catalog::NewAccount account;
      account.id = owner_;
      EXPECT_TRUE(services.catalog.transact(
          [&](Records& records) { return records.accounts->add(account); }));
      for (int i = 0; i < kept + doomed + orphans; ++i) {
        const catalog::BlobId id{random.array<16>()};
        EXPECT_TRUE(services.blobs.create({id.bytes}, 10));
        if (i >= kept + doomed) continue;
        EXPECT_TRUE(services.catalog.transact([&](Records& records) -> base::Result<int> {
          SEALIFT_TRY_VOID(records.blobs->reserve({id, owner_, 10, 1000}));
          if (i >= kept) SEALIFT_TRY_VOID(records.blobs->doom(id));
          return 0;
        }));
      }
    });
  }
  struct State {
    std::size_t stored = 0;
    std::size_t doomed = 0;
    std::uint64_t used_bytes = 0;
    friend bool operator==(const State&, const State&) = default;
  };
  State state() {
    return with_services(0, [&](Services& services) {
      return services.catalog
          .read([&](const Records& records) -> base::Result<State> {
            SEALIFT_TRY(const auto stored, services.blobs.list({std::nullopt, 1000}));
            SEALIFT_TRY(const auto doomed, records.blobs->doomed(1000));
            SEALIFT_TRY(const auto account, records.accounts->find(owner_));
            return State{stored.size(), doomed.size(), account->used_bytes};
          })
          .value();
    });
  }

  base::TemporaryFolder folder_;
  const catalog::AccountId owner_{{std::byte{7}}};
};

TEST_F(ReaperCrashTest, KilledBetweenStoreAndCatalogItForgetsTheBlobAtTheNextTurn) {
  make_blobs(2, 5, 0);
  const auto remove = [](Services& services) { (void)remove_doomed(services); };
  EXPECT_EXIT(with_services(1, remove), testing::KilledBySignal(SIGKILL), "");
  EXPECT_EQ(state(), (State{6, 5, 70})) << "one is gone, and neither forgotten nor given back";
  EXPECT_EXIT(with_services(2, remove), testing::KilledBySignal(SIGKILL), "");
  EXPECT_EQ(state(), (State{5, 4, 60})) << "it is forgotten first";
  with_services(0, remove);
  EXPECT_EQ(state(), (State{2, 0, 20}));
}

TEST_F(ReaperCrashTest, KilledAmidASweepOfOrphansItGoesOnAtTheNextTurn) {
  make_blobs(3, 0, 6);
  const auto sweep = [](Services& services) {
    std::uint64_t bytes = 0;
    (void)remove_orphans(services, std::nullopt, bytes);
  };
  EXPECT_EXIT(with_services(2, sweep), testing::KilledBySignal(SIGKILL), "");
  EXPECT_EQ(state(), (State{7, 0, 30}));
  with_services(0, sweep);
  EXPECT_EQ(state(), (State{3, 0, 30}));
}

// ---- retention

class RetentionTest : public ReaperTest {
 protected:
  // That ended at `now_`, of each some events that the log has.
  std::vector<catalog::EventId> ended_parcels(std::size_t count) {
    std::vector<catalog::EventId> events;
    EXPECT_TRUE(catalog_->transact([&](Records& records) -> base::Result<int> {
      for (std::size_t i = 0; i < count; ++i) {
        catalog::Parcel parcel;
        parcel.id = {random_.array<16>()};
        parcel.owner = owner_;
        parcel.expires = now_ + std::chrono::hours(1);
        SEALIFT_TRY_VOID(records.parcels->create(parcel));
        SEALIFT_TRY_VOID(records.parcels->recall(parcel.id, now_));
        for (const Logged kind : {Logged::parcel_created, Logged::parcel_recalled}) {
          SEALIFT_TRY(const auto id, notary_.note(records, {kind, now_, owner_, parcel.id}));
          events.push_back(id);
        }
      }
      return 0;
    }));
    log_all();
    return events;
  }
  void log_all() {
    ASSERT_TRUE(
        Sequencer::start({*catalog_, commits_, files_, keys_, kLogName, seed_}));  // and ended
  }
  log::LogReport verify() {
    const auto key = crypto::Ed25519Secret::from_seed(seed_.view()).public_key();
    return log::verify_log(files_, {kLogName, key}, std::nullopt).value();
  }
  bool is_erased(const catalog::EventId& id) {
    const auto event =
        catalog_->read([&](const Records& records) { return records.custody->find(id); })
            .value()
            .value();
    EXPECT_TRUE(event.log_index.has_value());
    EXPECT_EQ(event.event.empty(), event.salt.empty());
    EXPECT_EQ(event.event.empty(), !event.parcel.has_value());
    return event.event.empty();
  }
  std::vector<nlohmann::json> erasures() {
    std::vector<nlohmann::json> found;
    const auto all =
        catalog_->read([](const Records& records) { return records.custody->list({}, {}); });
    for (const catalog::CustodyEvent& event : all.value()) {
      if (!is_of_kind(event, Logged::records_erased)) continue;
      found.push_back(nlohmann::json::parse(base::text_of(event.event)));
    }
    return found;
  }

  const std::string kLogName = "sealift-test";
  const crypto::SecretBytes<32> seed_ = random_.secret<32>();
  const base::UnixTime now_{std::chrono::milliseconds(1'800'000'000'000)};
  const std::chrono::milliseconds kept_ = catalog::Policy().record_retention_ms;
};

TEST_F(RetentionTest, AllThatIsDueIsForgottenAtOnceAndTheLogStaysWhole) {
  const auto events = ended_parcels(250);
  EXPECT_EQ(forget_ended(services_, now_ + kept_).value(), 0U) << "kept as long as the policy says";
  EXPECT_EQ(forget_ended(services_, now_ + kept_ + std::chrono::milliseconds(1)).value(), 250U);
  EXPECT_TRUE(std::ranges::all_of(events, [&](const auto& id) { return is_erased(id); }));
  log_all();
  const auto erased = erasures();
  ASSERT_EQ(erased.size(), 3U) << "a hundred parcels at a time";
  std::uint64_t parcels = 0;
  std::uint64_t texts = 0;
  for (const nlohmann::json& each : erased) {
    parcels += each["parcels"].get<std::uint64_t>();
    texts += each["events"].get<std::uint64_t>();
  }
  EXPECT_EQ(parcels, 250U);
  EXPECT_EQ(texts, events.size());
  const log::LogReport report = verify();
  EXPECT_TRUE(report.is_whole());
  EXPECT_EQ(report.head.size, events.size() + erased.size()) << "no leaf is lost";
  EXPECT_EQ(forget_ended(services_, now_ + 2 * kept_).value(), 0U);
  EXPECT_EQ(erasures().size(), 3U);
}

TEST_F(RetentionTest, WhatTheLogLacksIsForgottenLater) {
  const auto events = ended_parcels(2);
  const auto parcel =
      catalog_->read([&](const Records& records) { return records.custody->find(events.front()); })
          .value()
          ->parcel;
  ASSERT_TRUE(catalog_->transact([&](Records& records) {
    return notary_.note(records, {Logged::link_revoked, now_, owner_, parcel});
  }));
  EXPECT_EQ(forget_ended(services_, now_ + 2 * kept_).value(), 1U);
  EXPECT_FALSE(is_erased(events.front()));
  log_all();
  EXPECT_EQ(forget_ended(services_, now_ + 2 * kept_).value(), 1U);
  EXPECT_TRUE(is_erased(events.front()));
}

TEST_F(RetentionTest, NothingIsForgottenInALockDown) {
  const auto events = ended_parcels(3);
  const catalog::LockdownId lockdown{random_.array<16>()};
  ASSERT_TRUE(catalog_->transact(
      [&](Records& records) { return records.lockdowns->lock(lockdown, std::nullopt, now_); }));
  EXPECT_EQ(forget_ended(services_, now_ + 2 * kept_).value(), 0U);
  EXPECT_FALSE(is_erased(events.front()));
  ASSERT_TRUE(catalog_->transact(
      [&](Records& records) { return records.lockdowns->reopen(lockdown, 0, now_); }));
  EXPECT_EQ(forget_ended(services_, now_ + 2 * kept_).value(), 3U);
}

}  // namespace
}  // namespace sealift::server::vault
