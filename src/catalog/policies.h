// Policy: what the administrators allow, one typed document with a revision.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/ids.h"

namespace sealift::catalog {

enum class PassphraseRule : std::uint8_t { optional = 1, required = 2 };
enum class LinkRule : std::uint8_t { allowed = 1, forbidden = 2 };
enum class LockdownHalves : std::uint8_t { unusable = 1, destroyed = 2 };

struct Policy {
  Revision revision{};  // set by the catalog
  std::chrono::milliseconds parcel_lifetime_ms_default = std::chrono::hours(7 * 24);
  std::chrono::milliseconds parcel_lifetime_ms_max = std::chrono::hours(90 * 24);
  std::uint64_t parcel_size_bytes_max = std::uint64_t{1} << 42;
  std::uint64_t account_quota_bytes_max = std::uint64_t{1} << 40;
  std::optional<std::uint32_t> link_opens_max{};
  LinkRule links = LinkRule::allowed;
  PassphraseRule link_passphrase = PassphraseRule::optional;
  // Empty: any. Whole domains, lower case.
  std::vector<std::string> recipient_domains{};
  // How long the record of an ended parcel is kept.
  std::chrono::milliseconds record_retention_ms = std::chrono::hours(365 * 24);
  std::chrono::milliseconds session_lifetime_ms_max = std::chrono::hours(12);
  std::chrono::milliseconds session_idle_ms_max = std::chrono::hours(1);
  std::chrono::milliseconds recovery_delay_ms_min = std::chrono::hours(48);
  LockdownHalves lockdown_halves = LockdownHalves::unusable;
  // How long a change of roles, or a weakening of this policy, waits (proposals.h).
  std::chrono::milliseconds proposal_delay_ms_min = std::chrono::hours(72);
  friend bool operator==(const Policy&, const Policy&) = default;
};

class Policies {
 public:
  virtual ~Policies() = default;

  virtual base::Result<Policy> current() const = 0;
  // stale: `policy.revision` is not the current one.
  virtual base::Result<Change> replace(const Policy& policy) = 0;
};

}  // namespace sealift::catalog
