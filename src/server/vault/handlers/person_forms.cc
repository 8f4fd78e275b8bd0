#include "server/vault/handlers/person_forms.h"
#include "server/vault/acts.h"

#include <algorithm>

#include "age/keys/recipient.h"
#include "base/limits.h"
#include "base/refusal.h"
#include "directory/entry.h"
#include "parcel/directory_key.h"
#include "parcel/login_parameters.h"

namespace sealift::server::vault {
namespace {

using base::ErrorCode;
using base::Result;
using nlohmann::json;

constexpr std::uint64_t kGenerationMax = 1'000'000;
constexpr std::size_t kRecipientSizeMax = 2200;

parcel::DirectoryKey directory_key(const catalog::AccountId& account, const KeyInput& key) {
  return {account.bytes, key.generation.value, key.recipient, key.signing_key};
}

std::string key_text_of(const catalog::DirectoryEntry& entry) {
  parcel::DirectoryKey key{entry.account.bytes, entry.generation.value, entry.recipient, {}};
  std::ranges::copy(entry.signing_key, key.signing_key.begin());
  return parcel::directory_key_text(key);
}

Result<directory::Opening> opening_of(const catalog::DirectoryEntry& entry) {
  base::Bytes bytes = entry.salt;
  bytes.push_back(std::byte{entry.how});
  base::append(bytes, entry.previous);
  auto opening = directory::parse_opening(bytes);
  if (!opening) return base::fail(ErrorCode::damaged, "opening of a key");
  return opening;
}

}  // namespace

Result<parcel::Address> take_address(JsonRequest& body, std::string_view key) {
  auto address = parcel::Address::parse(body.text(key, limits::kAddressSizeMax));
  if (!address) return base::fail(ErrorCode::malformed, "address");
  return *std::move(address);
}

Result<parcel::Address> address_of(const VaultKeys& keys, const catalog::Account& account) {
  SEALIFT_TRY(const auto plain,
              keys.unwrap(WrapFor::address, account.id.view(), account.sealed_address));
  auto address = parcel::Address::parse(base::text_of(plain.view()));
  if (!address) return base::fail(ErrorCode::damaged, "address of an account");
  return *std::move(address);
}

base::Bytes login_parameters_of(const Services& services, const catalog::AddressLookup& lookup) {
  parcel::LoginParameters parameters;
  const auto made = services.keys.decoy("login salt", lookup.view());
  std::copy_n(made.begin(), parameters.salt.size(), parameters.salt.begin());
  return parcel::encode_login_parameters(parameters);
}

json roles_json(catalog::Roles roles) {
  return {{"administrator", roles.administrator}, {"recovery_officer", roles.recovery_officer}};
}

catalog::Roles take_roles(JsonRequest& object) {
  return {object.boolean("administrator"), object.boolean("recovery_officer")};
}

std::string_view language_word(catalog::Language language) {
  return language == catalog::Language::french ? "fr" : "en";
}

catalog::Language take_language(JsonRequest& body) {
  return body.choice("language", {"en", "fr"}) == 1 ? catalog::Language::french
                                                    : catalog::Language::english;
}

std::string_view state_word(catalog::AccountState state) {
  switch (state) {
    case catalog::AccountState::active:
      return "active";
    case catalog::AccountState::suspended:
      return "suspended";
    case catalog::AccountState::closed:
      return "closed";
  }
  return "closed";
}

Result<json> account_json(const Services& services, const catalog::Account& account) {
  SEALIFT_TRY(const parcel::Address address, address_of(services.keys, account));
  json made = {{"id", json_of(account.id)},
               {"address", address.text()},
               {"roles", roles_json(account.roles)},
               {"state", state_word(account.state)},
               {"language", language_word(account.language)},
               {"used_bytes", account.used_bytes},
               {"created", json_of(account.created)}};
  put_optional(made, "quota_bytes_max", account.quota_bytes_max);
  return made;
}

json session_json(const catalog::Session& session) {
  json scopes = json::array();
  for (const auto& [scope, word] : scope_names()) {
    if (session.scopes.has(scope)) scopes.push_back(word);
  }
  json made = {
      {"id", json_of(session.id)},
      {"kind", session.kind == catalog::SessionKind::login ? "login" : "api_token"},
      {"scopes", std::move(scopes)},
      {"created", json_of(session.created)},
      {"last_seen", json_of(session.last_seen)},
      {"expires", json_of(session.expires)},
  };
  if (!session.sealed_label.empty()) made["label"] = json_of(base::ByteView(session.sealed_label));
  return made;
}

Result<BegunSession> begin_session(Services& services, catalog::Records& records,
                                   const catalog::AccountId& account, const Ask& ask) {
  SEALIFT_TRY(const auto others, records.sessions->list(account));
  if (others.size() >= limits::kSessionsPerAccountMax) {
    return base::refuse("logins_max", {{"max", limits::kSessionsPerAccountMax}});
  }
  SEALIFT_TRY(const catalog::Policy policy, records.policies->current());
  BegunSession begun{make_token(services.random), {}};
  begun.session = {.id = {services.random.array<16>()},
                   .account = account,
                   .kind = catalog::SessionKind::login,
                   .is_bound = ask.frame.wants_session_key,
                   .scopes = catalog::Scopes::all(),
                   .sealed_label = {},
                   .created = ask.now,
                   .last_seen = ask.now,
                   .expires = ask.now + policy.session_lifetime_ms_max,
                   .idle_ms_max = policy.session_idle_ms_max};
  SEALIFT_TRY(const auto added, records.sessions->add(begun.session, begun.token.hash));
  if (added != catalog::Insert::added) return base::fail(ErrorCode::internal, "session is taken");
  SEALIFT_TRY_VOID(services.notary.note(
      records, {.kind = Logged::session_begun, .happened = ask.now, .account = account}));
  return begun;
}

Result<Answer> begun_answer(const Services& services, const BegunSession& begun,
                            const catalog::Account& account) {
  SEALIFT_TRY(json spoken, account_json(services, account));
  json answer = {{"token", begun.token.text},
                 {"session", session_json(begun.session)},
                 {"account", std::move(spoken)}};
  if (begun.session.is_bound) {
    const auto key = services.keys.session_key(begun.session.id);
    answer["key"] = json_of(base::ByteView(key));
  }
  return json_reply(http::Status::created, answer);
}

KeyInput take_key(JsonRequest& object) {
  KeyInput key;
  key.generation = {object.integer("generation", {1, kGenerationMax})};
  key.recipient = object.text("recipient", kRecipientSizeMax);
  key.signing_key = object.fixed<crypto::kEd25519PublicSize>("signing_key");
  if (object.has("endorsement")) {
    key.endorsement = object.fixed<crypto::kEd25519SignatureSize>("endorsement");
  }
  if (object.has("endorsing_key")) {
    key.endorsing_key = object.fixed<crypto::kEd25519PublicSize>("endorsing_key");
    if (!crypto::ed25519_to_x25519(*key.endorsing_key)) object.refuse("endorsing_key");
  }
  if (object.has("countersignature")) {
    key.countersignature = object.fixed<crypto::kEd25519SignatureSize>("countersignature");
  }
  if (object.has("retirement")) {
    key.retirement = object.fixed<std::tuple_size_v<parcel::RetirementBytes>>("retirement");
  }
  // In age's own forms, in the spelling that it writes; and a point that can verify.
  const auto recipient = age::Recipient::parse(key.recipient);
  const bool is_native = key.recipient.starts_with("age1");
  if (!recipient || !is_native || recipient->text() != key.recipient) object.refuse("recipient");
  if (!crypto::ed25519_to_x25519(key.signing_key)) object.refuse("signing_key");
  return key;
}

namespace {

// The address's part in the directory: what its log commits to, and the change that waits for it.
Result<void> enter_directory(Services& services, catalog::Records& records,
                             const std::optional<catalog::DirectoryEntry>& before,
                             catalog::DirectoryEntry& entry) {
  SEALIFT_TRY(const auto account, records.accounts->find(entry.account));
  if (!account) return base::fail(ErrorCode::internal, "account is gone");
  SEALIFT_TRY(const parcel::Address address, address_of(services.keys, *account));
  directory::Opening opening{
      .salt = services.random.array<32>(), .how = directory::How::enrolled, .previous = {}};
  if (before) {
    opening.how = directory::How::rotated;
    SEALIFT_TRY(const directory::Opening last, opening_of(*before));
    opening.previous = directory::commitment_of(last, address.text(), key_text_of(*before));
  }
  entry.salt = base::copy_of(opening.salt);
  entry.previous = base::copy_of(opening.previous);
  entry.how = static_cast<std::uint8_t>(opening.how);
  return services.directory->note(
      records, address.text(),
      {opening.how, static_cast<std::uint32_t>(entry.generation.value),
       directory::commitment_of(opening, address.text(), key_text_of(entry))},
      entry.created);
}

// What has to countersign the generation after `entry`, as its event says. Clients judge by the
// log's. Errors: damaged.
Result<std::optional<crypto::Ed25519Public>> endorsing_key_of(
    const catalog::Records& records, const catalog::DirectoryEntry& entry) {
  SEALIFT_TRY(const auto event, records.custody->find(entry.event));
  if (!event || event->event.empty()) return std::nullopt;
  const json statement = json::parse(base::text_of(event->event), nullptr, false);
  if (!statement.is_object()) return base::fail(ErrorCode::damaged, "event of a key");
  const auto found = statement.find("endorsing_key");
  if (found == statement.end()) return std::nullopt;
  const auto bytes = base::hex_decode(found->is_string() ? found->get<std::string>() : "");
  crypto::Ed25519Public key{};
  if (!bytes || bytes->size() != key.size())
    return base::fail(ErrorCode::damaged, "endorsing key of an account");
  std::ranges::copy(*bytes, key.begin());
  return key;
}

// Whether `key` may follow `before`.
Result<void> judge_succession(const catalog::Records& records,
                              const catalog::DirectoryEntry& before, const KeyInput& key,
                              const parcel::DirectoryKey& text) {
  crypto::Ed25519Public signing_before{};
  std::ranges::copy(before.signing_key, signing_before.begin());
  if (key.generation.value != before.generation.value + 1) {
    return base::fail(ErrorCode::conflict, "generation");
  }
  if (key.generation.value > limits::kKeyGenerationsMax) {
    return base::refuse("keys_max", {{"max", limits::kKeyGenerationsMax}});
  }
  if (!key.endorsement || !parcel::is_endorsed(text, *key.endorsement, signing_before)) {
    return base::fail(ErrorCode::forbidden, "endorsement");
  }
  SEALIFT_TRY(const auto endorsing, endorsing_key_of(records, before));
  const bool is_countersigned =
      endorsing && key.endorsing_key && key.countersignature &&
      parcel::is_countersigned(text, *key.endorsing_key, *key.countersignature, *endorsing);
  if (endorsing && !is_countersigned) return base::refuse("key_not_countersigned");
  return {};
}

json facts_of(const KeyInput& key, const parcel::DirectoryKey& text) {
  json facts = {{"generation", key.generation.value},
                {"key", base::hex_encode(parcel::directory_key_digest(text))}};
  if (key.endorsing_key) facts["endorsing_key"] = base::hex_encode(*key.endorsing_key);
  if (key.countersignature) facts["countersignature"] = base::hex_encode(*key.countersignature);
  if (key.retirement) facts["retirement"] = base::hex_encode(*key.retirement);
  return facts;
}

}  // namespace

Result<catalog::DirectoryEntry> publish_key(Services& services, catalog::Records& records,
                                            const catalog::AccountId& account, const KeyInput& key,
                                            base::UnixTime now) {
  SEALIFT_TRY(const auto newest, records.directory->newest(account));
  const parcel::DirectoryKey text = directory_key(account, key);
  // Published before, by this very request: its answer was lost.
  if (newest && newest->generation == key.generation && newest->recipient == key.recipient &&
      std::ranges::equal(newest->signing_key, key.signing_key)) {
    return *newest;
  }
  if (newest) SEALIFT_TRY_VOID(judge_succession(records, *newest, key, text));
  if (key.retirement && !parcel::read_retirement(text, *key.retirement)) {
    return base::refuse("wrong_field", {{"field", "retirement"}});
  }
  SEALIFT_TRY(const catalog::EventId event,
              services.notary.note(records, {.kind = Logged::key_published,
                                             .happened = now,
                                             .account = account,
                                             .facts = facts_of(key, text)}));
  catalog::DirectoryEntry entry{.account = account,
                                .generation = key.generation,
                                .recipient = key.recipient,
                                .signing_key = base::copy_of(key.signing_key),
                                .event = event,
                                .created = now};
  if (key.endorsement) entry.endorsement = base::copy_of(*key.endorsement);
  SEALIFT_TRY_VOID(enter_directory(services, records, newest, entry));
  SEALIFT_TRY(const auto added, records.directory->add(entry));
  if (added != catalog::Change::done) return base::fail(ErrorCode::conflict, "generation");
  return entry;
}

Result<catalog::DirectoryEntry> publish_next_key(Services& services, catalog::Records& records,
                                                 const Ask& ask, const KeyInput& key) {
  SEALIFT_TRY(const auto newest, records.directory->newest(ask.account()));
  if (newest && key.generation.value <= newest->generation.value) {
    SEALIFT_TRY(const ActTaken taken, begin_act(records, *ask.act));
    if (taken != ActTaken::again) return base::fail(ErrorCode::conflict, "generation");
  }
  return publish_key(services, records, ask.account(), key, ask.now);
}

json key_json(const catalog::DirectoryEntry& entry) {
  json key = {{"generation", entry.generation.value},
              {"recipient", entry.recipient},
              {"signing_key", json_of(base::ByteView(entry.signing_key))}};
  if (!entry.endorsement.empty()) key["endorsement"] = json_of(base::ByteView(entry.endorsement));
  return key;
}

Result<json> directory_json(Services& services, const catalog::DirectoryEntry& entry) {
  json made = {{"account", json_of(entry.account)},
               {"key", key_json(entry)},
               {"event", json_of(entry.event)},
               {"created", json_of(entry.created)}};
  SEALIFT_TRY(const auto event, services.catalog.read([&](const catalog::Records& records) {
    return records.custody->find(entry.event);
  }));
  if (event && !event->salt.empty()) {
    made["salt"] = json_of(base::ByteView(event->salt));
    made["statement"] = json_of(base::ByteView(event->event));
  }
  SEALIFT_TRY(const directory::Opening opening, opening_of(entry));
  made["opening"] = json_of(base::ByteView(directory::encode_opening(opening)));
  if (!entry.log_index) return made;
  made["log_index"] = entry.log_index->value;
  SEALIFT_TRY(const auto proof, services.log.proof(*entry.log_index));
  if (proof) made["proof"] = *proof;
  return made;
}

Result<json> recovery_officers_json(Services& services) {
  using Entries = std::vector<catalog::DirectoryEntry>;
  SEALIFT_TRY(const Entries entries,
              services.catalog.read([](const catalog::Records& records) -> Result<Entries> {
                SEALIFT_TRY(const auto officers, records.accounts->active_recovery_officers());
                Entries found;
                for (const catalog::AccountId& officer : officers) {
                  SEALIFT_TRY(auto key, records.directory->newest(officer));
                  if (key && found.size() < limits::kRecoveryOfficersMax)
                    found.push_back(*std::move(key));
                }
                return found;
              }));
  json all = json::array();
  for (const catalog::DirectoryEntry& entry : entries) {
    SEALIFT_TRY(json spoken, directory_json(services, entry));
    all.push_back(std::move(spoken));
  }
  return all;
}

Result<void> add_officer_set(const catalog::Records& records, json& made) {
  SEALIFT_TRY(const auto note, records.marks->find(catalog::Mark::officer_set));
  if (note) made["officer_set"] = std::string(base::text_of(*note));
  return {};
}

Result<json> slot_json(const Services& services, const catalog::Slot& slot) {
  static constexpr std::string_view kKinds[] = {"password", "paper_key", "passkey",
                                                "trusted_browser", "recovery"};
  SEALIFT_TRY(const auto file, services.keys.unwrap(WrapFor::slot, slot.id.view(), slot.wrapped));
  json made = {{"id", json_of(slot.id)},
               {"kind", kKinds[static_cast<std::size_t>(slot.kind) - 1]},
               {"generation", slot.generation.value},
               {"revision", slot.revision.value},
               {"file", json_of(file.view())},
               {"created", json_of(slot.created)}};
  if (!slot.sealed_label.empty()) made["label"] = json_of(base::ByteView(slot.sealed_label));
  return made;
}

}  // namespace sealift::server::vault
