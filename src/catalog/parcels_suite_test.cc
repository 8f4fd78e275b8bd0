// The contract of parcels, blobs, uploads, links, openings and file requests.
#include <atomic>
#include <thread>

#include "catalog/catalog_suite.h"
#include "catalog/commit_queue.h"

namespace sealift::catalog {
namespace {

TEST_P(CatalogSuite, AParcelIsWholeOnlyWithContentManifestAndNoUploadUnderWay) {
  const AccountId owner = some_account();
  const Parcel parcel = some_parcel(owner);
  const BlobId blob = some_blob(owner, 100);
  const UploadId upload = next<UploadId>();
  const SealedPart content{
      .part = Part::content, .header = bytes("h"), .blob = blob, .payload_bytes = 100};
  const SealedPart manifest{
      .part = Part::manifest, .header = bytes("h"), .payload = bytes("p"), .payload_bytes = 1};
  const auto complete = [&](base::UnixTime now) {
    return change([&](Records& records) { return records.parcels->complete(parcel.id, now); });
  };
  const auto put = [&](const SealedPart& part) {
    return change([&](Records& records) { return records.parcels->put_part(parcel.id, part); });
  };
  EXPECT_EQ(complete(now_), Change::stale);
  EXPECT_EQ(put(content), Change::done);
  EXPECT_EQ(complete(now_), Change::stale) << "no manifest";
  EXPECT_EQ(put(manifest), Change::done);
  const Upload begun{.id = upload,
                     .parcel = parcel.id,
                     .blob = blob,
                     .key = next<TokenHash>(),
                     .length_bytes = 100,
                     .created = now_,
                     .expires = now_ + kHour};
  EXPECT_EQ(change([&](Records& records) { return records.uploads->create(begun); }),
            Insert::added);
  EXPECT_EQ(complete(now_), Change::stale) << "an upload is under way";
  change([&](Records& records) -> base::Result<Change> {
    SEALIFT_TRY_VOID(records.uploads->advance(
        upload, {.from_bytes = 0, .to_bytes = 100, .expires = now_ + kHour}));
    return records.uploads->finish(upload);
  });
  EXPECT_EQ(complete(parcel.expires), Change::stale) << "too late";
  EXPECT_EQ(complete(now_), Change::done);
  EXPECT_EQ(complete(now_), Change::stale) << "twice";
  EXPECT_EQ(put(content), Change::stale) << "a whole parcel's parts are fixed";
  const auto found = look([&](const Records& records) { return records.parcels->find(parcel.id); });
  EXPECT_EQ(found->state, ParcelState::whole);
  EXPECT_EQ(found->whole_at, now_);
  EXPECT_EQ(look([&](const Records& records) { return records.parcels->payload_bytes(parcel.id); }),
            101U);
}

TEST_P(CatalogSuite, APartGivenTwiceDoomsTheFirstBlob) {
  const AccountId owner = some_account();
  const ParcelId parcel = some_parcel(owner).id;
  const BlobId first = some_blob(owner, 10);
  const BlobId second = some_blob(owner, 10);
  const auto put = [&](const BlobId& blob) {
    return change([&](Records& records) {
      return records.parcels->put_part(parcel,
                                       {.header = bytes("h"), .blob = blob, .payload_bytes = 10});
    });
  };
  const auto doomed = [&] {
    return look([](const Records& records) { return records.blobs->doomed(10); });
  };
  EXPECT_EQ(put(first), Change::done);
  EXPECT_EQ(put(first), Change::done);
  EXPECT_TRUE(doomed().empty());
  EXPECT_EQ(put(second), Change::done);
  EXPECT_EQ(doomed(), std::vector{first});
}

TEST_P(CatalogSuite, RecallDestroysHeadersPayloadsAndHalvesAndDoomsTheBlob) {
  const AccountId owner = some_account();
  const ParcelId parcel = some_whole_parcel(owner);
  const Link link = some_link(parcel, std::nullopt);
  const auto recall = [&](const ParcelId& id) {
    return change([&](Records& records) { return records.parcels->recall(id, now_ + kHour); });
  };
  EXPECT_EQ(recall(next<ParcelId>()), Change::absent);
  EXPECT_EQ(recall(parcel), Change::done);
  EXPECT_EQ(recall(parcel), Change::stale);
  const auto found = look([&](const Records& records) { return records.parcels->find(parcel); });
  EXPECT_EQ(found->state, ParcelState::recalled);
  EXPECT_EQ(found->ended_at, now_ + kHour);
  for (const Part part : {Part::content, Part::manifest, Part::inventory}) {
    EXPECT_FALSE(look([&](const Records& records) { return records.parcels->part(parcel, part); }));
  }
  EXPECT_TRUE(look([&](const Records& records) {
                return records.links->find(link.id);
              })->wrapped_half.empty());
  EXPECT_EQ(look([](const Records& records) { return records.blobs->doomed(10); }).size(), 1U);
  EXPECT_EQ(look([&](const Records& records) { return records.parcels->payload_bytes(parcel); }),
            1016U)
      << "the record still says how much it was";
}

TEST_P(CatalogSuite, ExpiryEndsWhatIsDueUploadsIncluded) {
  const AccountId owner = some_account();
  const Parcel uploading = some_parcel(owner);
  const BlobId blob = some_blob(owner, 10);
  change([&](Records& records) -> base::Result<int> {
    SEALIFT_TRY_VOID(records.parcels->put_part(
        uploading.id, {.header = bytes("h"), .blob = blob, .payload_bytes = 10}));
    SEALIFT_TRY_VOID(records.uploads->create({.id = next<UploadId>(),
                                              .parcel = uploading.id,
                                              .blob = blob,
                                              .length_bytes = 10,
                                              .expires = now_ + 48 * kHour}));
    return 0;
  });
  some_whole_parcel(owner);
  some_whole_parcel(owner);
  const auto expire = [&](base::UnixTime now, std::uint32_t rows_max) {
    return change([&](Records& records) { return records.parcels->expire_due(now, rows_max); })
        .size();
  };
  EXPECT_EQ(expire(uploading.expires - kHour, 10), 0U);
  EXPECT_EQ(expire(uploading.expires, 2), 2U);
  EXPECT_EQ(expire(uploading.expires, 2), 1U);
  EXPECT_EQ(expire(uploading.expires, 2), 0U);
  EXPECT_EQ(look([](const Records& records) { return records.blobs->doomed(10); }).size(), 3U);
  EXPECT_EQ(look([&](const Records& records) { return records.uploads->open_of(owner); }), 0U);
  const auto remove = [&](base::UnixTime before) {
    return change([&](Records& records) { return records.parcels->remove_ended(before, 10); })
        .size();
  };
  EXPECT_EQ(remove(uploading.expires), 0U);
  EXPECT_EQ(remove(uploading.expires + kHour), 3U);
  EXPECT_FALSE(look([&](const Records& records) { return records.parcels->find(uploading.id); }));
}

TEST_P(CatalogSuite, AnEndedParcelStaysUntilTheLogHasAllItsEvents) {
  const ParcelId parcel = some_whole_parcel(some_account());
  const CustodyEvent event{.id = next<EventId>(),
                           .salt = bytes("salt"),
                           .event = bytes("recalled"),
                           .parcel = parcel,
                           .happened = now_};
  change([&](Records& records) { return records.custody->add(event); });
  EXPECT_EQ(change([&](Records& records) { return records.parcels->recall(parcel, now_); }),
            Change::done);
  const auto remove = [&] {
    return change(
        [&](Records& records) { return records.parcels->remove_ended(now_ + kHour, 10); });
  };
  EXPECT_TRUE(remove().empty());
  change([&](Records& records) { return records.custody->logged(event.id, {0}); });
  EXPECT_EQ(remove(), std::vector{parcel});
}

TEST_P(CatalogSuite, ExpiringParcelsAreToldOnce) {
  const AccountId owner = some_account();
  some_parcel(owner);
  const ParcelId whole = some_whole_parcel(owner);
  const auto take = [&](base::UnixTime soon) {
    return change([&](Records& records) { return records.parcels->take_expiring(soon, 10); });
  };
  EXPECT_TRUE(take(now_ + kHour).empty());
  EXPECT_EQ(take(now_ + 25 * kHour), std::vector{whole});
  EXPECT_TRUE(take(now_ + 25 * kHour).empty());
}

TEST_P(CatalogSuite, AnExpiryIsChangedWhileItIsToComeAndALaterOneIsToldAgain) {
  const ParcelId parcel = some_whole_parcel(some_account());
  const auto move = [&](base::UnixTime expires, base::UnixTime now) {
    return change(
        [&](Records& records) { return records.parcels->change_expiry(parcel, expires, now); });
  };
  const auto take = [&] {
    return change(
        [&](Records& records) { return records.parcels->take_expiring(now_ + 100 * kHour, 10); });
  };
  EXPECT_EQ(take(), std::vector{parcel});
  EXPECT_EQ(move(now_ + 2 * kHour, now_), Change::done);
  EXPECT_TRUE(take().empty()) << "sooner";
  EXPECT_EQ(move(now_ + 50 * kHour, now_), Change::done);
  EXPECT_EQ(take(), std::vector{parcel}) << "later";
  EXPECT_EQ(move(now_ + 60 * kHour, now_ + 50 * kHour), Change::stale) << "past its expiry";
  EXPECT_EQ(look([&](const Records& records) { return records.parcels->find(parcel); })->expires,
            now_ + 50 * kHour);
  EXPECT_EQ(change([&](Records& records) {
              return records.parcels->change_expiry(next<ParcelId>(), now_, now_);
            }),
            Change::absent);
}

TEST_P(CatalogSuite, HeadersAreReplacedByRevisionAndAllOrNone) {
  const AccountId owner = some_account();
  const ParcelId parcel = some_whole_parcel(owner);
  const auto replace = [&](Revision expected, const std::vector<NewHeader>& headers) {
    return catalog().transact([&](Records& records) {
      return records.parcels->replace_headers(parcel, expected, headers);
    });
  };
  const auto header = [&] {
    return look(
               [&](const Records& records) { return records.parcels->part(parcel, Part::content); })
        ->header;
  };
  EXPECT_EQ(must(replace({1}, {{Part::content, bytes("anew")}, {Part::manifest, bytes("anew")}})),
            Change::done);
  EXPECT_EQ(header(), bytes("anew"));
  EXPECT_EQ(must(replace({1}, {{Part::content, bytes("stale")}})), Change::stale);
  EXPECT_FALSE(replace({2}, {{Part::content, bytes("half")}, {Part::inventory, bytes("none")}}));
  EXPECT_EQ(header(), bytes("anew"));
  change([&](Records& records) { return records.parcels->recall(parcel, now_); });
  EXPECT_EQ(must(replace({2}, {{Part::content, bytes("back from the dead")}})), Change::stale);
}

TEST_P(CatalogSuite, AParcelIsListedForItsSenderAndItsRecipients) {
  const AccountId owner = some_account();
  const AccountId recipient = some_account();
  const ParcelId parcel = some_whole_parcel(owner);
  const ParcelId uploading = some_parcel(owner).id;
  const auto grant = [&](const ParcelId& of) {
    return change([&](Records& records) {
      return records.parcels->grant(
          {.parcel = of, .account = recipient, .generation = {3}, .created = now_});
    });
  };
  EXPECT_EQ(grant(parcel), Insert::added);
  EXPECT_EQ(grant(parcel), Insert::taken);
  EXPECT_EQ(grant(uploading), Insert::added);
  const auto received = [&](base::UnixTime now) {
    std::vector<ParcelId> ids;
    for (const Parcel& each : look([&](const Records& records) {
           return records.parcels->received_by(recipient, now, {});
         }))
      ids.push_back(each.id);
    return ids;
  };
  EXPECT_EQ(received(now_), std::vector{parcel});
  EXPECT_TRUE(received(now_ + 24 * kHour).empty()) << "expired, though not yet swept";
  const auto sent =
      look([&](const Records& records) { return records.parcels->sent_by(owner, {}); });
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_EQ(sent.front().id, uploading);
  const auto grants = look([&](const Records& records) { return records.parcels->grants(parcel); });
  ASSERT_EQ(grants.size(), 1U);
  EXPECT_EQ(grants.front().generation, Generation{3});
  set_state(owner, AccountState::suspended);
  EXPECT_TRUE(received(now_).empty());
  set_state(owner, AccountState::active);
  const auto revoke = [&] {
    return change(
        [&](Records& records) { return records.parcels->revoke(parcel, recipient, now_); });
  };
  EXPECT_EQ(revoke(), Change::done);
  EXPECT_EQ(revoke(), Change::stale);
  EXPECT_TRUE(received(now_).empty());
}

TEST_P(CatalogSuite, APayloadInTheCatalogIsChargedUntilTheParcelEnds) {
  const AccountId owner = some_account();
  const ParcelId parcel = some_parcel(owner).id;
  const auto put = [&](Part part, std::string_view payload) {
    return change([&](Records& records) {
      return records.parcels->put_part(parcel, {.part = part,
                                                .header = bytes("h"),
                                                .payload = bytes(payload),
                                                .payload_bytes = payload.size()});
    });
  };
  const auto used = [&] {
    return look([&](const Records& records) { return records.accounts->find(owner); })->used_bytes;
  };
  EXPECT_EQ(put(Part::content, "four"), Change::done);
  EXPECT_EQ(put(Part::manifest, "seven b"), Change::done);
  EXPECT_EQ(used(), 11U);
  EXPECT_EQ(put(Part::content, "2b"), Change::done);
  EXPECT_EQ(used(), 9U) << "in place of the first";
  EXPECT_EQ(change([&](Records& records) { return records.parcels->recall(parcel, now_); }),
            Change::done);
  EXPECT_EQ(used(), 0U);
}

TEST_P(CatalogSuite, QuotaIsChargedExactlyAndGivenBackWithTheBytes) {
  const AccountId account = some_account();
  const auto reserve = [&](const AccountId& charged, std::uint64_t length_bytes) {
    const NewBlob blob{next<BlobId>(), charged, length_bytes, 1000};
    return std::pair(change([&](Records& records) { return records.blobs->reserve(blob); }),
                     blob.id);
  };
  const auto used = [&] {
    return look([&](const Records& records) { return records.accounts->find(account); })
        ->used_bytes;
  };
  const auto first = reserve(account, 600);
  const BlobId blob = first.second;
  EXPECT_EQ(first.first, Reserve::reserved);
  EXPECT_EQ(reserve(account, 401).first, Reserve::over_quota);
  EXPECT_EQ(reserve(account, 400).first, Reserve::reserved);
  EXPECT_EQ(reserve(account, 1).first, Reserve::over_quota);
  EXPECT_EQ(reserve(account, 0).first, Reserve::reserved);
  EXPECT_EQ(reserve(next<AccountId>(), 1).first, Reserve::no_account);
  EXPECT_EQ(change([&](Records& records) {
              return records.blobs->reserve({blob, account, 0, 1000});
            }),
            Reserve::taken);
  EXPECT_EQ(used(), 1000U);
  const auto removed = [&](const BlobId& id) {
    return change([&](Records& records) { return records.blobs->removed(id); });
  };
  EXPECT_EQ(removed(blob), Change::stale) << "it was not doomed";
  EXPECT_EQ(change([&](Records& records) { return records.blobs->doom(blob); }), Change::done);
  EXPECT_EQ(change([&](Records& records) { return records.blobs->doom(blob); }), Change::done);
  EXPECT_EQ(used(), 1000U) << "the bytes are still there";
  EXPECT_EQ(removed(blob), Change::done);
  EXPECT_EQ(removed(blob), Change::absent);
  EXPECT_EQ(used(), 400U);
  EXPECT_FALSE(look([&](const Records& records) { return records.blobs->is_known(blob); }));
}

TEST_P(CatalogSuite, ABlobThatGrowsIsChargedAsItGrowsAndNeverLess) {
  const AccountId account = some_account();
  const BlobId blob = next<BlobId>();
  EXPECT_EQ(change([&](Records& records) {
              return records.blobs->reserve({blob, account, 0, 1000});
            }),
            Reserve::reserved);
  const auto charge = [&](std::uint64_t length_bytes) {
    return change(
        [&](Records& records) { return records.blobs->charge(blob, length_bytes, 1000); });
  };
  const auto used = [&] {
    return look([&](const Records& records) { return records.accounts->find(account); })
        ->used_bytes;
  };
  EXPECT_EQ(charge(400), Reserve::reserved);
  EXPECT_EQ(charge(300), Reserve::reserved);
  EXPECT_EQ(used(), 400U) << "what was charged stays";
  EXPECT_EQ(charge(1001), Reserve::over_quota);
  EXPECT_EQ(used(), 400U);
  EXPECT_EQ(charge(1000), Reserve::reserved);
  EXPECT_EQ(used(), 1000U);
  EXPECT_EQ(
      change([&](Records& records) { return records.blobs->charge(next<BlobId>(), 1, 1000); }),
      Reserve::taken);
  change([&](Records& records) { return records.blobs->doom(blob); });
  EXPECT_EQ(change([&](Records& records) { return records.blobs->removed(blob); }), Change::done);
  EXPECT_EQ(used(), 0U) << "all of it is given back";
}

TEST_P(CatalogSuite, AnUploadThatIsPostponedKeepsItsParcel) {
  const AccountId owner = some_account();
  const Parcel parcel = some_parcel(owner);
  const Upload upload{.id = next<UploadId>(),
                      .parcel = parcel.id,
                      .blob = some_blob(owner, 100),
                      .length_bytes = 100,
                      .expires = now_ + kHour};
  change([&](Records& records) { return records.uploads->create(upload); });
  const auto find = [&](base::UnixTime now) {
    return look([&](const Records& records) { return records.uploads->find_live(upload.id, now); });
  };
  EXPECT_EQ(find(now_)->charged_bytes, 100U);
  const base::UnixTime later = parcel.expires + 2 * kHour;
  EXPECT_EQ(change([&](Records& records) { return records.uploads->postpone(upload.id, later); }),
            Change::done);
  EXPECT_EQ(change([&](Records& records) { return records.uploads->postpone(upload.id, now_); }),
            Change::done);
  EXPECT_TRUE(find(later - kHour)) << "never sooner";
  EXPECT_FALSE(find(later));
  EXPECT_EQ(
      change([&](Records& records) { return records.uploads->postpone(next<UploadId>(), later); }),
      Change::absent);
}

TEST_P(CatalogSuite, AnUploadGoesForwardOnly) {
  const AccountId owner = some_account();
  const Parcel parcel = some_parcel(owner);
  const Upload upload{.id = next<UploadId>(),
                      .parcel = parcel.id,
                      .part = Part::content,
                      .blob = some_blob(owner, 100),
                      .key = next<TokenHash>(),
                      .length_bytes = 100,
                      .created = now_,
                      .expires = now_ + kHour};
  change([&](Records& records) -> base::Result<int> {
    SEALIFT_TRY_VOID(records.parcels->put_part(
        parcel.id, {.header = bytes("h"), .blob = upload.blob, .payload_bytes = 100}));
    EXPECT_EQ(records.uploads->create(upload), Insert::added);
    EXPECT_EQ(records.uploads->create(upload), Insert::taken);
    return 0;
  });
  const auto advance = [&](std::uint64_t from, std::uint64_t to) {
    return change([&](Records& records) {
      return records.uploads->advance(
          upload.id, {.from_bytes = from, .to_bytes = to, .expires = now_ + 2 * kHour});
    });
  };
  const auto finish = [&] {
    return change([&](Records& records) { return records.uploads->finish(upload.id); });
  };
  EXPECT_EQ(advance(0, 40), Change::done);
  EXPECT_EQ(advance(0, 50), Change::stale) << "another PATCH was first";
  EXPECT_EQ(advance(40, 30), Change::stale) << "backwards";
  EXPECT_EQ(advance(40, 101), Change::stale) << "beyond the length";
  EXPECT_EQ(finish(), Change::stale);
  const auto find = [&](base::UnixTime now) {
    return look([&](const Records& records) { return records.uploads->find_live(upload.id, now); });
  };
  ASSERT_TRUE(find(now_ + kHour));
  EXPECT_EQ(find(now_)->offset_bytes, 40U);
  EXPECT_EQ(find(now_)->key, upload.key);
  EXPECT_FALSE(find(now_ + 2 * kHour));
  EXPECT_EQ(look([&](const Records& records) { return records.uploads->open_of(owner); }), 1U);
  EXPECT_EQ(advance(40, 100), Change::done);
  EXPECT_EQ(finish(), Change::done);
  EXPECT_EQ(finish(), Change::absent);
  EXPECT_TRUE(look([](const Records& records) { return records.blobs->doomed(10); }).empty());
}

TEST_P(CatalogSuite, AnUploadLivesNoLongerThanItsParcelAndRestsWithItsOwner) {
  const AccountId owner = some_account();
  const Parcel parcel = some_parcel(owner);
  const Upload upload{.id = next<UploadId>(),
                      .parcel = parcel.id,
                      .blob = some_blob(owner, 100),
                      .length_bytes = 100,
                      .expires = parcel.expires + kHour};
  change([&](Records& records) { return records.uploads->create(upload); });
  const auto is_live = [&](base::UnixTime now) {
    return look([&](const Records& records) { return records.uploads->find_live(upload.id, now); })
        .has_value();
  };
  EXPECT_TRUE(is_live(parcel.expires - std::chrono::milliseconds(1)));
  EXPECT_FALSE(is_live(parcel.expires));
  set_state(owner, AccountState::suspended);
  EXPECT_FALSE(is_live(now_));
  set_state(owner, AccountState::active);
  EXPECT_TRUE(is_live(now_));
  set_state(owner, AccountState::closed);
  EXPECT_FALSE(is_live(now_));
}

TEST_P(CatalogSuite, AnUploadThatEndsEarlyTakesItsPartAndBlobWithIt) {
  const AccountId owner = some_account();
  for (const bool by_expiry : {false, true}) {
    const Parcel parcel = some_parcel(owner);
    const Upload upload{.id = next<UploadId>(),
                        .parcel = parcel.id,
                        .blob = some_blob(owner, 100),
                        .length_bytes = 100,
                        .expires = now_ + kHour};
    change([&](Records& records) -> base::Result<int> {
      SEALIFT_TRY_VOID(records.parcels->put_part(
          parcel.id, {.header = bytes("h"), .blob = upload.blob, .payload_bytes = 100}));
      SEALIFT_TRY_VOID(records.uploads->create(upload));
      return 0;
    });
    if (by_expiry) {
      const auto due = [&](base::UnixTime now) {
        return change([&](Records& records) { return records.uploads->expire_due(now, 10); });
      };
      EXPECT_TRUE(due(now_).empty());
      EXPECT_EQ(due(now_ + kHour), std::vector{upload.id});
    } else {
      EXPECT_EQ(change([&](Records& records) { return records.uploads->terminate(upload.id); }),
                Change::done);
      EXPECT_EQ(change([&](Records& records) { return records.uploads->terminate(upload.id); }),
                Change::absent);
    }
    EXPECT_FALSE(look(
        [&](const Records& records) { return records.parcels->part(parcel.id, Part::content); }));
    EXPECT_EQ(change([&](Records& records) { return records.blobs->removed(upload.blob); }),
              Change::done);
  }
}

TEST_P(CatalogSuite, AWholeBlobKeepsTheDigestOfItsFirstReading) {
  const AccountId owner = some_account();
  const ParcelId parcel = some_whole_parcel(owner);
  const auto whole = [&](const std::optional<BlobId>& after) {
    return look([&](const Records& records) { return records.blobs->whole(after, 10); });
  };
  const auto undigested = [&] {
    return look([&](const Records& records) { return records.blobs->undigested(10); });
  };
  const auto listed = whole(std::nullopt);
  ASSERT_EQ(listed.size(), 1U);
  EXPECT_EQ(listed[0].parcel, parcel);
  EXPECT_EQ(listed[0].length_bytes, 1000U);
  EXPECT_FALSE(listed[0].digest);
  EXPECT_TRUE(whole(listed[0].id).empty());
  const auto is_whole = [&] {
    return look([&](const Records& records) { return records.blobs->is_whole(listed[0].id); });
  };
  EXPECT_TRUE(is_whole());
  ASSERT_EQ(undigested().size(), 1U);
  const BlobDigest digest = next<BlobDigest>();
  const auto set = [&](const BlobId& id, const BlobDigest& value) {
    return change([&](Records& records) { return records.blobs->set_digest(id, value); });
  };
  EXPECT_EQ(set(listed[0].id, digest), Change::done);
  EXPECT_EQ(set(listed[0].id, next<BlobDigest>()), Change::stale) << "it is kept once";
  EXPECT_EQ(set(next<BlobId>(), digest), Change::absent);
  EXPECT_EQ(whole(std::nullopt)[0].digest, digest);
  EXPECT_TRUE(undigested().empty());
  change([&](Records& records) { return records.parcels->recall(parcel, now_); });
  EXPECT_TRUE(whole(std::nullopt).empty()) << "what is doomed is no loss";
  EXPECT_FALSE(is_whole());
}

TEST_P(CatalogSuite, ABlobThatAnUploadFillsIsNotWholeYet) {
  const AccountId owner = some_account();
  const Upload upload{.id = next<UploadId>(),
                      .parcel = some_parcel(owner).id,
                      .blob = some_blob(owner, 100),
                      .length_bytes = 100,
                      .expires = now_ + kHour};
  change([&](Records& records) { return records.uploads->create(upload); });
  EXPECT_TRUE(
      look([&](const Records& records) { return records.blobs->whole(std::nullopt, 10); }).empty());
  EXPECT_TRUE(look([&](const Records& records) { return records.blobs->undigested(10); }).empty());
}

TEST_P(CatalogSuite, LookingAtALinkTakesNothing) {
  const Link link = some_link(some_whole_parcel(some_account()), 1);
  for (int i = 0; i < 100; ++i) {
    const auto found = look([&](const Records& records) { return records.links->find(link.id); });
    ASSERT_TRUE(found);
    EXPECT_EQ(found->opens_used, 0U);
    EXPECT_EQ(found->verifier, link.verifier);
    EXPECT_EQ(found->wrapped_half, link.wrapped_half);
  }
}

TEST_P(CatalogSuite, ALinkIsRedeemedExactlyAsOftenAsItSays) {
  constexpr int kThreads = 200;
  const Link link = some_link(some_whole_parcel(some_account()), 3);
  std::vector<NewOpening> openings;
  openings.reserve(kThreads);
  for (int i = 0; i < kThreads; ++i) openings.push_back(opening_at(now_));
  CommitQueue queue(catalog());
  std::atomic<int> redeemed = 0;
  {
    std::vector<std::jthread> threads;
    threads.reserve(kThreads);
    for (const NewOpening& opening : openings)
      threads.emplace_back([&] {
        std::optional<base::Bytes> half;
        must(queue.transact([&](Records& records) -> base::Result<void> {
          SEALIFT_TRY(half, records.openings->redeem(link.id, opening));
          return {};
        }));
        if (half) {
          EXPECT_EQ(*half, link.wrapped_half);
          ++redeemed;
        }
      });
  }
  EXPECT_EQ(redeemed, 3);
  reopen();
  EXPECT_EQ(look([&](const Records& records) { return records.links->find(link.id); })->opens_used,
            3U);
  EXPECT_EQ(look([&](const Records& records) {
              return records.openings->list(link.parcel, {.before = std::nullopt, .rows_max = 10});
            }).size(),
            3U);
}

// Everything that has to refuse a link, a grant and a ticket, one by one.
TEST_P(CatalogSuite, ClosedMeansClosedForLinksGrantsAndTickets) {
  struct Closing {
    const char* what;
    std::function<void(const Link&, const AccountId& owner, const AccountId& recipient)> close;
    base::UnixTime at;
    bool link_only = false;
    bool grant_only = false;
  };
  const auto recall = [&](const Link& link, const AccountId&, const AccountId&) {
    change([&](Records& records) { return records.parcels->recall(link.parcel, now_); });
  };
  const auto nothing = [](const Link&, const AccountId&, const AccountId&) {};
  const Closing closings[] = {
      {"recalled", recall, now_},
      {"parcel expired", nothing, now_ + 24 * kHour},
      {"link expired", nothing, now_ + 12 * kHour, true},
      {"link revoked",
       [&](const Link& link, const AccountId&, const AccountId&) {
         EXPECT_EQ(change([&](Records& records) {
                     return records.links->revoke(link.parcel, link.id, now_);
                   }),
                   Change::done);
       },
       now_, true},
      {"grant revoked",
       [&](const Link& link, const AccountId&, const AccountId& recipient) {
         change([&](Records& records) {
           return records.parcels->revoke(link.parcel, recipient, now_);
         });
       },
       now_, false, true},
      {"owner suspended",
       [&](const Link&, const AccountId& owner, const AccountId&) {
         set_state(owner, AccountState::suspended);
       },
       now_},
      {"recipient suspended",
       [&](const Link&, const AccountId&, const AccountId& recipient) {
         set_state(recipient, AccountState::suspended);
       },
       now_, false, true},
      {"locked down",
       [&](const Link&, const AccountId&, const AccountId&) {
         change([&](Records& records) {
           return records.lockdowns->lock(next<LockdownId>(), std::nullopt, now_);
         });
       },
       now_},
  };
  for (const Closing& closing : closings) {
    SCOPED_TRACE(closing.what);
    const AccountId owner = some_account();
    const AccountId recipient = some_account();
    const Link link = some_link(some_whole_parcel(owner), std::nullopt);
    change([&](Records& records) {
      return records.parcels->grant({.parcel = link.parcel, .account = recipient});
    });
    // tickets long enough that only what is closed can end them
    const auto opening = [&] {
      NewOpening made = opening_at(closing.at);
      made.expires = now_ + 1000 * kHour;
      return made;
    };
    const auto redeem = [&](const NewOpening& by) {
      return change([&](Records& records) { return records.openings->redeem(link.id, by); })
          .has_value();
    };
    const auto open = [&](const NewOpening& by) {
      return change(
          [&](Records& records) { return records.openings->open(link.parcel, recipient, by); });
    };
    const auto is_live = [&](const NewOpening& by) {
      return look([&](const Records& records) {
               return records.openings->find_live(by.ticket, closing.at);
             })
          .has_value();
    };
    NewOpening by_link = opening();
    NewOpening by_grant = opening();
    by_link.now = by_grant.now = now_;
    ASSERT_TRUE(redeem(by_link));
    ASSERT_TRUE(open(by_grant));
    closing.close(link, owner, recipient);
    EXPECT_EQ(is_live(by_link), closing.grant_only);
    EXPECT_EQ(is_live(by_grant), closing.link_only);
    EXPECT_EQ(redeem(opening()), closing.grant_only);
    EXPECT_EQ(open(opening()), closing.link_only);
  }
}

TEST_P(CatalogSuite, AGrantCountsItsOpenings) {
  const AccountId recipient = some_account();
  const ParcelId parcel = some_whole_parcel(some_account());
  change([&](Records& records) {
    return records.parcels->grant({.parcel = parcel, .account = recipient, .opens_max = 2});
  });
  const auto open = [&](const AccountId& by) {
    const NewOpening opening = opening_at(now_);
    return change([&](Records& records) { return records.openings->open(parcel, by, opening); });
  };
  EXPECT_FALSE(open(some_account())) << "not a recipient";
  EXPECT_TRUE(open(recipient));
  EXPECT_TRUE(open(recipient));
  EXPECT_FALSE(open(recipient));
}

TEST_P(CatalogSuite, ATicketEndsWhenItSays) {
  const Link link = some_link(some_whole_parcel(some_account()), 1);
  const NewOpening opening = opening_at(now_);
  ASSERT_TRUE(change([&](Records& records) { return records.openings->redeem(link.id, opening); }));
  const auto find = [&](base::UnixTime now) {
    return look(
        [&](const Records& records) { return records.openings->find_live(opening.ticket, now); });
  };
  ASSERT_TRUE(find(now_)) << "the link is used up; its one download goes on";
  EXPECT_EQ(find(now_)->link, link.id);
  EXPECT_EQ(find(now_)->parcel, link.parcel);
  EXPECT_FALSE(find(now_ + kHour));
}

TEST_P(CatalogSuite, AnAccountsTicketsEndTogether) {
  const ParcelId parcel = some_whole_parcel(some_account());
  const auto ticket_of = [&](const AccountId& account) {
    const NewOpening opening = opening_at(now_);
    change([&](Records& records) {
      return records.parcels->grant({.parcel = parcel, .account = account});
    });
    EXPECT_TRUE(
        change([&](Records& records) { return records.openings->open(parcel, account, opening); }));
    return opening.ticket;
  };
  const auto is_live = [&](const TokenHash& ticket) {
    return look([&](const Records& records) { return records.openings->find_live(ticket, now_); })
        .has_value();
  };
  const AccountId one = some_account();
  const TokenHash mine = ticket_of(one);
  const TokenHash other = ticket_of(some_account());
  EXPECT_TRUE(is_live(mine));
  EXPECT_EQ(change([&](Records& records) { return records.openings->end_all_of(one, now_); }), 1U);
  EXPECT_FALSE(is_live(mine));
  EXPECT_TRUE(is_live(other));
}

TEST_P(CatalogSuite, HalvesAreDestroyedWhenDue) {
  const ParcelId parcel = some_whole_parcel(some_account());
  const Link used_up = some_link(parcel, 1);
  const Link lasting = some_link(parcel, 2);
  for (const Link& link : {used_up, lasting}) {
    const NewOpening opening = opening_at(now_);
    change([&](Records& records) { return records.openings->redeem(link.id, opening); });
  }
  const auto destroy = [&](base::UnixTime now) {
    return change([&](Records& records) { return records.links->destroy_due_halves(now); });
  };
  EXPECT_EQ(destroy(now_), 0U) << "the one download is still under way";
  EXPECT_EQ(destroy(now_ + kHour), 1U);
  EXPECT_EQ(destroy(now_ + kHour), 0U);
  EXPECT_EQ(destroy(lasting.expires), 1U);
  some_link(parcel, std::nullopt);
  EXPECT_EQ(change([](Records& records) { return records.links->destroy_all_halves(); }), 1U);
  EXPECT_EQ(look([&](const Records& records) { return records.links->list(parcel); }).size(), 3U);
}

TEST_P(CatalogSuite, AnOpeningHasOneReceipt) {
  const Link link = some_link(some_whole_parcel(some_account()), std::nullopt);
  const NewOpening opening = opening_at(now_);
  change([&](Records& records) { return records.openings->redeem(link.id, opening); });
  Receipt receipt{.id = next<ReceiptId>(),
                  .opening = opening.id,
                  .signed_receipt = bytes("signed"),
                  .event = next<EventId>(),
                  .received = now_};
  const auto add = [&] {
    return change([&](Records& records) { return records.openings->add_receipt(receipt); });
  };
  EXPECT_EQ(add(), Insert::added);
  receipt.id = next<ReceiptId>();
  EXPECT_EQ(add(), Insert::taken);
  const auto kept =
      look([&](const Records& records) { return records.openings->receipt(opening.id); });
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->signed_receipt, bytes("signed"));
}

TEST_P(CatalogSuite, AHandInThatWasNeverWholeGivesItsPlaceBack) {
  const AccountId owner = some_account();
  const FileRequest request{.id = next<RequestId>(),
                            .owner = owner,
                            .generation = {1},
                            .verifier = next<ProofVerifier>(),
                            .sealed_title = bytes("sealed title"),
                            .size_bytes_max = 5000,
                            .parcels_max = 1,
                            .created = now_,
                            .expires = now_ + 24 * kHour};
  change([&](Records& records) { return records.requests->create(request); });
  const auto use = [&] {
    return change([&](Records& records) { return records.requests->use(request.id, now_); });
  };
  const auto hand_in = [&] {
    EXPECT_EQ(use(), Change::done);
    EXPECT_EQ(use(), Change::stale) << "the last place";
    Parcel parcel{.id = next<ParcelId>(),
                  .owner = owner,
                  .request = request.id,
                  .created = now_,
                  .expires = now_ + kHour};
    change([&](Records& records) { return records.parcels->create(parcel); });
    return parcel.id;
  };
  const ParcelId refused = hand_in();
  change([&](Records& records) { return records.parcels->recall(refused, now_); });
  const ParcelId forgotten = hand_in();
  change([&](Records& records) { return records.parcels->expire_due(now_ + kHour, 10); });
  EXPECT_EQ(look([&](const Records& records) { return records.parcels->find(forgotten); })->state,
            ParcelState::expired);
  const ParcelId whole = hand_in();
  change([&](Records& records) -> base::Result<Change> {
    for (const Part part : {Part::content, Part::manifest})
      SEALIFT_TRY_VOID(records.parcels->put_part(
          whole, {.part = part, .header = bytes("h"), .payload = bytes("p"), .payload_bytes = 1}));
    return records.parcels->complete(whole, now_);
  });
  change([&](Records& records) { return records.parcels->recall(whole, now_); });
  EXPECT_EQ(use(), Change::stale) << "what was handed over has used its place up";
}

TEST_P(CatalogSuite, AFileRequestIsUsedExactlyAsOftenAsItSaysAndWhileOpen) {
  const AccountId owner = some_account();
  const auto create = [&](std::optional<std::uint32_t> parcels_max) {
    FileRequest request{.id = next<RequestId>(),
                        .owner = owner,
                        .generation = {2},
                        .verifier = next<ProofVerifier>(),
                        .sealed_title = bytes("sealed title"),
                        .size_bytes_max = 5000,
                        .parcels_max = parcels_max,
                        .created = now_,
                        .expires = now_ + kHour};
    EXPECT_EQ(change([&](Records& records) { return records.requests->create(request); }),
              Insert::added);
    return request;
  };
  const auto use = [&](const RequestId& id, base::UnixTime now) {
    return change([&](Records& records) { return records.requests->use(id, now); });
  };
  const FileRequest twice = create(2);
  EXPECT_EQ(use(twice.id, now_ + kHour), Change::stale);
  EXPECT_EQ(use(twice.id, now_), Change::done);
  EXPECT_EQ(use(twice.id, now_), Change::done);
  EXPECT_EQ(use(twice.id, now_), Change::stale);
  EXPECT_EQ(use(next<RequestId>(), now_), Change::absent);

  const FileRequest open = create(std::nullopt);
  const auto close = [&](const AccountId& by) {
    return change([&](Records& records) { return records.requests->close(by, open.id, now_); });
  };
  set_state(owner, AccountState::suspended);
  EXPECT_EQ(use(open.id, now_), Change::stale);
  set_state(owner, AccountState::active);
  EXPECT_EQ(use(open.id, now_), Change::done);
  EXPECT_EQ(close(some_account()), Change::absent);
  EXPECT_EQ(close(owner), Change::done);
  EXPECT_EQ(close(owner), Change::stale);
  EXPECT_EQ(use(open.id, now_), Change::stale);
  const auto listed =
      look([&](const Records& records) { return records.requests->list(owner, {}); });
  ASSERT_EQ(listed.size(), 2U);
  EXPECT_EQ(listed.front().id, open.id);
  EXPECT_EQ(listed.front().closed, now_);
  EXPECT_EQ(listed.back().parcels_used, 2U);
  const FileRequest locked = create(std::nullopt);
  change([&](Records& records) {
    return records.lockdowns->lock(next<LockdownId>(), std::nullopt, now_);
  });
  EXPECT_EQ(use(locked.id, now_), Change::stale);
}

}  // namespace
}  // namespace sealift::catalog
