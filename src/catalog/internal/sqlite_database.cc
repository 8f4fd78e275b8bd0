#include "catalog/internal/sqlite_database.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "base/file_descriptor.h"
#include "base/regular_file.h"

namespace sealift::catalog::internal {
namespace {

constexpr int kBusyTimeoutMs = 10'000;
// Foreign keys' cascades count as triggers: parcel, link, opening, receipt, and one to spare.
constexpr int kCascadeDepth = 5;

// Content that is deleted is overwritten (secure_delete): an ended parcel's headers are gone from
// the file, not only from the table.
constexpr Sql kSettings{R"sql(
  PRAGMA synchronous = FULL;
  PRAGMA foreign_keys = ON;
  PRAGMA secure_delete = ON;
  PRAGMA temp_store = MEMORY;
  PRAGMA mmap_size = 0;
  PRAGMA cell_size_check = ON;
  PRAGMA recursive_triggers = OFF;
)sql"};
// Ids are random, so that rows go to pages all over the indexes: these pages stay in memory, and
// the write-ahead log is folded in when many rows have met on each.
constexpr Sql kWriterSettings{R"sql(
  PRAGMA cache_size = -16384;
  PRAGMA wal_autocheckpoint = 4000;
)sql"};
constexpr Sql kUseWriteAheadLog{"PRAGMA journal_mode = WAL"};
constexpr Sql kReadOnly{"PRAGMA query_only = ON;"};

base::Error error_of(int code, int system_errno) {
  switch (code & 0xff) {
    case SQLITE_FULL:
      return {base::ErrorCode::no_space,
              "catalog: disk full: make room on the disk of the data folder"};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {base::ErrorCode::damaged,
              "catalog: file damaged: restore a whole backup into another folder"};
    case SQLITE_CONSTRAINT:
      return {base::ErrorCode::conflict, "catalog: constraint"};
    case SQLITE_PERM:
    case SQLITE_READONLY:
      return {base::ErrorCode::forbidden,
              "catalog: not writable: run this as the account that owns the data folder"};
    case SQLITE_CANTOPEN:
      return base::error_of_errno(system_errno != 0 ? system_errno : EIO, "catalog: open");
    case SQLITE_TOOBIG:
      return {base::ErrorCode::limit, "catalog: value too large"};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {base::ErrorCode::io, "catalog: busy"};
    default:
      return {base::ErrorCode::io, "catalog: database"};
  }
}

enum class Existing { kept, refused };

// SQLite asks for no particular permissions: the file is made before it.
base::Result<void> make_private_file(const std::string& path, Existing existing) {
  const int exclusive = existing == Existing::refused ? O_EXCL : 0;
  const base::FileDescriptor file(::open(
      path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | exclusive, 0600));
  if (!file.is_open() && errno == EEXIST)
    return base::fail(base::ErrorCode::conflict, "catalog: the place is taken");
  if (!file.is_open()) return tl::unexpected(base::error_of_errno(errno, "catalog: create"));
  return base::need_regular(file.get(), "catalog");
}

}  // namespace

base::Result<std::unique_ptr<SqliteDatabase>> SqliteDatabase::open(const std::string& path,
                                                                   Access access) {
  if (access == Access::write) SEALIFT_TRY_VOID(make_private_file(path, Existing::kept));
  sqlite3* raw = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW |
                    SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_PRIVATECACHE;
  const int code = sqlite3_open_v2(path.c_str(), &raw, flags, nullptr);
  Connection connection(raw);
  if (code != SQLITE_OK)
    return tl::unexpected(error_of(code, raw == nullptr ? 0 : sqlite3_system_errno(raw)));
  std::unique_ptr<SqliteDatabase> database(new SqliteDatabase(std::move(connection)));
  SEALIFT_TRY_VOID(database->configure(access));
  return database;
}

base::Result<void> SqliteDatabase::configure(Access access) {
  sqlite3* const connection = connection_.get();
  const struct {
    int option;
    int value;
  } options[] = {
      {SQLITE_DBCONFIG_DEFENSIVE, 1},       {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
      {SQLITE_DBCONFIG_ENABLE_FKEY, 1},     {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
      {SQLITE_DBCONFIG_ENABLE_VIEW, 0},     {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
      {SQLITE_DBCONFIG_DQS_DML, 0},         {SQLITE_DBCONFIG_DQS_DDL, 0},
      {SQLITE_DBCONFIG_WRITABLE_SCHEMA, 0},
  };
  for (const auto& [option, value] : options) {
    const int code = sqlite3_db_config(connection, option, value, nullptr);
    if (code != SQLITE_OK) return tl::unexpected(error(code));
  }
  sqlite3_limit(connection, SQLITE_LIMIT_ATTACHED, 0);
  sqlite3_limit(connection, SQLITE_LIMIT_TRIGGER_DEPTH, kCascadeDepth);
  sqlite3_busy_timeout(connection, kBusyTimeoutMs);
  SEALIFT_TRY_VOID(script(kSettings));
  if (access == Access::read) return script(kReadOnly);
  SEALIFT_TRY_VOID(script(kWriterSettings));
  SEALIFT_TRY(const std::string mode, only<std::string>(kUseWriteAheadLog));
  if (mode != "wal") return base::fail(base::ErrorCode::io, "catalog: no write-ahead log here");
  return {};
}

base::Result<sqlite3_stmt*> SqliteDatabase::prepared(Sql sql) {
  Statement& statement = statements_[sql.text().data()];
  if (!statement) {
    sqlite3_stmt* raw = nullptr;
    const int code = sqlite3_prepare_v3(connection_.get(), sql.text().data(),
                                        static_cast<int>(sql.text().size()),
                                        SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
    if (code != SQLITE_OK) return tl::unexpected(error(code));
    statement.reset(raw);
  }
  return statement.get();
}

base::Result<bool> SqliteDatabase::step(sqlite3_stmt* statement) {
  const int code = sqlite3_step(statement);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return tl::unexpected(error(code));
}

base::Result<void> SqliteDatabase::script(Sql sql) {
  const char* rest = sql.text().data();
  const char* const end = rest + sql.text().size();
  while (rest != end) {
    sqlite3_stmt* raw = nullptr;
    const int code =
        sqlite3_prepare_v3(connection_.get(), rest, static_cast<int>(end - rest), 0, &raw, &rest);
    const Statement statement(raw);
    if (code != SQLITE_OK) return tl::unexpected(error(code));
    if (!statement) break;  // blanks and comments
    while (true) {
      SEALIFT_TRY(const bool has_row, step(statement.get()));
      if (!has_row) break;
    }
  }
  return {};
}

// SQLite has the index's first part in memory already: asking for it again maps nothing.
base::Result<const volatile std::uint32_t*> SqliteDatabase::commit_counter() {
  constexpr int kRegionSize = 32'768;
  constexpr std::size_t kChangeAt = 2;  // in numbers of 32 bits: iVersion, unused, iChange
  sqlite3_file* file = nullptr;
  volatile void* region = nullptr;
  int code = sqlite3_file_control(connection_.get(), "main", SQLITE_FCNTL_FILE_POINTER,
                                  static_cast<void*>(&file));
  if (code == SQLITE_OK) code = file->pMethods->xShmMap(file, 0, kRegionSize, 0, &region);
  if (code != SQLITE_OK) return tl::unexpected(error_of(code, 0));
  if (region == nullptr) return base::fail(base::ErrorCode::io, "catalog: no index of its log");
  return static_cast<const volatile std::uint32_t*>(region) + kChangeAt;
}

base::Result<void> SqliteDatabase::back_up_to(const std::string& path) {
  SEALIFT_TRY_VOID(make_private_file(path, Existing::refused));
  sqlite3* raw = nullptr;
  int code = sqlite3_open_v2(path.c_str(), &raw,
                             SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE,
                             nullptr);
  const Connection target(raw);
  if (code != SQLITE_OK) return tl::unexpected(error_of(code, 0));
  sqlite3_backup* backup = sqlite3_backup_init(target.get(), "main", connection_.get(), "main");
  if (backup == nullptr) return tl::unexpected(error_of(sqlite3_errcode(target.get()), 0));
  code = sqlite3_backup_step(backup, -1);
  sqlite3_backup_finish(backup);
  if (code != SQLITE_DONE) return tl::unexpected(error_of(code, 0));
  return {};
}

base::Error SqliteDatabase::error(int code) const {
  return error_of(code, sqlite3_system_errno(connection_.get()));
}

}  // namespace sealift::catalog::internal
