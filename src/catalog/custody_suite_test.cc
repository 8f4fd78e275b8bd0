// The contract of custody events, outbox, lock-downs and recoveries.
#include "catalog/catalog_suite.h"

namespace sealift::catalog {
namespace {

TEST_P(CatalogSuite, EventsAreQueuedUntilTheLogHasThem) {
  std::vector<EventId> ids;
  for (int i = 0; i < 3; ++i) {
    ids.push_back(next<EventId>());
    const CustodyEvent event{.id = ids.back(),
                             .salt = bytes("salt"),
                             .event = bytes("event " + std::to_string(i)),
                             .happened = now_};
    EXPECT_EQ(change([&](Records& records) { return records.custody->add(event); }), Insert::added);
    EXPECT_EQ(change([&](Records& records) { return records.custody->add(event); }), Insert::taken);
  }
  const auto queued = [&](std::uint32_t rows_max) {
    std::vector<EventId> found;
    for (const CustodyEvent& event :
         look([&](const Records& records) { return records.custody->queued(rows_max); }))
      found.push_back(event.id);
    return found;
  };
  EXPECT_EQ(queued(10), ids);
  EXPECT_EQ(queued(2), (std::vector{ids[0], ids[1]}));
  const auto logged = [&](const EventId& id, std::uint64_t index) {
    return catalog().transact(
        [&](Records& records) { return records.custody->logged(id, {index}); });
  };
  EXPECT_EQ(must(logged(ids[0], 0)), Change::done);
  EXPECT_EQ(must(logged(ids[0], 1)), Change::stale) << "an index is given once";
  EXPECT_EQ(must(logged(next<EventId>(), 1)), Change::absent);
  EXPECT_EQ(logged(ids[1], 0).error().code, base::ErrorCode::conflict);
  EXPECT_EQ(queued(10), (std::vector{ids[1], ids[2]}));
  const auto at = look([](const Records& records) { return records.custody->at({0}); });
  ASSERT_TRUE(at);
  EXPECT_EQ(at->id, ids[0]);
  EXPECT_EQ(at->event, bytes("event 0"));
  EXPECT_FALSE(look([](const Records& records) { return records.custody->at({1}); }));
}

TEST_P(CatalogSuite, EventsThatAnOlderLogLacksGoBackToTheQueueInTheirOrder) {
  std::vector<EventId> ids;
  for (std::uint64_t i = 0; i < 4; ++i) {
    ids.push_back(next<EventId>());
    const CustodyEvent event{
        .id = ids.back(), .salt = bytes("salt"), .event = bytes("event"), .happened = now_};
    change([&](Records& records) { return records.custody->add(event); });
  }
  const auto count = [&] {
    return look([](const Records& records) { return records.custody->logged_count(); });
  };
  EXPECT_EQ(count(), 0U);
  change([&](Records& records) -> base::Result<int> {
    for (std::uint64_t i = 0; i < 3; ++i) SEALIFT_TRY_VOID(records.custody->logged(ids[i], {i}));
    return 0;
  });
  EXPECT_EQ(count(), 3U);
  EXPECT_EQ(change([](Records& records) { return records.custody->requeue({1}); }), 2U);
  EXPECT_EQ(count(), 1U);
  const auto queued = look([](const Records& records) { return records.custody->queued(10); });
  ASSERT_EQ(queued.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(queued[i].id, ids[i + 1]);
}

TEST_P(CatalogSuite, AMarkIsOneValueThatStays) {
  const auto find = [&](Mark mark) {
    return look([&](const Records& records) { return records.marks->find(mark); });
  };
  const auto put = [&](Mark mark, std::string_view value) {
    must(catalog().transact(
        [&](Records& records) { return records.marks->put(mark, base::bytes_of(value)); }));
  };
  EXPECT_FALSE(find(Mark::vault_key));
  put(Mark::vault_key, "first");
  put(Mark::vault_key, "second");
  put(Mark::clock_held, "other");
  reopen();
  EXPECT_EQ(find(Mark::vault_key), bytes("second"));
  must(catalog().transact([](Records& records) { return records.marks->remove(Mark::vault_key); }));
  EXPECT_FALSE(find(Mark::vault_key));
  EXPECT_EQ(find(Mark::clock_held), bytes("other"));
  EXPECT_TRUE(must(catalog().is_sound()));
}

TEST_P(CatalogSuite, EventsAreErasedWithoutTheirLeaf) {
  const AccountId account = next<AccountId>();
  const CustodyEvent event{.id = next<EventId>(),
                           .salt = bytes("salt"),
                           .event = bytes("readable"),
                           .account = account,
                           .happened = now_};
  const auto erase = [&] {
    return change([&](Records& records) { return records.custody->erase(event.id); });
  };
  change([&](Records& records) { return records.custody->add(event); });
  EXPECT_EQ(erase(), Change::stale) << "the log needs it first";
  EXPECT_EQ(change([&](Records& records) { return records.custody->erase_of(account); }), 0U);
  change([&](Records& records) { return records.custody->logged(event.id, {5}); });
  EXPECT_EQ(change([&](Records& records) { return records.custody->erase_of(account); }), 1U);
  EXPECT_EQ(erase(), Change::done) << "twice is as good as once";
  const auto found = look([&](const Records& records) { return records.custody->find(event.id); });
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->salt.empty());
  EXPECT_TRUE(found->event.empty());
  EXPECT_FALSE(found->account);
  EXPECT_EQ(found->log_index, LogIndex{5});
}

TEST_P(CatalogSuite, EventsOfAParcelAreErasedTogetherAndNoOthers) {
  const ParcelId parcel = next<ParcelId>();
  std::vector<EventId> ids;
  const auto add = [&](const ParcelId& about) {
    ids.push_back(next<EventId>());
    const CustodyEvent event{.id = ids.back(),
                             .salt = bytes("salt"),
                             .event = bytes("readable"),
                             .parcel = about,
                             .happened = now_};
    change([&](Records& records) { return records.custody->add(event); });
  };
  const auto text = [&](std::size_t which) {
    return look([&](const Records& records) { return records.custody->find(ids[which]); })->event;
  };
  const auto erase = [&] {
    return change([&](Records& records) { return records.custody->erase_of(parcel); });
  };
  add(parcel);
  add(parcel);
  add(next<ParcelId>());
  for (std::uint64_t each = 0; each < ids.size(); ++each) {
    if (each == 1) continue;  // still in the queue
    change([&](Records& records) { return records.custody->logged(ids[each], {each}); });
  }
  EXPECT_EQ(erase(), 1U);
  EXPECT_TRUE(text(0).empty());
  EXPECT_EQ(text(1), bytes("readable"));
  EXPECT_EQ(text(2), bytes("readable"));
  EXPECT_EQ(erase(), 0U);
}

TEST_P(CatalogSuite, EventsAreFoundByAccountParcelAndTime) {
  const AccountId account = next<AccountId>();
  const ParcelId parcel = next<ParcelId>();
  const auto add = [&](std::optional<AccountId> of, std::optional<ParcelId> about,
                       base::UnixTime happened) {
    const CustodyEvent event{.id = next<EventId>(),
                             .salt = bytes("s"),
                             .event = bytes("e"),
                             .account = of,
                             .parcel = about,
                             .happened = happened};
    change([&](Records& records) { return records.custody->add(event); });
  };
  add(account, parcel, now_);
  add(account, std::nullopt, now_ + kHour);
  add(std::nullopt, parcel, now_ + kHour);
  add(std::nullopt, std::nullopt, now_);
  const auto count = [&](const CustodyFilter& filter) {
    return look([&](const Records& records) { return records.custody->list(filter, {}); }).size();
  };
  EXPECT_EQ(count({}), 4U);
  EXPECT_EQ(count({.account = account}), 2U);
  EXPECT_EQ(count({.parcel = parcel}), 2U);
  EXPECT_EQ(count({.account = account, .parcel = parcel}), 1U);
  EXPECT_EQ(count({.account = account, .from = now_ + kHour}), 1U);
  EXPECT_EQ(count({.parcel = parcel, .until = now_ + kHour}), 1U);
  EXPECT_EQ(count({.from = now_, .until = now_ + kHour}), 2U);
  EXPECT_EQ(look([&](const Records& records) {
              return records.custody->list({}, {.rows_max = 3});
            }).size(),
            3U);
}

TEST_P(CatalogSuite, OnesOwnRecordIsOfOneselfAndOfTheParcelsThatOneSent) {
  const AccountId sender = some_account();
  const AccountId recipient = some_account();
  const ParcelId parcel = some_parcel(sender).id;
  const auto add = [&](const std::optional<AccountId>& account,
                       const std::optional<ParcelId>& of_parcel) {
    const CustodyEvent event{.id = next<EventId>(),
                             .salt = bytes("salt"),
                             .event = bytes("event"),
                             .account = account,
                             .parcel = of_parcel,
                             .happened = now_};
    change([&](Records& records) { return records.custody->add(event); });
  };
  add(sender, std::nullopt);
  add(recipient, parcel);
  add(recipient, std::nullopt);
  const auto count = [&](const AccountId& who) {
    return look([&](const Records& records) {
             return records.custody->list({.concerned = who}, {});
           })
        .size();
  };
  EXPECT_EQ(count(sender), 2U);
  EXPECT_EQ(count(recipient), 2U);
  EXPECT_EQ(count(next<AccountId>()), 0U);
}

TEST_P(CatalogSuite, AMailIsClaimedByOneAndComesBackAfterItsLease) {
  const auto add = [&](base::UnixTime due) {
    const Mail mail{.id = next<MailId>(),
                    .letter = MailTemplate::handed_in,
                    .language = Language::french,
                    .wrapped_parameters = bytes("wrapped"),
                    .created = now_,
                    .due = due};
    EXPECT_EQ(change([&](Records& records) { return records.outbox->add(mail); }), Insert::added);
    return mail.id;
  };
  const MailId first = add(now_);
  const MailId later = add(now_ + 2 * kHour);
  const auto claim = [&](base::UnixTime now) {
    return change([&](Records& records) { return records.outbox->claim(now, now + kHour, 10); });
  };
  const auto claimed = claim(now_);
  ASSERT_EQ(claimed.size(), 1U);
  EXPECT_EQ(claimed.front().id, first);
  EXPECT_EQ(claimed.front().letter, MailTemplate::handed_in);
  EXPECT_EQ(claimed.front().wrapped_parameters, bytes("wrapped"));
  EXPECT_EQ(claimed.front().attempts, 1U);
  EXPECT_TRUE(claim(now_).empty());
  EXPECT_EQ(claim(now_ + kHour).front().attempts, 2U) << "the mailer died";
  const auto counts = [&] {
    return look([](const Records& records) { return records.outbox->counts(); });
  };
  EXPECT_EQ(counts().waiting, 2U);
  change([&](Records& records) -> base::Result<int> {
    EXPECT_EQ(records.outbox->retry_at(first, now_ + 5 * kHour), Change::done);
    EXPECT_EQ(records.outbox->give_up(first), Change::done);
    EXPECT_EQ(records.outbox->give_up(first), Change::absent);
    EXPECT_EQ(records.outbox->retry_at(first, now_), Change::absent) << "given up for good";
    EXPECT_EQ(records.outbox->sent(later), Change::done);
    EXPECT_EQ(records.outbox->sent(later), Change::absent);
    return 0;
  });
  EXPECT_EQ(counts().waiting, 0U);
  EXPECT_EQ(counts().given_up, 1U);
  EXPECT_TRUE(claim(now_ + 1000 * kHour).empty());
}

TEST_P(CatalogSuite, OneLocksTwoReopen) {
  const AccountId one = some_account({.administrator = true});
  const AccountId two = some_account({.administrator = true});
  const AccountId member = some_account();
  const LockdownId id = next<LockdownId>();
  const auto lock = [&](const LockdownId& as) {
    return change([&](Records& records) { return records.lockdowns->lock(as, one, now_); });
  };
  const auto approve = [&](const AccountId& by) {
    return change(
        [&](Records& records) { return records.lockdowns->approve_reopening(id, by, now_); });
  };
  const auto reopen_it = [&] {
    return change([&](Records& records) { return records.lockdowns->reopen(id, 2, now_); });
  };
  EXPECT_FALSE(look([](const Records& records) { return records.lockdowns->current(); }));
  EXPECT_EQ(reopen_it(), Change::absent);
  EXPECT_EQ(lock(id), Insert::added);
  EXPECT_EQ(lock(next<LockdownId>()), Insert::taken);
  EXPECT_EQ(approve(one), Change::done);
  EXPECT_EQ(approve(one), Change::stale) << "one person counts once";
  EXPECT_EQ(approve(member), Change::done);
  EXPECT_EQ(reopen_it(), Change::stale) << "a member's approval doesn't count";
  EXPECT_EQ(approve(two), Change::done);
  set_state(two, AccountState::suspended);
  EXPECT_EQ(reopen_it(), Change::stale) << "nor does a suspended administrator's";
  set_state(two, AccountState::active);
  const auto current = look([](const Records& records) { return records.lockdowns->current(); });
  ASSERT_TRUE(current);
  EXPECT_EQ(current->approvals, 2U);
  EXPECT_EQ(current->locked_by, one);
  EXPECT_EQ(reopen_it(), Change::done);
  EXPECT_EQ(reopen_it(), Change::absent);
  EXPECT_EQ(approve(one), Change::absent);
  EXPECT_FALSE(look([](const Records& records) { return records.lockdowns->current(); }));
  EXPECT_EQ(lock(next<LockdownId>()), Insert::added);
  EXPECT_EQ(look([](const Records& records) { return records.lockdowns->history(); }).size(), 2U);
}

TEST_P(CatalogSuite, AProposalWaitsUntilItIsConfirmedAndEnds) {
  const AccountId one = some_account({.administrator = true});
  const AccountId two = some_account({.administrator = true});
  const Proposal proposal{.id = next<ProposalId>(),
                          .kind = ProposalKind::roles,
                          .account = next<AccountId>(),
                          .change = bytes("{}"),
                          .proposed_by = one,
                          .proposed = now_};
  const auto add = [&](const Proposal& added) {
    return change([&](Records& records) { return records.proposals->add(added); });
  };
  const auto find = [&] {
    return look([&](const Records& records) { return records.proposals->find(proposal.id); })
        .value();
  };
  const auto confirm = [&] {
    return change([&](Records& records) {
      return records.proposals->confirm(proposal.id, two, now_ + kHour);
    });
  };
  const auto end = [&](const ProposalId& id) {
    return change([&](Records& records) {
      return records.proposals->end(id, ProposalState::done, now_ + kHour);
    });
  };
  const auto given = [&](const AccountId& by, base::UnixTime since) {
    return look([&](const Records& records) {
      return records.proposals->roles_given(proposal.account, by, since);
    });
  };
  EXPECT_EQ(add(proposal), Insert::added);
  Proposal other = proposal;
  other.id = next<ProposalId>();
  EXPECT_EQ(add(other), Insert::taken) << "one for an account's roles";
  other.kind = ProposalKind::policy;
  other.account = {};
  EXPECT_EQ(add(other), Insert::added);
  EXPECT_EQ(find().not_before, std::nullopt);
  EXPECT_EQ(confirm(), Change::done);
  EXPECT_EQ(confirm(), Change::stale);
  EXPECT_EQ(find().confirmed_by, two);
  EXPECT_EQ(find().not_before, now_ + kHour);
  const auto waiting = look([](const Records& records) { return records.proposals->waiting(); });
  ASSERT_EQ(waiting.size(), 2U);
  EXPECT_EQ(waiting.front().id, proposal.id);
  EXPECT_EQ(given(one, now_), 0U) << "not yet";
  EXPECT_EQ(end(proposal.id), Change::done);
  EXPECT_EQ(end(proposal.id), Change::stale);
  EXPECT_EQ(end(next<ProposalId>()), Change::absent);
  EXPECT_EQ(find().state, ProposalState::done);
  EXPECT_EQ(given(one, now_), 1U);
  EXPECT_EQ(given(one, now_ + 2 * kHour), 0U);
  EXPECT_EQ(given(two, now_), 0U);
  EXPECT_EQ(look([](const Records& records) { return records.proposals->waiting(); }).size(), 1U);
}

TEST_P(CatalogSuite, ARecoveryNeedsTwoOfficersAndItsDelay) {
  const AccountId account = some_account({.recovery_officer = true});
  const AccountId one = some_account({.recovery_officer = true});
  const AccountId two = some_account({.recovery_officer = true});
  const Recovery recovery{.id = next<RecoveryId>(),
                          .account = account,
                          .asked_by = one,
                          .created = now_,
                          .not_before = now_ + 48 * kHour};
  const auto ask = [&](Recovery asked) {
    return change([&](Records& records) { return records.recoveries->ask(asked); });
  };
  EXPECT_EQ(ask(recovery), Insert::added);
  Recovery again = recovery;
  again.id = next<RecoveryId>();
  EXPECT_EQ(ask(again), Insert::taken);
  const auto approve = [&](const AccountId& by) {
    return change(
        [&](Records& records) { return records.recoveries->approve(recovery.id, by, {}, now_); });
  };
  const auto release = [&](base::UnixTime now) {
    return change(
        [&](Records& records) { return records.recoveries->release(recovery.id, 2, now); });
  };
  EXPECT_EQ(approve(account), Approve::own_account);
  EXPECT_EQ(approve(some_account({.administrator = true})), Approve::not_an_officer);
  EXPECT_EQ(approve(one), Approve::approved);
  EXPECT_EQ(approve(one), Approve::again);
  EXPECT_EQ(release(recovery.not_before), Release::too_few);
  EXPECT_EQ(approve(two), Approve::approved);
  EXPECT_EQ(release(recovery.not_before - kHour), Release::too_early);
  set_state(two, AccountState::suspended);
  EXPECT_EQ(release(recovery.not_before), Release::too_few);
  set_state(two, AccountState::active);
  EXPECT_EQ(
      look([](const Records& records) { return records.recoveries->waiting(); }).front().approvals,
      2U);
  EXPECT_EQ(release(recovery.not_before), Release::released);
  EXPECT_EQ(release(recovery.not_before), Release::not_waiting) << "to one caller";
  EXPECT_EQ(approve(one), Approve::not_waiting);
  EXPECT_EQ(ask(again), Insert::added) << "another time";
  const auto cancel = [&](const RecoveryId& id) {
    return change([&](Records& records) { return records.recoveries->cancel(id); });
  };
  EXPECT_EQ(cancel(again.id), Change::done);
  EXPECT_EQ(cancel(again.id), Change::stale);
  EXPECT_EQ(cancel(next<RecoveryId>()), Change::absent);
  EXPECT_TRUE(look([](const Records& records) { return records.recoveries->waiting(); }).empty());
}

TEST_P(CatalogSuite, SharesBelongToTheirSlotAndOnlyThoseOfOfficersAreGivenOut) {
  const AccountId account = some_account();
  const AccountId one = some_account({.recovery_officer = true});
  const AccountId two = some_account({.recovery_officer = true});
  const Slot slot{.id = next<SlotId>(),
                  .account = account,
                  .kind = SlotKind::recovery,
                  .generation = {1},
                  .wrapped = bytes("slot"),
                  .sealed_label = {},
                  .created = now_};
  EXPECT_EQ(change([&](Records& records) { return records.slots->add(slot); }), Insert::added);
  const auto dealt = [&] {
    return look([&](const Records& records) { return records.recoveries->dealt(slot.id); });
  };
  EXPECT_FALSE(dealt()) << "sealed to each officer";
  must(catalog().transact([&](Records& records) {
    return records.recoveries->deal({.slot = slot.id,
                                     .threshold = 2,
                                     .wrapped_half = bytes("half"),
                                     .shares = {{one, bytes("first")}, {two, bytes("second")}}});
  }));
  ASSERT_TRUE(dealt());
  EXPECT_EQ(dealt()->threshold, 2U);
  EXPECT_EQ(dealt()->wrapped_half, bytes("half"));
  ASSERT_EQ(dealt()->shares.size(), 2U);
  const Recovery recovery{.id = next<RecoveryId>(),
                          .account = account,
                          .asked_by = one,
                          .created = now_,
                          .not_before = now_,
                          .recipient = "age1one"};
  EXPECT_EQ(change([&](Records& records) { return records.recoveries->ask(recovery); }),
            Insert::added);
  EXPECT_EQ(
      look([](const Records& records) { return records.recoveries->waiting(); }).front().recipient,
      "age1one");
  for (const AccountId& officer : {one, two}) {
    const base::Bytes share = bytes(officer == one ? "of one" : "of two");
    EXPECT_EQ(change([&](Records& records) {
                return records.recoveries->approve(recovery.id, officer, share, now_);
              }),
              Approve::approved);
  }
  const auto shares = [&] {
    return look(
        [&](const Records& records) { return records.recoveries->approved_shares(recovery.id); });
  };
  EXPECT_EQ(shares().size(), 2U);
  set_state(two, AccountState::suspended);
  ASSERT_EQ(shares().size(), 1U);
  EXPECT_EQ(shares().front().wrapped, bytes("of one"));
  EXPECT_EQ(change([&](Records& records) { return records.slots->remove(account, slot.id); }),
            Change::done);
  EXPECT_FALSE(dealt());
}

}  // namespace
}  // namespace sealift::catalog
