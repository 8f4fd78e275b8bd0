// The contract of accounts, enrolments, slots, sessions and the key directory.
#include "catalog/catalog_suite.h"

namespace sealift::catalog {
namespace {

TEST_P(CatalogSuite, AnAddressHasOneAccountEvenAfterItWasClosed) {
  const NewAccount account{.id = next<AccountId>(),
                           .lookup = next<AddressLookup>(),
                           .sealed_address = bytes("sealed"),
                           .roles = {.recovery_officer = true},
                           .language = Language::french,
                           .created = now_};
  const auto add = [&](const NewAccount& added) {
    return change([&](Records& records) { return records.accounts->add(added); });
  };
  EXPECT_EQ(add(account), Insert::added);
  set_state(account.id, AccountState::closed);
  NewAccount again = account;
  again.id = next<AccountId>();
  EXPECT_EQ(add(again), Insert::taken);
  const auto found = look(
      [&](const Records& records) { return records.accounts->find_by_address(account.lookup); });
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, account.id);
  EXPECT_EQ(found->sealed_address, bytes("sealed"));
  EXPECT_EQ(found->roles, account.roles);
  EXPECT_EQ(found->language, Language::french);
  EXPECT_EQ(found->created, now_);
  EXPECT_EQ(found->state, AccountState::closed);
  EXPECT_FALSE(look([&](const Records& records) { return records.accounts->find(again.id); }));
}

TEST_P(CatalogSuite, AClosedAccountStaysClosed) {
  const AccountId id = some_account();
  const auto set = [&](const AccountId& of, AccountState state) {
    return change([&](Records& records) { return records.accounts->set_state(of, state); });
  };
  EXPECT_EQ(set(id, AccountState::suspended), Change::done);
  EXPECT_EQ(set(id, AccountState::active), Change::done);
  EXPECT_EQ(set(id, AccountState::closed), Change::done);
  EXPECT_EQ(set(id, AccountState::active), Change::stale);
  EXPECT_EQ(set(next<AccountId>(), AccountState::active), Change::absent);
}

TEST_P(CatalogSuite, RolesQuotaLanguageAndAddressChange) {
  const AccountId id = some_account();
  const AccountId nobody = next<AccountId>();
  change([&](Records& records) -> base::Result<int> {
    EXPECT_EQ(records.accounts->set_roles(id, {.administrator = true}), Change::done);
    EXPECT_EQ(records.accounts->set_quota(id, 77), Change::done);
    EXPECT_EQ(records.accounts->set_language(id, Language::french), Change::done);
    EXPECT_EQ(records.accounts->rewrap_address(id, bytes("wrapped anew")), Change::done);
    EXPECT_EQ(records.accounts->set_roles(nobody, {}), Change::absent);
    EXPECT_EQ(records.accounts->set_quota(nobody, 1), Change::absent);
    EXPECT_EQ(records.accounts->set_language(nobody, Language::english), Change::absent);
    EXPECT_EQ(records.accounts->rewrap_address(nobody, {}), Change::absent);
    return 0;
  });
  const auto found = look([&](const Records& records) { return records.accounts->find(id); });
  EXPECT_TRUE(found->roles.administrator);
  EXPECT_EQ(found->quota_bytes_max, 77U);
  EXPECT_EQ(found->language, Language::french);
  EXPECT_EQ(found->sealed_address, bytes("wrapped anew"));
  change([&](Records& records) { return records.accounts->set_quota(id, std::nullopt); });
  EXPECT_FALSE(
      look([&](const Records& records) { return records.accounts->find(id); })->quota_bytes_max);
}

TEST_P(CatalogSuite, OnlyActiveAdministratorsAndOfficersCount) {
  const AccountId administrator = some_account({.administrator = true});
  const AccountId officer = some_account({.recovery_officer = true});
  some_account();
  const auto administrators = [&] {
    return look([](const Records& records) { return records.accounts->active_administrators(); });
  };
  const auto officers = [&] {
    return look(
        [](const Records& records) { return records.accounts->active_recovery_officers(); });
  };
  EXPECT_EQ(administrators(), 1U);
  EXPECT_EQ(officers(), std::vector{officer});
  set_state(administrator, AccountState::suspended);
  set_state(officer, AccountState::suspended);
  EXPECT_EQ(administrators(), 0U);
  EXPECT_TRUE(officers().empty());
}

TEST_P(CatalogSuite, TotalsCountByState) {
  const AccountId active = some_account();
  set_state(some_account(), AccountState::suspended);
  set_state(some_account(), AccountState::closed);
  some_whole_parcel(active);
  some_parcel(active);
  const auto accounts = look([](const Records& records) { return records.accounts->totals(); });
  EXPECT_EQ(accounts.active, 1U);
  EXPECT_EQ(accounts.suspended, 1U);
  EXPECT_EQ(accounts.closed, 1U);
  EXPECT_EQ(accounts.used_bytes, 1016U) << "a blob, and a manifest in the catalog";
  const auto parcels = look([](const Records& records) { return records.parcels->totals(); });
  EXPECT_EQ(parcels.uploading, 1U);
  EXPECT_EQ(parcels.whole, 1U);
  EXPECT_EQ(parcels.ended, 0U);
}

TEST_P(CatalogSuite, AccountsAreListedPageByPageNewestFirst) {
  std::vector<AccountId> expected;
  for (int i = 0; i < 5; ++i) expected.insert(expected.begin(), some_account());
  std::vector<AccountId> listed;
  Page page{.rows_max = 2};
  while (true) {
    const auto rows = look([&](const Records& records) { return records.accounts->list(page); });
    if (rows.empty()) break;
    EXPECT_LE(rows.size(), 2U);
    for (const Account& account : rows) listed.push_back(account.id);
    page.before = rows.back().cursor;
  }
  EXPECT_EQ(listed, expected);
}

TEST_P(CatalogSuite, AnEnrolmentIsTakenOnce) {
  const Enrolment enrolment{.id = next<EnrolmentId>(),
                            .token = next<TokenHash>(),
                            .lookup = next<AddressLookup>(),
                            .sealed_address = bytes("sealed"),
                            .roles = {.administrator = true},
                            .created = now_,
                            .expires = now_ + kHour};
  must(catalog().transact([&](Records& records) { return records.enrolments->add(enrolment); }));
  const auto find = [&](base::UnixTime now) {
    return look([&](const Records& records) {
      return records.enrolments->find_live(enrolment.token, now);
    });
  };
  const auto take = [&](base::UnixTime now) {
    return change([&](Records& records) { return records.enrolments->take(enrolment.token, now); });
  };
  EXPECT_TRUE(find(now_));
  EXPECT_TRUE(find(now_)) << "looking takes nothing";
  EXPECT_FALSE(find(now_ + kHour)) << "expired";
  EXPECT_FALSE(take(now_ + kHour));
  const auto taken = take(now_);
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->lookup, enrolment.lookup);
  EXPECT_EQ(taken->roles, enrolment.roles);
  EXPECT_FALSE(taken->invited_by);
  EXPECT_FALSE(take(now_));
  EXPECT_FALSE(find(now_));
}

TEST_P(CatalogSuite, ANewEnrolmentEndsTheEarlierOneForTheSameAddress) {
  const AccountId by = some_account();
  Enrolment first{.id = next<EnrolmentId>(),
                  .token = next<TokenHash>(),
                  .lookup = next<AddressLookup>(),
                  .sealed_address = bytes("sealed"),
                  .invited_by = by,
                  .created = now_,
                  .expires = now_ + kHour};
  Enrolment second = first;
  second.id = next<EnrolmentId>();
  second.token = next<TokenHash>();
  change([&](Records& records) -> base::Result<int> {
    SEALIFT_TRY_VOID(records.enrolments->add(first));
    SEALIFT_TRY_VOID(records.enrolments->add(second));
    return 0;
  });
  const auto live =
      look([&](const Records& records) { return records.enrolments->list_live(now_); });
  ASSERT_EQ(live.size(), 1U);
  EXPECT_EQ(live.front().id, second.id);
  EXPECT_EQ(live.front().invited_by, by);
  change([&](Records& records) -> base::Result<int> {
    EXPECT_EQ(records.enrolments->withdraw(first.id), Change::absent);
    EXPECT_EQ(records.enrolments->remove_expired(now_), 0U);
    EXPECT_EQ(records.enrolments->remove_expired(now_ + kHour), 1U);
    EXPECT_EQ(records.enrolments->withdraw(second.id), Change::absent);
    return 0;
  });
}

TEST_P(CatalogSuite, AStaleDeviceNeverOverwritesASlot) {
  const AccountId account = some_account();
  Slot slot{.id = next<SlotId>(),
            .account = account,
            .kind = SlotKind::paper_key,
            .generation = {1},
            .wrapped = bytes("first"),
            .sealed_label = {},
            .created = now_};
  EXPECT_EQ(change([&](Records& records) { return records.slots->add(slot); }), Insert::added);
  EXPECT_EQ(change([&](Records& records) { return records.slots->add(slot); }), Insert::taken);
  const auto replace = [&](const Slot& with, Revision expected) {
    return change([&](Records& records) { return records.slots->replace(with, expected); });
  };
  slot.wrapped = bytes("second");
  slot.generation = {2};
  EXPECT_EQ(replace(slot, {1}), Change::done);
  slot.wrapped = bytes("from an old device");
  EXPECT_EQ(replace(slot, {1}), Change::stale);
  slot.account = some_account();
  EXPECT_EQ(replace(slot, {2}), Change::absent) << "not this account's";
  const auto slots = look([&](const Records& records) { return records.slots->list(account); });
  ASSERT_EQ(slots.size(), 1U);
  EXPECT_EQ(slots.front().wrapped, bytes("second"));
  EXPECT_EQ(slots.front().generation, Generation{2});
  EXPECT_EQ(slots.front().revision, Revision{2});
}

TEST_P(CatalogSuite, VerifiersGoWithTheirSlot) {
  const AccountId account = some_account();
  const Slot slot{.id = next<SlotId>(),
                  .account = account,
                  .kind = SlotKind::passkey,
                  .generation = {1},
                  .wrapped = bytes("slot")};
  Verifier verifier{.id = next<VerifierId>(),
                    .account = account,
                    .slot = slot.id,
                    .kind = VerifierKind::passkey,
                    .lookup = next<VerifierLookup>(),
                    .public_parameters = bytes("parameters"),
                    .wrapped = bytes("public key")};
  change([&](Records& records) -> base::Result<int> {
    SEALIFT_TRY_VOID(records.slots->add(slot));
    EXPECT_EQ(records.slots->add_verifier(verifier), Insert::added);
    EXPECT_EQ(records.slots->add_verifier(verifier), Insert::taken);
    verifier.wrapped = bytes("counter 2");
    EXPECT_EQ(records.slots->replace_verifier(verifier), Change::done);
    return 0;
  });
  const auto find = [&] {
    return look(
        [&](const Records& records) { return records.slots->find_verifier(*verifier.lookup); });
  };
  ASSERT_TRUE(find());
  EXPECT_EQ(find()->wrapped, bytes("counter 2"));
  EXPECT_EQ(find()->account, account);
  const auto of_kind = [&](VerifierKind kind) {
    return look([&](const Records& records) { return records.slots->verifiers(account, kind); })
        .size();
  };
  EXPECT_EQ(of_kind(VerifierKind::passkey), 1U);
  EXPECT_EQ(of_kind(VerifierKind::authentication_key), 0U);
  const AccountId other = some_account();
  change([&](Records& records) -> base::Result<int> {
    EXPECT_EQ(records.slots->remove(other, slot.id), Change::absent);
    EXPECT_EQ(records.slots->remove_verifier(other, verifier.id), Change::absent);
    EXPECT_EQ(records.slots->remove(account, slot.id), Change::done);
    return 0;
  });
  EXPECT_FALSE(find());
  EXPECT_EQ(change([&](Records& records) { return records.slots->replace_verifier(verifier); }),
            Change::absent);
}

TEST_P(CatalogSuite, ASessionEndsByTimeByIdlenessAndWithItsAccount) {
  const AccountId account = some_account({.administrator = true});
  const Session session{.id = next<SessionId>(),
                        .account = account,
                        .kind = SessionKind::api_token,
                        .scopes = Scopes().with(Scope::parcels_read).with(Scope::metrics),
                        .sealed_label = bytes("label"),
                        .created = now_,
                        .last_seen = now_,
                        .expires = now_ + 3 * kHour,
                        .idle_ms_max = kHour};
  const TokenHash token = next<TokenHash>();
  EXPECT_EQ(change([&](Records& records) { return records.sessions->add(session, token); }),
            Insert::added);
  const auto find = [&](base::UnixTime now) {
    return look([&](const Records& records) { return records.sessions->find_live(token, now); });
  };
  ASSERT_TRUE(find(now_));
  EXPECT_EQ(find(now_)->session.id, session.id);
  EXPECT_EQ(find(now_)->session.scopes, session.scopes);
  EXPECT_FALSE(find(now_)->session.scopes.has(Scope::administration));
  EXPECT_TRUE(find(now_)->roles.administrator);
  EXPECT_FALSE(find(now_ + kHour)) << "idle";
  const auto touch = [&](base::UnixTime now) {
    must(catalog().transact(
        [&](Records& records) { return records.sessions->touch(session.id, now); }));
  };
  for (const auto hours : {1, 2, 3}) touch(now_ + hours * kHour - std::chrono::minutes(1));
  touch(now_);  // a clock that steps back takes nothing away
  EXPECT_TRUE(find(now_ + 3 * kHour - std::chrono::minutes(1)));
  EXPECT_FALSE(find(now_ + 3 * kHour)) << "over, however busy";
  set_state(account, AccountState::suspended);
  EXPECT_FALSE(find(now_ + 2 * kHour));
  set_state(account, AccountState::active);
  EXPECT_TRUE(find(now_ + 2 * kHour));
  EXPECT_FALSE(look([&](const Records& records) {
    return records.sessions->find_live(next<TokenHash>(), now_);
  }));
}

TEST_P(CatalogSuite, SessionsEndOneByOneByAccountAndAllAtOnce) {
  const AccountId account = some_account();
  const AccountId other = some_account();
  const auto begin = [&](const AccountId& of) {
    const Session session{.id = next<SessionId>(),
                          .account = of,
                          .created = now_,
                          .last_seen = now_,
                          .expires = now_ + kHour,
                          .idle_ms_max = kHour};
    const TokenHash token = next<TokenHash>();
    change([&](Records& records) { return records.sessions->add(session, token); });
    return session.id;
  };
  const auto count = [&](const AccountId& of) {
    return look([&](const Records& records) { return records.sessions->list(of); }).size();
  };
  const SessionId mine = begin(account);
  const SessionId second = begin(account);
  begin(account);
  begin(other);
  change([&](Records& records) -> base::Result<int> {
    EXPECT_EQ(records.sessions->end(other, second), Change::absent) << "not theirs to end";
    EXPECT_EQ(records.sessions->end(account, second), Change::done);
    EXPECT_EQ(records.sessions->end(account, second), Change::absent);
    return 0;
  });
  EXPECT_EQ(count(account), 2U);
  EXPECT_EQ(change([&](Records& records) { return records.sessions->end_all_of(account, mine); }),
            1U);
  EXPECT_EQ(count(account), 1U);
  EXPECT_EQ(count(other), 1U);
  EXPECT_EQ(
      change([&](Records& records) { return records.sessions->end_all_of(account, std::nullopt); }),
      1U);
  begin(account);
  EXPECT_EQ(change([&](Records& records) { return records.sessions->end_all(); }), 2U);
  EXPECT_EQ(count(account) + count(other), 0U);
  begin(account);
  EXPECT_EQ(change([&](Records& records) { return records.sessions->remove_expired(now_); }), 0U);
  EXPECT_EQ(
      change([&](Records& records) { return records.sessions->remove_expired(now_ + kHour); }), 1U);
}

TEST_P(CatalogSuite, DirectoryGenerationsFollowOneAnother) {
  const AccountId account = some_account();
  const auto entry = [&](std::uint64_t generation) {
    return DirectoryEntry{.account = account,
                          .generation = {generation},
                          .recipient = "age1generation" + std::to_string(generation),
                          .signing_key = bytes("signing key"),
                          .endorsement = generation == 1 ? base::Bytes{} : bytes("endorsement"),
                          .event = next<EventId>(),
                          .created = now_,
                          .salt = base::Bytes(32, std::byte{4}),
                          .previous = base::Bytes(32),
                          .how = static_cast<std::uint8_t>(generation == 1 ? 1 : 2)};
  };
  const auto add = [&](const DirectoryEntry& added) {
    return change([&](Records& records) { return records.directory->add(added); });
  };
  EXPECT_FALSE(look([&](const Records& records) { return records.directory->newest(account); }));
  EXPECT_EQ(add(entry(2)), Change::stale);
  EXPECT_EQ(add(entry(1)), Change::done);
  EXPECT_EQ(add(entry(1)), Change::stale) << "a generation is never rewritten";
  const DirectoryEntry second = entry(2);
  EXPECT_EQ(add(second), Change::done);
  EXPECT_EQ(add(entry(4)), Change::stale);

  const auto newest =
      look([&](const Records& records) { return records.directory->newest(account); });
  ASSERT_TRUE(newest);
  EXPECT_EQ(newest->recipient, second.recipient);
  EXPECT_EQ(newest->endorsement, bytes("endorsement"));
  EXPECT_EQ(newest->salt, base::Bytes(32, std::byte{4}));
  EXPECT_EQ(newest->how, 2);
  EXPECT_FALSE(newest->log_index);
  change([&](Records& records) -> base::Result<Change> {
    SEALIFT_TRY_VOID(records.custody->add({.id = second.event, .salt = bytes("salt")}));
    return records.custody->logged(second.event, {7});
  });
  const auto history =
      look([&](const Records& records) { return records.directory->history(account); });
  ASSERT_EQ(history.size(), 2U);
  EXPECT_EQ(history.front().generation, Generation{1});
  EXPECT_EQ(history.back().log_index, LogIndex{7});
}

TEST_P(CatalogSuite, DirectoryChangesWaitForTheirLogInOrder) {
  const auto add = [&](std::uint8_t place) {
    const DirectoryChange added{.place = base::Bytes(32, std::byte{place}),
                                .how = 1,
                                .generation = {1},
                                .commitment = base::Bytes(32, std::byte{9}),
                                .happened = now_,
                                .authenticator = bytes("code")};
    must(
        catalog().transact([&](Records& records) { return records.directory->add_change(added); }));
  };
  const auto queued = [&] {
    return look([](const Records& records) { return records.directory->queued_changes(10); });
  };
  for (std::uint8_t place = 1; place <= 3; ++place) add(place);
  const auto all = queued();
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].place, base::Bytes(32, std::byte{1}));
  EXPECT_EQ(all[0].authenticator, bytes("code"));
  EXPECT_EQ(change([&](Records& records) {
              return records.directory->change_logged(all[0].cursor, {1});
            }),
            Change::done);
  EXPECT_EQ(
      change([&](Records& records) { return records.directory->refuse_change(all[1].cursor); }),
      Change::done);
  EXPECT_EQ(change([&](Records& records) {
              return records.directory->change_logged(all[1].cursor, {2});
            }),
            Change::absent)
      << "what was refused is never logged";
  const auto left = queued();
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left[0].place, base::Bytes(32, std::byte{3}));
  EXPECT_EQ(look([](const Records& records) { return records.directory->change_at({1}); })->place,
            all[0].place);
  EXPECT_FALSE(look([](const Records& records) { return records.directory->change_at({2}); }));
}

}  // namespace
}  // namespace sealift::catalog
