// log.*: what anyone needs to verify the log, and the proofs of events that one may read.
#include <algorithm>

#include "base/hex.h"
#include "base/refusal.h"
#include "log/tile.h"
#include "server/vault/handler.h"

namespace sealift::server::vault {
namespace {

using base::ErrorCode;
using base::Result;

Result<Answer> checkpoint(Services& services, const Ask&) {
  SEALIFT_TRY(const std::string note, services.log.checkpoint());
  return text_reply(note);
}

Result<Answer> tile(Services& services, const Ask& ask) {
  Reply reply;
  SEALIFT_TRY(reply.body, services.log.tile(ask.frame.names.front()));
  reply.head.media_type = http::MediaType::octet_stream;
  // A full tile never changes, nor does a partial one: its name says its width.
  reply.head.cache = http::CacheControl::immutable;
  return reply;
}

bool concerns_everybody(const catalog::CustodyEvent& event) {
  const auto statement = nlohmann::json::parse(base::text_of(event.event), nullptr, false);
  if (!statement.is_object()) return false;
  const auto kind = statement.value("kind", "");
  return kind == logged_name(Logged::key_published) ||
         kind == logged_name(Logged::account_enrolled) ||
         kind == logged_name(Logged::web_client_served);
}

// What a recipient judges by when its sender has replaced the keys that signed: that the parcel was
// sent, and that this recipient alone was added to it.
Result<bool> is_for_recipient(const catalog::Records& records, const catalog::CustodyEvent& event,
                              const catalog::AccountId& account) {
  const auto statement = nlohmann::json::parse(base::text_of(event.event), nullptr, false);
  if (!statement.is_object()) return false;
  const auto kind = statement.value("kind", "");
  const bool is_addition = kind == logged_name(Logged::recipients_changed) &&
                           statement.value("added", nlohmann::json()) ==
                               nlohmann::json::array({base::hex_encode(account.view())});
  if (!is_addition && kind != logged_name(Logged::parcel_completed)) return false;
  SEALIFT_TRY(const auto grants, records.parcels->grants(*event.parcel));
  return std::ranges::any_of(grants, [&](const catalog::Grant& grant) {
    return grant.account == account && !grant.revoked;
  });
}

// Whose keys are whose, and which pages were given out, everybody with an account may check; all
// else, whom it concerns.
Result<bool> may_read(const catalog::Records& records, const Ask& ask,
                      const catalog::CustodyEvent& event) {
  if (ask.hand_in) return event.parcel == ask.hand_in->id;
  if (ask.finished) return event.parcel == ask.finished->id;
  if (ask.opening) {
    return event.parcel == ask.opening->parcel &&
           (!event.account || event.account == ask.opening->account);
  }
  if (ask.caller.session->roles.administrator || event.account == ask.account()) return true;
  if (concerns_everybody(event)) return true;
  if (!event.parcel) return false;
  SEALIFT_TRY(const auto parcel, records.parcels->find(*event.parcel));
  if (parcel && parcel->owner == ask.account()) return true;
  return is_for_recipient(records, event, ask.account());
}

Result<Answer> prove(Services& services, const Ask& ask) {
  SEALIFT_TRY(const auto id, ask.id<catalog::EventId>(0));
  SEALIFT_TRY(
      const auto event,
      services.catalog.read(
          [&](const catalog::Records& records) -> Result<std::optional<catalog::CustodyEvent>> {
            SEALIFT_TRY(auto found, records.custody->find(id));
            if (!found) return std::nullopt;
            SEALIFT_TRY(const bool is_allowed, may_read(records, ask, *found));
            if (!is_allowed) return std::nullopt;
            return found;
          }));
  if (!event || event->salt.empty()) return base::fail(ErrorCode::not_found, "no such event");
  if (!event->log_index) return base::refuse("not_in_log_yet");
  SEALIFT_TRY(const auto proof, services.log.proof(*event->log_index));
  if (!proof) return base::refuse("not_in_log_yet");
  return json_reply(http::Status::ok, {{"event", json_of(id)},
                                       {"index", event->log_index->value},
                                       {"salt", json_of(base::ByteView(event->salt))},
                                       {"statement", json_of(base::ByteView(event->event))},
                                       {"proof", *proof}});
}

constexpr HandlerRow kRows[] = {
    {"log.checkpoint", checkpoint},
    {"log.tile", tile},
    {"log.prove", prove},
};

}  // namespace

std::span<const HandlerRow> log_handlers() { return kRows; }

}  // namespace sealift::server::vault
