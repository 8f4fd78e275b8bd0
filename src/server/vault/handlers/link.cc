// link.*: ways to open a parcel without an account. Looking is not taking, and tells nobody whether
// there is anything to take.
#include <algorithm>

#include "base/refusal.h"
#include "server/vault/credentials.h"
#include "server/vault/handlers/opening_forms.h"

namespace sealift::server::vault {
namespace {

using base::ErrorCode;
using base::Result;
using catalog::Link;
using catalog::LinkPassphrase;
using catalog::ParcelId;
using catalog::Records;
using nlohmann::json;

constexpr std::size_t kLinksMax = 1000;
constexpr std::size_t kHalfSize = 32;

json link_json(const Link& link) {
  json made = {{"id", json_of(link.id)},
               {"passphrase", link.passphrase == LinkPassphrase::none ? "none" : "needed"},
               {"opens_used", link.opens_used},
               {"created", json_of(link.created)},
               {"expires", json_of(link.expires)}};
  put_optional(made, "opens_max", link.opens_max);
  put_optional(made, "revoked", link.revoked);
  return made;
}

struct NewLink {
  Link link;
  std::chrono::milliseconds lifetime{0};
};

Result<NewLink> take_link(Services& services, const Ask& ask) {
  NewLink made;
  Link& link = made.link;
  SEALIFT_TRY(link.parcel, ask.id<ParcelId>(0));
  SEALIFT_TRY(JsonRequest body, JsonRequest::parse(ask.frame.body));
  link.id = {services.random.array<16>()};
  link.verifier = {body.fixed<32>("verifier")};
  auto half = body.fixed<kHalfSize>("server_half");
  link.wrapped_half = services.keys.wrap(WrapFor::link_half, link.id.view(), half, services.random);
  crypto::wipe(half);
  link.passphrase = body.choice("passphrase", {"none", "needed"}) == 0 ? LinkPassphrase::none
                                                                       : LinkPassphrase::needed;
  if (const auto opens = body.optional_integer("opens_max", {1, 1'000'000})) {
    link.opens_max = static_cast<std::uint32_t>(*opens);
  }
  made.lifetime = body.duration("lifetime_ms");
  SEALIFT_TRY_VOID(body.done());
  link.created = ask.now;
  return made;
}

Result<void> judge_policy(const Records& records, NewLink& wanted, const catalog::Parcel& parcel) {
  SEALIFT_TRY(const catalog::Policy policy, records.policies->current());
  if (policy.links == catalog::LinkRule::forbidden) {
    return base::refuse("policy_links");
  }
  if (policy.link_passphrase == catalog::PassphraseRule::required &&
      wanted.link.passphrase == LinkPassphrase::none) {
    return base::refuse("policy_passphrase");
  }
  if (policy.link_opens_max &&
      (!wanted.link.opens_max || *wanted.link.opens_max > *policy.link_opens_max)) {
    return base::refuse("policy_openings", {{"max", *policy.link_opens_max}});
  }
  const bool is_default = wanted.lifetime == std::chrono::milliseconds(0);
  wanted.link.expires =
      is_default ? parcel.expires : std::min(parcel.expires, wanted.link.created + wanted.lifetime);
  return {};
}

// The same link, asked for again: its answer was lost. The half isn't compared, for its secret
// makes the verifier.
bool is_same(const Link& before, const Link& wanted) {
  return !before.revoked && before.passphrase == wanted.passphrase &&
         before.opens_max == wanted.opens_max;
}

Result<Answer> create(Services& services, const Ask& ask) {
  SEALIFT_TRY(NewLink wanted, take_link(services, ask));
  SEALIFT_TRY(
      const json made, commit(services, [&](Records& records) -> Result<json> {
        SEALIFT_TRY(const catalog::Parcel parcel, own_parcel(records, ask, wanted.link.parcel));
        const bool has_ended = parcel.state == catalog::ParcelState::recalled ||
                               parcel.state == catalog::ParcelState::expired;
        if (has_ended || parcel.expires <= ask.now) return base::refuse("parcel_ended");
        SEALIFT_TRY_VOID(judge_policy(records, wanted, parcel));
        SEALIFT_TRY(const auto links, records.links->list(parcel.id));
        const auto before = std::ranges::find(links, wanted.link.verifier, &Link::verifier);
        if (before != links.end() && is_same(*before, wanted.link)) return link_json(*before);
        if (links.size() >= kLinksMax) return base::refuse("links_max", {{"max", kLinksMax}});
        SEALIFT_TRY(const catalog::Insert added, records.links->add(wanted.link));
        SEALIFT_TRY_VOID(need_added(added));
        SEALIFT_TRY_VOID(services.notary.note(records, {Logged::link_created,
                                                        ask.now,
                                                        ask.account(),
                                                        parcel.id,
                                                        {{"link", json_of(wanted.link.id)}}}));
        return link_json(wanted.link);
      }));
  return json_reply(http::Status::created, made);
}

Result<Answer> list(Services& services, const Ask& ask) {
  SEALIFT_TRY(const auto id, ask.id<ParcelId>(0));
  return services.catalog.read([&](const Records& records) -> Result<Answer> {
    SEALIFT_TRY(const catalog::Parcel parcel, own_parcel(records, ask, id));
    SEALIFT_TRY(auto links, records.links->list(id));
    json all = json::array();
    for (Link& link : links) {
      // No link opens a parcel that has ended, which may now be sooner than when the link was made.
      link.expires = std::min(link.expires, parcel.expires);
      all.push_back(link_json(link));
    }
    return json_reply(http::Status::ok, {{"links", std::move(all)}});
  });
}

Result<Answer> revoke(Services& services, const Ask& ask) {
  SEALIFT_TRY(const auto parcel, ask.id<ParcelId>(0));
  SEALIFT_TRY(const auto id, ask.id<catalog::LinkId>(1));
  auto answer = commit_or_refuse(services, [&](Records& records) -> Result<void> {
    SEALIFT_TRY_VOID(own_parcel(records, ask, parcel));
    SEALIFT_TRY(const catalog::Change change, records.links->revoke(parcel, id, ask.now));
    if (change == catalog::Change::stale) return {};  // revoked before
    if (change == catalog::Change::absent) return base::refuse("no_link");
    SEALIFT_TRY_VOID(services.notary.note(
        records, {Logged::link_revoked, ask.now, ask.account(), parcel, {{"link", json_of(id)}}}));
    return {};
  });
  if (answer) scrub_later(services);
  return answer;
}

// The passphrase is told of the newest link that could be opened; of nothing, what most have.
Result<Answer> look(Services& services, const Ask& ask) {
  SEALIFT_TRY(const auto id, ask.id<ParcelId>(0));
  SEALIFT_TRY(const auto links, services.catalog.read([&](const Records& records) {
    return records.links->list(id);
  }));
  const bool needs_passphrase = std::ranges::any_of(links, [&](const Link& link) {
    return !link.wrapped_half.empty() && link.passphrase == LinkPassphrase::needed;
  });
  const Challenge challenge = services.keys.challenge(ChallengeFor::link, id.view(), ask.now);
  return json_reply(http::Status::ok, {{"challenge", json_of(base::ByteView(challenge))},
                                       {"passphrase", needs_passphrase ? "needed" : "none"}});
}

Result<json> redeemed_json(Services& services, const Records& records, const Link& link,
                           const catalog::Opening& opening, const std::string& ticket) {
  SEALIFT_TRY(const crypto::SecretBuffer half,
              services.keys.unwrap(WrapFor::link_half, link.id.view(), link.wrapped_half));
  SEALIFT_TRY(json made, ticket_json(records, opening, ticket));
  made["server_half"] = json_of(half.view());
  return made;
}

tl::unexpected<base::Error> no_redeeming(const Records& records, const Link& link) {
  const auto parcel = records.parcels->find(link.parcel);
  if (!parcel) return tl::unexpected(parcel.error());
  if (*parcel && (*parcel)->state == catalog::ParcelState::whole && !link.revoked) {
    const auto sender = records.accounts->find((*parcel)->owner);
    if (!sender) return tl::unexpected(sender.error());
    if (!*sender || (*sender)->state != catalog::AccountState::active)
      return base::refuse("sender_suspended");
  }
  return base::refuse("link_over");
}

Result<json> redeem_link(Services& services, Records& records, const Ask& ask, const Link& link,
                         const NewTicket& ticket) {
  SEALIFT_TRY(const auto before, records.openings->find_live(ticket.token.hash, ask.now));
  if (before && before->link == link.id) {
    return redeemed_json(services, records, link, *before, ticket.token.text);
  }
  SEALIFT_TRY(const auto wrapped, records.openings->redeem(link.id, ticket.opening));
  // Told to nobody but who proved the secret and the passphrase.
  if (!wrapped) return no_redeeming(records, link);
  SEALIFT_TRY_VOID(services.notary.note(
      records, {Logged::parcel_opened,
                ask.now,
                std::nullopt,
                link.parcel,
                {{"opening", json_of(ticket.opening.id)}, {"link", json_of(link.id)}}}));
  SEALIFT_TRY_VOID(tell_sender(services, records, link.parcel, std::nullopt, ask.now));
  SEALIFT_TRY(const auto opening, records.openings->find_live(ticket.token.hash, ask.now));
  if (!opening) return base::fail(ErrorCode::internal, "opening");
  return redeemed_json(services, records, link, *opening, ticket.token.text);
}

Result<json> redeem_by_proof(Services& services, const Ask& ask, const ParcelId& parcel,
                             const Proof& proof) {
  const NewTicket ticket = make_ticket(services, ask);
  return commit(services, [&](Records& records) -> Result<json> {
    SEALIFT_TRY(const auto links, records.links->list(parcel));
    const catalog::ProofVerifier verifier{proof.verifier};
    const auto link = std::ranges::find(links, verifier, &Link::verifier);
    if (link == links.end()) return base::refuse("no_link");
    return redeem_link(services, records, ask, *link, ticket);
  });
}

Result<Answer> redeem(Services& services, const Ask& ask) {
  SEALIFT_TRY(const auto parcel, ask.id<ParcelId>(0));
  SEALIFT_TRY(JsonRequest body, JsonRequest::parse(ask.frame.body));
  const Proof proof = take_proof(body);
  SEALIFT_TRY_VOID(body.done());
  const Attempt attempt{catalog::DelayKind::link, parcel.view(), ask.frame.peer};
  SEALIFT_TRY(const auto wait, services.guessing.wait(attempt, ask.now));
  if (wait) return too_many(*wait);
  const auto made = redeem_by_proof(services, ask, parcel, proof);
  if (!made && made.error().code == ErrorCode::not_found) {
    SEALIFT_TRY_VOID(services.guessing.failed(attempt, ask.now));
  }
  if (!made) return tl::unexpected(made.error());
  return json_reply(http::Status::created, *made);
}

constexpr HandlerRow kRows[] = {
    {"link.create", create}, {"link.list", list},     {"link.revoke", revoke},
    {"link.look", look},     {"link.redeem", redeem},
};

}  // namespace

std::span<const HandlerRow> link_handlers() { return kRows; }

}  // namespace sealift::server::vault
