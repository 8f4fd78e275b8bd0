// Rotation: an account's next keys, and its ways in sealed again, in one transaction. A client that
// is killed meanwhile finds the account as it was before or as it is after, never between.
//
// Who copied a profile has the old keys, logins and tickets: all of those end with it. What the
// login that asks was begun with stays good.
#include <algorithm>

#include "base/limits.h"
#include "base/refusal.h"
#include "server/vault/acts.h"
#include "server/vault/handlers/person_forms.h"
#include "server/vault/handlers/slot_forms.h"
#include "server/vault/letters.h"

namespace sealift::server::vault {
namespace {

using base::ErrorCode;
using base::Result;
using catalog::SlotKind;
using nlohmann::json;

struct RotatedSlot {
  catalog::SlotId slot{};
  catalog::Revision expected{};
  SlotInput replacement;
};
struct Rotation {
  KeyInput key;
  std::vector<RotatedSlot> slots;
};

// Every slot is of the new generation, and the password's is among them.
Result<Rotation> take_rotation(const Ask& ask, base::ByteView parameters) {
  SEALIFT_TRY(JsonRequest body, JsonRequest::parse(ask.frame.body));
  Rotation rotation;
  body.object("key", [&](JsonRequest& object) { rotation.key = take_key(object); });
  body.each("slots", limits::kSlotsPerAccountMax, [&](JsonRequest& object) {
    RotatedSlot& each = rotation.slots.emplace_back();
    each.slot = object.id<catalog::SlotId>("slot");
    each.expected = {object.integer("expected_revision", kAnyRevision)};
    object.object("replacement",
                  [&](JsonRequest& slot) { each.replacement = take_slot(slot, parameters); });
  });
  SEALIFT_TRY_VOID(body.done());
  for (const RotatedSlot& each : rotation.slots) {
    if (each.replacement.generation != rotation.key.generation) {
      return base::refuse("wrong_field", {{"field", "generation"}});
    }
  }
  const auto is_password = [](const RotatedSlot& each) {
    return each.replacement.kind == SlotKind::password;
  };
  if (std::ranges::count_if(rotation.slots, is_password) != 1) {
    return base::refuse("wrong_field", {{"field", "slots"}});
  }
  return rotation;
}

Result<void> seal_again(Services& services, catalog::Records& records,
                        const std::vector<catalog::Slot>& slots, const RotatedSlot& wanted,
                        base::UnixTime now) {
  const auto found = std::ranges::find(slots, wanted.slot, &catalog::Slot::id);
  if (found == slots.end() || found->kind == SlotKind::recovery) return base::refuse("no_slot");
  SEALIFT_TRY(const bool is_same, holds(services, *found, wanted.replacement));
  if (is_same) return {};  // asked for again: the answer was lost
  return replace_slot(services, records, *found, wanted.replacement, wanted.expected, now);
}

// The officers' slot stays until their owner deals another: it brings back older keys alone.
Result<void> seal_all_again(Services& services, catalog::Records& records, const Ask& ask,
                            const Rotation& rotation) {
  SEALIFT_TRY(const auto slots, records.slots->list(ask.account()));
  for (const RotatedSlot& each : rotation.slots) {
    SEALIFT_TRY_VOID(seal_again(services, records, slots, each, ask.now));
  }
  for (const catalog::Slot& slot : slots) {
    const bool stays = slot.kind == SlotKind::recovery ||
                       std::ranges::count(rotation.slots, slot.id, &RotatedSlot::slot) > 0;
    if (!stays) SEALIFT_TRY_VOID(records.slots->remove(ask.account(), slot.id));
  }
  return {};
}

Result<catalog::DirectoryEntry> make_rotation(Services& services, catalog::Records& records,
                                              const Ask& ask, const Rotation& rotation) {
  SEALIFT_TRY(auto entry, publish_next_key(services, records, ask, rotation.key));
  SEALIFT_TRY_VOID(seal_all_again(services, records, ask, rotation));
  SEALIFT_TRY_VOID(records.sessions->end_all_of(ask.account(), ask.session().id));
  SEALIFT_TRY_VOID(records.openings->end_all_of(ask.account(), ask.now));
  SEALIFT_TRY_VOID(services.notary.note(records, {.kind = Logged::slots_changed,
                                                  .happened = ask.now,
                                                  .account = ask.account(),
                                                  .facts = {{"change", "rotated"}}}));
  SEALIFT_TRY_VOID(post_letter(services, records,
                               {.text = catalog::MailTemplate::key_changed,
                                .to = ask.account(),
                                .who = std::nullopt,
                                .when = ask.now},
                               ask.now));
  return entry;
}

Result<Answer> rotate(Services& services, const Ask& ask) {
  SEALIFT_TRY(const auto account, services.catalog.read([&](const catalog::Records& records) {
    return records.accounts->find(ask.account());
  }));
  if (!account) return base::refuse("no_account");
  SEALIFT_TRY(const Rotation rotation,
              take_rotation(ask, login_parameters_of(services, account->lookup)));
  SEALIFT_TRY(const catalog::DirectoryEntry entry,
              commit_act(services, ask, [&](catalog::Records& records) {
                return make_rotation(services, records, ask, rotation);
              }));
  scrub_later(services);  // what opened the account before
  SEALIFT_TRY(const json spoken, directory_json(services, entry));
  return json_reply(http::Status::created, spoken);
}

constexpr HandlerRow kHandlers[] = {{"account.rotate", rotate}};

}  // namespace

std::span<const HandlerRow> rotation_handlers() { return kHandlers; }

}  // namespace sealift::server::vault
