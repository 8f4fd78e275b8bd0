// parcel.open and opening.*: taking a parcel, and what its ticket is good for.
#include <algorithm>

#include "base/refusal.h"
#include "crypto/sha256.h"
#include "parcel/receipt.h"
#include "server/vault/handlers/opening_forms.h"

namespace sealift::server::vault {
namespace {

using base::ErrorCode;
using base::Result;
using catalog::Part;
using catalog::Records;
using nlohmann::json;

constexpr std::size_t kReceiptSizeMax = 4096;

}  // namespace

Result<void> tell_sender(Services& services, Records& records, const catalog::ParcelId& parcel,
                         const std::optional<catalog::AccountId>& by, base::UnixTime now) {
  SEALIFT_TRY(const auto found, records.parcels->find(parcel));
  if (!found || found->receipt == catalog::ReceiptWish::none || by == found->owner) return {};
  return post_letter(services, records,
                     {catalog::MailTemplate::parcel_opened, found->owner, by, now}, now);
}

namespace {

// Why a parcel doesn't open. Its recipient may hear that its sender was suspended, or that it was
// opened as often as its sender allowed; anyone else hears what is said of a parcel that isn't
// there.
tl::unexpected<base::Error> no_opening(const Records& records, const catalog::ParcelId& id,
                                       const Ask& ask) {
  const auto parcel = records.parcels->find(id);
  const auto grants = records.parcels->grants(id);
  if (!parcel || !grants) return tl::unexpected(!parcel ? parcel.error() : grants.error());
  const bool is_there =
      *parcel && (*parcel)->state == catalog::ParcelState::whole && (*parcel)->expires > ask.now;
  const auto grant = std::ranges::find(*grants, ask.account(), &catalog::Grant::account);
  const bool is_theirs = is_there && grant != grants->end() && !grant->revoked;
  if (is_theirs) {
    const auto sender = records.accounts->find((*parcel)->owner);
    if (!sender) return tl::unexpected(sender.error());
    if (!*sender || (*sender)->state != catalog::AccountState::active)
      return base::refuse("sender_suspended");
  }
  const bool is_used_up = is_theirs && grant->opens_max && grant->opens_used >= *grant->opens_max;
  if (is_used_up) return base::refuse("no_openings_left", {{"max", *grant->opens_max}});
  return base::refuse("no_parcel");
}

Result<Answer> open(Services& services, const Ask& ask) {
  SEALIFT_TRY(const auto id, ask.id<catalog::ParcelId>(0));
  const NewTicket ticket = make_ticket(services, ask);
  SEALIFT_TRY(
      const json made, commit(services, [&](Records& records) -> Result<json> {
        SEALIFT_TRY(const auto before, records.openings->find_live(ticket.token.hash, ask.now));
        if (before && before->parcel == id && before->account == ask.account()) {
          return ticket_json(records, *before, ticket.token.text);
        }
        SEALIFT_TRY(const bool is_open, records.openings->open(id, ask.account(), ticket.opening));
        if (!is_open) return no_opening(records, id, ask);
        SEALIFT_TRY_VOID(
            services.notary.note(records, {Logged::parcel_opened,
                                           ask.now,
                                           ask.account(),
                                           id,
                                           {{"opening", json_of(ticket.opening.id)}}}));
        SEALIFT_TRY_VOID(tell_sender(services, records, id, ask.account(), ask.now));
        SEALIFT_TRY(const auto opening, records.openings->find_live(ticket.token.hash, ask.now));
        if (!opening) return base::fail(ErrorCode::internal, "opening");
        return ticket_json(records, *opening, ticket.token.text);
      }));
  return json_reply(http::Status::created, made);
}

Result<Answer> read(Services& services, const Ask& ask) {
  SEALIFT_TRY(const auto receipt, services.catalog.read([&](const Records& records) {
    return records.openings->receipt(ask.opening->id);
  }));
  const auto received = receipt ? std::optional(receipt->received) : std::nullopt;
  return json_reply(http::Status::ok, opening_json(*ask.opening, received));
}

Result<catalog::SealedPart> find_part(const Records& records, const Ask& ask) {
  SEALIFT_TRY(const Part part, part_of(ask, 1));
  SEALIFT_TRY(auto found, records.parcels->part(ask.opening->parcel, part));
  if (!found) return base::refuse("no_part");
  return *std::move(found);
}

Result<Answer> read_header(Services& services, const Ask& ask) {
  return services.catalog.read([&](const Records& records) -> Result<Answer> {
    SEALIFT_TRY(catalog::SealedPart part, find_part(records, ask));
    Reply reply;
    reply.head.media_type = http::MediaType::octet_stream;
    reply.body = std::move(part.header);
    return reply;
  });
}

struct Payload {
  http::EntityTag tag;
  std::uint64_t size_bytes = 0;
};

// A blob never changes, and a small payload is known by its bytes.
Result<Payload> payload_of(const catalog::SealedPart& part) {
  const auto tag = part.blob ? json_of(*part.blob) : base::hex_encode(crypto::sha256(part.payload));
  auto made = http::EntityTag::make(tag);
  if (!made) return base::fail(ErrorCode::internal, "tag");
  return Payload{*std::move(made), part.payload_bytes};
}

// RFC 9110 sections 13 and 14, for what the front handed over.
std::optional<http::ByteRange> judge_range(const AskFrame& frame, const Payload& payload,
                                           http::ResponseHead& head) {
  head.media_type = http::MediaType::octet_stream;
  head.attachment = true;
  head.accepts_ranges = true;
  head.etag = payload.tag;
  if (frame.if_none_match == payload.tag.text()) {
    head.status = http::Status::not_modified;
    head.media_type = http::MediaType::none;
    return std::nullopt;
  }
  const bool is_another = frame.if_range && *frame.if_range != payload.tag.text();
  if (!frame.range || is_another) {
    head.content_size_bytes = payload.size_bytes;
    return http::ByteRange{0, payload.size_bytes};
  }
  head.whole_size_bytes = payload.size_bytes;
  const auto range = http::resolve_range(*frame.range, payload.size_bytes);
  if (!range) {
    head.status = http::Status::range_not_satisfiable;
    head.media_type = http::MediaType::none;
    head.attachment = false;
    return std::nullopt;
  }
  head.status = http::Status::partial_content;
  head.range = range;
  head.content_size_bytes = range->size_bytes;
  return range;
}

}  // namespace

Result<Answer> payload_answer(Services& services, const AskFrame& frame,
                              const catalog::SealedPart& part,
                              const std::optional<catalog::TokenHash>& ticket) {
  SEALIFT_TRY(const Payload payload, payload_of(part));
  http::ResponseHead head;
  const auto range = judge_range(frame, payload, head);
  if (!range || !part.blob) {
    Reply reply{std::move(head), {}};
    if (range) {
      reply.body = base::copy_of(base::ByteView(part.payload)
                                     .subspan(static_cast<std::size_t>(range->offset),
                                              static_cast<std::size_t>(range->size_bytes)));
    }
    return reply;
  }
  store::BlobDescriptors* descriptors = services.blobs.descriptors();
  if (descriptors == nullptr) return base::fail(ErrorCode::unsupported, "store");
  auto blob = descriptors->open_to_read({part.blob->bytes});
  if (!blob) {
    // The catalog has the parcel, so its bytes have to be there.
    if (blob.error().code == ErrorCode::not_found && services.observer != nullptr) {
      services.observer->blob_missing({part.blob->bytes});
    }
    return tl::unexpected(std::move(blob).error());
  }
  return Send{std::move(head), std::move(blob->fd), range->offset, ticket};
}

namespace {

Result<Answer> read_payload(Services& services, const Ask& ask) {
  SEALIFT_TRY(const catalog::SealedPart part, services.catalog.read([&](const Records& records) {
    return find_part(records, ask);
  }));
  return payload_answer(services, ask.frame, part, hash_of_token(ask.frame.credential));
}

// The event of a receipt that was taken before, when this is it again.
Result<std::optional<catalog::EventId>> same_receipt(const Records& records,
                                                     const catalog::Opening& opening,
                                                     std::string_view receipt) {
  SEALIFT_TRY(const auto found, records.openings->receipt(opening.id));
  if (!found || base::text_of(found->signed_receipt) != receipt) return std::nullopt;
  return found->event;
}

// Whose signature an opening's receipt has to have: any generation of the account's keys, or the
// key that proved the link.
Result<std::vector<crypto::Ed25519Public>> receipt_keys(const Records& records,
                                                        const catalog::Opening& opening) {
  std::vector<crypto::Ed25519Public> keys;
  const auto add = [&](base::ByteView key) {
    if (key.size() == crypto::kEd25519PublicSize)
      std::ranges::copy(key, keys.emplace_back().begin());
  };
  if (opening.account) {
    SEALIFT_TRY(const auto entries, records.directory->history(*opening.account));
    for (const catalog::DirectoryEntry& entry : entries) add(entry.signing_key);
  }
  if (opening.link) {
    SEALIFT_TRY(const auto link, records.links->find(*opening.link));
    if (link) add(link->verifier.bytes);
  }
  return keys;
}

// What would be of no use to the sender is not kept, nor logged.
Result<void> judge_receipt(const Records& records, const catalog::Opening& opening,
                           std::string_view note) {
  SEALIFT_TRY(const auto keys, receipt_keys(records, opening));
  const auto receipt = parcel::read_receipt(note, keys);
  if (!receipt || receipt->parcel_id != opening.parcel.bytes ||
      receipt->opening_id != opening.id.bytes)
    return base::refuse("wrong_field", {{"field", "receipt"}});
  return {};
}

Result<Answer> add_receipt(Services& services, const Ask& ask) {
  SEALIFT_TRY(JsonRequest body, JsonRequest::parse(ask.frame.body));
  const std::string receipt = body.text("receipt", kReceiptSizeMax);
  SEALIFT_TRY_VOID(body.done());
  const auto digest = crypto::sha256(base::bytes_of(receipt));
  SEALIFT_TRY(const catalog::EventId event,
              commit(services, [&](Records& records) -> Result<catalog::EventId> {
                SEALIFT_TRY(const auto before, same_receipt(records, *ask.opening, receipt));
                if (before) return *before;
                SEALIFT_TRY_VOID(judge_receipt(records, *ask.opening, receipt));
                SEALIFT_TRY(
                    const catalog::EventId noted,
                    services.notary.note(records, {Logged::parcel_received,
                                                   ask.now,
                                                   ask.opening->account,
                                                   ask.opening->parcel,
                                                   {{"opening", json_of(ask.opening->id)},
                                                    {"receipt", base::hex_encode(digest)}}}));
                SEALIFT_TRY(const catalog::Insert added,
                            records.openings->add_receipt({{services.random.array<16>()},
                                                           ask.opening->id,
                                                           base::copy_of(base::bytes_of(receipt)),
                                                           noted,
                                                           ask.now}));
                SEALIFT_TRY_VOID(need_added(added));
                return noted;
              }));
  return json_reply(http::Status::created, {{"event", json_of(event)}, {"proof", ""}});
}

constexpr HandlerRow kRows[] = {
    {"parcel.open", open},
    {"opening.read", read},
    {"opening.read_header", read_header},
    {"opening.read_payload", read_payload},
    {"opening.add_receipt", add_receipt},
};

}  // namespace

std::span<const HandlerRow> opening_handlers() { return kRows; }

}  // namespace sealift::server::vault
