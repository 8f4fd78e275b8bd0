#include "server/vault/handlers/parcel_forms.h"

#include <algorithm>

#include "age/format/stream.h"
#include "base/check.h"
#include "base/refusal.h"

namespace sealift::server::vault {

using base::ErrorCode;
using base::Result;
using catalog::Parcel;
using catalog::Part;
using catalog::Records;
using nlohmann::json;

namespace {

constexpr std::string_view kPartNames[] = {"content", "manifest", "inventory"};
constexpr std::string_view kStateNames[] = {"uploading", "whole", "recalled", "expired"};
constexpr Between kOpens{1, 1'000'000};

json recipients_json(const std::vector<catalog::Grant>& grants,
                     const std::optional<catalog::AccountId>& reader) {
  json all = json::array();
  for (const catalog::Grant& grant : grants) {
    if (reader && grant.account != *reader) continue;
    json one = {{"account", json_of(grant.account)},
                {"generation", grant.generation.value},
                {"opens_used", grant.opens_used}};
    put_optional(one, "opens_max", grant.opens_max);
    put_optional(one, "revoked", grant.revoked);
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace

std::string_view part_name(Part part) { return kPartNames[static_cast<std::size_t>(part) - 1]; }

Result<Part> part_of(const Ask& ask, std::size_t capture) {
  for (const Part part : kParts) {
    if (part_name(part) == ask.frame.names.at(capture)) return part;
  }
  return base::refuse("no_part");
}

Result<json> parcel_json(const Records& records, const Parcel& parcel,
                         const std::optional<catalog::AccountId>& reader) {
  SEALIFT_TRY(const std::uint64_t payload_bytes, records.parcels->payload_bytes(parcel.id));
  SEALIFT_TRY(const auto grants, records.parcels->grants(parcel.id));
  json made = {{"id", json_of(parcel.id)},
               {"sender", json_of(parcel.owner)},
               {"state", kStateNames[static_cast<std::size_t>(parcel.state) - 1]},
               {"sealed_by", parcel.sealed_by == catalog::SealedBy::client ? "client" : "edge"},
               {"receipt", parcel.receipt == catalog::ReceiptWish::none ? "none" : "on_open"},
               {"revision", parcel.revision.value},
               {"payload_bytes", payload_bytes},
               {"recipients", recipients_json(grants, reader)},
               {"created", json_of(parcel.created)},
               {"expires", json_of(parcel.expires)}};
  put_optional(made, "request", parcel.request);
  put_optional(made, "whole_at", parcel.whole_at);
  put_optional(made, "ended_at", parcel.ended_at);
  return made;
}

json opening_json(const catalog::Opening& opening, const std::optional<base::UnixTime>& received) {
  json made = {{"id", json_of(opening.id)},
               {"parcel", json_of(opening.parcel)},
               {"opened", json_of(opening.opened)},
               {"expires", json_of(opening.expires)}};
  put_optional(made, "link", opening.link);
  put_optional(made, "account", opening.account);
  put_optional(made, "received", received);
  return made;
}

Result<json> ticket_json(const Records& records, const catalog::Opening& opening,
                         const std::string& ticket) {
  json parts = json::array();
  for (const Part part : kParts) {
    SEALIFT_TRY(const auto found, records.parcels->part(opening.parcel, part));
    if (!found) continue;
    parts.push_back({{"part", part_name(part)}, {"payload_bytes", found->payload_bytes}});
  }
  json made = {{"opening", opening_json(opening, std::nullopt)},
               {"ticket", ticket},
               {"parts", std::move(parts)}};
  SEALIFT_TRY(const auto parcel, records.parcels->find(opening.parcel));
  if (parcel) made["parcel_expires"] = json_of(parcel->expires);
  return made;
}

Result<age::Header> judge_header(base::ByteView bytes) {
  SEALIFT_TRY(age::Header header, age::Header::parse(bytes));
  if (header.encoded().size() != bytes.size()) {
    return base::refuse("wrong_field", {{"field", "header"}});
  }
  const auto is_passphrase = [](const age::Stanza& stanza) { return stanza.type == "scrypt"; };
  if (std::ranges::any_of(header.stanzas(), is_passphrase)) {
    return base::refuse("wrong_field", {{"field", "header"}});
  }
  return header;
}

Result<void> judge_sizes(const Records& records, const Parcel& parcel, Part part,
                         std::uint64_t payload_bytes) {
  SEALIFT_TRY(const catalog::Policy policy, records.policies->current());
  std::uint64_t size_bytes_max = policy.parcel_size_bytes_max;
  std::string_view reason = "policy_size";
  if (parcel.request) {
    SEALIFT_TRY(const auto request, records.requests->find(*parcel.request));
    if (request && request->size_bytes_max < size_bytes_max) {
      size_bytes_max = request->size_bytes_max;
      reason = "request_size";
    }
  }
  std::uint64_t others = 0;
  for (const Part other : kParts) {
    if (other == part) continue;
    SEALIFT_TRY(const auto found, records.parcels->part(parcel.id, other));
    if (found) others += found->payload_bytes;
  }
  if (payload_bytes > size_bytes_max || others > size_bytes_max - payload_bytes) {
    return base::refuse(reason,
                        {{"max_bytes", size_bytes_max}, {"asked_bytes", others + payload_bytes}});
  }
  return {};
}

Result<Room> room_of(const Records& records, const catalog::AccountId& id) {
  SEALIFT_TRY(const catalog::Policy policy, records.policies->current());
  SEALIFT_TRY(const auto owner, records.accounts->find(id));
  if (!owner) return base::refuse("no_parcel");
  const std::uint64_t quota = owner->quota_bytes_max.value_or(policy.account_quota_bytes_max);
  return Room{quota, quota - std::min(quota, owner->used_bytes)};
}

tl::unexpected<base::Error> over_quota(const Parcel& parcel, const Room& room,
                                       std::uint64_t asked_bytes) {
  if (parcel.request) return base::refuse("owner_quota");
  return base::refuse("quota", {{"free_bytes", room.free_bytes},
                                {"quota_bytes", room.quota_bytes_max},
                                {"asked_bytes", asked_bytes}});
}

tl::unexpected<base::Error> too_long(const catalog::Policy& policy,
                                     std::chrono::milliseconds asked) {
  const auto count = [](auto time) { return static_cast<std::uint64_t>(time.count()); };
  return base::refuse("policy_lifetime", {{"max_ms", count(policy.parcel_lifetime_ms_max)},
                                          {"asked_ms", count(asked)}});
}

Result<base::UnixTime> later_expiry(const catalog::Records& records, const catalog::Parcel& parcel,
                                    std::chrono::milliseconds lifetime, base::UnixTime now) {
  const bool has_ended = parcel.state == catalog::ParcelState::recalled ||
                         parcel.state == catalog::ParcelState::expired;
  if (has_ended || parcel.expires <= now) return base::refuse("parcel_ended");
  SEALIFT_TRY(const catalog::Policy policy, records.policies->current());
  const base::UnixTime expires = now + lifetime;
  const auto whole_life = expires - parcel.whole_at.value_or(parcel.created);
  if (whole_life > policy.parcel_lifetime_ms_max && expires > parcel.expires) {
    return too_long(policy, std::chrono::ceil<std::chrono::days>(whole_life));
  }
  return expires;
}

Result<void> need_charged(catalog::Reserve reserved) {
  if (reserved == catalog::Reserve::reserved) return {};
  return base::fail(ErrorCode::internal, "blob id");
}

Result<void> charge_hand_in(Records& records, const catalog::Upload& upload,
                            std::uint64_t offset_bytes) {
  SEALIFT_TRY(const auto parcel, records.parcels->find(upload.parcel));
  if (!parcel) return base::refuse("no_parcel");
  SEALIFT_TRY(const Room room, room_of(records, parcel->owner));
  SEALIFT_TRY(const catalog::Reserve charged,
              records.blobs->charge(upload.blob, offset_bytes, room.quota_bytes_max));
  if (charged == catalog::Reserve::over_quota) return over_quota(*parcel, room, offset_bytes);
  return need_charged(charged);
}

bool is_payload_size(std::uint64_t payload_bytes) {
  return payload_bytes > age::kPayloadNonceSize &&
         age::text_size(payload_bytes - age::kPayloadNonceSize).has_value();
}

catalog::Grant take_recipient(JsonRequest& one, const catalog::ParcelId& parcel,
                              base::UnixTime now) {
  catalog::Grant grant;
  grant.parcel = parcel;
  grant.account = one.id<catalog::AccountId>("account");
  grant.generation = {one.integer("generation", kOpens)};
  if (const auto opens = one.optional_integer("opens_max", kOpens)) {
    grant.opens_max = static_cast<std::uint32_t>(*opens);
  }
  grant.created = now;
  return grant;
}

Result<Parcel> own_parcel(const Records& records, const Ask& ask, const catalog::ParcelId& id) {
  SEALIFT_TRY(const auto found, records.parcels->find(id));
  if (!found || found->owner != ask.account()) {
    return base::refuse("no_parcel");
  }
  return *found;
}

Result<Parcel> filled_parcel(const Records& records, const Ask& ask) {
  SEALIFT_TRY(const auto id, ask.id<catalog::ParcelId>(0));
  if (!ask.hand_in && !ask.finished) {
    SEALIFT_TRY(const Parcel parcel, own_parcel(records, ask, id));
    // What an outsider hands in is its to fill, not the requester's.
    if (parcel.hand_in_key) return base::refuse("no_parcel");
    return parcel;
  }
  SEALIFT_TRY(const auto found,
              records.parcels->find(ask.hand_in ? ask.hand_in->id : ask.finished->id));
  if (!found) return base::refuse("no_parcel");
  return *found;
}

void end_refused_hand_in(Services& services, const Ask& ask, base::ErrorCode refusal) {
  if (!ask.hand_in || (refusal != ErrorCode::limit && refusal != ErrorCode::over_quota)) return;
  // One that is not ended now ends by its time.
  (void)commit(services, [&](Records& records) -> Result<void> {
    SEALIFT_TRY(const catalog::Change change, records.parcels->recall(ask.hand_in->id, ask.now));
    if (change != catalog::Change::done) return {};
    SEALIFT_TRY_VOID(services.notary.note(records, {.kind = Logged::parcel_recalled,
                                                    .happened = ask.now,
                                                    .account = std::nullopt,
                                                    .parcel = ask.hand_in->id}));
    return {};
  });
}

Result<void> need_done(catalog::Change change) {
  switch (change) {
    case catalog::Change::done:
      return {};
    case catalog::Change::absent:
      return base::fail(ErrorCode::not_found, "no such thing");
    case catalog::Change::stale:
      return base::refuse("parcel_changed");
  }
  return base::fail(ErrorCode::internal, "change");
}

Result<void> need_added(catalog::Insert insert) {
  if (insert == catalog::Insert::added) return {};
  return base::refuse("parcel_taken");
}

}  // namespace sealift::server::vault
