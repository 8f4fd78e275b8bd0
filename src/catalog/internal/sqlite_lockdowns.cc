#include "catalog/internal/sqlite_records.h"

namespace sealift::catalog::internal {
namespace {

// Approvals of those who may give one now.
#define COUNT_APPROVALS                                                             \
  "(SELECT count(*) FROM lockdown_approvals v JOIN accounts a ON a.id = v.account " \
  "WHERE v.lockdown = lockdowns.id AND a.state = 1 AND a.administrator = 1)"
#define SELECT_LOCKDOWN \
  "SELECT id, locked_by, locked, reopened, " COUNT_APPROVALS " FROM lockdowns "
constexpr Sql kLock{
    "INSERT INTO lockdowns(id, locked_by, locked) SELECT ?1, ?2, ?3 "
    "WHERE NOT EXISTS (SELECT 1 FROM lockdowns WHERE reopened IS NULL)"};
constexpr Sql kCurrent{SELECT_LOCKDOWN "WHERE reopened IS NULL"};
constexpr Sql kHistory{SELECT_LOCKDOWN "ORDER BY seq DESC"};
constexpr Sql kIsCurrent{"SELECT count(*) FROM lockdowns WHERE id = ?1 AND reopened IS NULL"};
constexpr Sql kApprove{"INSERT INTO lockdown_approvals VALUES(?1, ?2, ?3) ON CONFLICT DO NOTHING"};
constexpr Sql kReopen{
    "UPDATE lockdowns SET reopened = ?3 "
    "WHERE id = ?1 AND reopened IS NULL AND " COUNT_APPROVALS " >= ?2"};

// While nobody could log in, nobody could say no.
constexpr Sql kPostponeRecoveries{
    "UPDATE recoveries SET not_before = not_before + max(0, ?2 - (SELECT locked FROM lockdowns "
    "WHERE id = ?1)) WHERE state = 1"};

Lockdown read_lockdown(Row& row) {
  Lockdown lockdown;
  row.into(lockdown.id, lockdown.locked_by, lockdown.locked, lockdown.reopened, lockdown.approvals);
  return lockdown;
}

class SqliteLockdowns final : public Lockdowns {
 public:
  explicit SqliteLockdowns(SqliteDatabase& database) : database_(database) {}

  base::Result<Insert> lock(const LockdownId& id, const std::optional<AccountId>& by,
                            base::UnixTime now) override {
    return insert_of(database_.run(kLock, id, by, now));
  }
  base::Result<std::optional<Lockdown>> current() const override {
    return database_.first(kCurrent, read_lockdown);
  }
  base::Result<Change> approve_reopening(const LockdownId& id, const AccountId& by,
                                         base::UnixTime now) override {
    SEALIFT_TRY(const bool is_current, database_.only<bool>(kIsCurrent, id));
    if (!is_current) return Change::absent;
    SEALIFT_TRY(const auto approved, database_.run(kApprove, id, by, now));
    return approved == 0 ? Change::stale : Change::done;
  }
  base::Result<Change> reopen(const LockdownId& id, std::uint32_t approvals_min,
                              base::UnixTime now) override {
    SEALIFT_TRY(
        const Change change,
        change_or_stale(database_, database_.run(kReopen, id, approvals_min, now), kIsCurrent, id));
    if (change == Change::done)
      SEALIFT_TRY_VOID(nothing_of(database_.run(kPostponeRecoveries, id, now)));
    return change;
  }
  base::Result<std::vector<Lockdown>> history() const override {
    return database_.all(kHistory, read_lockdown);
  }

 private:
  SqliteDatabase& database_;
};

}  // namespace

std::unique_ptr<Lockdowns> sqlite_lockdowns(SqliteDatabase& database) {
  return std::make_unique<SqliteLockdowns>(database);
}

}  // namespace sealift::catalog::internal
