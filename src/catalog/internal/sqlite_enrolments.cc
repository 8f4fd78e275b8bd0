#include "catalog/internal/sqlite_records.h"

namespace sealift::catalog::internal {
namespace {

#define ENROLMENT_COLUMNS                                                            \
  "id, token, lookup, sealed_address, administrator, recovery_officer, invited_by, " \
  "created, expires"
constexpr Sql kRemoveEarlier{"DELETE FROM enrolments WHERE lookup = ?1"};
constexpr Sql kAdd{"INSERT INTO enrolments(" ENROLMENT_COLUMNS
                   ") VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"};
constexpr Sql kFind{"SELECT " ENROLMENT_COLUMNS
                    " FROM enrolments WHERE token = ?1 AND expires > ?2"};
constexpr Sql kTake{
    "DELETE FROM enrolments WHERE token = ?1 AND expires > ?2 RETURNING " ENROLMENT_COLUMNS};
constexpr Sql kList{"SELECT " ENROLMENT_COLUMNS
                    " FROM enrolments WHERE expires > ?1 ORDER BY expires"};
constexpr Sql kWithdraw{"DELETE FROM enrolments WHERE id = ?1"};
constexpr Sql kRemoveExpired{"DELETE FROM enrolments WHERE expires <= ?1"};

Enrolment read_enrolment(Row& row) {
  Enrolment enrolment;
  row.into(enrolment.id, enrolment.token, enrolment.lookup, enrolment.sealed_address,
           enrolment.roles.administrator, enrolment.roles.recovery_officer, enrolment.invited_by,
           enrolment.created, enrolment.expires);
  return enrolment;
}

class SqliteEnrolments final : public Enrolments {
 public:
  explicit SqliteEnrolments(SqliteDatabase& database) : database_(database) {}

  base::Result<void> add(const Enrolment& enrolment) override {
    SEALIFT_TRY_VOID(database_.run(kRemoveEarlier, enrolment.lookup));
    return nothing_of(database_.run(kAdd, enrolment.id, enrolment.token, enrolment.lookup,
                                    enrolment.sealed_address, enrolment.roles.administrator,
                                    enrolment.roles.recovery_officer, enrolment.invited_by,
                                    enrolment.created, enrolment.expires));
  }
  base::Result<std::optional<Enrolment>> find_live(const TokenHash& token,
                                                   base::UnixTime now) const override {
    return database_.first(kFind, read_enrolment, token, now);
  }
  base::Result<std::optional<Enrolment>> take(const TokenHash& token, base::UnixTime now) override {
    return database_.first(kTake, read_enrolment, token, now);
  }
  base::Result<std::vector<Enrolment>> list_live(base::UnixTime now) const override {
    return database_.all(kList, read_enrolment, now);
  }
  base::Result<Change> withdraw(const EnrolmentId& id) override {
    return change_of(database_.run(kWithdraw, id));
  }
  base::Result<std::uint64_t> remove_expired(base::UnixTime now) override {
    return database_.run(kRemoveExpired, now);
  }

 private:
  SqliteDatabase& database_;
};

}  // namespace

std::unique_ptr<Enrolments> sqlite_enrolments(SqliteDatabase& database) {
  return std::make_unique<SqliteEnrolments>(database);
}

}  // namespace sealift::catalog::internal
