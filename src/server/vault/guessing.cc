#include "server/vault/guessing.h"

#include <algorithm>

namespace sealift::server::vault {
namespace {

using catalog::DelayKind;
using std::chrono::milliseconds;

// By what is tried from here, by what is tried from anywhere, by whoever tries anything.
constexpr Growth kBoth{4, std::chrono::minutes(15)};
constexpr Growth kSubject{20, std::chrono::seconds(4)};
constexpr Growth kClient{30, std::chrono::minutes(2)};
constexpr std::chrono::hours kForgotten{1};

milliseconds left(const catalog::Failures& failures, const Growth& growth, base::UnixTime now) {
  if (now - failures.last > kForgotten) return milliseconds(0);
  const auto due = failures.last + delay_after(failures.count, growth);
  return std::max(milliseconds(0), due - now);
}

}  // namespace

base::ByteView client_of(const std::array<std::byte, 16>& peer) {
  const base::ByteView whole(peer);
  constexpr std::size_t kNetworkSize = 8;
  constexpr std::size_t kMappedSize = 10;
  const bool is_mapped = std::all_of(peer.begin(), peer.begin() + kMappedSize,
                                     [](std::byte each) { return each == std::byte{0}; });
  return is_mapped ? whole : whole.first(kNetworkSize);
}

milliseconds delay_after(std::uint32_t failures, const Growth& growth) {
  if (failures <= growth.free) return milliseconds(0);
  constexpr std::uint32_t kStepsMax = 20;
  const std::uint32_t steps = std::min(failures - growth.free - 1, kStepsMax);
  return std::min(growth.longest, milliseconds(std::chrono::seconds(1)) * (1U << steps));
}

Guessing::Keys Guessing::keys_of(const Attempt& attempt) const {
  const base::ByteView client = client_of(attempt.peer);
  base::Bytes both{static_cast<std::byte>(attempt.kind)};
  base::append(both, client);
  base::append(both, attempt.subject);
  return {keys_.delay_key(attempt.kind, attempt.subject),
          keys_.delay_key(DelayKind::client, client),
          keys_.delay_key(DelayKind::account_and_client, both)};
}

base::Result<std::optional<milliseconds>> Guessing::wait(const Attempt& attempt,
                                                         base::UnixTime now) {
  const Keys keys = keys_of(attempt);
  return catalog_.read(
      [&](const catalog::Records& records) -> base::Result<std::optional<milliseconds>> {
        SEALIFT_TRY(const auto subject, records.delays->find(attempt.kind, keys.subject));
        SEALIFT_TRY(const auto client, records.delays->find(DelayKind::client, keys.client));
        SEALIFT_TRY(const auto both,
                    records.delays->find(DelayKind::account_and_client, keys.both));
        const milliseconds longest = std::max(
            {left(subject, kSubject, now), left(client, kClient, now), left(both, kBoth, now)});
        if (longest == milliseconds(0)) return std::nullopt;
        return longest;
      });
}

base::Result<void> Guessing::failed(const Attempt& attempt, base::UnixTime now) {
  const Keys keys = keys_of(attempt);
  return commits_.transact([&](catalog::Records& records) -> base::Result<void> {
    const base::UnixTime before = now - kForgotten;
    SEALIFT_TRY_VOID(records.delays->failed(attempt.kind, keys.subject, now, before));
    SEALIFT_TRY_VOID(records.delays->failed(DelayKind::client, keys.client, now, before));
    SEALIFT_TRY_VOID(records.delays->failed(DelayKind::account_and_client, keys.both, now, before));
    return {};
  });
}

// Of the one thing from this one place: what others tried elsewhere stays counted.
base::Result<void> Guessing::succeeded(const Attempt& attempt) {
  const Keys keys = keys_of(attempt);
  return commits_.transact([&](catalog::Records& records) {
    return records.delays->succeeded(DelayKind::account_and_client, keys.both);
  });
}

}  // namespace sealift::server::vault
