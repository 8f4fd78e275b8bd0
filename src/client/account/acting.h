// Acting: what an account's owner signs, and the chain of it (docs/formats/account.md, Acts).
//
//   Acting acting(api, keys, account, pins);
//   acting.follow();                       // the chain, and the slots that it lists
//   acting.call(api::kTokenIssue, wish);   // signed, as the chain's next act
//   acting.call_for(api::kSlotAdd, acting.slots_with(file), slot);
//
// The chain is followed from what this device saw last, never from the server's word: an act or a
// slot that the account's keys didn't sign is an error. An account that began with 0.1.0 has no
// chain until its owner's first act, and a server of 0.1.0 has none at all; neither is believed of
// an account whose act this device has seen. Borrows api and pins; belongs to their thread. Save
// the pins afterwards.
#pragma once

#include <vector>

#include "client/account/account_keys.h"
#include "client/account/pins.h"
#include "client/api/api.h"
#include "parcel/account_act.h"

namespace sealift::client {

// The ways in of an account, as acts list them: without the officers' slot.
class SlotList {
 public:
  static SlotList of(const std::vector<api::Slot>& slots);
  static SlotList of(const std::vector<api::NewSlot>& slots);

  void add(const api::NewSlot& slot);
  void remove(const api::Slot& slot);
  crypto::Sha256Digest digest() const { return parcel::act_slots_digest(slots_); }

 private:
  std::vector<parcel::ActSlot> slots_;
};

// `act` completed by what is asked, and signed: its field.
std::string sign_act(parcel::AccountAct& act, const api::Acted& acted, const AccountKeys& keys);

class Acting {
 public:
  Acting(const api::Api& api, const AccountKeys& keys, const api::AccountId& account, Pins& pins)
      : api_(&api), keys_(&keys), account_(account), pins_(&pins) {}

  // Errors: damaged (the chain went back, or has an act that no key of the account signed, or the
  // account has a slot that no act lists); unauthorized (the keys were replaced: log in again).
  base::Result<void> follow();
  // Of the account, as follow() found them.
  const std::vector<api::Slot>& slots() const { return slots_; }
  // Whether the server takes acts, as follow() found it.
  bool is_signing() const { return is_signing_; }

  // Asks for `row` with the act that it needs; the slots stay as they are.
  template <typename Asked, typename Answer, typename... Path>
  base::Result<Answer> call(const api::Call<Asked, Answer, Path...>& row,
                            const std::type_identity_t<Asked>& asked = {},
                            const std::type_identity_t<Path>&... path) {
    SEALIFT_TRY_VOID(follow());
    return ask(row, SlotList::of(slots_), asked, path...);
  }
  // The slots become `after`.
  template <typename Asked, typename Answer, typename... Path>
  base::Result<Answer> call_for(const api::Call<Asked, Answer, Path...>& row, const SlotList& after,
                                const std::type_identity_t<Asked>& asked = {},
                                const std::type_identity_t<Path>&... path) {
    SEALIFT_TRY_VOID(follow());
    return ask(row, after, asked, path...);
  }

 private:
  template <typename Asked, typename Answer, typename... Path>
  base::Result<Answer> ask(const api::Call<Asked, Answer, Path...>& row, const SlotList& after,
                           const std::type_identity_t<Asked>& asked,
                           const std::type_identity_t<Path>&... path) {
    if (!is_signing_) return api_->call_as(row, {}, asked, path...);
    parcel::AccountAct act = next_act(row.operation, after);
    auto answer = api_->call_as(
        row, [&](const api::Acted& acted) { return sign_act(act, acted, *keys_); }, asked, path...);
    if (answer) remember(act);
    return answer;
  }
  ActPin pinned() const;
  base::Result<ActPin> follow_acts(std::optional<crypto::Sha256Digest>& slots);
  base::Result<std::vector<api::Act>> new_acts(std::uint64_t known);
  base::Result<crypto::Ed25519Public> key_of(std::uint64_t generation);
  parcel::AccountAct next_act(std::string_view operation, const SlotList& after) const;
  void remember(const parcel::AccountAct& act);

  const api::Api* api_;
  const AccountKeys* keys_;
  api::AccountId account_;
  Pins* pins_;
  std::vector<api::Slot> slots_;
  std::vector<api::DirectoryEntry> history_;  // of the account's keys, judged; empty until needed
  api::NextAct next_;
  bool is_signing_ = true;
};

// The first act of an enrolment: a new account, or one that is entered again. nullopt: the server
// is of 0.1.0. Errors: damaged (the server names another place in the chain than this device
// knows).
base::Result<std::optional<parcel::AccountAct>> first_act(const api::EnrolmentOffer& offer,
                                                          const AccountKeys& keys,
                                                          const SlotList& slots, const Pins& pins);

}  // namespace sealift::client
