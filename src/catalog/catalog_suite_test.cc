// The contract of Catalog itself, and what the suite's other files share.
#include "catalog/catalog_suite.h"

#include <thread>

#include "catalog/commit_queue.h"

namespace sealift::catalog {

AccountId CatalogSuite::some_account(Roles roles) {
  const NewAccount account{.id = next<AccountId>(),
                           .lookup = next<AddressLookup>(),
                           .sealed_address = bytes("sealed address"),
                           .roles = roles,
                           .created = now_};
  EXPECT_EQ(change([&](Records& records) { return records.accounts->add(account); }),
            Insert::added);
  return account.id;
}

BlobId CatalogSuite::some_blob(const AccountId& charged, std::uint64_t length_bytes) {
  const NewBlob blob{next<BlobId>(), charged, length_bytes, 1'000'000};
  EXPECT_EQ(change([&](Records& records) { return records.blobs->reserve(blob); }),
            Reserve::reserved);
  return blob.id;
}

Parcel CatalogSuite::some_parcel(const AccountId& owner) {
  Parcel parcel{
      .id = next<ParcelId>(), .owner = owner, .created = now_, .expires = now_ + 24 * kHour};
  EXPECT_EQ(change([&](Records& records) { return records.parcels->create(parcel); }),
            Insert::added);
  return parcel;
}

ParcelId CatalogSuite::some_whole_parcel(const AccountId& owner) {
  const ParcelId id = some_parcel(owner).id;
  const SealedPart content{.part = Part::content,
                           .header = bytes("content header"),
                           .blob = some_blob(owner, 1000),
                           .payload_bytes = 1000};
  const SealedPart manifest{.part = Part::manifest,
                            .header = bytes("manifest header"),
                            .payload = bytes("manifest payload"),
                            .payload_bytes = 16};
  const auto outcome = change([&](Records& records) -> base::Result<Change> {
    SEALIFT_TRY_VOID(records.parcels->put_part(id, content));
    SEALIFT_TRY_VOID(records.parcels->put_part(id, manifest));
    return records.parcels->complete(id, now_);
  });
  EXPECT_EQ(outcome, Change::done);
  return id;
}

Link CatalogSuite::some_link(const ParcelId& parcel, std::optional<std::uint32_t> opens_max) {
  Link link{.id = next<LinkId>(),
            .parcel = parcel,
            .verifier = next<ProofVerifier>(),
            .wrapped_half = bytes("wrapped half"),
            .opens_max = opens_max,
            .created = now_,
            .expires = now_ + 12 * kHour};
  EXPECT_EQ(change([&](Records& records) { return records.links->add(link); }), Insert::added);
  return link;
}

NewOpening CatalogSuite::opening_at(base::UnixTime now) {
  return {next<OpeningId>(), next<TokenHash>(), now, now + kHour};
}

void CatalogSuite::set_state(const AccountId& account, AccountState state) {
  EXPECT_EQ(change([&](Records& records) { return records.accounts->set_state(account, state); }),
            Change::done);
}

namespace {

Work failed_with(DelayKind kind, const DelayKey& key, base::UnixTime now) {
  return [=](Records& records) -> base::Result<void> {
    SEALIFT_TRY_VOID(records.delays->failed(kind, key, now, now));
    return {};
  };
}

TEST_P(CatalogSuite, WhatWasCommittedIsThereAfterOpeningAgain) {
  const AccountId id = some_account();
  reopen();
  EXPECT_TRUE(look([&](const Records& records) { return records.accounts->find(id); }));
}

TEST_P(CatalogSuite, AWorkThatFailsLeavesNoTrace) {
  const DelayKey key = next<DelayKey>();
  const auto outcome = catalog().transact([&](Records& records) -> base::Result<Failures> {
    SEALIFT_TRY_VOID(records.delays->failed(DelayKind::link, key, now_, now_));
    return base::fail(base::ErrorCode::forbidden, "changed my mind");
  });
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, base::ErrorCode::forbidden);
  EXPECT_EQ(look([&](const Records& records) {
              return records.delays->find(DelayKind::link, key);
            }).count,
            0U);
}

TEST_P(CatalogSuite, NeighboursOfAFailedWorkInABatchAreNotTouched) {
  const DelayKey key = next<DelayKey>();
  const Work good = failed_with(DelayKind::link, key, now_);
  const Work bad = [&](Records& records) -> base::Result<void> {
    SEALIFT_TRY_VOID(good(records));
    return base::fail(base::ErrorCode::forbidden, "changed my mind");
  };
  const Work batch[] = {good, bad, good, bad, bad, good};
  const auto outcomes = catalog().transact_batch(batch);
  ASSERT_EQ(outcomes.size(), 6U);
  for (const std::size_t i : {0U, 2U, 5U}) EXPECT_TRUE(outcomes[i]) << i;
  for (const std::size_t i : {1U, 3U, 4U}) EXPECT_FALSE(outcomes[i]) << i;
  reopen();
  EXPECT_EQ(look([&](const Records& records) {
              return records.delays->find(DelayKind::link, key);
            }).count,
            3U);
}

TEST_P(CatalogSuite, AnEmptyBatchIsNothing) { EXPECT_TRUE(catalog().transact_batch({}).empty()); }

TEST_P(CatalogSuite, AWorkSeesTheWorksBeforeItInItsBatch) {
  const DelayKey key = next<DelayKey>();
  std::uint32_t seen = 0;
  const Work batch[] = {
      failed_with(DelayKind::link, key, now_), [&](Records& records) -> base::Result<void> {
        SEALIFT_TRY(const Failures failures, records.delays->find(DelayKind::link, key));
        seen = failures.count;
        return {};
      }};
  for (const auto& outcome : catalog().transact_batch(batch)) EXPECT_TRUE(outcome);
  EXPECT_EQ(seen, 1U);
}

TEST_P(CatalogSuite, AReaderSeesOneStateWhileOthersWrite) {
  const AccountId id = some_account();
  const auto seen = look([&](const Records& records) -> base::Result<std::pair<bool, bool>> {
    SEALIFT_TRY(const auto before, records.accounts->find(id));
    set_state(id, AccountState::closed);
    SEALIFT_TRY(const auto after, records.accounts->find(id));
    return std::pair(before->state == AccountState::active, after->state == AccountState::active);
  });
  EXPECT_TRUE(seen.first);
  EXPECT_TRUE(seen.second);
  const auto account = look([&](const Records& records) { return records.accounts->find(id); });
  EXPECT_EQ(account->state, AccountState::closed);
}

TEST_P(CatalogSuite, ManyThreadsThroughTheQueueLoseNothing) {
  constexpr int kThreads = 16;
  constexpr int kEach = 25;
  const DelayKey key = next<DelayKey>();
  CommitQueue queue(catalog());
  std::vector<std::jthread> threads;
  threads.reserve(kThreads);
  for (int i = 0; i < kThreads; ++i)
    threads.emplace_back([&, i] {
      for (int j = 0; j < kEach; ++j) {
        const bool is_bad = j == i;
        const auto outcome = queue.transact([&](Records& records) -> base::Result<void> {
          SEALIFT_TRY_VOID(records.delays->failed(DelayKind::client, key, now_, now_));
          if (is_bad) return base::fail(base::ErrorCode::forbidden, "changed my mind");
          return {};
        });
        EXPECT_EQ(outcome.has_value(), !is_bad);
      }
    });
  threads.clear();
  EXPECT_EQ(look([&](const Records& records) {
              return records.delays->find(DelayKind::client, key);
            }).count,
            kThreads * (kEach - 1));
}

TEST_P(CatalogSuite, TheClockNeverGoesBackEvenOverARestart) {
  EXPECT_EQ(must(catalog().advance_clock(now_)), now_);
  EXPECT_EQ(must(catalog().advance_clock(now_ - 24 * kHour)), now_);
  reopen();
  EXPECT_EQ(must(catalog().advance_clock(now_ - 24 * 365 * kHour)), now_);
  EXPECT_EQ(must(catalog().advance_clock(now_ + kHour)), now_ + kHour);
}

TEST_P(CatalogSuite, PolicyHasDefaultsAndIsReplacedByRevision) {
  const auto current = [&] {
    return look([](const Records& records) { return records.policies->current(); });
  };
  const auto replace = [&](const Policy& policy) {
    return change([&](Records& records) { return records.policies->replace(policy); });
  };
  EXPECT_EQ(current(), Policy{});
  Policy strict{.link_opens_max = 3,
                .links = LinkRule::forbidden,
                .link_passphrase = PassphraseRule::required,
                .recipient_domains = {"example.org", "hospital.example"},
                .lockdown_halves = LockdownHalves::destroyed,
                .proposal_delay_ms_min = std::chrono::hours(100)};
  EXPECT_EQ(replace(strict), Change::done);
  EXPECT_EQ(replace(strict), Change::stale);
  strict.revision = {1};
  EXPECT_EQ(current(), strict);
  EXPECT_EQ(replace(Policy{.revision = {1}}), Change::done);
  EXPECT_EQ(current(), Policy{.revision = {2}});
}

TEST_P(CatalogSuite, DelaysCountUntilForgottenOrForgiven) {
  const DelayKey key = next<DelayKey>();
  const DelayKey other = next<DelayKey>();
  const auto failed = [&](base::UnixTime now) {
    return change([&](Records& records) {
      return records.delays->failed(DelayKind::account, key, now, now - kHour);
    });
  };
  EXPECT_EQ(failed(now_).count, 1U);
  EXPECT_EQ(failed(now_ + kHour).count, 2U);
  EXPECT_EQ(failed(now_ + kHour).last, now_ + kHour);
  const auto count_of = [&](DelayKind kind, const DelayKey& of) {
    return look([&](const Records& records) { return records.delays->find(kind, of); }).count;
  };
  EXPECT_EQ(count_of(DelayKind::account, key), 3U);
  EXPECT_EQ(count_of(DelayKind::client, key), 0U) << "kinds are counted apart";
  EXPECT_EQ(count_of(DelayKind::account, other), 0U);
  EXPECT_EQ(failed(now_ + 3 * kHour).count, 1U) << "the last failure was long ago";
  must(catalog().transact(
      [&](Records& records) { return records.delays->succeeded(DelayKind::account, key); }));
  EXPECT_EQ(count_of(DelayKind::account, key), 0U);
  failed(now_);
  must(catalog().transact([&](Records& records) {
    return records.delays->seen(DelayKind::known_client, other, now_);
  }));
  const auto removed = [&](base::UnixTime failed_before, base::UnixTime known_before) {
    return change([&](Records& records) {
      return records.delays->remove_older(failed_before, known_before);
    });
  };
  EXPECT_EQ(count_of(DelayKind::known_client, other), 0U) << "nothing failed";
  EXPECT_EQ(removed(now_ + kHour, now_), 1U);
  EXPECT_EQ(look([&](const Records& records) {
              return records.delays->find(DelayKind::known_client, other);
            }).last,
            now_);
  EXPECT_EQ(removed(now_ + kHour, now_ + kHour), 1U);
}

}  // namespace
}  // namespace sealift::catalog
