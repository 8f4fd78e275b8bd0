// One's own account: its language, its password, its keys, and the slots that unlock it.
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

Result<catalog::Account> own_account(const catalog::Records& records, const Ask& ask) {
  SEALIFT_TRY(auto found, records.accounts->find(ask.account()));
  if (!found) return base::refuse("no_account");
  return *std::move(found);
}

Result<catalog::Account> own_account(Services& services, const Ask& ask) {
  return services.catalog.read(
      [&](const catalog::Records& records) { return own_account(records, ask); });
}

Result<Answer> read(Services& services, const Ask& ask) {
  SEALIFT_TRY(const catalog::Account account, own_account(services, ask));
  SEALIFT_TRY(const json spoken, account_json(services, account));
  return json_reply(http::Status::ok, spoken);
}

Result<Answer> set_language(Services& services, const Ask& ask) {
  SEALIFT_TRY(JsonRequest body, JsonRequest::parse(ask.frame.body));
  const catalog::Language language = take_language(body);
  SEALIFT_TRY_VOID(body.done());
  SEALIFT_TRY_VOID(commit(services, [&](catalog::Records& records) {
    return records.accounts->set_language(ask.account(), language);
  }));
  return empty_reply();
}

// Every change of a way in is logged, and told to the account's owner.
Result<void> tell_of_slots(Services& services, catalog::Records& records, const Ask& ask,
                           std::string_view what, const catalog::SlotId& slot) {
  SEALIFT_TRY_VOID(services.notary.note(
      records, {.kind = Logged::slots_changed,
                .happened = ask.now,
                .account = ask.account(),
                .facts = {{"change", std::string(what)}, {"slot", json_of(slot)}}}));
  return post_letter(services, records,
                     {.text = catalog::MailTemplate::key_changed,
                      .to = ask.account(),
                      .who = std::nullopt,
                      .when = ask.now},
                     ask.now);
}

Result<catalog::Slot> own_slot(const catalog::Records& records, const Ask& ask,
                               const catalog::SlotId& id) {
  SEALIFT_TRY(const auto slots, records.slots->list(ask.account()));
  const auto found = std::ranges::find(slots, id, &catalog::Slot::id);
  if (found == slots.end()) return base::refuse("no_slot");
  return *found;
}

// ---- password

struct PasswordChange {
  AuthenticationKey present;
  catalog::SlotId slot{};
  catalog::Revision expected{};
  SlotInput replacement;
  std::vector<catalog::SlotId> ended;    // other ways in that end with it
  std::optional<SlotInput> paper_key{};  // a new one, in the place of those
};

Result<PasswordChange> take_password_change(const Ask& ask, base::ByteView parameters) {
  SEALIFT_TRY(JsonRequest body, JsonRequest::parse(ask.frame.body));
  PasswordChange change;
  change.present = take_authentication_key(body, "authentication_key");
  change.slot = body.id<catalog::SlotId>("slot");
  change.expected = {body.integer("expected_revision", kAnyRevision)};
  body.object("replacement",
              [&](JsonRequest& object) { change.replacement = take_slot(object, parameters); });
  const auto ends = body.has("ends") ? body.texts("ends", limits::kSlotsPerAccountMax, 32)
                                     : std::vector<std::string>();
  for (const std::string& text : ends) {
    const auto bytes = base::hex_decode(text);
    const auto id = bytes ? catalog::SlotId::of(*bytes) : std::nullopt;
    if (!id || *id == change.slot) body.refuse("ends");
    if (id) change.ended.push_back(*id);
  }
  body.optional_object("paper_key", [&](JsonRequest& object) {
    change.paper_key = take_slot(object, parameters);
    if (change.paper_key->kind != SlotKind::paper_key) object.refuse("kind");
  });
  SEALIFT_TRY_VOID(body.done());
  if (change.replacement.kind != SlotKind::password || !change.replacement.authentication_key) {
    return base::refuse("wrong_field", {{"field", "replacement"}});
  }
  return change;
}

// Slot and login key change together, and every other login and token ends, and every other slot
// that the owner names: whoever knew the old password, or planted another way in, is out.
Result<void> make_password_change(Services& services, catalog::Records& records, const Ask& ask,
                                  const PasswordChange& change) {
  SEALIFT_TRY(const catalog::Slot slot, own_slot(records, ask, change.slot));
  SEALIFT_TRY_VOID(
      replace_slot(services, records, slot, change.replacement, change.expected, ask.now));
  for (const catalog::SlotId& each : change.ended) {
    SEALIFT_TRY_VOID(own_slot(records, ask, each));
    SEALIFT_TRY_VOID(records.slots->remove(ask.account(), each));
  }
  if (change.paper_key) {
    SEALIFT_TRY_VOID(add_slot(services, records, ask.account(), *change.paper_key, ask.now));
  }
  SEALIFT_TRY_VOID(records.sessions->end_all_of(ask.account(), ask.session().id));
  return tell_of_slots(services, records, ask, "password", slot.id);
}

// Whether the last change was this very one: its answer was lost.
Result<bool> is_made_already(Services& services, const Ask& ask,
                             const std::vector<catalog::Verifier>& verifiers,
                             const PasswordChange& change) {
  SEALIFT_TRY(const catalog::Slot slot, services.catalog.read([&](const catalog::Records& records) {
    return own_slot(records, ask, change.slot);
  }));
  if (slot.revision.value != change.expected.value + 1) return false;
  SEALIFT_TRY(const bool is_same, holds(services, slot, change.replacement));
  if (!is_same) return false;
  return is_known_key(services, verifiers, *change.replacement.authentication_key);
}

Result<Answer> change_password(Services& services, const Ask& ask) {
  SEALIFT_TRY(const catalog::Account account, own_account(services, ask));
  SEALIFT_TRY(const PasswordChange change,
              take_password_change(ask, login_parameters_of(services, account.lookup)));
  const Attempt attempt{catalog::DelayKind::account, account.id.view(), ask.frame.peer};
  SEALIFT_TRY(const auto wait, services.guessing.wait(attempt, ask.now));
  if (wait) return too_many(*wait);
  SEALIFT_TRY(const auto verifiers, services.catalog.read([&](const catalog::Records& records) {
    return records.slots->verifiers(account.id, catalog::VerifierKind::authentication_key);
  }));
  SEALIFT_TRY(const bool is_known, is_known_key(services, verifiers, change.present));
  SEALIFT_TRY(const bool is_ready,
              is_known_key(services, ways_in(verifiers, ask.now), change.present));
  SEALIFT_TRY(const bool is_made, is_made_already(services, ask, verifiers, change));
  if (is_made) return empty_reply();
  if (!is_known) {
    SEALIFT_TRY_VOID(services.guessing.failed(attempt, ask.now));
    return base::refuse("wrong_current_key");
  }
  if (!is_ready) SEALIFT_TRY_VOID(refuse_new_way_in(services, verifiers, change.present, ask.now));
  SEALIFT_TRY_VOID(commit_act(services, ask, [&](catalog::Records& records) {
    return make_password_change(services, records, ask, change);
  }));
  SEALIFT_TRY_VOID(services.guessing.succeeded(attempt, ask.now));
  return empty_reply();
}

// ---- keys

Result<Answer> publish(Services& services, const Ask& ask) {
  SEALIFT_TRY(JsonRequest body, JsonRequest::parse(ask.frame.body));
  const KeyInput key = take_key(body);
  SEALIFT_TRY_VOID(body.done());
  SEALIFT_TRY(
      const catalog::DirectoryEntry entry,
      commit_act(services, ask, [&](catalog::Records& records) -> Result<catalog::DirectoryEntry> {
        SEALIFT_TRY(auto added, publish_next_key(services, records, ask, key));
        if (added.created != ask.now) return added;  // it was published before
        SEALIFT_TRY_VOID(post_letter(services, records,
                                     {.text = catalog::MailTemplate::key_changed,
                                      .to = ask.account(),
                                      .who = std::nullopt,
                                      .when = ask.now},
                                     ask.now));
        return added;
      }));
  SEALIFT_TRY(const json spoken, directory_json(services, entry));
  return json_reply(http::Status::created, spoken);
}

// ---- slots

// Without the one that is the recovery officers': that is given out by recoveries alone.
Result<Answer> list_slots(Services& services, const Ask& ask) {
  SEALIFT_TRY(const auto slots, services.catalog.read([&](const catalog::Records& records) {
    return records.slots->list(ask.account());
  }));
  json all = json::array();
  for (const catalog::Slot& slot : slots) {
    if (slot.kind == SlotKind::recovery) continue;
    SEALIFT_TRY(json spoken, slot_json(services, slot));
    all.push_back(std::move(spoken));
  }
  return json_reply(http::Status::ok, {{"slots", std::move(all)}});
}

// One password, and one recovery slot: a new one of that takes the old one's place.
Result<catalog::SlotId> add_to(Services& services, catalog::Records& records, const Ask& ask,
                               const SlotInput& input) {
  SEALIFT_TRY(const auto slots, records.slots->list(ask.account()));
  for (const catalog::Slot& slot : slots) {  // asked for again: the answer was lost
    SEALIFT_TRY(const bool is_same, holds(services, slot, input));
    if (is_same) return slot.id;
  }
  if (slots.size() >= limits::kSlotsPerAccountMax) {
    return base::refuse("slots_max", {{"max", limits::kSlotsPerAccountMax}});
  }
  for (const catalog::Slot& slot : slots) {
    if (slot.kind != input.kind) continue;
    if (slot.kind == SlotKind::password) return base::refuse("password_slot_exists");
    if (slot.kind == SlotKind::recovery) {
      SEALIFT_TRY_VOID(records.slots->remove(ask.account(), slot.id));
    }
  }
  SEALIFT_TRY(const catalog::SlotId id, add_slot(services, records, ask.account(), input, ask.now));
  SEALIFT_TRY_VOID(tell_of_slots(services, records, ask, "added", id));
  return id;
}

Result<Answer> add(Services& services, const Ask& ask) {
  SEALIFT_TRY(const catalog::Account account, own_account(services, ask));
  const base::Bytes parameters = login_parameters_of(services, account.lookup);
  SEALIFT_TRY(JsonRequest body, JsonRequest::parse(ask.frame.body));
  const SlotInput input = take_slot(body, parameters);
  // Only an enrolment by a client of 0.1.0 still makes one that each officer opens alone.
  if (input.kind == SlotKind::recovery && !input.recovery) body.refuse("recovery");
  SEALIFT_TRY_VOID(body.done());
  SEALIFT_TRY(const catalog::SlotId id, commit_act(services, ask, [&](catalog::Records& records) {
                return add_to(services, records, ask, input);
              }));
  return json_reply(http::Status::created, {{"id", json_of(id)}});
}

// A password, and what it opens, changes with account.change_password or account.rotate alone,
// which ask for a present way in: who copied a profile would lock the owner out.
Result<Answer> replace(Services& services, const Ask& ask) {
  SEALIFT_TRY(const auto id, ask.id<catalog::SlotId>(0));
  SEALIFT_TRY(const catalog::Account account, own_account(services, ask));
  const base::Bytes parameters = login_parameters_of(services, account.lookup);
  SEALIFT_TRY(JsonRequest body, JsonRequest::parse(ask.frame.body));
  const catalog::Revision expected{body.integer("expected_revision", kAnyRevision)};
  SlotInput input;
  body.object("replacement", [&](JsonRequest& object) { input = take_slot(object, parameters); });
  SEALIFT_TRY_VOID(body.done());
  const auto replaced = commit_act(services, ask, [&](catalog::Records& records) -> Result<void> {
    SEALIFT_TRY(const catalog::Slot slot, own_slot(records, ask, id));
    if (slot.kind == SlotKind::password) return base::fail(ErrorCode::usage, "password of a slot");
    SEALIFT_TRY(const bool is_same, holds(services, slot, input));
    if (is_same && slot.revision.value == expected.value + 1) return {};
    SEALIFT_TRY_VOID(replace_slot(services, records, slot, input, expected, ask.now));
    return tell_of_slots(services, records, ask, "replaced", id);
  });
  if (!replaced) return tl::unexpected(replaced.error());
  return empty_reply();
}

// Somebody who takes the last way in away from themselves has lost the account; and one that is new
// and waits doesn't become usable by the removal of those before it.
Result<void> remove_from(Services& services, catalog::Records& records, const Ask& ask,
                         const catalog::SlotId& id) {
  SEALIFT_TRY(const catalog::Slot slot, own_slot(records, ask, id));
  SEALIFT_TRY(const auto slots, records.slots->list(ask.account()));
  SEALIFT_TRY(const auto verifiers,
              records.slots->verifiers(ask.account(), catalog::VerifierKind::authentication_key));
  const auto ready = ways_in(verifiers, ask.now);
  const auto unlocks = [&](const catalog::Slot& each) {
    return each.id != id && each.kind != SlotKind::recovery;
  };
  const auto logs_in = [&](const catalog::Verifier& each) { return each.slot != id; };
  if (std::ranges::none_of(slots, unlocks) || std::ranges::none_of(ready, logs_in)) {
    return base::refuse("last_slot");
  }
  SEALIFT_TRY_VOID(records.slots->remove(ask.account(), slot.id));
  return tell_of_slots(services, records, ask, "removed", id);
}

Result<Answer> remove(Services& services, const Ask& ask) {
  SEALIFT_TRY(const auto id, ask.id<catalog::SlotId>(0));
  SEALIFT_TRY_VOID(commit_act(services, ask, [&](catalog::Records& records) {
    return remove_from(services, records, ask, id);
  }));
  return empty_reply();
}

constexpr HandlerRow kHandlers[] = {
    {"account.read", read},
    {"account.set_language", set_language},
    {"account.change_password", change_password},
    {"account.publish_key", publish},
    {"slot.list", list_slots},
    {"slot.add", add},
    {"slot.replace", replace},
    {"slot.remove", remove},
};

}  // namespace

std::span<const HandlerRow> account_handlers() { return kHandlers; }

}  // namespace sealift::server::vault
