#include "client/account/acting.h"

#include <algorithm>

#include "base/refusal.h"

namespace sealift::client {
namespace {

using base::ErrorCode;
using base::Result;

// After one of them, the key that signed it signs nothing more.
constexpr std::string_view kPublishKeys[] = {"account.publish_key", "account.rotate"};

tl::unexpected<base::Error> contradiction(std::string text) {
  return base::fail(ErrorCode::damaged, std::move(text));
}

parcel::ActSlot act_slot(api::SlotKind kind, std::uint64_t generation, base::ByteView file) {
  return {api::name_of(kind), generation, crypto::sha256(file)};
}

parcel::AccountAct act_of(const api::AccountId& account, const api::Act& act) {
  parcel::AccountAct made{.account = account.bytes,
                          .generation = act.generation,
                          .operation = act.operation,
                          .target = std::nullopt,
                          .body = act.body,
                          .revision = act.revision,
                          .previous = act.previous,
                          .slots = act.slots,
                          .challenge = act.challenge};
  if (act.target) made.target = act.target->bytes;
  return made;
}

// As a server of 0.1.0 answers.
bool is_unknown_operation(const base::Error& error) {
  const auto refusal = base::refusal_of(error);
  return refusal && refusal->row->reason == "no_operation";
}

}  // namespace

SlotList SlotList::of(const std::vector<api::Slot>& slots) {
  SlotList list;
  for (const api::Slot& slot : slots) {
    if (slot.kind == api::SlotKind::recovery) continue;
    list.slots_.push_back(act_slot(slot.kind, slot.generation, slot.file.bytes));
  }
  return list;
}

SlotList SlotList::of(const std::vector<api::NewSlot>& slots) {
  SlotList list;
  for (const api::NewSlot& slot : slots) list.add(slot);
  return list;
}

void SlotList::add(const api::NewSlot& slot) {
  if (slot.kind == api::SlotKind::recovery) return;
  slots_.push_back(act_slot(slot.kind, slot.generation, slot.file.bytes));
}

void SlotList::remove(const api::Slot& slot) {
  const auto gone = act_slot(slot.kind, slot.generation, slot.file.bytes);
  const auto found = std::ranges::find_if(slots_, [&](const parcel::ActSlot& each) {
    return each.kind == gone.kind && each.file == gone.file;
  });
  if (found != slots_.end()) slots_.erase(found);
}

// Oldest first, from the one after `known` on.
Result<std::vector<api::Act>> Acting::new_acts(std::uint64_t known) {
  std::vector<api::Act> acts;
  api::Before before;
  while (true) {
    SEALIFT_TRY(api::Acts page, api_->call(api::kActList, {}, before));
    if (!before) next_ = page.next;
    for (api::Act& act : page.acts) {
      if (!acts.empty() && act.revision + 1 != acts.back().revision)
        return contradiction("the server leaves acts of the account out");
      if (act.revision <= known) break;
      acts.push_back(std::move(act));
    }
    const bool is_whole = page.acts.empty() || acts.empty() || acts.back().revision <= known + 1;
    if (is_whole) break;
    before = api::Cursor{acts.back().revision};
  }
  std::ranges::reverse(acts);
  return acts;
}

Result<crypto::Ed25519Public> Acting::key_of(std::uint64_t generation) {
  if (generation == keys_->generation) return keys_->signing.public_key();
  if (generation > keys_->generation)
    return base::fail(ErrorCode::unauthorized, "the account's keys were replaced: log in again");
  if (history_.empty()) {
    SEALIFT_TRY(api::Directory found, api_->call(api::kDirectoryHistory, {}, account_));
    SEALIFT_TRY(const std::string recipient, keys_->recipient());
    // Endorsed each by the one before, up to the keys that this device has.
    const KeyPin own{account_, keys_->generation, recipient, keys_->signing.public_key(), {}};
    SEALIFT_TRY(const KeyPin newest, judge_keys(std::nullopt, found.entries));
    if (!may_be_same(newest, own))
      return contradiction("the directory has other keys of this account");
    history_ = std::move(found.entries);
  }
  if (generation == 0 || generation > history_.size())
    return contradiction("an act of the account is of a generation that never was");
  return history_[generation - 1].key.signing_key;
}

ActPin Acting::pinned() const {
  const auto found = pins_->acts.find(keys_->address.text());
  return found == pins_->acts.end() ? ActPin{} : found->second;
}

Result<ActPin> Acting::follow_acts(std::optional<crypto::Sha256Digest>& slots) {
  ActPin at = pinned();
  // The pinned act itself comes along: it says which slots there were.
  SEALIFT_TRY(const auto acts, new_acts(at.revision == 0 ? 0 : at.revision - 1));
  if (at.revision > 0 && (acts.empty() || acts.front().revision != at.revision))
    return contradiction("the account's acts went back");
  std::uint64_t generation_min = 1;
  for (const api::Act& each : acts) {
    const parcel::AccountAct act = act_of(account_, each);
    if (act.generation < generation_min)
      return contradiction("an act of the account is signed with a key that was replaced before");
    const bool publishes_key = std::ranges::count(kPublishKeys, act.operation) > 0;
    generation_min = act.generation + (publishes_key ? 1 : 0);
    SEALIFT_TRY(const auto key, key_of(act.generation));
    if (!parcel::is_signed_act(act, each.signature, key))
      return contradiction("an act of the account has no signature of its keys");
    const auto digest = parcel::account_act_digest(act);
    const bool is_pinned = act.revision == at.revision;
    if (is_pinned ? digest != at.digest
                  : act.revision != at.revision + 1 || act.previous != at.digest)
      return contradiction("the account's acts are not the ones seen before");
    at = {act.revision, digest};
    slots = act.slots;
  }
  return at;
}

Result<void> Acting::follow() {
  std::optional<crypto::Sha256Digest> listed;
  auto followed = follow_acts(listed);
  is_signing_ = followed || !is_unknown_operation(followed.error());
  if (!is_signing_ && pinned().revision > 0)
    return contradiction("the account's acts went back: the server has none any more");
  if (!followed && is_signing_) return tl::unexpected(std::move(followed).error());
  SEALIFT_TRY(api::Slots found, api_->call(api::kSlotList));
  slots_ = std::move(found.slots);
  const ActPin at = followed.value_or(ActPin{});
  if (at.revision == 0) return {};
  if (listed != SlotList::of(slots_).digest())
    return contradiction("the account has a way in that its owner never listed, or lacks one");
  pins_->acts[keys_->address.text()] = at;
  return {};
}

parcel::AccountAct Acting::next_act(std::string_view operation, const SlotList& after) const {
  const ActPin at = pinned();
  return {.account = account_.bytes,
          .generation = keys_->generation,
          .operation = std::string(operation),
          .target = std::nullopt,
          .body = {},
          .revision = at.revision + 1,
          .previous = at.digest,
          .slots = after.digest(),
          .challenge = next_.challenge};
}

void Acting::remember(const parcel::AccountAct& act) {
  pins_->acts[keys_->address.text()] = {act.revision, parcel::account_act_digest(act)};
}

std::string sign_act(parcel::AccountAct& act, const api::Acted& acted, const AccountKeys& keys) {
  act.operation = acted.operation;
  act.body = crypto::sha256(acted.body);
  if (const auto target = api::AccountId::parse(acted.target)) act.target = target->bytes;
  return parcel::encode_act_field(act, parcel::sign_account_act(act, keys.signing));
}

Result<std::optional<parcel::AccountAct>> first_act(const api::EnrolmentOffer& offer,
                                                    const AccountKeys& keys, const SlotList& slots,
                                                    const Pins& pins) {
  const auto pinned = pins.acts.find(keys.address.text());
  const std::uint64_t seen = pinned == pins.acts.end() ? 0 : pinned->second.revision;
  if (!offer.act && seen == 0) return std::nullopt;
  const api::FirstAct next = offer.act.value_or(api::FirstAct{});
  const bool is_first = next.revision == 1 && next.previous == crypto::Sha256Digest{};
  const bool is_known = offer.account ? next.revision > seen : is_first;
  if (!is_known || (offer.account && *offer.account != next.account))
    return contradiction("the server names another place among the account's acts");
  return parcel::AccountAct{.account = next.account.bytes,
                            .generation = keys.generation,
                            .operation = {},
                            .target = std::nullopt,
                            .body = {},
                            .revision = next.revision,
                            .previous = next.previous,
                            .slots = slots.digest(),
                            .challenge = next.challenge};
}

}  // namespace sealift::client
