#include "catalog/internal/sqlite_records.h"

namespace sealift::catalog::internal {
namespace {

#define ACT_COLUMNS                                                                      \
  "account, revision, generation, operation, target, body, previous, slots, challenge, " \
  "signature, digest, happened"
constexpr Sql kAdd{
    "INSERT INTO account_acts(" ACT_COLUMNS
    ") SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12 "
    "WHERE ?2 = 1 + (SELECT coalesce(max(revision), 0) FROM account_acts WHERE account = ?1)"};
constexpr Sql kLast{"SELECT " ACT_COLUMNS
                    " FROM account_acts WHERE account = ?1 ORDER BY revision DESC LIMIT 1"};
constexpr Sql kList{"SELECT " ACT_COLUMNS
                    " FROM account_acts WHERE account = ?1 AND revision < ?2 "
                    "ORDER BY revision DESC LIMIT ?3"};

Act read_act(Row& row) {
  Act act;
  row.into(act.account, act.revision, act.generation, act.operation, act.target, act.body,
           act.previous, act.slots, act.challenge, act.signature, act.digest, act.happened);
  return act;
}

class SqliteActs final : public Acts {
 public:
  explicit SqliteActs(SqliteDatabase& database) : database_(database) {}

  base::Result<Change> add(const Act& act) override {
    SEALIFT_TRY(const std::uint64_t added,
                database_.run(kAdd, act.account, act.revision, act.generation, act.operation,
                              act.target, act.body, act.previous, act.slots, act.challenge,
                              act.signature, act.digest, act.happened));
    return added == 0 ? Change::stale : Change::done;
  }
  base::Result<std::optional<Act>> last(const AccountId& account) const override {
    return database_.first(kLast, read_act, account);
  }
  base::Result<std::vector<Act>> list(const AccountId& account, const Page& page) const override {
    return database_.all(kList, read_act, account, before_of(page), page.rows_max);
  }

 private:
  SqliteDatabase& database_;
};

}  // namespace

std::unique_ptr<Acts> sqlite_acts(SqliteDatabase& database) {
  return std::make_unique<SqliteActs>(database);
}

}  // namespace sealift::catalog::internal
