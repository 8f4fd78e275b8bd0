#include "catalog/internal/sqlite_records.h"

namespace sealift::catalog::internal {
namespace {

#define POLICY_COLUMNS                                                                     \
  "revision, parcel_lifetime_ms_default, parcel_lifetime_ms_max, parcel_size_bytes_max, "  \
  "account_quota_bytes_max, link_opens_max, links, link_passphrase, record_retention_ms, " \
  "session_lifetime_ms_max, session_idle_ms_max, recovery_delay_ms_min, lockdown_halves, " \
  "proposal_delay_ms_min"
constexpr Sql kCurrent{"SELECT " POLICY_COLUMNS " FROM policy"};
constexpr Sql kReplace{"INSERT INTO policy(only, " POLICY_COLUMNS
                       ") VALUES(1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14) "
                       "ON CONFLICT(only) DO UPDATE SET "
                       "(" POLICY_COLUMNS
                       ") = (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)"};
constexpr Sql kDomains{"SELECT domain FROM policy_domains ORDER BY domain"};
constexpr Sql kClearDomains{"DELETE FROM policy_domains"};
constexpr Sql kAddDomain{"INSERT INTO policy_domains VALUES(?1) ON CONFLICT DO NOTHING"};

Policy read_policy(Row& row) {
  Policy policy;
  row.into(policy.revision, policy.parcel_lifetime_ms_default, policy.parcel_lifetime_ms_max,
           policy.parcel_size_bytes_max, policy.account_quota_bytes_max, policy.link_opens_max,
           policy.links, policy.link_passphrase, policy.record_retention_ms,
           policy.session_lifetime_ms_max, policy.session_idle_ms_max, policy.recovery_delay_ms_min,
           policy.lockdown_halves, policy.proposal_delay_ms_min);
  return policy;
}

class SqlitePolicies final : public Policies {
 public:
  explicit SqlitePolicies(SqliteDatabase& database) : database_(database) {}

  base::Result<Policy> current() const override {
    SEALIFT_TRY(auto stored, database_.first(kCurrent, read_policy));
    Policy policy = std::move(stored).value_or(Policy{});
    SEALIFT_TRY(policy.recipient_domains, database_.all(kDomains, value_of<std::string>));
    return policy;
  }
  base::Result<Change> replace(const Policy& policy) override {
    SEALIFT_TRY(const Policy before, current());
    if (before.revision != policy.revision) return Change::stale;
    SEALIFT_TRY_VOID(database_.run(
        kReplace, policy.revision.value + 1, policy.parcel_lifetime_ms_default,
        policy.parcel_lifetime_ms_max, policy.parcel_size_bytes_max, policy.account_quota_bytes_max,
        policy.link_opens_max, policy.links, policy.link_passphrase, policy.record_retention_ms,
        policy.session_lifetime_ms_max, policy.session_idle_ms_max, policy.recovery_delay_ms_min,
        policy.lockdown_halves, policy.proposal_delay_ms_min));
    SEALIFT_TRY_VOID(database_.run(kClearDomains));
    for (const std::string& domain : policy.recipient_domains)
      SEALIFT_TRY_VOID(database_.run(kAddDomain, domain));
    return Change::done;
  }

 private:
  SqliteDatabase& database_;
};

}  // namespace

std::unique_ptr<Policies> sqlite_policies(SqliteDatabase& database) {
  return std::make_unique<SqlitePolicies>(database);
}

}  // namespace sealift::catalog::internal
