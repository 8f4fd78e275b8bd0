#include "client/account/entering.h"

#include <algorithm>
#include <utility>

#include "client/account/acting.h"
#include "client/account/directory_watch.h"

namespace sealift::client {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::size_t kTokenSize = 43;
constexpr std::size_t kFingerprintSize = 32;  // hexadecimal digits

tl::unexpected<base::Error> contradiction(std::string text) {
  return base::fail(ErrorCode::damaged, std::move(text));
}

api::Base64 base64(base::ByteView bytes) { return {base::copy_of(bytes)}; }

api::Authentication authentication_of(const Unlocking& unlocking, base::ByteView parameters) {
  return {.kind = api::AuthenticationKind::authentication_key,
          .parameters = base64(parameters),
          .key = base64(unlocking.authentication_key.view()),
          .credential_id = {}};
}

Result<api::NewSlot> slot_for(const AccountKeys& keys, const Unlocking& unlocking,
                              api::SlotKind kind, base::ByteView parameters,
                              crypto::Random& random) {
  SEALIFT_TRY(const age::Recipient recipient, unlocking.slot_identity.recipient());
  SEALIFT_TRY(base::Bytes file, seal_slot(keys, std::span(&recipient, 1), random));
  return api::NewSlot{.kind = kind,
                      .generation = keys.generation,
                      .file = {std::move(file)},
                      .label = {},
                      .authentication = authentication_of(unlocking, parameters),
                      .recovery = {}};
}

// Judges and pins: a server that asks for another salt or cost than before wants to know a key that
// it could guess at.
Result<parcel::LoginParameters> judge_parameters(const api::Base64& wire,
                                                 const parcel::Address& address, Pins& pins) {
  SEALIFT_TRY(const auto parameters, parcel::parse_login_parameters(wire.bytes));
  const auto pinned = pins.login_parameters.find(address.text());
  if (pinned != pins.login_parameters.end() && pinned->second != wire.bytes)
    return contradiction("the server wants the password hashed in another way than before");
  return parameters;
}

Result<AccountKeys> open_one_of(const api::Slots& slots, api::SlotKind kind,
                                const age::Identity& identity, const parcel::Address& address) {
  for (const api::Slot& slot : slots.slots) {
    if (slot.kind != kind) continue;
    auto keys = open_slot(slot.file.bytes, identity, address);
    if (!keys && keys.error().code == ErrorCode::no_match) continue;
    if (keys && keys->generation != slot.generation)
      return contradiction("a slot of the account is of another generation than it says");
    return keys;
  }
  return contradiction("the server has no slot that this opens");
}

Result<void> judge_own_keys(const AccountKeys& keys, const api::AccountId& account, Pins& pins) {
  SEALIFT_TRY(const std::string recipient, keys.recipient());
  KeyPin own{account, keys.generation, recipient, keys.signing.public_key(), {}};
  const auto pinned = pins.keys.find(keys.address.text());
  if (pinned != pins.keys.end()) {
    const bool is_same_generation = pinned->second.generation == own.generation;
    if (pinned->second.account != own.account || own.generation < pinned->second.generation ||
        (is_same_generation && !may_be_same(pinned->second, own)))
      return contradiction("the account's keys are not the ones seen before");
    if (is_same_generation) own.endorsing_key = pinned->second.endorsing_key;
  }
  pins.keys[keys.address.text()] = own;
  return {};
}

Result<Entered> begin(const api::Api& api, const parcel::Address& address,
                      const Unlocking& unlocking, api::SlotKind kind, Pins& pins) {
  SEALIFT_TRY(api::Begun begun,
              api.call(api::kSessionBegin,
                       {.address = address.text(),
                        .authentication_key = base64(unlocking.authentication_key.view())}));
  const api::Api mine = api.with(credential_of(begun));
  if (begun.account.address != address.text())
    return contradiction("the server logged another account in");
  SEALIFT_TRY(const api::Slots slots, mine.call(api::kSlotList));
  SEALIFT_TRY(AccountKeys keys, open_one_of(slots, kind, unlocking.slot_identity, address));
  SEALIFT_TRY_VOID(judge_own_keys(keys, begun.account.id, pins));
  SEALIFT_TRY_VOID(Acting(mine, keys, begun.account.id, pins).follow());
  return Entered{std::move(begun), std::move(keys)};
}

}  // namespace

Credential credential_of(const api::Begun& begun) {
  return {Credential::Kind::session, begun.token.text, begun.key};
}

Result<EnrolmentLink> parse_enrolment_link(std::string_view link, const ServerAddress& server) {
  const std::size_t at = link.find('#');
  const std::string_view secret = at == link.npos ? link : link.substr(at + 1);
  const std::string_view token = secret.substr(0, kTokenSize);
  const std::string_view tail = secret.substr(token.size());
  const bool has_fingerprint = tail.starts_with('.') && tail.size() == kFingerprintSize + 1;
  const auto fingerprint =
      has_fingerprint ? parse_fingerprint(tail.substr(1)) : std::optional<std::string>("");
  if (token.size() != kTokenSize || !api::is_token(token) || !fingerprint ||
      (!has_fingerprint && !tail.empty()))
    return base::fail(ErrorCode::malformed, "this is not an enrolment link");
  if (at != link.npos) {
    const std::size_t scheme = link.find("://");
    const std::size_t end = scheme == link.npos ? link.npos : link.find('/', scheme + 3);
    const auto named = ServerAddress::parse(link.substr(0, std::min(end, at)));
    if (named && *named != server)
      return base::fail(ErrorCode::conflict,
                        "the enrolment link is of " + named->text() + ", not of " + server.text());
  }
  return EnrolmentLink{api::Token{std::string(token)}, *fingerprint};
}

Result<api::EnrolmentOffer> look_at_enrolment(const api::Api& api, const api::Token& token) {
  return api.call(api::kEnrolmentLook, {token});
}

namespace {

// New keys for a new account; for one that is there, its own.
Result<AccountKeys> keys_to_enrol(const api::EnrolmentOffer& offer, const EnrolmentChoice& choice,
                                  const parcel::Address& address, crypto::Random& random) {
  if (!offer.account && choice.recovered.empty()) return AccountKeys::generate(address, random);
  if (choice.recovered.empty())
    return base::fail(ErrorCode::usage, "the address has an account: its keys are needed");
  if (!offer.account)
    return base::fail(ErrorCode::usage, "the address has no account that keys could be of");
  SEALIFT_TRY(AccountKeys keys, AccountKeys::parse(choice.recovered));
  if (keys.address != address)
    return base::fail(ErrorCode::usage, "these keys are another address's");
  return keys;
}

Result<api::Key> key_to_enrol(const AccountKeys& keys,
                              const std::optional<api::AccountId>& account) {
  api::Key key{.generation = keys.generation,
               .recipient = {},
               .signing_key = keys.signing.public_key(),
               .endorsement = {}};
  SEALIFT_TRY(key.recipient, keys.recipient());
  if (!account) return key;
  // By itself: it shows that these are the account's keys.
  SEALIFT_TRY(const parcel::DirectoryKey text, keys.directory_key(account->bytes));
  key.endorsement = parcel::endorse_directory_key(text, keys.signing);
  return key;
}

// When the answer was lost, the link is used and the account is there: its password logs in.
Result<api::Begun> take_enrolment(const api::Api& api, const api::Enrol& request,
                                  const api::SignAct& sign, const parcel::Address& address,
                                  const Unlocking& password) {
  auto begun = api.call_as(api::kEnrolmentTake, sign, request);
  if (begun || begun.error().code != ErrorCode::not_found) return begun;
  auto entered = api.call(api::kSessionBegin,
                          {.address = address.text(),
                           .authentication_key = base64(password.authentication_key.view())});
  return entered ? entered : begun;
}

}  // namespace

Result<Enrolled> enrol(const api::Api& api, const api::EnrolmentOffer& offer,
                       const EnrolmentChoice& choice, Pins& pins, crypto::Random& random) {
  const auto address = parcel::Address::parse(offer.address);
  if (!address || address->text() != offer.address)
    return base::fail(ErrorCode::malformed, "the link's address is not one");
  if (!offer.account) SEALIFT_TRY_VOID(check_free(api, offer.lookup, *address, pins));
  SEALIFT_TRY(const auto parameters, judge_parameters(offer.parameters, *address, pins));
  SEALIFT_TRY(AccountKeys keys, keys_to_enrol(offer, choice, *address, random));
  // Of recovered keys; no slot gets it but the officers'.
  std::optional<crypto::Ed25519Secret> endorsing = std::exchange(keys.endorsing, std::nullopt);
  SEALIFT_TRY(const Unlocking password,
              unlock_with_password(choice.password, parameters, *address));
  PaperKey paper_key = PaperKey::generate(random);
  SEALIFT_TRY(const Unlocking paper, unlock_with_paper_key(paper_key, *address));
  SEALIFT_TRY(api::Key key, key_to_enrol(keys, offer.account));
  const bool is_endorsing = !offer.account && offer.act;  // a server of 0.1.0 knows no such key
  if (is_endorsing) {
    endorsing = endorsing_key(paper_key, *address);
    key.endorsing_key = endorsing->public_key();
  }
  api::Enrol request{
      .token = choice.token, .language = choice.language, .key = std::move(key), .slots = {}};
  SEALIFT_TRY(request.slots.emplace_back(),
              slot_for(keys, password, api::SlotKind::password, offer.parameters.bytes, random));
  SEALIFT_TRY(request.slots.emplace_back(),
              slot_for(keys, paper, api::SlotKind::paper_key, {}, random));
  // A server of 0.1.0 keeps no shares: no officer gets the keys alone instead.
  const unsigned threshold =
      std::max(choice.threshold, recovery_threshold(offer.recovery_threshold.value_or(0)));
  const bool has_recovery =
      offer.recovery_threshold && offer.act && choice.officers.size() >= threshold;
  if (has_recovery) {
    keys.endorsing = std::move(endorsing);
    SEALIFT_TRY(request.slots.emplace_back(),
                recovery_slot(keys, offer.act->account, choice.officers, threshold, random));
  }
  keys.endorsing.reset();
  SEALIFT_TRY(auto act, first_act(offer, keys, SlotList::of(request.slots), pins));
  api::SignAct sign;
  if (act) sign = [&](const api::Acted& acted) { return sign_act(*act, acted, keys); };
  SEALIFT_TRY(api::Begun begun, take_enrolment(api, request, sign, *address, password));
  if (begun.account.address != address->text())
    return contradiction("the server enrolled another address");
  SEALIFT_TRY_VOID(judge_own_keys(keys, begun.account.id, pins));
  if (is_endorsing) pins.keys[address->text()].endorsing_key = request.key.endorsing_key;
  pins.login_parameters[address->text()] = offer.parameters.bytes;
  if (act) pins.acts[address->text()] = {act->revision, parcel::account_act_digest(*act)};
  if (has_recovery) accept_officers(pins, *address, choice.officers);
  return Enrolled{{std::move(begun), std::move(keys)}, std::move(paper_key), has_recovery};
}

Result<parcel::LoginParameters> login_parameters(const api::Api& api,
                                                 const parcel::Address& address, Pins& pins) {
  SEALIFT_TRY(const api::Prepared prepared, api.call(api::kSessionPrepare, {address.text()}));
  return judge_parameters(prepared.parameters, address, pins);
}

Result<Entered> log_in(const api::Api& api, const parcel::Address& address, base::ByteView password,
                       Pins& pins) {
  SEALIFT_TRY(const parcel::LoginParameters parameters, login_parameters(api, address, pins));
  SEALIFT_TRY(const Unlocking unlocking, unlock_with_password(password, parameters, address));
  SEALIFT_TRY(Entered entered, begin(api, address, unlocking, api::SlotKind::password, pins));
  // Pinned once it has worked: a server could name anything for an account that isn't there.
  pins.login_parameters[address.text()] = parcel::encode_login_parameters(parameters);
  return entered;
}

Result<Entered> log_in(const api::Api& api, const parcel::Address& address,
                       const PaperKey& paper_key, Pins& pins) {
  SEALIFT_TRY(const Unlocking unlocking, unlock_with_paper_key(paper_key, address));
  return begin(api, address, unlocking, api::SlotKind::paper_key, pins);
}

Result<PaperKey> renew_paper_key(Acting& acting, const AccountKeys& keys, crypto::Random& random) {
  PaperKey paper_key = PaperKey::generate(random);
  SEALIFT_TRY(const Unlocking unlocking, unlock_with_paper_key(paper_key, keys.address));
  SEALIFT_TRY(const api::NewSlot slot,
              slot_for(keys, unlocking, api::SlotKind::paper_key, {}, random));
  SEALIFT_TRY_VOID(acting.follow());
  SlotList after = SlotList::of(acting.slots());
  after.add(slot);
  SEALIFT_TRY(const api::Created created, acting.call_for(api::kSlotAdd, after, slot));
  // The old ones go once the new one is there: a lost connection leaves one too many, never none.
  SEALIFT_TRY_VOID(acting.follow());
  for (const api::Slot& old : std::vector(acting.slots())) {
    if (old.kind != api::SlotKind::paper_key || old.id == created.id) continue;
    after.remove(old);
    SEALIFT_TRY_VOID(acting.call_for(api::kSlotRemove, after, {}, old.id));
  }
  return paper_key;
}

Result<PasswordChanged> change_password(Acting& acting, const api::Api& api,
                                        const AccountKeys& keys, const Unlocking& present,
                                        base::ByteView new_password, Pins& pins,
                                        crypto::Random& random) {
  SEALIFT_TRY(const auto parameters, login_parameters(api, keys.address, pins));
  SEALIFT_TRY(const Unlocking unlocking,
              unlock_with_password(new_password, parameters, keys.address));
  SEALIFT_TRY_VOID(acting.follow());
  const std::vector<api::Slot> slots = acting.slots();
  const auto slot = std::ranges::find(slots, api::SlotKind::password, &api::Slot::kind);
  if (slot == slots.end()) return contradiction("the account has no password");
  PasswordChanged changed;
  api::ChangePassword wanted{.authentication_key = base64(present.authentication_key.view()),
                             .slot = slot->id,
                             .expected_revision = slot->revision,
                             .replacement = {},
                             .ends = {},
                             .paper_key = {}};
  SEALIFT_TRY(wanted.replacement, slot_for(keys, unlocking, api::SlotKind::password,
                                           parcel::encode_login_parameters(parameters), random));
  SlotList after = SlotList::of(std::vector{wanted.replacement});
  if (acting.is_signing()) {
    changed.paper_key = PaperKey::generate(random);
    SEALIFT_TRY(const Unlocking paper, unlock_with_paper_key(*changed.paper_key, keys.address));
    SEALIFT_TRY(wanted.paper_key, slot_for(keys, paper, api::SlotKind::paper_key, {}, random));
    after.add(*wanted.paper_key);
    wanted.ends.emplace();
    for (const api::Slot& each : slots) {
      if (each.id == slot->id || each.kind == api::SlotKind::recovery) continue;
      wanted.ends->push_back(each.id);
      changed.ended.push_back(each);
    }
  }
  SEALIFT_TRY_VOID(acting.call_for(api::kAccountChangePassword, after, wanted));
  return changed;
}

}  // namespace sealift::client
