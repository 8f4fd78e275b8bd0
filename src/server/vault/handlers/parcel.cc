// parcel.*: a parcel's life, as its sender and its recipients see it.
#include <algorithm>
#include <set>

#include "base/hex.h"
#include "base/limits.h"
#include "base/refusal.h"
#include "crypto/sha256.h"
#include "server/vault/handlers/opening_forms.h"
#include "server/vault/handlers/person_forms.h"
#include "server/vault/letters.h"

namespace sealift::server::vault {
namespace {

using base::ErrorCode;
using base::Result;
using catalog::Parcel;
using catalog::ParcelId;
using catalog::Part;
using catalog::Policy;
using catalog::Records;
using nlohmann::json;

constexpr std::uint32_t kOpeningRows = 500;

Result<std::chrono::milliseconds> judge_lifetime(const Policy& policy,
                                                 std::chrono::milliseconds wanted) {
  if (wanted == std::chrono::milliseconds(0)) return policy.parcel_lifetime_ms_default;
  if (wanted > policy.parcel_lifetime_ms_max) {
    return too_long(policy, wanted);
  }
  return wanted;
}

Result<void> judge_domain(const Services& services, const Policy& policy,
                          const catalog::Account& account) {
  if (policy.recipient_domains.empty()) return {};
  SEALIFT_TRY(const parcel::Address address, address_of(services.keys, account));
  if (std::ranges::find(policy.recipient_domains, address.domain()) !=
      policy.recipient_domains.end()) {
    return {};
  }
  return base::refuse("policy_domain");
}

// A recipient has an active account, and this generation of its keys is in the directory.
Result<void> judge_recipient(const Services& services, const Records& records, const Policy& policy,
                             const catalog::Grant& grant) {
  SEALIFT_TRY(const auto account, records.accounts->find(grant.account));
  if (!account || account->state != catalog::AccountState::active) {
    return base::refuse("no_recipient");
  }
  SEALIFT_TRY_VOID(judge_domain(services, policy, *account));
  SEALIFT_TRY(const auto newest, records.directory->newest(grant.account));
  if (!newest || grant.generation > newest->generation) {
    return base::refuse("recipient_key_changed");
  }
  return {};
}

Result<void> add_grants(const Services& services, Records& records,
                        const std::vector<catalog::Grant>& grants) {
  SEALIFT_TRY(const Policy policy, records.policies->current());
  for (const catalog::Grant& grant : grants) {
    SEALIFT_TRY_VOID(judge_recipient(services, records, policy, grant));
    SEALIFT_TRY(const catalog::Insert added, records.parcels->grant(grant));
    if (added != catalog::Insert::added) return base::refuse("recipient_already");
  }
  return {};
}

bool has_grants(const std::vector<catalog::Grant>& all, const std::vector<catalog::Grant>& wanted) {
  return std::ranges::all_of(wanted, [&](const catalog::Grant& each) {
    const auto found = std::ranges::find(all, each.account, &catalog::Grant::account);
    return found != all.end() && found->generation == each.generation &&
           found->opens_max == each.opens_max;
  });
}

// The sender asks again for what it has begun: the answer was lost. Errors: conflict.
Result<void> need_same(const Records& records, const Parcel& before, const Parcel& wanted,
                       const std::vector<catalog::Grant>& grants) {
  SEALIFT_TRY(const auto granted, records.parcels->grants(before.id));
  const bool is_same = before.owner == wanted.owner && !before.hand_in_key &&
                       before.state == catalog::ParcelState::uploading &&
                       before.receipt == wanted.receipt && granted.size() == grants.size() &&
                       has_grants(granted, grants);
  if (!is_same) return base::refuse("parcel_taken");
  return {};
}

Result<Answer> create(Services& services, const Ask& ask) {
  SEALIFT_TRY(JsonRequest body, JsonRequest::parse(ask.frame.body));
  Parcel parcel;
  parcel.id = body.id<ParcelId>("id");
  parcel.owner = ask.account();
  parcel.created = ask.now;
  parcel.receipt = body.choice("receipt", {"none", "on_open"}) == 0 ? catalog::ReceiptWish::none
                                                                    : catalog::ReceiptWish::on_open;
  const auto lifetime = body.duration("lifetime_ms");
  std::vector<catalog::Grant> grants;
  body.each("recipients", limits::kParcelRecipientsMax,
            [&](JsonRequest& one) { grants.push_back(take_recipient(one, parcel.id, ask.now)); });
  SEALIFT_TRY_VOID(body.done());
  SEALIFT_TRY(const json made, commit(services, [&](Records& records) -> Result<json> {
                SEALIFT_TRY(const Policy policy, records.policies->current());
                SEALIFT_TRY(const auto allowed, judge_lifetime(policy, lifetime));
                parcel.expires = ask.now + allowed;
                SEALIFT_TRY(const auto before, records.parcels->find(parcel.id));
                if (before) {
                  SEALIFT_TRY_VOID(need_same(records, *before, parcel, grants));
                  return parcel_json(records, *before, std::nullopt);
                }
                SEALIFT_TRY(const catalog::Insert added, records.parcels->create(parcel));
                SEALIFT_TRY_VOID(need_added(added));
                SEALIFT_TRY_VOID(add_grants(services, records, grants));
                SEALIFT_TRY_VOID(services.notary.note(
                    records, {Logged::parcel_created, ask.now, ask.account(), parcel.id}));
                SEALIFT_TRY(const auto found, records.parcels->find(parcel.id));
                return parcel_json(records, found.value_or(parcel), std::nullopt);
              }));
  return json_reply(http::Status::created, made);
}

constexpr std::uint32_t kPageRows = 50;
constexpr std::uint32_t kEventRows = 100;  // of one parcel in one millisecond
// A page ends early once so many recipients stand in it: an answer stays far below what a client
// takes (limits::kApiAnswerSizeMax).
constexpr std::size_t kPageRecipients = 2000;

// For a recipient, who may never have met the sender: its client compares this with the directory.
Result<void> put_sender(const Services& services, const Records& records, const Parcel& parcel,
                        json& made) {
  if (parcel.request) return {};
  SEALIFT_TRY(const auto sender, records.accounts->find(parcel.owner));
  if (!sender || sender->state == catalog::AccountState::closed) return {};
  SEALIFT_TRY(const parcel::Address address, address_of(services.keys, *sender));
  made["sender_address"] = address.text();
  return {};
}

// The event of that kind that the log has of the parcel at that moment.
Result<void> put_event(const Records& records, const Parcel& parcel, Logged kind,
                       base::UnixTime when, const char* name, json& made) {
  const catalog::CustodyFilter then{
      .parcel = parcel.id, .from = when, .until = when + std::chrono::milliseconds(1)};
  SEALIFT_TRY(const auto events, records.custody->list(then, {std::nullopt, kEventRows}));
  const auto is_it = [&](const auto& each) { return is_of_kind(each, kind); };
  const auto found = std::ranges::find_if(events, is_it);
  if (found != events.end()) made[name] = json_of(found->id);
  return {};
}

// For a recipient: what proves when the parcel was sent, and when they were added to it.
Result<void> put_events(const Records& records, const Parcel& parcel,
                        const catalog::AccountId& reader, json& made) {
  if (parcel.whole_at) {
    SEALIFT_TRY_VOID(put_event(records, parcel, Logged::parcel_completed, *parcel.whole_at,
                               "completed_event", made));
  }
  SEALIFT_TRY(const auto grants, records.parcels->grants(parcel.id));
  const auto grant = std::ranges::find(grants, reader, &catalog::Grant::account);
  if (grant == grants.end()) return {};
  return put_event(records, parcel, Logged::recipients_changed, grant->created, "added_event",
                   made);
}

Result<json> read_by(const Services& services, const Records& records, const Parcel& parcel,
                     const std::optional<catalog::AccountId>& reader) {
  SEALIFT_TRY(json made, parcel_json(records, parcel, reader));
  if (reader) SEALIFT_TRY_VOID(put_sender(services, records, parcel, made));
  return made;
}

Result<Answer> list_of(const Services& services, const Records& records,
                       const std::vector<Parcel>& parcels, const catalog::Page& page,
                       const std::optional<catalog::AccountId>& reader) {
  json all = json::array();
  std::size_t recipients = 0;
  bool is_more = parcels.size() == page.rows_max;
  for (const Parcel& parcel : parcels) {
    SEALIFT_TRY(json one, read_by(services, records, parcel, reader));
    recipients += one["recipients"].size();
    all.push_back(std::move(one));
    if (recipients < kPageRecipients || all.size() == parcels.size()) continue;
    is_more = true;
    break;
  }
  json answer = {{"parcels", std::move(all)}};
  if (is_more) answer["next"] = json_of(parcels[answer["parcels"].size() - 1].cursor);
  return json_reply(http::Status::ok, answer);
}

Result<Answer> list_sent(Services& services, const Ask& ask) {
  return services.catalog.read([&](const Records& records) -> Result<Answer> {
    const catalog::Page page = ask.page(kPageRows);
    SEALIFT_TRY(const auto parcels, records.parcels->sent_by(ask.account(), page));
    return list_of(services, records, parcels, page, std::nullopt);
  });
}

Result<Answer> list_received(Services& services, const Ask& ask) {
  return services.catalog.read([&](const Records& records) -> Result<Answer> {
    const catalog::Page page = ask.page(kPageRows);
    SEALIFT_TRY(const auto parcels, records.parcels->received_by(ask.account(), ask.now, page));
    return list_of(services, records, parcels, page, ask.account());
  });
}

bool may_open(const std::vector<catalog::Grant>& grants, const catalog::AccountId& account) {
  return std::ranges::any_of(grants, [&](const catalog::Grant& grant) {
    return grant.account == account && !grant.revoked;
  });
}

Result<Answer> read(Services& services, const Ask& ask) {
  SEALIFT_TRY(const auto id, ask.id<ParcelId>(0));
  return services.catalog.read([&](const Records& records) -> Result<Answer> {
    SEALIFT_TRY(const auto found, records.parcels->find(id));
    if (!found) return base::refuse("no_parcel");
    std::optional<catalog::AccountId> reader;
    if (found->owner != ask.account()) {
      SEALIFT_TRY(const auto grants, records.parcels->grants(id));
      const bool is_handed_over = found->state != catalog::ParcelState::uploading;
      if (!is_handed_over || !may_open(grants, ask.account())) {
        return base::refuse("no_parcel");
      }
      reader = ask.account();
    }
    SEALIFT_TRY(json parcel, read_by(services, records, *found, reader));
    if (reader) SEALIFT_TRY_VOID(put_events(records, *found, *reader, parcel));
    return json_reply(http::Status::ok, parcel);
  });
}

// Whether the sender's room holds a payload that stands in the catalog, less the one it replaces.
Result<void> judge_room(const Records& records, const Parcel& parcel,
                        const catalog::SealedPart& wanted) {
  SEALIFT_TRY(const catalog::Policy policy, records.policies->current());
  SEALIFT_TRY(const auto owner, records.accounts->find(parcel.owner));
  if (!owner) return base::refuse("no_parcel");
  SEALIFT_TRY(const auto before, records.parcels->part(parcel.id, wanted.part));
  const std::uint64_t replaced = before ? before->payload.size() : 0;
  const std::uint64_t others = owner->used_bytes - std::min(owner->used_bytes, replaced);
  const std::uint64_t room = owner->quota_bytes_max.value_or(policy.account_quota_bytes_max);
  if (wanted.payload.size() > room - std::min(room, others)) {
    const Room left{room, room - std::min(room, others)};
    return over_quota(parcel, left, wanted.payload.size());
  }
  return {};
}

Result<Answer> put_part(Services& services, const Ask& ask) {
  SEALIFT_TRY(const Part part, part_of(ask, 1));
  SEALIFT_TRY(const age::Header header, age::Header::parse(ask.frame.body));
  SEALIFT_TRY_VOID(judge_header(header.encoded()));
  catalog::SealedPart sealed{part, header.encoded(), std::nullopt, {}, 0};
  const base::ByteView payload = base::ByteView(ask.frame.body).subspan(header.encoded().size());
  if (!is_payload_size(payload.size())) {
    return base::refuse("wrong_field", {{"field", "payload_bytes"}});
  }
  sealed.payload = base::copy_of(payload);
  sealed.payload_bytes = payload.size();
  auto put = commit_or_refuse(services, [&](Records& records) -> Result<void> {
    SEALIFT_TRY(const Parcel parcel, filled_parcel(records, ask));
    SEALIFT_TRY_VOID(judge_sizes(records, parcel, part, sealed.payload_bytes));
    SEALIFT_TRY_VOID(judge_room(records, parcel, sealed));
    SEALIFT_TRY(const catalog::Change change, records.parcels->put_part(parcel.id, sealed));
    return need_done(change);
  });
  if (!put) end_refused_hand_in(services, ask, put.error().code);
  return put;
}

Result<Answer> read_header(Services& services, const Ask& ask) {
  SEALIFT_TRY(const auto id, ask.id<ParcelId>(0));
  SEALIFT_TRY(const Part part, part_of(ask, 1));
  return services.catalog.read([&](const Records& records) -> Result<Answer> {
    SEALIFT_TRY_VOID(own_parcel(records, ask, id));
    SEALIFT_TRY(auto found, records.parcels->part(id, part));
    if (!found || found->header.empty()) return base::refuse("no_part");
    Reply reply;
    reply.head.media_type = http::MediaType::octet_stream;
    reply.body = std::move(found->header);
    return reply;
  });
}

// For the sender, who checks its own manifest before it changes a header. What an outsider handed
// in is read by opening it, which is logged.
Result<Answer> read_manifest(Services& services, const Ask& ask) {
  SEALIFT_TRY(const auto id, ask.id<ParcelId>(0));
  SEALIFT_TRY(const catalog::SealedPart part,
              services.catalog.read([&](const Records& records) -> Result<catalog::SealedPart> {
                SEALIFT_TRY(const Parcel parcel, own_parcel(records, ask, id));
                SEALIFT_TRY(auto found, records.parcels->part(id, Part::manifest));
                if (parcel.hand_in_key || !found || found->header.empty()) {
                  return base::refuse("no_part");
                }
                return *std::move(found);
              }));
  return payload_answer(services, ask.frame, part, std::nullopt);
}

// Whoever may open it: recipients with an account and links, but for those that were revoked.
Result<std::size_t> count_openers(const Records& records, const ParcelId& id) {
  SEALIFT_TRY(const auto grants, records.parcels->grants(id));
  SEALIFT_TRY(const auto links, records.links->list(id));
  const auto is_live = [](const auto& each) { return !each.revoked; };
  return static_cast<std::size_t>(std::ranges::count_if(grants, is_live) +
                                  std::ranges::count_if(links, is_live));
}

// Each of them needs a stanza. That it is the right one, only who opens can tell.
Result<void> judge_stanzas(const Records& records, const ParcelId& id) {
  SEALIFT_TRY(const std::size_t openers, count_openers(records, id));
  for (const Part part : {Part::content, Part::manifest}) {
    SEALIFT_TRY(const auto found, records.parcels->part(id, part));
    if (!found) return base::refuse("part_missing");
    SEALIFT_TRY(const age::Header header, judge_header(found->header));
    if (header.stanzas().size() < openers) {
      return base::refuse("wrong_field", {{"field", "header"}});
    }
  }
  return {};
}

// Uploads whose last bytes the store has, and a crash kept from the catalog: made whole here, and
// counted by finish_uploads().
Result<std::vector<catalog::UploadId>> uncounted_uploads(Services& services, const Ask& ask) {
  SEALIFT_TRY(
      const auto uploads,
      services.catalog.read([&](const Records& records) -> Result<std::vector<catalog::Upload>> {
        SEALIFT_TRY(const Parcel parcel, filled_parcel(records, ask));
        return records.uploads->of_parcel(parcel.id);
      }));
  std::vector<catalog::UploadId> uncounted;
  for (const catalog::Upload& upload : uploads) {
    if (upload.offset_bytes == upload.length_bytes) continue;
    SEALIFT_TRY(const auto status, services.blobs.status({upload.blob.bytes}));
    if (!status || status->durable_bytes != upload.length_bytes) continue;
    SEALIFT_TRY_VOID(services.blobs.finish({upload.blob.bytes}));
    uncounted.push_back(upload.id);
  }
  return uncounted;
}

Result<void> finish_uploads(Records& records, const ParcelId& id,
                            const std::vector<catalog::UploadId>& uncounted) {
  SEALIFT_TRY(const auto uploads, records.uploads->of_parcel(id));
  for (const catalog::Upload& upload : uploads) {
    if (std::ranges::find(uncounted, upload.id) != uncounted.end()) {
      if (upload.length_bytes > upload.charged_bytes) {
        SEALIFT_TRY_VOID(charge_hand_in(records, upload, upload.length_bytes));
      }
      SEALIFT_TRY_VOID(records.uploads->advance(
          upload.id, {upload.offset_bytes, upload.length_bytes, upload.expires}));
    }
    SEALIFT_TRY(const catalog::Change change, records.uploads->finish(upload.id));
    SEALIFT_TRY_VOID(need_done(change));
  }
  return {};
}

// Who has a parcel waiting; of one that was handed in, whoever asked for it.
Result<void> tell_recipients(Services& services, Records& records, const Parcel& parcel,
                             base::UnixTime now) {
  if (parcel.request) {
    return post_letter(services, records,
                       {catalog::MailTemplate::handed_in, parcel.owner, std::nullopt, now}, now);
  }
  SEALIFT_TRY(const auto grants, records.parcels->grants(parcel.id));
  for (const catalog::Grant& grant : grants) {
    if (grant.revoked) continue;
    SEALIFT_TRY_VOID(post_letter(
        services, records,
        {catalog::MailTemplate::parcel_waiting, grant.account, parcel.owner, parcel.expires}, now));
  }
  return {};
}

// Of a parcel that is whole already, with the event that says so: the answer was lost.
Result<json> completed_json(const Records& records, const Parcel& parcel) {
  SEALIFT_TRY(json whole, parcel_json(records, parcel, std::nullopt));
  catalog::Page page{std::nullopt, 100};
  while (true) {
    SEALIFT_TRY(const auto events, records.custody->list({.parcel = parcel.id}, page));
    for (const catalog::CustodyEvent& each : events) {
      if (!is_of_kind(each, Logged::parcel_completed)) continue;
      return json{{"parcel", std::move(whole)}, {"event", json_of(each.id)}};
    }
    if (events.size() < page.rows_max) return base::refuse("records_erased");
    page.before = events.back().cursor;
  }
}

// What the log says of the parcel for good: nobody can exchange the sealed manifest later.
Result<json> completion_facts(const Records& records, const ParcelId& id) {
  SEALIFT_TRY(const auto manifest, records.parcels->part(id, Part::manifest));
  if (!manifest) return base::refuse("part_missing");
  return json{{"manifest", base::hex_encode(crypto::sha256(manifest->payload))}};
}

// What was handed in lives from when it is whole: until then it is there for as long as bytes come.
Result<void> begin_lifetime(Records& records, const Parcel& parcel, base::UnixTime now) {
  if (!parcel.request) return {};
  SEALIFT_TRY(const catalog::Policy policy, records.policies->current());
  SEALIFT_TRY_VOID(records.parcels->postpone(parcel.id, now + policy.parcel_lifetime_ms_default));
  return {};
}

Result<Answer> complete(Services& services, const Ask& ask) {
  SEALIFT_TRY(const auto uncounted, uncounted_uploads(services, ask));
  SEALIFT_TRY(
      const json made, commit(services, [&](Records& records) -> Result<json> {
        SEALIFT_TRY(const Parcel parcel, filled_parcel(records, ask));
        if (parcel.state == catalog::ParcelState::whole) {
          return completed_json(records, parcel);
        }
        SEALIFT_TRY(const std::size_t openers, count_openers(records, parcel.id));
        if (openers == 0) return base::refuse("no_recipients");
        SEALIFT_TRY_VOID(judge_stanzas(records, parcel.id));
        SEALIFT_TRY_VOID(finish_uploads(records, parcel.id, uncounted));
        SEALIFT_TRY_VOID(begin_lifetime(records, parcel, ask.now));
        SEALIFT_TRY(const catalog::Change change, records.parcels->complete(parcel.id, ask.now));
        SEALIFT_TRY_VOID(need_done(change));
        SEALIFT_TRY_VOID(tell_recipients(services, records, parcel, ask.now));
        SEALIFT_TRY(json facts, completion_facts(records, parcel.id));
        Note note{Logged::parcel_completed, ask.now, std::nullopt, parcel.id, std::move(facts)};
        if (!ask.hand_in) note.account = parcel.owner;
        SEALIFT_TRY(const catalog::EventId event, services.notary.note(records, note));
        SEALIFT_TRY(const auto found, records.parcels->find(parcel.id));
        SEALIFT_TRY(json whole, parcel_json(records, found.value_or(parcel), std::nullopt));
        return json{{"parcel", std::move(whole)}, {"event", json_of(event)}};
      }));
  return json_reply(http::Status::ok, made);
}

Result<Answer> recall(Services& services, const Ask& ask) {
  SEALIFT_TRY(const auto id, ask.id<ParcelId>(0));
  return commit_or_refuse(services, [&](Records& records) -> Result<void> {
    SEALIFT_TRY(const Parcel parcel, own_parcel(records, ask, id));
    if (parcel.state == catalog::ParcelState::recalled) return {};
    SEALIFT_TRY(const catalog::Change change, records.parcels->recall(id, ask.now));
    SEALIFT_TRY_VOID(need_done(change));
    SEALIFT_TRY_VOID(
        services.notary.note(records, {Logged::parcel_recalled, ask.now, ask.account(), id}));
    return {};
  });
}

struct RecipientsChange {
  catalog::Revision expected;
  std::vector<catalog::NewHeader> headers;
  std::vector<catalog::Grant> add;
};

Result<RecipientsChange> take_change(const Ask& ask, const ParcelId& id) {
  SEALIFT_TRY(JsonRequest body, JsonRequest::parse(ask.frame.body));
  RecipientsChange change;
  change.expected = {body.integer("expected_revision", kAnySize)};
  body.each("headers", std::size(kParts), [&](JsonRequest& one) {
    const std::size_t part = one.choice("part", {"content", "manifest", "inventory"});
    change.headers.push_back({kParts[part], one.bytes("header", limits::kAgeHeaderSizeMax)});
  });
  body.each("add", limits::kParcelRecipientsMax,
            [&](JsonRequest& one) { change.add.push_back(take_recipient(one, id, ask.now)); });
  SEALIFT_TRY_VOID(body.done());
  for (const catalog::NewHeader& header : change.headers) {
    SEALIFT_TRY_VOID(judge_header(header.header));
  }
  return change;
}

// Whether the last change was this very one: its answer was lost.
Result<bool> is_made_already(const Records& records, const Parcel& parcel,
                             const RecipientsChange& wanted) {
  if (parcel.revision.value != wanted.expected.value + 1) return false;
  for (const catalog::NewHeader& each : wanted.headers) {
    SEALIFT_TRY(const auto part, records.parcels->part(parcel.id, each.part));
    if (!part || part->header != each.header) return false;
  }
  SEALIFT_TRY(const auto granted, records.parcels->grants(parcel.id));
  return !wanted.headers.empty() && has_grants(granted, wanted.add);
}

Result<Answer> change_recipients(Services& services, const Ask& ask) {
  SEALIFT_TRY(const auto id, ask.id<ParcelId>(0));
  SEALIFT_TRY(const RecipientsChange wanted, take_change(ask, id));
  SEALIFT_TRY(const json made, commit(services, [&](Records& records) -> Result<json> {
                SEALIFT_TRY(const Parcel before, own_parcel(records, ask, id));
                SEALIFT_TRY(const bool is_made, is_made_already(records, before, wanted));
                if (is_made) return parcel_json(records, before, std::nullopt);
                SEALIFT_TRY(const catalog::Change change,
                            records.parcels->replace_headers(id, wanted.expected, wanted.headers));
                SEALIFT_TRY_VOID(need_done(change));
                SEALIFT_TRY_VOID(add_grants(services, records, wanted.add));
                SEALIFT_TRY_VOID(judge_stanzas(records, id));
                SEALIFT_TRY(const Parcel changed, own_parcel(records, ask, id));
                for (const catalog::Grant& grant : wanted.add) {
                  SEALIFT_TRY_VOID(post_letter(services, records,
                                               {catalog::MailTemplate::parcel_waiting,
                                                grant.account, ask.account(), changed.expires},
                                               ask.now));
                }
                json added = json::array();
                for (const catalog::Grant& grant : wanted.add) {
                  added.push_back(json_of(grant.account));
                }
                SEALIFT_TRY_VOID(services.notary.note(records, {Logged::recipients_changed,
                                                                ask.now,
                                                                ask.account(),
                                                                id,
                                                                {{"added", std::move(added)}}}));
                SEALIFT_TRY(const Parcel parcel, own_parcel(records, ask, id));
                return parcel_json(records, parcel, std::nullopt);
              }));
  return json_reply(http::Status::ok, made);
}

Result<Answer> change_expiry(Services& services, const Ask& ask) {
  SEALIFT_TRY(const auto id, ask.id<ParcelId>(0));
  SEALIFT_TRY(JsonRequest body, JsonRequest::parse(ask.frame.body));
  const auto lifetime = body.duration("lifetime_ms");
  SEALIFT_TRY_VOID(body.done());
  if (lifetime == std::chrono::milliseconds(0)) {
    return base::refuse("wrong_field", {{"field", "lifetime_ms"}});
  }
  SEALIFT_TRY(
      const json made, commit(services, [&](Records& records) -> Result<json> {
        SEALIFT_TRY(const Parcel before, own_parcel(records, ask, id));
        SEALIFT_TRY(const base::UnixTime expires, later_expiry(records, before, lifetime, ask.now));
        SEALIFT_TRY(const catalog::Change change,
                    records.parcels->change_expiry(id, expires, ask.now));
        SEALIFT_TRY_VOID(need_done(change));
        SEALIFT_TRY_VOID(services.notary.note(
            records,
            {Logged::expiry_changed, ask.now, ask.account(), id, {{"expires", json_of(expires)}}}));
        SEALIFT_TRY(const Parcel parcel, own_parcel(records, ask, id));
        return parcel_json(records, parcel, std::nullopt);
      }));
  return json_reply(http::Status::ok, made);
}

Result<Answer> revoke_recipient(Services& services, const Ask& ask) {
  SEALIFT_TRY(const auto id, ask.id<ParcelId>(0));
  SEALIFT_TRY(const auto account, ask.id<catalog::AccountId>(1));
  return commit_or_refuse(services, [&](Records& records) -> Result<void> {
    SEALIFT_TRY_VOID(own_parcel(records, ask, id));
    SEALIFT_TRY(const catalog::Change change, records.parcels->revoke(id, account, ask.now));
    if (change == catalog::Change::stale) return {};  // revoked before
    if (change == catalog::Change::absent) return base::refuse("not_a_recipient");
    SEALIFT_TRY_VOID(services.notary.note(
        records,
        {Logged::recipients_changed, ask.now, ask.account(), id, {{"revoked", json_of(account)}}}));
    return {};
  });
}

Result<Answer> list_openings(Services& services, const Ask& ask) {
  SEALIFT_TRY(const auto id, ask.id<ParcelId>(0));
  return services.catalog.read([&](const Records& records) -> Result<Answer> {
    SEALIFT_TRY_VOID(own_parcel(records, ask, id));
    const catalog::Page page = ask.page(kOpeningRows);
    SEALIFT_TRY(const auto openings, records.openings->list(id, page));
    json all = json::array();
    for (const catalog::Opening& opening : openings) {
      SEALIFT_TRY(const auto receipt, records.openings->receipt(opening.id));
      json one = opening_json(opening, receipt ? std::optional(receipt->received) : std::nullopt);
      if (receipt) one["receipt"] = base::text_of(receipt->signed_receipt);
      all.push_back(std::move(one));
    }
    json answer = {{"openings", std::move(all)}};
    if (openings.size() == page.rows_max) answer["next"] = json_of(openings.back().cursor);
    return json_reply(http::Status::ok, answer);
  });
}

constexpr HandlerRow kRows[] = {
    {"parcel.create", create},
    {"parcel.list_sent", list_sent},
    {"parcel.list_received", list_received},
    {"parcel.read", read},
    {"parcel.put_part", put_part},
    {"parcel.read_header", read_header},
    {"parcel.read_manifest", read_manifest},
    {"parcel.complete", complete},
    {"parcel.recall", recall},
    {"parcel.change_recipients", change_recipients},
    {"parcel.change_expiry", change_expiry},
    {"parcel.revoke_recipient", revoke_recipient},
    {"parcel.list_openings", list_openings},
};

}  // namespace

std::span<const HandlerRow> parcel_handlers() { return kRows; }

}  // namespace sealift::server::vault
