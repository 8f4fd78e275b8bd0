#include "server/vault/guessing.h"

#include <algorithm>

#include "server/client_of.h"
#include "server/vault/observer.h"

namespace sealift::server::vault {
namespace {

using catalog::DelayKind;
using std::chrono::milliseconds;

// By what is tried from here, by what is tried from anywhere, by whoever tries anything.
constexpr Growth kBoth{4, std::chrono::minutes(15)};
constexpr Growth kSubject{20, std::chrono::seconds(4)};
constexpr Growth kClient{30, std::chrono::minutes(2)};
constexpr std::chrono::hours kForgotten{1};
constexpr std::chrono::hours kKnownFor{90 * 24};

milliseconds left(const catalog::Failures& failures, const Growth& growth, base::UnixTime now) {
  if (now - failures.last > kForgotten) return milliseconds(0);
  const auto due = failures.last + delay_after(failures.count, growth);
  return std::max(milliseconds(0), due - now);
}

}  // namespace

milliseconds delay_after(std::uint32_t failures, const Growth& growth) {
  if (failures <= growth.free) return milliseconds(0);
  constexpr std::uint32_t kStepsMax = 20;
  const std::uint32_t steps = std::min(failures - growth.free - 1, kStepsMax);
  return std::min(growth.longest, milliseconds(std::chrono::seconds(1)) * (1U << steps));
}

Guessing::Keys Guessing::keys_of(const Attempt& attempt) const {
  const ClientKey client = client_of(attempt.peer);
  base::Bytes both{static_cast<std::byte>(attempt.kind)};
  base::append(both, client);
  base::append(both, attempt.subject);
  return {keys_.delay_key(attempt.kind, attempt.subject),
          keys_.delay_key(DelayKind::client, client),
          keys_.delay_key(DelayKind::account_and_client, both),
          keys_.delay_key(DelayKind::known_client, both)};
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
        SEALIFT_TRY(const auto known, records.delays->find(DelayKind::known_client, keys.known));
        const bool is_known = now - known.last < kKnownFor;
        const milliseconds of_subject = is_known ? milliseconds(0) : left(subject, kSubject, now);
        const milliseconds longest =
            std::max({of_subject, left(client, kClient, now), left(both, kBoth, now)});
        if (longest == milliseconds(0)) return std::nullopt;
        return longest;
      });
}

base::Result<void> Guessing::failed(const Attempt& attempt, base::UnixTime now) {
  if (observer_ != nullptr) observer_->attempt_failed(attempt);
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
base::Result<void> Guessing::succeeded(const Attempt& attempt, base::UnixTime now) {
  const Keys keys = keys_of(attempt);
  return commits_.transact([&](catalog::Records& records) -> base::Result<void> {
    SEALIFT_TRY_VOID(records.delays->succeeded(DelayKind::account_and_client, keys.both));
    return records.delays->seen(DelayKind::known_client, keys.known, now);
  });
}

}  // namespace sealift::server::vault
