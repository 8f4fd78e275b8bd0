#include "catalog/internal/sqlite_records.h"

namespace sealift::catalog::internal {
namespace {

constexpr Sql kFind{"SELECT failures, last FROM delays WHERE kind = ?1 AND key = ?2"};
constexpr Sql kFailed{
    "INSERT INTO delays(kind, key, failures, last) VALUES(?1, ?2, 1, ?3) "
    "ON CONFLICT(kind, key) DO UPDATE SET "
    "failures = CASE WHEN last < ?4 THEN 1 ELSE min(failures + 1, 1000000) END, "
    "last = max(last, ?3) RETURNING failures, last"};
constexpr Sql kSucceeded{"DELETE FROM delays WHERE kind = ?1 AND key = ?2"};
constexpr Sql kSeen{
    "INSERT INTO delays(kind, key, failures, last) VALUES(?1, ?2, 0, ?3) "
    "ON CONFLICT(kind, key) DO UPDATE SET last = max(last, ?3)"};
constexpr Sql kRemoveOlder{"DELETE FROM delays WHERE last < ?1 AND (kind <> 7 OR last < ?2)"};

Failures read_failures(Row& row) {
  Failures failures;
  row.into(failures.count, failures.last);
  return failures;
}

class SqliteDelays final : public Delays {
 public:
  explicit SqliteDelays(SqliteDatabase& database) : database_(database) {}

  base::Result<Failures> find(DelayKind kind, const DelayKey& key) const override {
    SEALIFT_TRY(const auto found, database_.first(kFind, read_failures, kind, key));
    return found.value_or(Failures{});
  }
  base::Result<Failures> failed(DelayKind kind, const DelayKey& key, base::UnixTime now,
                                base::UnixTime forget_before) override {
    SEALIFT_TRY(const auto counted,
                database_.first(kFailed, read_failures, kind, key, now, forget_before));
    return counted.value_or(Failures{});
  }
  base::Result<void> succeeded(DelayKind kind, const DelayKey& key) override {
    return nothing_of(database_.run(kSucceeded, kind, key));
  }
  base::Result<void> seen(DelayKind kind, const DelayKey& key, base::UnixTime now) override {
    return nothing_of(database_.run(kSeen, kind, key, now));
  }
  base::Result<std::uint64_t> remove_older(base::UnixTime failed_before,
                                           base::UnixTime known_before) override {
    return database_.run(kRemoveOlder, failed_before, known_before);
  }

 private:
  SqliteDatabase& database_;
};

}  // namespace

std::unique_ptr<Delays> sqlite_delays(SqliteDatabase& database) {
  return std::make_unique<SqliteDelays>(database);
}

}  // namespace sealift::catalog::internal
