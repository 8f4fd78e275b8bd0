// The route and credential matrix, made from the operation table: every operation of the REST API
// asked with every kind of credential, over a real catalog. And what the front may not do.
#include "server/vault/gate.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "parcel/link.h"
#include "server/vault/refusals_seen.h"
#include "server/vault/services_for_test.h"

namespace sealift::server::vault {
namespace {

using catalog::Records;

template <typename Value>
Value must(base::Result<Value> result) {
  if (!result) throw std::runtime_error(result.error().text);
  if constexpr (!std::is_void_v<Value>) return *std::move(result);
}

class VaultGateTest : public ServicesTest {
 protected:
  VaultGateTest() {
    plain_ = some_account({}, catalog::Scopes::all());
    some_account({}, catalog::Scopes(0), "scopeless");
    some_account({.administrator = true}, catalog::Scopes::all(), "administrator");
    some_account({.recovery_officer = true}, catalog::Scopes::all(), "officer");
    some_parcel();
    some_unfinished_parcel();
  }

  template <typename Id>
  Id next() {
    return Id{random_.array<16>()};
  }
  template <typename Work>
  void change(const Work& work) {
    must(catalog_->transact(work));
  }

  catalog::AccountId some_account(catalog::Roles roles, catalog::Scopes scopes,
                                  const std::string& name = "plain") {
    catalog::NewAccount account;
    account.id = next<catalog::AccountId>();
    const std::string address = name + "@clinic.example";
    account.lookup = keys_.address_lookup(address);
    account.sealed_address =
        keys_.wrap(WrapFor::address, account.id.view(), base::bytes_of(address), random_);
    account.roles = roles;
    account.created = now_;
    const Token token = make_token(random_);
    tokens_[name] = {CredentialKind::bearer, token.text};
    const catalog::Session session{.id = next<catalog::SessionId>(),
                                   .account = account.id,
                                   .scopes = scopes,
                                   .created = now_,
                                   .last_seen = now_,
                                   .expires = now_ + std::chrono::hours(1),
                                   .idle_ms_max = std::chrono::hours(1)};
    if (name == "plain") session_ = session.id;
    change([&](Records& records) -> base::Result<void> {
      must(records.accounts->add(account));
      must(records.sessions->add(session, token.hash));
      return {};
    });
    return account.id;
  }

  // One that is being handed in, with an upload under way, and one that is open.
  void some_parcel() {
    const Token key = make_token(random_);
    const Token upload_key = make_token(random_);
    const Token ticket = make_token(random_);
    tokens_["hand_in_key"] = {CredentialKind::hand_in_key, key.text};
    tokens_["upload_key"] = {CredentialKind::upload_key, upload_key.text};
    tokens_["ticket"] = {CredentialKind::ticket, ticket.text};
    upload_.id = next<catalog::UploadId>();
    upload_.key = upload_key.hash;
    upload_.blob = next<catalog::BlobId>();
    upload_.length_bytes = 100;
    upload_.expires = now_ + std::chrono::hours(1);
    upload_.parcel = filled_ = next<catalog::ParcelId>();
    const auto open = next<catalog::ParcelId>();
    opening_ = next<catalog::OpeningId>();
    change([&](Records& records) -> base::Result<void> {
      catalog::Parcel parcel{.id = filled_, .owner = plain_, .hand_in_key = key.hash};
      parcel.expires = now_ + std::chrono::hours(1);
      must(records.parcels->create(parcel));
      event_ = must(notary_.note(records, {Logged::parcel_handed_in, now_, {}, filled_}));
      must(records.blobs->reserve({upload_.blob, plain_, 100, 1000}));
      must(records.parcels->put_part(
          filled_, {catalog::Part::content, base::Bytes(1), upload_.blob, {}, 100}));
      must(records.uploads->create(upload_));
      parcel.id = open;
      parcel.hand_in_key.reset();
      must(records.parcels->create(parcel));
      for (const auto part : {catalog::Part::content, catalog::Part::manifest}) {
        must(records.parcels->put_part(open,
                                       {part, base::Bytes(1), std::nullopt, base::Bytes(1), 1}));
      }
      must(records.parcels->complete(open, now_));
      must(records.parcels->grant({.parcel = open, .account = plain_, .generation = {1}}));
      must(records.openings->open(open, plain_,
                                  {opening_, ticket.hash, now_, now_ + std::chrono::hours(1)}));
      return {};
    });
  }

  // One whose sender's login began it and has ended since: the upload's key finishes it.
  void some_unfinished_parcel() {
    finished_ = next<catalog::ParcelId>();
    change([&](Records& records) -> base::Result<void> {
      catalog::Parcel parcel{.id = finished_, .owner = plain_};
      parcel.expires = now_ + std::chrono::hours(24 * 30);
      must(records.parcels->create(parcel));
      must(records.uploads->let_finish({.parcel = finished_,
                                        .key = upload_.key,
                                        .session = session_,
                                        .until = now_ + std::chrono::hours(24 * 7)}));
      finished_event_ = must(notary_.note(records, {Logged::parcel_created, now_, {}, finished_}));
      return {};
    });
  }

  // The path's names: what the credential is good for, where that is what the path begins with.
  std::string first_name(const Operation& operation, const std::string& credential) {
    const std::string_view pattern = operation.route.pattern;
    if (credential == "upload_key") {
      if (pattern.find("{event}") != pattern.npos) return json_of(finished_event_);
      if (pattern.find("{parcel}") != pattern.npos) return json_of(finished_);
    }
    if (pattern.find("{upload}") != pattern.npos) return json_of(upload_.id);
    if (pattern.find("{opening}") != pattern.npos) return json_of(opening_);
    if (pattern.find("{event}") != pattern.npos) return json_of(event_);
    if (pattern.find("{parcel}") != pattern.npos) return json_of(filled_);
    return json_of(next<catalog::SlotId>());
  }
  AskFrame frame_of(const Operation& operation, const std::string& credential) {
    AskFrame frame;
    frame.operation = static_cast<std::uint16_t>(&operation - operations().data());
    frame.names[0] = first_name(operation, credential);
    frame.names[1] = credential == "upload_key" ? "manifest" : "content";
    if (!credential.empty()) {
      std::tie(frame.credential_kind, frame.credential) = tokens_.at(credential);
    }
    return frame;
  }
  Reply reply_to(Rates& rates, const AskFrame& frame) {
    return std::get<Reply>(answer_ask(services_, rates, frame, now_));
  }
  // Signed by a key that is nobody's.
  AskFrame wrong_proof(std::string_view name, ChallengeFor purpose, base::ByteView subject) {
    AskFrame frame = frame_of(*find_operation(name), "");
    frame.names[0] = base::hex_encode(subject);
    const auto key = crypto::Ed25519Secret::generate(random_);
    const Challenge challenge = keys_.challenge(purpose, subject, now_);
    nlohmann::json body = {
        {"challenge", json_of(base::ByteView(challenge))},
        {"verifier", json_of(base::ByteView(key.public_key()))},
        {"proof", json_of(base::ByteView(parcel::sign_challenge(key, challenge)))}};
    if (purpose == ChallengeFor::request) body["parcel"] = json_of(next<catalog::ParcelId>());
    frame.body = base::copy_of(base::bytes_of(body.dump()));
    return frame;
  }
  int status_of(const AskFrame& frame) {
    // Uploads may be taken again: an answer that waits for a body is let go here.
    const Answer answer = answer_ask(services_, rates_, frame, now_);
    const auto* reply = std::get_if<Reply>(&answer);
    return reply ? static_cast<int>(reply->head.status) : 200;
  }

  base::UnixTime now_{std::chrono::hours(500'000)};
  base::ManualClock clock_{now_};
  Rates rates_{
      {.ordinary = {1, 1e9}, .guessing = {1, 1e9}, .costly = {1, 1e9}, .recorded = {1, 1e9}},
      clock_};

  catalog::AccountId plain_;
  catalog::ParcelId filled_;
  catalog::ParcelId finished_;
  catalog::EventId finished_event_;
  catalog::SessionId session_;  // of the plain account
  catalog::OpeningId opening_;
  catalog::EventId event_;
  catalog::Upload upload_;
  std::map<std::string, std::pair<CredentialKind, std::string>> tokens_;
};

const std::map<std::string, Credential> kKinds = {{"", Credential::none},
                                                  {"plain", Credential::session},
                                                  {"administrator", Credential::session},
                                                  {"officer", Credential::session},
                                                  {"scopeless", Credential::session},
                                                  {"ticket", Credential::ticket},
                                                  {"upload_key", Credential::upload_key},
                                                  {"hand_in_key", Credential::hand_in_key}};

bool has_role(Role role, const std::string& name) {
  switch (role) {
    case Role::any:
      return true;
    case Role::administrator:
      return name == "administrator";
    case Role::recovery_officer:
      return name == "officer";
    case Role::either:
      return name == "administrator" || name == "officer";
  }
  return false;
}

TEST_F(VaultGateTest, EveryOperationTakesTheCredentialsOfItsRowAndNoOther) {
  std::size_t refused = 0;
  std::size_t taken = 0;
  for (const Operation& operation : operations()) {
    if (operation.route.pattern.empty()) continue;
    for (const auto& [name, kind] : kKinds) {
      // They end what the others of this matrix are asked with.
      if (operation.effect == Effect::writes && name == "plain") continue;
      if (operation.name == "upload.terminate" && name == "upload_key") continue;
      if (operation.name.starts_with("lockdown.") || operation.name.starts_with("session.end") ||
          operation.name.starts_with("admin.")) {
        if (has_role(operation.role, name)) continue;
      }
      const int status = status_of(frame_of(operation, name));
      const std::string what = std::string(operation.name) + " with '" + name + "'";
      if (operation.credentials.has(Credential::none)) {
        EXPECT_NE(status, 401) << what;
      } else if (!operation.credentials.has(kind)) {
        EXPECT_EQ(status, 401) << what;
        ++refused;
      } else if (kind == Credential::session &&
                 (!has_role(operation.role, name) || name == "scopeless")) {
        EXPECT_EQ(status, 403) << what;
        ++refused;
      } else {
        EXPECT_NE(status, 401) << what;
        ++taken;
      }
    }
  }
  EXPECT_GT(refused, 300U);
  EXPECT_GT(taken, 40U);
}

TEST_F(VaultGateTest, ACredentialIsGoodForWhatItWasGivenForAlone) {
  for (const auto& [operation, name] :
       std::initializer_list<std::pair<std::string_view, std::string>>{
           {"upload.read", "upload_key"},
           {"upload.append", "upload_key"},
           {"opening.read", "ticket"},
           {"opening.read_payload", "ticket"},
           {"parcel.put_part", "hand_in_key"},
           {"parcel.complete", "hand_in_key"},
           {"parcel.put_part", "upload_key"},
           {"parcel.complete", "upload_key"},
           {"upload.create", "upload_key"},
           {"log.prove", "upload_key"},
           {"upload.create", "hand_in_key"}}) {
    AskFrame frame = frame_of(*find_operation(operation), name);
    EXPECT_NE(status_of(frame), 401) << operation;
    for (const std::string& other :
         {json_of(next<catalog::ParcelId>()), json_of(opening_) + "0", std::string()}) {
      frame.names[0] = other;
      EXPECT_EQ(status_of(frame), 401) << operation << " " << other;
    }
  }
}

TEST_F(VaultGateTest, NothingIsGivenOutInLockdown) {
  change([&](Records& records) {
    return records.lockdowns->lock(next<catalog::LockdownId>(), std::nullopt, now_);
  });
  for (const Operation& operation : operations()) {
    if (operation.route.pattern.empty() || operation.in_lockdown == InLockdown::answered) continue;
    for (const auto& [name, kind] : kKinds) {
      EXPECT_GE(status_of(frame_of(operation, name)), 401) << operation.name << " " << name;
    }
    if (operation.credentials.has(Credential::session) && operation.role == Role::any) {
      EXPECT_EQ(status_of(frame_of(operation, "plain")), 503) << operation.name;
    }
  }
}

TEST_F(VaultGateTest, AFrontThatWasBrokenIntoReachesNoMoreThanTheTableGivesAnybody) {
  for (const Operation& operation : operations()) {
    if (!operation.route.pattern.empty()) continue;
    for (const auto& [name, kind] : kKinds) {
      EXPECT_EQ(status_of(frame_of(operation, name)), 404) << operation.name;
    }
  }
  AskFrame frame;
  for (const std::size_t number : {operations().size(), std::size_t{0xffff}}) {
    frame.operation = static_cast<std::uint16_t>(number);
    EXPECT_EQ(status_of(frame), 404);
  }
}

TEST_F(VaultGateTest, WhatIsRefusedCountsAsAsked) {
  Rates rates({.ordinary = {1, 3}, .guessing = {1, 1}, .costly = {1, 1}}, clock_);
  AskFrame frame = frame_of(*find_operation("parcel.list_sent"), "plain");
  frame.credential = make_token(random_).text;
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(reply_to(rates, frame).head.status, http::Status::unauthorized);
  EXPECT_EQ(reply_to(rates, frame).head.status, http::Status::too_many_requests);
}

TEST_F(VaultGateTest, EveryClassOfRatesHasItsOwnBucket) {
  Rates rates({.ordinary = {1, 3}, .guessing = {1, 2}, .costly = {1, 1}}, clock_);
  const auto refused_after = [&](std::string_view name) {
    const AskFrame frame = frame_of(*find_operation(name), "administrator");
    int count = 0;
    while (reply_to(rates, frame).head.status != http::Status::too_many_requests && count < 9) {
      ++count;
    }
    return count;
  };
  EXPECT_EQ(refused_after("session.list"), 3);
  EXPECT_EQ(refused_after("directory.find"), 2);
  EXPECT_EQ(refused_after("token.issue"), 1);
  EXPECT_EQ(refused_after("health.live"), 9) << "free";
}

TEST_F(VaultGateTest, WhoGuessesAtALinkOrARequestIsSlowedDown) {
  const auto parcel = next<catalog::ParcelId>();
  for (const auto& [name, purpose] :
       std::initializer_list<std::pair<std::string_view, ChallengeFor>>{
           {"link.redeem", ChallengeFor::link}, {"request.hand_in", ChallengeFor::request}}) {
    int guesses = 0;
    http::Status status{};
    do {
      status = reply_to(rates_, wrong_proof(name, purpose, parcel.view())).head.status;
      ASSERT_LT(++guesses, 20) << name << " may be guessed at for ever";
    } while (status == http::Status::not_found);
    EXPECT_EQ(status, http::Status::too_many_requests) << name;
    EXPECT_GE(guesses, 5) << "a slip is forgiven";
  }
}

TEST_F(VaultGateTest, AnOutsidersKeyEndsWithItsRequestersAccount) {
  const AskFrame frame = frame_of(*find_operation("parcel.complete"), "hand_in_key");
  EXPECT_NE(status_of(frame), 401);
  change([&](Records& records) {
    return records.accounts->set_state(plain_, catalog::AccountState::suspended);
  });
  EXPECT_EQ(status_of(frame), 401);
}

// The matrix above has asked for everything else with it, and got nothing.
TEST_F(VaultGateTest, AnUploadsKeyFinishesItsOwnParcelAndNothingElse) {
  std::set<std::string_view> taken;
  for (const Operation& operation : operations()) {
    if (operation.route.pattern.empty() || operation.credentials.has(Credential::none)) continue;
    if (operation.name == "upload.terminate") continue;
    if (status_of(frame_of(operation, "upload_key")) != 401) taken.insert(operation.name);
  }
  EXPECT_EQ(taken, (std::set<std::string_view>{"upload.read", "upload.append", "upload.create",
                                               "parcel.put_part", "parcel.complete", "log.prove"}));
  AskFrame content = frame_of(*find_operation("parcel.put_part"), "upload_key");
  EXPECT_NE(status_of(content), 401);
  content.names[1] = "content";
  EXPECT_EQ(status_of(content), 401) << "the content is what was begun with the login";
  AskFrame other = frame_of(*find_operation("parcel.complete"), "upload_key");
  other.names[0] = json_of(filled_);
  EXPECT_EQ(status_of(other), 401)
      << "a parcel that is handed in, although its upload has this key";
  other = frame_of(*find_operation("log.prove"), "upload_key");
  other.names[0] = json_of(event_);
  EXPECT_EQ(status_of(other), 401) << "an event of another parcel";
}

TEST_F(VaultGateTest, WhatAnUploadsKeyFinishesEnds) {
  const AskFrame frame = frame_of(*find_operation("parcel.complete"), "upload_key");
  const auto again = [&] {
    EXPECT_EQ(status_of(frame), 401);
    const auto let_finish = [&](Records& records) {
      return records.uploads->let_finish({.parcel = finished_,
                                          .key = upload_.key,
                                          .session = session_,
                                          .until = now_ + std::chrono::hours(24 * 7)});
    };
    change([&](Records& records) -> base::Result<void> {
      must(records.sessions->end_all());
      return let_finish(records);
    });
    EXPECT_EQ(status_of(frame), 401) << "its login ended while the upload began";
    change([&](Records& records) -> base::Result<void> {
      must(records.sessions->add({.id = session_,
                                  .account = plain_,
                                  .expires = now_ + std::chrono::hours(1),
                                  .idle_ms_max = std::chrono::hours(1)},
                                 make_token(random_).hash));
      return let_finish(records);
    });
    EXPECT_NE(status_of(frame), 401);
  };
  EXPECT_NE(status_of(frame), 401);
  now_ += std::chrono::hours(24 * 7);
  again();  // by its time
  now_ += std::chrono::hours(2);
  change([&](Records& records) -> base::Result<void> {
    EXPECT_GT(must(records.sessions->remove_expired(now_)), 0U);
    return {};
  });
  EXPECT_NE(status_of(frame), 401) << "the login's own end is what it is for";
  change([&](Records& records) -> base::Result<void> {
    must(records.sessions->end_all_of(plain_, std::nullopt));
    return {};
  });
  again();  // by whoever ends the logins, as a change of password does
  change([&](Records& records) -> base::Result<void> {
    must(records.sessions->end_all());
    return {};
  });
  again();  // by a lock-down
  change([&](Records& records) {
    return records.accounts->set_state(plain_, catalog::AccountState::suspended);
  });
  EXPECT_EQ(status_of(frame), 401);
  change([&](Records& records) {
    return records.accounts->set_state(plain_, catalog::AccountState::active);
  });
  EXPECT_NE(status_of(frame), 401);
  change([&](Records& records) -> base::Result<void> {
    must(records.parcels->recall(finished_, now_));
    return {};
  });
  EXPECT_EQ(status_of(frame), 401) << "recalled";
}

TEST_F(VaultGateTest, ALoginThatIsEndedTakesAlongWhatItsUploadsWouldFinish) {
  const AskFrame frame = frame_of(*find_operation("parcel.complete"), "upload_key");
  EXPECT_NE(status_of(frame), 401);
  change([&](Records& records) -> base::Result<void> {
    must(records.sessions->end(plain_, session_));
    return {};
  });
  EXPECT_EQ(status_of(frame), 401);
}

TEST_F(VaultGateTest, AnAdministratorsNarrowTokenReadsItsOwnersRecordAlone) {
  const auto events_of = [&](const std::string& name) {
    const Reply reply = reply_to(rates_, frame_of(*find_operation("custody.list"), name));
    return nlohmann::json::parse(base::text_of(reply.body))["events"].size();
  };
  some_account({.administrator = true}, catalog::Scopes().with(catalog::Scope::account), "narrow");
  EXPECT_GT(events_of("administrator"), 0U);
  EXPECT_EQ(events_of("narrow"), 0U);
}

TEST_F(VaultGateTest, ATicketProvesWhatHappenedToItsOwnParcelAndAccount) {
  catalog::EventId own, of_parcel, of_other_account, of_other_parcel;
  catalog::AccountId other = some_account({}, catalog::Scopes::all(), "other");
  change([&](Records& records) -> base::Result<void> {
    const auto parcel =
        must(records.openings->find_live(*hash_of_token(tokens_.at("ticket").second), now_))
            ->parcel;
    own = must(notary_.note(records, {Logged::parcel_opened, now_, plain_, parcel}));
    of_parcel = must(notary_.note(records, {Logged::parcel_recalled, now_, {}, parcel}));
    of_other_account = must(notary_.note(records, {Logged::parcel_opened, now_, other, parcel}));
    of_other_parcel = must(
        notary_.note(records, {Logged::parcel_completed, now_, {}, next<catalog::ParcelId>()}));
    return {};
  });
  AskFrame frame = frame_of(*find_operation("log.prove"), "ticket");
  const auto status = [&](const catalog::EventId& event) {
    frame.names[0] = json_of(event);
    return status_of(frame);
  };
  EXPECT_EQ(status(own), 409) << "it is known, and not in the log yet";
  EXPECT_EQ(status(of_parcel), 409);
  EXPECT_EQ(status(of_other_account), 404);
  EXPECT_EQ(status(of_other_parcel), 404);
}

TEST_F(VaultGateTest, ABodyLargerThanItsOperationTakesIsNotRead) {
  AskFrame frame = frame_of(*find_operation("session.begin"), "");
  frame.body = base::Bytes(4097, std::byte{' '});
  EXPECT_EQ(status_of(frame), 413);
  frame.body.resize(4096);
  EXPECT_EQ(status_of(frame), 400);
}

TEST_F(VaultGateTest, AnAccountAddsSoMuchToTheLogAnHourAndIsToldTheLimitAndWhen) {
  const RateSettings settings = RateSettings{}.with_entries_per_hour(4);
  EXPECT_EQ(RateSettings{}.entries_per_hour(), 3600U);
  Rates rates(settings, clock_);
  const auto asked = [&](std::string_view name, const std::string& who) {
    return reply_to(rates, frame_of(*find_operation(name), who));
  };
  for (const char* name : {"parcel.create", "link.create", "request.create", "parcel.open"}) {
    EXPECT_NE(asked(name, "plain").head.status, http::Status::too_many_requests) << name;
  }
  const Reply refused = asked("parcel.create", "plain");
  EXPECT_EQ(refused.head.status, http::Status::too_many_requests);
  EXPECT_EQ(refused.head.retry_after_seconds, 900U);
  const auto said = nlohmann::json::parse(base::text_of(refused.body));
  EXPECT_EQ(said["reason"], "too_many_entries");
  refusals_seen().insert("too_many_entries");
  EXPECT_EQ(said["facts"]["max"], 4);
  EXPECT_EQ(said["facts"]["retry_after_ms"], 900'000);
  EXPECT_NE(asked("parcel.list_sent", "plain").head.status, http::Status::too_many_requests)
      << "what adds nothing goes on";
  EXPECT_NE(asked("parcel.create", "administrator").head.status, http::Status::too_many_requests)
      << "another account has its own";
  clock_.advance(std::chrono::minutes(15));
  EXPECT_NE(asked("parcel.create", "plain").head.status, http::Status::too_many_requests);
  EXPECT_EQ(asked("parcel.create", "plain").head.status, http::Status::too_many_requests);
}

TEST_F(VaultGateTest, WhoAsksTooOftenIsToldToWait) {
  Rates rates({.ordinary = {1, 3}, .guessing = {1, 1}, .costly = {1, 1}}, clock_);
  const AskFrame frame = frame_of(*find_operation("parcel.list_sent"), "plain");
  const auto status = [&](const AskFrame& asked) {
    const Answer answer = answer_ask(services_, rates, asked, now_);
    return static_cast<int>(std::get<Reply>(answer).head.status);
  };
  EXPECT_EQ(status(frame), 200);
  EXPECT_EQ(status(frame), 200);
  EXPECT_EQ(status(frame), 200);
  EXPECT_EQ(status(frame), 429);
  EXPECT_EQ(status(frame_of(*find_operation("parcel.list_sent"), "administrator")), 200);
  clock_.advance(std::chrono::seconds(1));
  EXPECT_EQ(status(frame), 200);
  EXPECT_EQ(status(frame), 429);
}

}  // namespace
}  // namespace sealift::server::vault
