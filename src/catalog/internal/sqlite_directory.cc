#include "catalog/internal/sqlite_records.h"

namespace sealift::catalog::internal {
namespace {

#define SELECT_ENTRY                                                                           \
  "SELECT d.account, d.generation, d.recipient, d.signing_key, d.endorsement, d.event, "       \
  "c.log_index, d.created, d.salt, d.previous, d.how FROM directory d LEFT JOIN custody c ON " \
  "c.id = d.event "
constexpr Sql kAdd{
    "INSERT INTO directory(account, generation, recipient, signing_key, endorsement, event, "
    "created, salt, previous, how) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10 "
    "WHERE ?2 = 1 + (SELECT count(*) FROM directory WHERE account = ?1)"};
constexpr Sql kNewest{SELECT_ENTRY "WHERE d.account = ?1 ORDER BY d.generation DESC LIMIT 1"};
constexpr Sql kHistory{SELECT_ENTRY "WHERE d.account = ?1 ORDER BY d.generation"};

#define SELECT_CHANGE                                                                        \
  "SELECT place, how, generation, commitment, happened, authenticator, log_index, seq FROM " \
  "directory_changes "
constexpr Sql kAddChange{
    "INSERT INTO directory_changes(place, how, generation, commitment, happened, authenticator) "
    "VALUES(?1, ?2, ?3, ?4, ?5, ?6)"};
constexpr Sql kQueued{SELECT_CHANGE
                      "WHERE log_index IS NULL AND refused = 0 ORDER BY seq LIMIT ?1"};
constexpr Sql kChangeAt{SELECT_CHANGE "WHERE log_index = ?1"};
constexpr Sql kChangeLogged{
    "UPDATE directory_changes SET log_index = ?2 WHERE seq = ?1 AND log_index IS NULL AND refused "
    "= 0"};
constexpr Sql kRefuseChange{
    "UPDATE directory_changes SET refused = 1 WHERE seq = ?1 AND log_index IS NULL"};
constexpr Sql kChangesLoggedCount{"SELECT coalesce(max(log_index) + 1, 0) FROM directory_changes"};
constexpr Sql kRequeueChanges{
    "UPDATE directory_changes SET log_index = NULL WHERE log_index >= ?1"};

DirectoryChange read_change(Row& row) {
  DirectoryChange change;
  row.into(change.place, change.how, change.generation, change.commitment, change.happened,
           change.authenticator, change.log_index, change.cursor);
  return change;
}

DirectoryEntry read_entry(Row& row) {
  DirectoryEntry entry;
  row.into(entry.account, entry.generation, entry.recipient, entry.signing_key, entry.endorsement,
           entry.event, entry.log_index, entry.created, entry.salt, entry.previous, entry.how);
  return entry;
}

class SqliteDirectory final : public Directory {
 public:
  explicit SqliteDirectory(SqliteDatabase& database) : database_(database) {}

  base::Result<Change> add(const DirectoryEntry& entry) override {
    SEALIFT_TRY(const std::uint64_t added,
                database_.run(kAdd, entry.account, entry.generation, entry.recipient,
                              entry.signing_key, entry.endorsement, entry.event, entry.created,
                              entry.salt, entry.previous, entry.how));
    return added == 0 ? Change::stale : Change::done;
  }
  base::Result<std::optional<DirectoryEntry>> newest(const AccountId& account) const override {
    return database_.first(kNewest, read_entry, account);
  }
  base::Result<std::vector<DirectoryEntry>> history(const AccountId& account) const override {
    return database_.all(kHistory, read_entry, account);
  }

  base::Result<void> add_change(const DirectoryChange& change) override {
    SEALIFT_TRY_VOID(database_.run(kAddChange, change.place, change.how, change.generation,
                                   change.commitment, change.happened, change.authenticator));
    return {};
  }
  base::Result<std::vector<DirectoryChange>> queued_changes(std::uint32_t rows_max) const override {
    return database_.all(kQueued, read_change, rows_max);
  }
  base::Result<std::optional<DirectoryChange>> change_at(LogIndex index) const override {
    return database_.first(kChangeAt, read_change, index);
  }
  base::Result<Change> change_logged(Cursor cursor, LogIndex index) override {
    return change_of(database_.run(kChangeLogged, cursor, index));
  }
  base::Result<Change> refuse_change(Cursor cursor) override {
    return change_of(database_.run(kRefuseChange, cursor));
  }
  base::Result<std::uint64_t> changes_logged_count() const override {
    return database_.only<std::uint64_t>(kChangesLoggedCount);
  }
  base::Result<std::uint64_t> requeue_changes(LogIndex from) override {
    return database_.run(kRequeueChanges, from);
  }

 private:
  SqliteDatabase& database_;
};

}  // namespace

std::unique_ptr<Directory> sqlite_directory(SqliteDatabase& database) {
  return std::make_unique<SqliteDirectory>(database);
}

}  // namespace sealift::catalog::internal
