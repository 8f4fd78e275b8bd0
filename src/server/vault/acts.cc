#include "server/vault/acts.h"

#include <algorithm>

#include "base/refusal.h"

namespace sealift::server::vault {
namespace {

using base::Result;
using nlohmann::json;

constexpr std::string_view kSlotKinds[] = {"password", "paper_key", "passkey", "trusted_browser",
                                           "recovery"};

template <std::size_t kSize>
std::array<std::byte, kSize> fixed(const base::Bytes& bytes) {
  std::array<std::byte, kSize> out{};
  if (bytes.size() == kSize) std::ranges::copy(bytes, out.begin());
  return out;
}

// The id in the path, where there is one.
std::optional<std::array<std::byte, 16>> target_of(const Ask& ask) {
  const auto bytes = base::hex_decode(ask.frame.names.front());
  if (!bytes || bytes->size() != 16) return std::nullopt;
  return fixed<16>(*bytes);
}

catalog::Act record_of(const SignedAct& made, base::UnixTime now) {
  const parcel::AccountAct& act = made.act;
  return {.account = {act.account},
          .revision = {act.revision},
          .generation = {act.generation},
          .operation = act.operation,
          .target = act.target ? base::copy_of(*act.target) : base::Bytes(),
          .body = base::copy_of(act.body),
          .previous = base::copy_of(act.previous),
          .slots = base::copy_of(act.slots),
          .challenge = base::copy_of(act.challenge),
          .signature = base::copy_of(made.signature),
          .digest = base::copy_of(parcel::account_act_digest(act)),
          .happened = now};
}

json act_json(const catalog::Act& act) {
  json made = {{"revision", act.revision.value},
               {"generation", act.generation.value},
               {"operation", act.operation},
               {"body", json_of(base::ByteView(act.body))},
               {"previous", json_of(base::ByteView(act.previous))},
               {"slots", json_of(base::ByteView(act.slots))},
               {"challenge", json_of(base::ByteView(act.challenge))},
               {"signature", json_of(base::ByteView(act.signature))},
               {"happened", json_of(act.happened)}};
  if (!act.target.empty()) made["target"] = base::hex_encode(act.target);
  return made;
}

Result<Answer> list(Services& services, const Ask& ask) {
  SEALIFT_TRY(const auto acts, services.catalog.read([&](const catalog::Records& records) {
    return records.acts->list(ask.account(), ask.page());
  }));
  SEALIFT_TRY(json state, act_state_json(services, ask.account(), ask.now));
  json all = json::array();
  for (const catalog::Act& act : acts) all.push_back(act_json(act));
  return json_reply(http::Status::ok, {{"acts", std::move(all)}, {"next", std::move(state)}});
}

constexpr HandlerRow kHandlers[] = {{"act.list", list}};

}  // namespace

std::span<const HandlerRow> act_handlers() { return kHandlers; }

Result<json> act_state_json(Services& services, const catalog::AccountId& account,
                            base::UnixTime now) {
  SEALIFT_TRY(const auto last, services.catalog.read([&](const catalog::Records& records) {
    return records.acts->last(account);
  }));
  const Challenge challenge = services.keys.challenge(ChallengeFor::act, account.view(), now);
  const base::Bytes before = last ? last->digest : base::Bytes(crypto::kSha256Size);
  return json{{"revision", last ? last->revision.value + 1 : 1},
              {"previous", json_of(base::ByteView(before))},
              {"challenge", json_of(base::ByteView(challenge))}};
}

Result<SignedAct> judge_act(const Services& services, const Ask& ask, const Signer& signer) {
  const auto field = parcel::parse_act_field(ask.frame.act);
  if (!field) return base::refuse("act_missing");
  if (field->generation != signer.generation.value) return base::refuse("act_key_retired");
  const bool is_fresh =
      services.keys.is_good(field->challenge, ChallengeFor::act, signer.account.view(), ask.now);
  if (!is_fresh) return base::refuse("act_too_old");
  SignedAct made{{.account = signer.account.bytes,
                  .generation = field->generation,
                  .operation = std::string(ask.operation.name),
                  .target = target_of(ask),
                  .body = crypto::sha256(ask.frame.body),
                  .revision = field->revision,
                  .previous = field->previous,
                  .slots = field->slots,
                  .challenge = field->challenge},
                 field->signature};
  if (!parcel::is_signed_act(made.act, made.signature, signer.key)) {
    return base::refuse("act_signature");
  }
  return made;
}

Result<SignedAct> judge_act_of_session(Services& services, const Ask& ask) {
  using Found = std::pair<std::vector<catalog::DirectoryEntry>, std::optional<catalog::Act>>;
  SEALIFT_TRY(const Found found,
              services.catalog.read([&](const catalog::Records& records) -> Result<Found> {
                Found made;
                SEALIFT_TRY(made.first, records.directory->history(ask.account()));
                SEALIFT_TRY(made.second, records.acts->last(ask.account()));
                return made;
              }));
  const auto& [keys, last] = found;
  const auto field = parcel::parse_act_field(ask.frame.act);
  if (!field || keys.empty()) return base::refuse("act_missing");
  const auto key = std::ranges::find(keys, catalog::Generation{field->generation},
                                     &catalog::DirectoryEntry::generation);
  if (key == keys.end()) return base::refuse("act_key_retired");
  SEALIFT_TRY(SignedAct made, judge_act(services, ask,
                                        {ask.account(), key->generation,
                                         fixed<crypto::kEd25519PublicSize>(key->signing_key)}));
  // The act that retired a key is repeated with that key; no other is.
  const bool is_last =
      last && std::ranges::equal(parcel::account_act_digest(made.act), last->digest);
  if (key->generation != keys.back().generation && !is_last) return base::refuse("act_key_retired");
  return made;
}

Result<crypto::Sha256Digest> slots_digest(const Services& services, const catalog::Records& records,
                                          const catalog::AccountId& account) {
  SEALIFT_TRY(const auto slots, records.slots->list(account));
  std::vector<parcel::ActSlot> listed;
  for (const catalog::Slot& slot : slots) {
    if (slot.kind == catalog::SlotKind::recovery) continue;
    SEALIFT_TRY(const auto file, services.keys.unwrap(WrapFor::slot, slot.id.view(), slot.wrapped));
    listed.push_back({kSlotKinds[static_cast<std::size_t>(slot.kind) - 1], slot.generation.value,
                      crypto::sha256(file.view())});
  }
  return parcel::act_slots_digest(listed);
}

Result<ActTaken> begin_act(const catalog::Records& records, const SignedAct& act) {
  SEALIFT_TRY(const auto last, records.acts->last({act.act.account}));
  const std::uint64_t revision = last ? last->revision.value : 0;
  const base::Bytes before = last ? last->digest : base::Bytes(crypto::kSha256Size);
  if (last && act.act.revision == revision &&
      std::ranges::equal(parcel::account_act_digest(act.act), last->digest)) {
    return ActTaken::again;
  }
  if (act.act.revision != revision + 1 || !std::ranges::equal(act.act.previous, before)) {
    return base::refuse("account_moved_on");
  }
  return ActTaken::first_time;
}

Result<void> end_act(const Services& services, catalog::Records& records, const SignedAct& act,
                     ActTaken taken, base::UnixTime now) {
  SEALIFT_TRY(const auto slots, slots_digest(services, records, {act.act.account}));
  if (slots != act.act.slots) return base::refuse("act_slots");
  if (taken == ActTaken::again) return {};
  SEALIFT_TRY(const auto added, records.acts->add(record_of(act, now)));
  if (added != catalog::Change::done) return base::refuse("account_moved_on");
  return {};
}

}  // namespace sealift::server::vault
