// What the handlers of parcels, uploads, openings, links and requests share: how records stand in
// JSON, and the judgement of a sealed part. Pure but for reading records; any thread.
#pragma once

#include <nlohmann/json.hpp>

#include "age/format/header.h"
#include "server/vault/handler.h"
#include "server/vault/json_request.h"

namespace sealift::server::vault {

std::string_view part_name(catalog::Part part);
// The path's capture as a part. Errors: not_found.
base::Result<catalog::Part> part_of(const Ask& ask, std::size_t capture);
inline constexpr catalog::Part kParts[] = {catalog::Part::content, catalog::Part::manifest,
                                           catalog::Part::inventory};

// Schema Parcel. `for_owner`: with every recipient; otherwise with none but `reader`.
base::Result<nlohmann::json> parcel_json(const catalog::Records& records,
                                         const catalog::Parcel& parcel,
                                         const std::optional<catalog::AccountId>& reader);
// Schema Opening.
nlohmann::json opening_json(const catalog::Opening& opening,
                            const std::optional<base::UnixTime>& received);
// Schema Ticket, without a link's half.
base::Result<nlohmann::json> ticket_json(const catalog::Records& records,
                                         const catalog::Opening& opening,
                                         const std::string& ticket);

// A header as the server takes it: well-formed, no passphrase stanza (whoever stole the catalog
// could guess at it), and nothing after its end. Errors: malformed, limit.
base::Result<age::Header> judge_header(base::ByteView bytes);
// Whether a part of this size still fits the parcel, by policy and by the request that it answers.
// Errors: limit.
base::Result<void> judge_sizes(const catalog::Records& records, const catalog::Parcel& parcel,
                               catalog::Part part, std::uint64_t payload_bytes);
// What an account may still take in.
struct Room {
  std::uint64_t quota_bytes_max = 0;
  std::uint64_t free_bytes = 0;
};
// Errors: not_found.
base::Result<Room> room_of(const catalog::Records& records, const catalog::AccountId& id);
// That the owner's room lacks `asked_bytes`. An outsider isn't told how much the owner has.
tl::unexpected<base::Error> over_quota(const catalog::Parcel& parcel, const Room& room,
                                       std::uint64_t asked_bytes);
// That the policy keeps nothing for as long as `asked`.
tl::unexpected<base::Error> too_long(const catalog::Policy& policy,
                                     std::chrono::milliseconds asked);
// When a parcel ends that is kept for `lifetime` from now on: by the policy, counted from when it
// was whole, so that nothing stays for ever by being extended. Errors: conflict (it has ended),
// forbidden.
base::Result<base::UnixTime> later_expiry(const catalog::Records& records,
                                          const catalog::Parcel& parcel,
                                          std::chrono::milliseconds lifetime, base::UnixTime now);
// Errors: internal, for what is neither reserved nor over quota.
base::Result<void> need_charged(catalog::Reserve reserved);
// The bytes of an outsider's upload up to `offset_bytes`. Errors: over_quota, not_found.
base::Result<void> charge_hand_in(catalog::Records& records, const catalog::Upload& upload,
                                  std::uint64_t offset_bytes);
// Whether an age payload can have this size.
bool is_payload_size(std::uint64_t payload_bytes);

// Fields of schema NewRecipient, put into a grant of `parcel`.
catalog::Grant take_recipient(JsonRequest& one, const catalog::ParcelId& parcel,
                              base::UnixTime now);

// The caller's own parcel. Errors: not_found (also when it is somebody else's).
base::Result<catalog::Parcel> own_parcel(const catalog::Records& records, const Ask& ask,
                                         const catalog::ParcelId& id);
// The parcel that the path names and the caller is filling: its own, or the one that it is handing
// in. Errors: not_found.
base::Result<catalog::Parcel> filled_parcel(const catalog::Records& records, const Ask& ask);

// An outsider's parcel that can't be taken, for its size or the requester's room, ends at once:
// what was refused uses up no place of its request. Other refusals, and others' parcels, end
// nothing.
void end_refused_hand_in(Services& services, const Ask& ask, base::ErrorCode refusal);

// done: nothing. Errors: not_found (absent), conflict (stale).
base::Result<void> need_done(catalog::Change change);
// Errors: conflict.
base::Result<void> need_added(catalog::Insert insert);

}  // namespace sealift::server::vault
