#include "client/account/own_recovery.h"

#include <algorithm>

#include "client/account/recovery_shares.h"
#include "crypto/secret_sharing.h"

namespace sealift::client {
namespace {

using base::Result;

constexpr std::uint64_t kThresholdMin = 2;

}  // namespace

unsigned recovery_threshold(std::uint64_t told) {
  return static_cast<unsigned>(
      std::clamp<std::uint64_t>(told, kThresholdMin, crypto::kSharesMax + 1));
}

RecoveryNeed recovery_need(const api::OwnRecovery& own, std::uint64_t generation) {
  const auto is_officer = [&](const api::AccountId& id) {
    return std::ranges::find(own.officers, id, &api::DirectoryEntry::account) != own.officers.end();
  };
  const bool is_good =
      own.has_slot && own.shares_needed.value_or(0) >= recovery_threshold(own.threshold) &&
      own.generation == generation && std::ranges::all_of(own.shared_with, is_officer);
  if (is_good) return RecoveryNeed::nothing;
  if (own.officers.size() < recovery_threshold(own.threshold)) return RecoveryNeed::too_few;
  if (!own.has_slot) return RecoveryNeed::missing;
  return own.shares_needed ? RecoveryNeed::outdated : RecoveryNeed::each;
}

bool are_accepted(const Pins& pins, const parcel::Address& address,
                  const std::vector<Officer>& officers) {
  const auto accepted = pins.officers.find(address.text());
  return accepted != pins.officers.end() && std::ranges::all_of(officers, [&](const Officer& each) {
           return accepted->second.recipients.contains(each.recipient);
         });
}

void accept_officers(Pins& pins, const parcel::Address& address,
                     const std::vector<Officer>& officers) {
  AcceptedOfficers& accepted = pins.officers[address.text()];
  ++accepted.times;
  accepted.recipients.clear();  // who was one before is none any more
  for (const Officer& each : officers) accepted.recipients.insert(each.recipient);
}

Result<api::NewSlot> recovery_slot(const AccountKeys& keys, const api::AccountId& account,
                                   const std::vector<Officer>& officers, unsigned threshold,
                                   crypto::Random& random) {
  SEALIFT_TRY(DealtRecovery dealt,
              deal_recovery(keys, account.bytes, threshold, recipients_of(officers), random));
  api::DealtRecovery recovery{.half = dealt.half, .threshold = threshold, .shares = {}};
  for (std::size_t i = 0; i < officers.size(); ++i)
    recovery.shares.push_back({officers[i].account, {std::move(dealt.shares[i])}});
  return api::NewSlot{.kind = api::SlotKind::recovery,
                      .generation = keys.generation,
                      .file = {std::move(dealt.slot)},
                      .label = {},
                      .authentication = {},
                      .recovery = std::move(recovery)};
}

Result<void> renew_recovery(Acting& acting, const AccountKeys& keys, const api::AccountId& account,
                            const std::vector<Officer>& officers, unsigned threshold,
                            crypto::Random& random) {
  SEALIFT_TRY(const api::NewSlot slot, recovery_slot(keys, account, officers, threshold, random));
  return acting.call(api::kSlotAdd, slot).map([](const auto&) {});
}

}  // namespace sealift::client
