#include "server/vault/handlers/slot_forms.h"

#include <algorithm>

#include "age/format/header.h"
#include "base/limits.h"
#include "base/refusal.h"

namespace sealift::server::vault {
namespace {

using base::ErrorCode;
using base::Result;
using catalog::SlotKind;

constexpr std::uint64_t kGenerationMax = 1'000'000;
constexpr std::size_t kLabelSizeMax = 4096;
// Of an age payload: its nonce, and one last chunk's tag.
constexpr std::size_t kPayloadSizeMin = 16 + 16;
// How many keys a login is compared with, whoever logs in.
constexpr std::size_t kComparedMin = 2;

// What is kept of an authentication key, before it is wrapped.
crypto::Sha256Digest digest_of(const AuthenticationKey& key) { return crypto::sha256(key.view()); }

catalog::Verifier make_verifier(Services& services, const catalog::VerifierId& id,
                                const catalog::AccountId& account, const catalog::SlotId& slot,
                                const SlotInput& input) {
  return {.id = id,
          .account = account,
          .slot = slot,
          .kind = catalog::VerifierKind::authentication_key,
          .lookup = std::nullopt,
          .public_parameters = input.parameters,
          .wrapped = services.keys.wrap(WrapFor::verifier, id.view(),
                                        digest_of(*input.authentication_key), services.random),
          .created = {}};
}

Result<void> add_verifier(Services& services, catalog::Records& records,
                          const catalog::AccountId& account, const catalog::SlotId& slot,
                          const SlotInput& input, base::UnixTime now) {
  catalog::Verifier verifier =
      make_verifier(services, {services.random.array<16>()}, account, slot, input);
  verifier.created = now;
  SEALIFT_TRY(const auto added, records.slots->add_verifier(verifier));
  if (added != catalog::Insert::added) return base::fail(ErrorCode::internal, "verifier is taken");
  return {};
}

RecoveryInput take_recovery(JsonRequest& object) {
  RecoveryInput input;
  input.half = object.fixed<32>("half");
  input.threshold =
      static_cast<std::uint32_t>(object.integer("threshold", {2, limits::kRecoveryOfficersMax}));
  object.each("shares", limits::kRecoveryOfficersMax, [&](JsonRequest& share) {
    const auto officer = share.id<catalog::AccountId>("officer");
    base::Bytes file = share.bytes("file", kShareFileSizeMax);
    if (!is_age_file(file)) share.refuse("file");
    for (const auto& [other, shared] : input.shares)
      if (other == officer) share.refuse("officer");
    input.shares.emplace_back(officer, std::move(file));
  });
  if (input.shares.size() < input.threshold) object.refuse("shares");
  return input;
}

// Their owner has the keys: what was waiting to bring them back is over, and its shares are of
// another dealing.
Result<void> end_recovery(Services& services, catalog::Records& records,
                          const catalog::AccountId& account, base::UnixTime now) {
  SEALIFT_TRY(const auto waiting, records.recoveries->waiting());
  const auto own = std::ranges::find(waiting, account, &catalog::Recovery::account);
  if (own == waiting.end()) return {};
  SEALIFT_TRY([[maybe_unused]] const auto cancelled, records.recoveries->cancel(own->id));
  SEALIFT_TRY_VOID(services.notary.note(
      records, {.kind = Logged::recovery_cancelled,
                .happened = now,
                .account = account,
                .facts = {{"by", json_of(account)}, {"recovery", json_of(own->id)}}}));
  return {};
}

Result<void> deal(Services& services, catalog::Records& records, const catalog::SlotId& slot,
                  const RecoveryInput& input) {
  catalog::DealtRecovery dealt{
      .slot = slot,
      .threshold = input.threshold,
      .wrapped_half =
          services.keys.wrap(WrapFor::recovery_half, slot.view(), input.half, services.random)};
  for (const auto& [officer, file] : input.shares) {
    SEALIFT_TRY(const auto found, records.accounts->find(officer));
    const bool is_officer =
        found && found->state == catalog::AccountState::active && found->roles.recovery_officer;
    if (!is_officer) return base::refuse("share_of_no_officer");
    dealt.shares.push_back(
        {officer, services.keys.wrap(WrapFor::recovery_share, slot.view(), file, services.random)});
  }
  return records.recoveries->deal(dealt);
}

}  // namespace

bool is_age_file(base::ByteView file) {
  const auto header = age::Header::parse(file);
  return header && file.size() >= header->encoded().size() + kPayloadSizeMin;
}

AuthenticationKey take_authentication_key(JsonRequest& object, std::string_view key) {
  auto bytes = object.fixed<AuthenticationKey::kSize>(key);
  auto made = AuthenticationKey::copy_of(bytes);
  crypto::wipe(bytes);
  return made;
}

SlotInput take_slot(JsonRequest& object, base::ByteView password_parameters) {
  static constexpr SlotKind kKinds[] = {SlotKind::password, SlotKind::paper_key,
                                        SlotKind::trusted_browser, SlotKind::recovery};
  SlotInput input;
  input.kind =
      kKinds[object.choice("kind", {"password", "paper_key", "trusted_browser", "recovery"})];
  input.generation = {object.integer("generation", {1, kGenerationMax})};
  input.file = object.bytes("file", limits::kSlotFileSizeMax);
  if (!is_age_file(input.file)) object.refuse("file");
  if (auto label = object.optional_bytes("label", kLabelSizeMax)) input.label = *std::move(label);
  object.optional_object("authentication", [&](JsonRequest& authentication) {
    authentication.choice("kind", {"authentication_key"});
    input.parameters = authentication.bytes("parameters", 256);
    input.authentication_key = take_authentication_key(authentication, "key");
  });
  object.optional_object("recovery", [&](JsonRequest& recovery) {
    input.recovery = take_recovery(recovery);
    if (input.kind != SlotKind::recovery) object.refuse("recovery");
  });
  const bool is_password = input.kind == SlotKind::password;
  const bool may_log_in = is_password || input.kind == SlotKind::paper_key;
  if (input.authentication_key && !may_log_in) object.refuse("authentication");
  const base::ByteView expected =
      is_password && input.authentication_key ? password_parameters : base::ByteView();
  if (!std::ranges::equal(input.parameters, expected)) object.refuse("parameters");
  return input;
}

Result<catalog::SlotId> add_slot(Services& services, catalog::Records& records,
                                 const catalog::AccountId& account, const SlotInput& input,
                                 base::UnixTime now) {
  const catalog::SlotId id{services.random.array<16>()};
  const catalog::Slot slot{
      .id = id,
      .account = account,
      .kind = input.kind,
      .generation = input.generation,
      .wrapped = services.keys.wrap(WrapFor::slot, id.view(), input.file, services.random),
      .sealed_label = input.label,
      .created = now};
  SEALIFT_TRY(const auto added, records.slots->add(slot));
  if (added != catalog::Insert::added) return base::fail(ErrorCode::internal, "slot is taken");
  if (input.authentication_key) {
    SEALIFT_TRY_VOID(add_verifier(services, records, account, id, input, now));
  }
  if (input.kind == SlotKind::recovery)
    SEALIFT_TRY_VOID(end_recovery(services, records, account, now));
  if (input.recovery) SEALIFT_TRY_VOID(deal(services, records, id, *input.recovery));
  return id;
}

Result<bool> holds(const Services& services, const catalog::Slot& slot, const SlotInput& input) {
  if (slot.kind != input.kind || slot.generation != input.generation ||
      slot.sealed_label != input.label) {
    return false;
  }
  SEALIFT_TRY(const auto file, services.keys.unwrap(WrapFor::slot, slot.id.view(), slot.wrapped));
  return std::ranges::equal(file.view(), input.file);
}

Result<void> replace_slot(Services& services, catalog::Records& records, const catalog::Slot& slot,
                          const SlotInput& input, catalog::Revision expected, base::UnixTime now) {
  if (input.kind != slot.kind) return base::refuse("slot_changed");
  // It is dealt again with slot.add.
  if (input.kind == SlotKind::recovery) return base::refuse("wrong_field", {{"field", "kind"}});
  catalog::Slot changed = slot;
  changed.generation = input.generation;
  changed.wrapped = services.keys.wrap(WrapFor::slot, slot.id.view(), input.file, services.random);
  changed.sealed_label = input.label;
  SEALIFT_TRY(const auto outcome, records.slots->replace(changed, expected));
  if (outcome == catalog::Change::absent) return base::refuse("no_slot");
  if (outcome == catalog::Change::stale) return base::refuse("slot_changed");
  if (!input.authentication_key) return {};
  SEALIFT_TRY(const auto verifiers,
              records.slots->verifiers(slot.account, catalog::VerifierKind::authentication_key));
  const auto of_slot = std::ranges::find_if(
      verifiers, [&](const catalog::Verifier& each) { return each.slot == slot.id; });
  if (of_slot == verifiers.end()) {
    return add_verifier(services, records, slot.account, slot.id, input, now);
  }
  catalog::Verifier verifier = make_verifier(services, of_slot->id, slot.account, slot.id, input);
  verifier.created = input.kind == SlotKind::password ? of_slot->created : now;
  SEALIFT_TRY(const auto replaced, records.slots->replace_verifier(verifier));
  if (replaced != catalog::Change::done) return base::refuse("slot_changed");
  return {};
}

std::vector<catalog::Verifier> ways_in(std::vector<catalog::Verifier> verifiers,
                                       base::UnixTime now) {
  const auto oldest = std::ranges::min_element(verifiers, {}, &catalog::Verifier::created);
  if (oldest == verifiers.end()) return verifiers;
  std::erase_if(verifiers, [&, first = oldest->created](const catalog::Verifier& each) {
    return each.created != first && now - each.created < kSlotInert;
  });
  return verifiers;
}

Result<void> refuse_new_way_in(const Services& services,
                               std::span<const catalog::Verifier> verifiers,
                               const AuthenticationKey& key, base::UnixTime now) {
  base::UnixTime created = now;
  for (const catalog::Verifier& each : verifiers) {
    SEALIFT_TRY(const bool is_it, is_known_key(services, std::span(&each, 1), key));
    if (is_it) created = each.created;
  }
  const auto left = created + kSlotInert - now;
  return base::refuse("way_in_is_new", {{"wait_ms", kSlotInertMs},
                                        {"left_ms", static_cast<std::uint64_t>(left.count())}});
}

Result<bool> is_known_key(const Services& services, std::span<const catalog::Verifier> verifiers,
                          const AuthenticationKey& key) {
  const auto digest = digest_of(key);
  bool is_known = false;
  std::size_t compared = 0;
  for (const catalog::Verifier& verifier : verifiers) {
    SEALIFT_TRY(const auto kept,
                services.keys.unwrap(WrapFor::verifier, verifier.id.view(), verifier.wrapped));
    is_known = crypto::equal(kept.view(), digest) || is_known;
    ++compared;
  }
  // The same work on bytes that open to nothing.
  static const base::Bytes kNobodys(1 + 24 + crypto::kSha256Size + 16, std::byte{1});
  const catalog::VerifierId nobody{};
  for (; compared < kComparedMin; ++compared) {
    const auto kept = services.keys.unwrap(WrapFor::verifier, nobody.view(), kNobodys);
    is_known = (kept && crypto::equal(kept->view(), digest)) || is_known;
  }
  return is_known;
}

}  // namespace sealift::server::vault
