#include "catalog/internal/sqlite_records.h"

namespace sealift::catalog::internal {
namespace {

#define SELECT_ENTRY                                                                     \
  "SELECT d.account, d.generation, d.recipient, d.signing_key, d.endorsement, d.event, " \
  "c.log_index, d.created FROM directory d LEFT JOIN custody c ON c.id = d.event "
constexpr Sql kAdd{
    "INSERT INTO directory(account, generation, recipient, signing_key, endorsement, event, "
    "created) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 "
    "WHERE ?2 = 1 + (SELECT count(*) FROM directory WHERE account = ?1)"};
constexpr Sql kNewest{SELECT_ENTRY "WHERE d.account = ?1 ORDER BY d.generation DESC LIMIT 1"};
constexpr Sql kHistory{SELECT_ENTRY "WHERE d.account = ?1 ORDER BY d.generation"};

DirectoryEntry read_entry(Row& row) {
  DirectoryEntry entry;
  row.into(entry.account, entry.generation, entry.recipient, entry.signing_key, entry.endorsement,
           entry.event, entry.log_index, entry.created);
  return entry;
}

class SqliteDirectory final : public Directory {
 public:
  explicit SqliteDirectory(SqliteDatabase& database) : database_(database) {}

  base::Result<Change> add(const DirectoryEntry& entry) override {
    SEALIFT_TRY(const std::uint64_t added,
                database_.run(kAdd, entry.account, entry.generation, entry.recipient,
                              entry.signing_key, entry.endorsement, entry.event, entry.created));
    return added == 0 ? Change::stale : Change::done;
  }
  base::Result<std::optional<DirectoryEntry>> newest(const AccountId& account) const override {
    return database_.first(kNewest, read_entry, account);
  }
  base::Result<std::vector<DirectoryEntry>> history(const AccountId& account) const override {
    return database_.all(kHistory, read_entry, account);
  }

 private:
  SqliteDatabase& database_;
};

}  // namespace

std::unique_ptr<Directory> sqlite_directory(SqliteDatabase& database) {
  return std::make_unique<SqliteDirectory>(database);
}

}  // namespace sealift::catalog::internal
