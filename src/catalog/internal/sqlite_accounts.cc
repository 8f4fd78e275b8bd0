#include "catalog/internal/sqlite_records.h"

namespace sealift::catalog::internal {
namespace {

#define SELECT_ACCOUNT                                                               \
  "SELECT seq, id, lookup, sealed_address, administrator, recovery_officer, state, " \
  "language, quota_bytes_max, used_bytes, created FROM accounts "
constexpr Sql kAdd{
    "INSERT INTO accounts(id, lookup, sealed_address, administrator, recovery_officer, state, "
    "language, created) VALUES(?1, ?2, ?3, ?4, ?5, 1, ?6, ?7) ON CONFLICT(lookup) DO NOTHING"};
constexpr Sql kFind{SELECT_ACCOUNT "WHERE id = ?1"};
constexpr Sql kFindByAddress{SELECT_ACCOUNT "WHERE lookup = ?1"};
constexpr Sql kList{SELECT_ACCOUNT "WHERE seq < ?1 ORDER BY seq DESC LIMIT ?2"};
constexpr Sql kActiveAdministrators{
    "SELECT count(*) FROM accounts WHERE state = 1 AND administrator = 1"};
constexpr Sql kAdministrators{
    "SELECT count(*) FROM accounts WHERE state <> 3 AND administrator = 1"};
constexpr Sql kTotals{
    "SELECT count(*) FILTER (WHERE state = 1), count(*) FILTER (WHERE state = 2), "
    "count(*) FILTER (WHERE state = 3), coalesce(sum(used_bytes), 0) FROM accounts"};
constexpr Sql kOfficers{"SELECT id FROM accounts WHERE state = 1 AND recovery_officer = 1"};
constexpr Sql kExists{"SELECT count(*) FROM accounts WHERE id = ?1"};
constexpr Sql kSetState{"UPDATE accounts SET state = ?2 WHERE id = ?1 AND state <> 3"};
constexpr Sql kSetRoles{
    "UPDATE accounts SET administrator = ?2, recovery_officer = ?3 WHERE id = ?1"};
constexpr Sql kSetLanguage{"UPDATE accounts SET language = ?2 WHERE id = ?1"};
constexpr Sql kSetQuota{"UPDATE accounts SET quota_bytes_max = ?2 WHERE id = ?1"};
constexpr Sql kRewrap{"UPDATE accounts SET sealed_address = ?2 WHERE id = ?1"};

Account read_account(Row& row) {
  Account account;
  row.into(account.cursor, account.id, account.lookup, account.sealed_address,
           account.roles.administrator, account.roles.recovery_officer, account.state,
           account.language, account.quota_bytes_max, account.used_bytes, account.created);
  return account;
}

AccountTotals read_totals(Row& row) {
  AccountTotals totals;
  row.into(totals.active, totals.suspended, totals.closed, totals.used_bytes);
  return totals;
}

class SqliteAccounts final : public Accounts {
 public:
  explicit SqliteAccounts(SqliteDatabase& database) : database_(database) {}

  base::Result<Insert> add(const NewAccount& account) override {
    return insert_of(database_.run(kAdd, account.id, account.lookup, account.sealed_address,
                                   account.roles.administrator, account.roles.recovery_officer,
                                   account.language, account.created));
  }
  base::Result<std::optional<Account>> find(const AccountId& id) const override {
    return database_.first(kFind, read_account, id);
  }
  base::Result<std::optional<Account>> find_by_address(const AddressLookup& lookup) const override {
    return database_.first(kFindByAddress, read_account, lookup);
  }
  base::Result<std::vector<Account>> list(const Page& page) const override {
    return database_.all(kList, read_account, before_of(page), page.rows_max);
  }
  base::Result<std::uint64_t> active_administrators() const override {
    return database_.only<std::uint64_t>(kActiveAdministrators);
  }
  base::Result<std::uint64_t> administrators() const override {
    return database_.only<std::uint64_t>(kAdministrators);
  }
  base::Result<AccountTotals> totals() const override {
    SEALIFT_TRY(const auto totals, database_.first(kTotals, read_totals));
    if (!totals) return base::fail(base::ErrorCode::internal, "catalog: no row");
    return *totals;
  }
  base::Result<std::vector<AccountId>> active_recovery_officers() const override {
    return database_.all(kOfficers, value_of<AccountId>);
  }
  base::Result<Change> set_state(const AccountId& id, AccountState state) override {
    return change_or_stale(database_, database_.run(kSetState, id, state), kExists, id);
  }
  base::Result<Change> set_roles(const AccountId& id, Roles roles) override {
    return change_of(database_.run(kSetRoles, id, roles.administrator, roles.recovery_officer));
  }
  base::Result<Change> set_language(const AccountId& id, Language language) override {
    return change_of(database_.run(kSetLanguage, id, language));
  }
  base::Result<Change> set_quota(const AccountId& id,
                                 std::optional<std::uint64_t> bytes_max) override {
    return change_of(database_.run(kSetQuota, id, bytes_max));
  }
  base::Result<Change> rewrap_address(const AccountId& id, base::ByteView sealed_address) override {
    return change_of(database_.run(kRewrap, id, sealed_address));
  }

 private:
  SqliteDatabase& database_;
};

}  // namespace

std::unique_ptr<Accounts> sqlite_accounts(SqliteDatabase& database) {
  return std::make_unique<SqliteAccounts>(database);
}

}  // namespace sealift::catalog::internal
