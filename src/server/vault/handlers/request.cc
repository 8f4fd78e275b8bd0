// request.*: file requests, by which an outsider hands a parcel in.
#include "base/refusal.h"
#include "server/vault/credentials.h"
#include "server/vault/handlers/parcel_forms.h"

namespace sealift::server::vault {
namespace {

using base::ErrorCode;
using base::Result;
using catalog::FileRequest;
using catalog::Records;
using catalog::RequestId;
using nlohmann::json;

constexpr std::size_t kTitleSizeMax = 4096;
// Of one request, begun and not whole; one without a byte is there for an hour.
constexpr std::uint64_t kOpenHandInsMax = 64;
constexpr std::chrono::hours kEmptyLifetime{1};

json request_json(const FileRequest& request) {
  json made = {{"id", json_of(request.id)},
               {"generation", request.generation.value},
               {"sealed_title", json_of(base::ByteView(request.sealed_title))},
               {"size_bytes_max", request.size_bytes_max},
               {"parcels_used", request.parcels_used},
               {"created", json_of(request.created)},
               {"expires", json_of(request.expires)}};
  put_optional(made, "parcels_max", request.parcels_max);
  put_optional(made, "closed", request.closed);
  return made;
}

// Asked for again: the answer was lost.
bool is_same(const FileRequest& before, const FileRequest& wanted) {
  return before.owner == wanted.owner && before.verifier == wanted.verifier &&
         before.generation == wanted.generation && before.sealed_title == wanted.sealed_title &&
         before.size_bytes_max == wanted.size_bytes_max && before.parcels_max == wanted.parcels_max;
}

Result<Answer> create(Services& services, const Ask& ask) {
  SEALIFT_TRY(JsonRequest body, JsonRequest::parse(ask.frame.body));
  FileRequest request;
  request.id = body.id<RequestId>("id");
  request.owner = ask.account();
  request.verifier = {body.fixed<32>("verifier")};
  request.generation = {body.integer("generation", {1, 1'000'000})};
  request.sealed_title = body.bytes("sealed_title", kTitleSizeMax);
  request.size_bytes_max = body.integer("size_bytes_max", kAnySize);
  if (const auto parcels = body.optional_integer("parcels_max", {1, 1'000'000})) {
    request.parcels_max = static_cast<std::uint32_t>(*parcels);
  }
  const auto lifetime = body.duration("lifetime_ms");
  SEALIFT_TRY_VOID(body.done());
  request.created = ask.now;
  SEALIFT_TRY(
      const json made, commit(services, [&](Records& records) -> Result<json> {
        SEALIFT_TRY(const catalog::Policy policy, records.policies->current());
        if (lifetime > policy.parcel_lifetime_ms_max) {
          return too_long(policy, lifetime);
        }
        const bool is_default = lifetime == std::chrono::milliseconds(0);
        request.expires = ask.now + (is_default ? policy.parcel_lifetime_ms_default : lifetime);
        SEALIFT_TRY(const auto newest, records.directory->newest(ask.account()));
        if (!newest || newest->generation != request.generation) {
          return base::refuse("request_old_key");
        }
        SEALIFT_TRY(const auto before, records.requests->find(request.id));
        if (before && is_same(*before, request)) return request_json(*before);
        SEALIFT_TRY(const catalog::Insert added, records.requests->create(request));
        SEALIFT_TRY_VOID(need_added(added));
        SEALIFT_TRY_VOID(services.notary.note(records, {Logged::request_created,
                                                        ask.now,
                                                        ask.account(),
                                                        std::nullopt,
                                                        {{"request", json_of(request.id)}}}));
        return request_json(request);
      }));
  return json_reply(http::Status::created, made);
}

Result<Answer> list(Services& services, const Ask& ask) {
  const catalog::Page page = ask.page();
  SEALIFT_TRY(const auto found, services.catalog.read([&](const Records& records) {
    return records.requests->list(ask.account(), page);
  }));
  json all = json::array();
  for (const FileRequest& request : found) all.push_back(request_json(request));
  json answer = {{"requests", std::move(all)}};
  if (found.size() == page.rows_max) answer["next"] = json_of(found.back().cursor);
  return json_reply(http::Status::ok, answer);
}

Result<Answer> close(Services& services, const Ask& ask) {
  SEALIFT_TRY(const auto id, ask.id<RequestId>(0));
  return commit_or_refuse(services, [&](Records& records) -> Result<void> {
    SEALIFT_TRY(const catalog::Change change, records.requests->close(ask.account(), id, ask.now));
    if (change == catalog::Change::stale) return {};  // closed before
    if (change == catalog::Change::absent) return base::refuse("no_request");
    SEALIFT_TRY_VOID(services.notary.note(records, {Logged::request_closed,
                                                    ask.now,
                                                    ask.account(),
                                                    std::nullopt,
                                                    {{"request", json_of(id)}}}));
    return {};
  });
}

bool is_live(const FileRequest& request, base::UnixTime now) {
  return !request.closed && request.expires > now;
}

bool is_full(const FileRequest& request) {
  return request.parcels_max && request.parcels_used >= *request.parcels_max;
}

// The requester's key of that generation.
Result<std::optional<catalog::DirectoryEntry>> find_key(const Records& records,
                                                        const FileRequest& request) {
  SEALIFT_TRY(const auto history, records.directory->history(request.owner));
  for (const catalog::DirectoryEntry& entry : history) {
    if (entry.generation == request.generation) return entry;
  }
  return std::nullopt;
}

json key_json(const catalog::DirectoryEntry& entry) {
  json key = {{"generation", entry.generation.value},
              {"recipient", entry.recipient},
              {"signing_key", json_of(base::ByteView(entry.signing_key))}};
  if (!entry.endorsement.empty()) key["endorsement"] = json_of(base::ByteView(entry.endorsement));
  return key;
}

// Whoever asks has 128 random bits of the link; what never was, is closed or has expired looks the
// same. One that takes no more is still looked at by a hand-in that was begun in time and goes on.
Result<Answer> look(Services& services, const Ask& ask) {
  SEALIFT_TRY(const auto id, ask.id<RequestId>(0));
  return services.catalog.read([&](const Records& records) -> Result<Answer> {
    SEALIFT_TRY(const auto request, records.requests->find(id));
    if (!request || !is_live(*request, ask.now)) {
      return base::refuse("no_request");
    }
    SEALIFT_TRY(const auto key, find_key(records, *request));
    if (!key) return base::refuse("no_request");
    const Challenge challenge = services.keys.challenge(ChallengeFor::request, id.view(), ask.now);
    return json_reply(http::Status::ok,
                      {{"challenge", json_of(base::ByteView(challenge))},
                       {"key", key_json(*key)},
                       {"sealed_title", json_of(base::ByteView(request->sealed_title))},
                       {"size_bytes_max", request->size_bytes_max},
                       {"is_full", is_full(*request)},
                       {"expires", json_of(request->expires)}});
  });
}

Result<json> begin_hand_in(Services& services, Records& records, const Ask& ask,
                           catalog::Parcel parcel, const Proof& proof) {
  SEALIFT_TRY(const auto request, records.requests->find(*parcel.request));
  if (!request || request->verifier != catalog::ProofVerifier{proof.verifier}) {
    return base::refuse("no_request");
  }
  SEALIFT_TRY(const auto before, records.parcels->find(parcel.id));
  if (before && before->request == parcel.request && before->hand_in_key == parcel.hand_in_key) {
    return parcel_json(records, *before, std::nullopt);
  }
  if (is_live(*request, ask.now) && is_full(*request)) {
    return base::refuse("request_full");
  }
  SEALIFT_TRY(const std::uint64_t open, records.parcels->open_of(request->id));
  if (open >= kOpenHandInsMax) return base::refuse("hand_ins_max", {{"max", kOpenHandInsMax}});
  SEALIFT_TRY(const catalog::Change change, records.requests->use(request->id, ask.now));
  if (change != catalog::Change::done) return base::refuse("no_request");
  parcel.owner = request->owner;
  parcel.expires = ask.now + kEmptyLifetime;
  SEALIFT_TRY(const catalog::Insert added, records.parcels->create(parcel));
  SEALIFT_TRY_VOID(need_added(added));
  SEALIFT_TRY(const catalog::Insert granted,
              records.parcels->grant({.parcel = parcel.id,
                                      .account = request->owner,
                                      .generation = request->generation,
                                      .created = ask.now}));
  SEALIFT_TRY_VOID(need_added(granted));
  SEALIFT_TRY_VOID(services.notary.note(records, {Logged::parcel_handed_in,
                                                  ask.now,
                                                  std::nullopt,
                                                  parcel.id,
                                                  {{"request", json_of(request->id)}}}));
  SEALIFT_TRY(const auto found, records.parcels->find(parcel.id));
  return parcel_json(records, found.value_or(parcel), std::nullopt);
}

Result<Answer> hand_in(Services& services, const Ask& ask) {
  SEALIFT_TRY(const auto id, ask.id<RequestId>(0));
  SEALIFT_TRY(JsonRequest body, JsonRequest::parse(ask.frame.body));
  const Proof proof = take_proof(body);
  catalog::Parcel parcel;
  parcel.id = body.id<catalog::ParcelId>("parcel");
  SEALIFT_TRY_VOID(body.done());
  const Attempt attempt{catalog::DelayKind::request, id.view(), ask.frame.peer};
  SEALIFT_TRY(const auto wait, services.guessing.wait(attempt, ask.now));
  if (wait) return too_many(*wait);
  const Token key = token_for(services, ask);
  parcel.request = id;
  parcel.hand_in_key = key.hash;
  parcel.created = ask.now;
  const auto made = commit(services, [&](Records& records) {
    return begin_hand_in(services, records, ask, parcel, proof);
  });
  if (!made && made.error().code == ErrorCode::not_found) {
    SEALIFT_TRY_VOID(services.guessing.failed(attempt, ask.now));
  }
  if (!made) return tl::unexpected(made.error());
  return json_reply(http::Status::created, {{"parcel", *made}, {"key", key.text}});
}

constexpr HandlerRow kRows[] = {
    {"request.create", create}, {"request.list", list},       {"request.close", close},
    {"request.look", look},     {"request.hand_in", hand_in},
};

}  // namespace

std::span<const HandlerRow> request_handlers() { return kRows; }

}  // namespace sealift::server::vault
