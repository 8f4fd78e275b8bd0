// Enrolment: how an invited person makes an account. The account's keys and slots come from the
// person's client; the server learns none of what opens them.
#include <algorithm>

#include "base/limits.h"
#include "server/vault/handlers/person_forms.h"
#include "server/vault/handlers/slot_forms.h"

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
  if (!token) return base::fail(ErrorCode::malformed, "token");
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
  return base::fail(ErrorCode::not_found, "enrolment");
}

// Of the officers' newest keys: to whom a recovery slot is sealed.
Result<json> recovery_recipients(Services& services) {
  return services.catalog.read([](const catalog::Records& records) -> Result<json> {
    SEALIFT_TRY(const auto officers, records.accounts->active_recovery_officers());
    json recipients = json::array();
    for (const catalog::AccountId& officer : officers) {
      SEALIFT_TRY(const auto key, records.directory->newest(officer));
      if (key && recipients.size() < limits::kRecoveryOfficersMax) {
        recipients.push_back(key->recipient);
      }
    }
    return recipients;
  });
}

Result<Answer> look(Services& services, const Ask& ask) {
  SEALIFT_TRY(JsonRequest body, JsonRequest::parse(ask.frame.body));
  SEALIFT_TRY(const catalog::TokenHash token, take_token(body));
  SEALIFT_TRY_VOID(body.done());
  SEALIFT_TRY(const auto wait, services.guessing.wait(attempt_of(token, ask), ask.now));
  if (wait) return too_many(*wait);
  SEALIFT_TRY(const catalog::Enrolment enrolment, find_enrolment(services, token, ask));
  SEALIFT_TRY(const parcel::Address address, address_of(services, enrolment));
  SEALIFT_TRY(json recipients, recovery_recipients(services));
  const base::Bytes parameters = login_parameters_of(services, enrolment.lookup);
  return json_reply(http::Status::ok, {{"address", address.text()},
                                       {"roles", roles_json(enrolment.roles)},
                                       {"expires", json_of(enrolment.expires)},
                                       {"parameters", json_of(base::ByteView(parameters))},
                                       {"recovery_recipients", std::move(recipients)}});
}

struct Enrol {
  catalog::Language language = catalog::Language::english;
  KeyInput key;
  std::vector<SlotInput> slots;
};

// Everything is of the first generation, and exactly one slot is the password's. Without it nobody
// could log in.
Result<Enrol> take_enrol(JsonRequest& body, base::ByteView password_parameters) {
  Enrol enrol;
  enrol.language = take_language(body);
  body.object("key", [&](JsonRequest& object) { enrol.key = take_key(object); });
  body.each("slots", 8, [&](JsonRequest& object) {
    enrol.slots.push_back(take_slot(object, password_parameters));
  });
  SEALIFT_TRY_VOID(body.done());
  if (enrol.key.generation.value != 1 || enrol.key.endorsement) {
    return base::fail(ErrorCode::malformed, "generation of a first key");
  }
  std::size_t passwords = 0;
  std::size_t recoveries = 0;
  for (const SlotInput& slot : enrol.slots) {
    if (slot.generation.value != 1) return base::fail(ErrorCode::malformed, "generation");
    passwords += slot.kind == catalog::SlotKind::password && slot.authentication_key ? 1 : 0;
    recoveries += slot.kind == catalog::SlotKind::recovery ? 1 : 0;
  }
  const auto of_password = [](const SlotInput& slot) {
    return slot.kind == catalog::SlotKind::password;
  };
  if (passwords != 1 || std::ranges::count_if(enrol.slots, of_password) != 1 || recoveries > 1) {
    return base::fail(ErrorCode::malformed, "slots of a new account");
  }
  return enrol;
}

struct Enrolled {
  BegunSession begun;
  catalog::Account account;
};

Result<Enrolled> make_account(Services& services, catalog::Records& records,
                              const catalog::TokenHash& token, const Enrol& enrol,
                              base::UnixTime now) {
  SEALIFT_TRY(const auto enrolment, records.enrolments->take(token, now));
  if (!enrolment) return base::fail(ErrorCode::not_found, "enrolment");
  SEALIFT_TRY(const parcel::Address address, address_of(services, *enrolment));
  const catalog::AccountId id{services.random.array<16>()};
  const catalog::NewAccount account{
      .id = id,
      .lookup = enrolment->lookup,
      .sealed_address = services.keys.wrap(WrapFor::address, id.view(),
                                           base::bytes_of(address.text()), services.random),
      .roles = enrolment->roles,
      .language = enrol.language,
      .created = now};
  SEALIFT_TRY(const auto added, records.accounts->add(account));
  if (added != catalog::Insert::added) return base::fail(ErrorCode::conflict, "account");
  SEALIFT_TRY_VOID(services.notary.note(
      records, {.kind = Logged::account_enrolled,
                .happened = now,
                .account = id,
                .facts = {{"administrator", enrolment->roles.administrator},
                          {"recovery_officer", enrolment->roles.recovery_officer}}}));
  SEALIFT_TRY_VOID(publish_key(services, records, id, enrol.key, now));
  for (const SlotInput& slot : enrol.slots) {
    SEALIFT_TRY_VOID(add_slot(services, records, id, slot, now));
  }
  SEALIFT_TRY(BegunSession begun, begin_session(services, records, id, now));
  SEALIFT_TRY(auto made, records.accounts->find(id));
  if (!made) return base::fail(ErrorCode::internal, "account is gone");
  return Enrolled{std::move(begun), *std::move(made)};
}

Result<Answer> take(Services& services, const Ask& ask) {
  SEALIFT_TRY(JsonRequest body, JsonRequest::parse(ask.frame.body));
  SEALIFT_TRY(const catalog::TokenHash token, take_token(body));
  SEALIFT_TRY(const auto wait, services.guessing.wait(attempt_of(token, ask), ask.now));
  if (wait) return too_many(*wait);
  SEALIFT_TRY(const catalog::Enrolment found, find_enrolment(services, token, ask));
  SEALIFT_TRY(const Enrol enrol, take_enrol(body, login_parameters_of(services, found.lookup)));
  SEALIFT_TRY(const Enrolled enrolled, commit(services, [&](catalog::Records& records) {
                return make_account(services, records, token, enrol, ask.now);
              }));
  return begun_answer(services, enrolled.begun, enrolled.account);
}

constexpr HandlerRow kHandlers[] = {
    {"enrolment.look", look},
    {"enrolment.take", take},
};

}  // namespace

std::span<const HandlerRow> enrolment_handlers() { return kHandlers; }

}  // namespace sealift::server::vault
