// Enrolment: how an invited person makes an account, or enters the one they have anew when every
// way in was lost. Keys and slots come from the person's client; the server learns none of what
// opens them.
//
// Entering anew takes two things: the link, which an administrator gives, and the account's own
// signing key, which recovery brings back. Neither is enough alone, so an administrator can't take
// an account over, and a key that was stolen once opens no account.
#include <algorithm>

#include "base/limits.h"
#include "base/refusal.h"
#include "parcel/directory_key.h"
#include "server/vault/acts.h"
#include "server/vault/handlers/person_forms.h"
#include "server/vault/handlers/slot_forms.h"
#include "server/vault/letters.h"

namespace sealift::server::vault {
namespace {

using base::ErrorCode;
using base::Result;
using nlohmann::json;

Attempt attempt_of(const catalog::TokenHash& token, const Ask& ask) {
  return {catalog::DelayKind::enrolment, token.view(), ask.frame.peer};
}

Result<catalog::TokenHash> take_token(JsonRequest& body) {
  const auto token = hash_of_token(body.text("token", kTokenTextSize));
  if (!token) return base::refuse("wrong_field", {{"field", "token"}});
  return *token;
}

Result<parcel::Address> address_of(const Services& services, const catalog::Enrolment& enrolment) {
  SEALIFT_TRY(const auto plain, services.keys.unwrap(WrapFor::address, enrolment.id.view(),
                                                     enrolment.sealed_address));
  auto address = parcel::Address::parse(base::text_of(plain.view()));
  if (!address) return base::fail(ErrorCode::damaged, "address of an enrolment");
  return *std::move(address);
}

Result<catalog::Enrolment> find_enrolment(Services& services, const catalog::TokenHash& token,
                                          const Ask& ask) {
  SEALIFT_TRY(auto found, services.catalog.read([&](const catalog::Records& records) {
    return records.enrolments->find_live(token, ask.now);
  }));
  if (found) return *std::move(found);
  SEALIFT_TRY_VOID(services.guessing.failed(attempt_of(token, ask), ask.now));
  return base::refuse("no_enrolment");
}

// The account that the address has, unless it was closed: that is for good.
Result<std::optional<catalog::Account>> account_of(const catalog::Records& records,
                                                   const catalog::Enrolment& enrolment) {
  SEALIFT_TRY(auto found, records.accounts->find_by_address(enrolment.lookup));
  if (found && found->state != catalog::AccountState::active) {
    return base::refuse("account_exists");
  }
  return found;
}

// Only the machine's own command line gives roles with an invitation. An administrator's has none,
// unless it was made before changes had to wait.
catalog::Roles roles_of(const catalog::Enrolment& enrolment) {
  return enrolment.invited_by ? catalog::Roles{} : enrolment.roles;
}

// A new account's id is its enrolment's, so that its first act can name it.
catalog::AccountId acting_account(const catalog::Enrolment& enrolment,
                                  const std::optional<catalog::Account>& account) {
  return account ? account->id : catalog::AccountId{enrolment.id.bytes};
}

Result<Answer> look(Services& services, const Ask& ask) {
  SEALIFT_TRY(JsonRequest body, JsonRequest::parse(ask.frame.body));
  SEALIFT_TRY(const catalog::TokenHash token, take_token(body));
  SEALIFT_TRY_VOID(body.done());
  SEALIFT_TRY(const auto wait, services.guessing.wait(attempt_of(token, ask), ask.now));
  if (wait) return too_many(*wait);
  SEALIFT_TRY(const catalog::Enrolment enrolment, find_enrolment(services, token, ask));
  SEALIFT_TRY(const parcel::Address address, address_of(services, enrolment));
  SEALIFT_TRY(json officers, recovery_officers_json(services));
  SEALIFT_TRY(const auto account, services.catalog.read([&](const catalog::Records& records) {
    return account_of(records, enrolment);
  }));
  const base::Bytes parameters = login_parameters_of(services, enrolment.lookup);
  json offer = {{"address", address.text()},
                {"roles", roles_json(account ? account->roles : roles_of(enrolment))},
                {"expires", json_of(enrolment.expires)},
                {"parameters", json_of(base::ByteView(parameters))},
                {"recovery_officers", std::move(officers)},
                {"recovery_threshold", services.settings.recovery_approvals_min}};
  if (account) offer["account"] = json_of(account->id);
  SEALIFT_TRY_VOID(services.catalog.read(
      [&](const catalog::Records& records) { return add_officer_set(records, offer); }));
  SEALIFT_TRY(offer["lookup"], services.directory->look(address.text()));
  const catalog::AccountId acting = acting_account(enrolment, account);
  SEALIFT_TRY(offer["act"], act_state_json(services, acting, ask.now));
  offer["act"]["account"] = json_of(acting);
  return json_reply(http::Status::ok, offer);
}

struct Enrol {
  catalog::Language language = catalog::Language::english;
  KeyInput key;
  std::vector<SlotInput> slots;
};

// All slots are of the key's generation, and exactly one is the password's: without it nobody could
// log in.
Result<Enrol> take_enrol(JsonRequest& body, base::ByteView password_parameters) {
  Enrol enrol;
  enrol.language = take_language(body);
  body.object("key", [&](JsonRequest& object) { enrol.key = take_key(object); });
  body.each("slots", 8, [&](JsonRequest& object) {
    enrol.slots.push_back(take_slot(object, password_parameters));
  });
  SEALIFT_TRY_VOID(body.done());
  std::size_t passwords = 0;
  std::size_t recoveries = 0;
  for (const SlotInput& slot : enrol.slots) {
    if (slot.generation != enrol.key.generation) {
      return base::refuse("wrong_field", {{"field", "generation"}});
    }
    passwords += slot.kind == catalog::SlotKind::password && slot.authentication_key ? 1 : 0;
    recoveries += slot.kind == catalog::SlotKind::recovery ? 1 : 0;
  }
  const auto of_password = [](const SlotInput& slot) {
    return slot.kind == catalog::SlotKind::password;
  };
  if (passwords != 1 || std::ranges::count_if(enrol.slots, of_password) != 1 || recoveries > 1) {
    return base::refuse("wrong_field", {{"field", "slots"}});
  }
  return enrol;
}

struct Enrolled {
  BegunSession begun;
  catalog::Account account;
};

Result<Enrolled> begin_first_session(Services& services, catalog::Records& records,
                                     const catalog::AccountId& id, const Ask& ask) {
  SEALIFT_TRY(BegunSession begun, begin_session(services, records, id, ask));
  SEALIFT_TRY(auto made, records.accounts->find(id));
  if (!made) return base::fail(ErrorCode::internal, "account is gone");
  return Enrolled{std::move(begun), *std::move(made)};
}

Result<Enrolled> make_account(Services& services, catalog::Records& records,
                              const catalog::Enrolment& enrolment, const Enrol& enrol,
                              const Ask& ask) {
  if (enrol.key.generation.value != 1 || enrol.key.endorsement) {
    return base::refuse("wrong_field", {{"field", "generation"}});
  }
  SEALIFT_TRY(const parcel::Address address, address_of(services, enrolment));
  const catalog::AccountId id = acting_account(enrolment, std::nullopt);
  const catalog::NewAccount account{
      .id = id,
      .lookup = enrolment.lookup,
      .sealed_address = services.keys.wrap(WrapFor::address, id.view(),
                                           base::bytes_of(address.text()), services.random),
      .roles = roles_of(enrolment),
      .language = enrol.language,
      .created = ask.now};
  SEALIFT_TRY(const auto added, records.accounts->add(account));
  if (added != catalog::Insert::added) return base::refuse("account_exists");
  SEALIFT_TRY_VOID(services.notary.note(
      records, {.kind = Logged::account_enrolled,
                .happened = ask.now,
                .account = id,
                .facts = {{"administrator", account.roles.administrator},
                          {"recovery_officer", account.roles.recovery_officer}}}));
  SEALIFT_TRY_VOID(publish_key(services, records, id, enrol.key, ask.now));
  for (const SlotInput& slot : enrol.slots) {
    SEALIFT_TRY_VOID(add_slot(services, records, id, slot, ask.now));
  }
  return begin_first_session(services, records, id, ask);
}

// The key is the directory's newest, and whoever enrols has its signing half: its endorsement is by
// itself.
Result<void> judge_own_key(const catalog::Records& records, const catalog::AccountId& id,
                           const KeyInput& key) {
  SEALIFT_TRY(const auto newest, records.directory->newest(id));
  const bool is_same = newest && newest->generation == key.generation &&
                       newest->recipient == key.recipient &&
                       std::ranges::equal(newest->signing_key, key.signing_key);
  const parcel::DirectoryKey text{id.bytes, key.generation.value, key.recipient, key.signing_key};
  if (!is_same || !key.endorsement ||
      !parcel::is_endorsed(text, *key.endorsement, key.signing_key)) {
    return base::refuse("other_keys");
  }
  return {};
}

// Every old way in ends, logins among them.
Result<Enrolled> enter_anew(Services& services, catalog::Records& records,
                            const catalog::AccountId& id, const Enrol& enrol, const Ask& ask) {
  SEALIFT_TRY_VOID(judge_own_key(records, id, enrol.key));
  SEALIFT_TRY(const auto slots, records.slots->list(id));
  for (const catalog::Slot& slot : slots) SEALIFT_TRY_VOID(records.slots->remove(id, slot.id));
  for (const SlotInput& slot : enrol.slots) {
    SEALIFT_TRY_VOID(add_slot(services, records, id, slot, ask.now));
  }
  SEALIFT_TRY_VOID(records.sessions->end_all_of(id, std::nullopt));
  SEALIFT_TRY_VOID(services.notary.note(records, {.kind = Logged::slots_changed,
                                                  .happened = ask.now,
                                                  .account = id,
                                                  .facts = {{"change", "entered_anew"}}}));
  SEALIFT_TRY_VOID(post_letter(
      services, records,
      {.text = catalog::MailTemplate::key_changed, .to = id, .who = std::nullopt, .when = ask.now},
      ask.now));
  return begin_first_session(services, records, id, ask);
}

Result<Enrolled> use_enrolment(Services& services, catalog::Records& records,
                               const catalog::TokenHash& token, const Enrol& enrol,
                               const Ask& ask) {
  SEALIFT_TRY(const auto enrolment, records.enrolments->take(token, ask.now));
  if (!enrolment) return base::refuse("no_enrolment");
  SEALIFT_TRY(const auto account, account_of(records, *enrolment));
  if (account) return enter_anew(services, records, account->id, enrol, ask);
  return make_account(services, records, *enrolment, enrol, ask);
}

// Clients of 0.1.0 sign nothing. An account whose owner ever signed is entered again by an act
// alone.
Result<Enrolled> use_unsigned(Services& services, catalog::Records& records,
                              const catalog::TokenHash& token, const Enrol& enrol, const Ask& ask) {
  SEALIFT_TRY(Enrolled enrolled, use_enrolment(services, records, token, enrol, ask));
  SEALIFT_TRY(const auto last, records.acts->last(enrolled.account.id));
  if (last) return base::refuse("act_missing");
  return enrolled;
}

Result<Enrolled> use_signed(Services& services, const catalog::TokenHash& token, const Enrol& enrol,
                            const Ask& ask, const catalog::AccountId& account) {
  SEALIFT_TRY(const SignedAct act,
              judge_act(services, ask, {account, enrol.key.generation, enrol.key.signing_key}));
  return commit_act(services, act, ask.now, [&](catalog::Records& records) {
    return use_enrolment(services, records, token, enrol, ask);
  });
}

Result<Answer> take(Services& services, const Ask& ask) {
  SEALIFT_TRY(JsonRequest body, JsonRequest::parse(ask.frame.body));
  SEALIFT_TRY(const catalog::TokenHash token, take_token(body));
  SEALIFT_TRY(const auto wait, services.guessing.wait(attempt_of(token, ask), ask.now));
  if (wait) return too_many(*wait);
  SEALIFT_TRY(const catalog::Enrolment found, find_enrolment(services, token, ask));
  SEALIFT_TRY(const Enrol enrol, take_enrol(body, login_parameters_of(services, found.lookup)));
  SEALIFT_TRY(const auto account, services.catalog.read([&](const catalog::Records& records) {
    return account_of(records, found);
  }));
  SEALIFT_TRY(const Enrolled enrolled,
              ask.frame.act.empty()
                  ? commit(services,
                           [&](catalog::Records& records) {
                             return use_unsigned(services, records, token, enrol, ask);
                           })
                  : use_signed(services, token, enrol, ask, acting_account(found, account)));
  return begun_answer(services, enrolled.begun, enrolled.account);
}

constexpr HandlerRow kHandlers[] = {
    {"enrolment.look", look},
    {"enrolment.take", take},
};

}  // namespace

std::span<const HandlerRow> enrolment_handlers() { return kHandlers; }

}  // namespace sealift::server::vault
