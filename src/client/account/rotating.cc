#include "client/account/rotating.h"

#include <algorithm>

#include "client/account/entering.h"
#include "client/account/log_watch.h"
#include "parcel/retirement.h"

namespace sealift::client {
namespace {

using base::ErrorCode;
using base::Result;

// The slot of that kind which `unlocking` opens. Errors: no_match, and those of opening.
Result<api::Slot> slot_opened_by(const std::vector<api::Slot>& slots, api::SlotKind kind,
                                 const Unlocking& unlocking, const AccountKeys& keys) {
  for (const api::Slot& each : slots) {
    if (each.kind != kind) continue;
    const auto opened = open_slot(each.file.bytes, unlocking.slot_identity, keys.address);
    if (!opened && opened.error().code == ErrorCode::no_match) continue;
    if (!opened) return tl::unexpected(opened.error());
    if (opened->generation != keys.generation)
      return base::fail(ErrorCode::damaged, "a slot of the account is of another generation");
    return each;
  }
  return base::fail(ErrorCode::no_match, kind == api::SlotKind::password
                                             ? "the password is wrong"
                                             : "the paper key is not one that logs in");
}

// The password's slot, whatever it is sealed to: it gets a new password.
Result<api::Slot> password_slot(const std::vector<api::Slot>& slots) {
  const auto found = std::ranges::find(slots, api::SlotKind::password, &api::Slot::kind);
  if (found == slots.end()) return base::fail(ErrorCode::damaged, "the account has no password");
  return *found;
}

Result<api::RotatedSlot> sealed_again(const api::Slot& slot, const AccountKeys& keys,
                                      const Unlocking& unlocking, crypto::Random& random) {
  SEALIFT_TRY(const age::Recipient recipient, unlocking.slot_identity.recipient());
  SEALIFT_TRY(base::Bytes file, seal_slot(keys, std::span(&recipient, 1), random));
  api::RotatedSlot made;
  made.slot = slot.id;
  made.expected_revision = slot.revision;
  made.replacement.kind = slot.kind;
  made.replacement.generation = keys.generation;
  made.replacement.file = {std::move(file)};
  return made;
}

Result<api::Key> endorsed_key(const AccountKeys& next, const AccountKeys& keys,
                              const api::AccountId& account, const RotationWish& wish,
                              bool is_countersigned, const log::TreeHead& seen) {
  SEALIFT_TRY(const parcel::DirectoryKey text, next.directory_key(account.bytes));
  api::Key key;
  key.generation = next.generation;
  key.recipient = text.recipient;
  key.signing_key = text.signing_key;
  key.endorsement = parcel::endorse_directory_key(text, keys.signing);
  key.retirement = parcel::sign_retirement(text, seen, next.signing);
  const crypto::Ed25519Secret own = endorsing_key(wish.paper_key, keys.address);
  key.endorsing_key = own.public_key();
  if (is_countersigned)
    key.countersignature = parcel::countersign_directory_key(
        text, own.public_key(), wish.endorsing ? *wish.endorsing : own);
  return key;
}

}  // namespace

bool needs_other_endorsing(const Pins& pins, const parcel::Address& address,
                           const PaperKey& paper_key) {
  const auto pin = pins.keys.find(address.text());
  return pin != pins.keys.end() && pin->second.endorsing_key &&
         *pin->second.endorsing_key != endorsing_key(paper_key, address).public_key();
}

Result<Rotated> rotate(Acting& acting, const api::Api& api, const AccountKeys& keys,
                       const RotationWish& wish, Pins& pins, crypto::Random& random) {
  KeyPin& pin = pins.keys[keys.address.text()];
  const auto signer = wish.endorsing ? wish.endorsing->public_key()
                                     : endorsing_key(wish.paper_key, keys.address).public_key();
  if (pin.endorsing_key && *pin.endorsing_key != signer)
    return base::fail(ErrorCode::no_match, "this paper key doesn't endorse the account's keys");
  SEALIFT_TRY(const auto parameters, login_parameters(api, keys.address, pins));
  SEALIFT_TRY(const Unlocking password,
              unlock_with_password(wish.password, parameters, keys.address));
  SEALIFT_TRY(const Unlocking paper, unlock_with_paper_key(wish.paper_key, keys.address));
  SEALIFT_TRY_VOID(acting.follow());
  const std::vector<api::Slot> slots = acting.slots();
  SEALIFT_TRY(const api::Slot of_paper,
              slot_opened_by(slots, api::SlotKind::paper_key, paper, keys));
  SEALIFT_TRY(const api::Slot of_password,
              wish.password_is == PasswordIs::fresh
                  ? password_slot(slots)
                  : slot_opened_by(slots, api::SlotKind::password, password, keys));
  SEALIFT_TRY(AccountKeys next, keys.next(random));
  api::Rotate asked;
  // Nothing that the old keys sign from here on counts.
  SEALIFT_TRY(const log::Checkpoint seen, LogWatch(api, pins.log).follow());
  SEALIFT_TRY(asked.key, endorsed_key(next, keys, pin.account, wish, pin.endorsing_key.has_value(),
                                      seen.head));
  SEALIFT_TRY(asked.slots.emplace_back(), sealed_again(of_password, next, password, random));
  if (wish.password_is == PasswordIs::fresh)
    asked.slots.back().replacement.authentication = {
        .kind = api::AuthenticationKind::authentication_key,
        .parameters = {parcel::encode_login_parameters(parameters)},
        .key = {base::copy_of(password.authentication_key.view())},
        .credential_id = {}};
  SEALIFT_TRY(asked.slots.emplace_back(), sealed_again(of_paper, next, paper, random));
  SlotList after;
  for (const api::RotatedSlot& each : asked.slots) after.add(each.replacement);
  SEALIFT_TRY_VOID(acting.call_for(api::kAccountRotate, after, asked));
  Rotated rotated{std::move(next), {}, pin.endorsing_key.has_value()};
  for (const api::Slot& each : slots)
    if (each.id != of_paper.id && each.id != of_password.id) rotated.ended.push_back(each);
  pin = {pin.account, rotated.keys.generation, asked.key.recipient, asked.key.signing_key,
         asked.key.endorsing_key};
  pins.login_parameters[keys.address.text()] = parcel::encode_login_parameters(parameters);
  return rotated;
}

}  // namespace sealift::client
