#include "census/case/case_sql.h"

#include <sqlite3.h>

#include <utility>

#include "base/check.h"

namespace sealift::census {
namespace {

base::ErrorCode code_of(int status) {
  switch (status & 0xFF) {
    case SQLITE_FULL:
      return base::ErrorCode::no_space;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return base::ErrorCode::conflict;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return base::ErrorCode::damaged;
    case SQLITE_CANTOPEN:
      return base::ErrorCode::not_found;
    default:
      return base::ErrorCode::io;
  }
}

tl::unexpected<base::Error> failed(int status) {
  const base::ErrorCode code = code_of(status);
  switch (code) {
    case base::ErrorCode::damaged:
      return base::fail(code, "the case's file is damaged: scan into a new folder");
    case base::ErrorCode::not_found:
      return base::fail(code, "there is no case in that folder");
    case base::ErrorCode::conflict:
      return base::fail(code, "another program writes to the case: try again when it is done");
    case base::ErrorCode::no_space:
      return base::fail(code, "the disk is full: make room, and scan with --resume");
    default:
      // SQLite's own message may hold values; its name for the status does not.
      return base::fail(code, "using the case's file: " + std::string(sqlite3_errstr(status)));
  }
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
void Database::Close::operator()(sqlite3* database) const { sqlite3_close(database); }

Statement& Statement::bind(std::int64_t value) {
  SEALIFT_CHECK(sqlite3_bind_int64(statement_.get(), ++bound_, value) == SQLITE_OK);
  return *this;
}

Statement& Statement::bind(std::string_view value) {
  SEALIFT_CHECK(sqlite3_bind_text64(statement_.get(), ++bound_,
                                    value.data() == nullptr ? "" : value.data(), value.size(),
                                    SQLITE_TRANSIENT, SQLITE_UTF8) == SQLITE_OK);
  return *this;
}

Statement& Statement::bind_borrowed(base::ByteView bytes) {
  SEALIFT_CHECK(sqlite3_bind_blob64(statement_.get(), ++bound_, bytes.data(), bytes.size(),
                                    SQLITE_STATIC) == SQLITE_OK);
  return *this;
}

Statement& Statement::bind_real(double value) {
  SEALIFT_CHECK(sqlite3_bind_double(statement_.get(), ++bound_, value) == SQLITE_OK);
  return *this;
}

Statement& Statement::bind_null() {
  SEALIFT_CHECK(sqlite3_bind_null(statement_.get(), ++bound_) == SQLITE_OK);
  return *this;
}

base::Result<bool> Statement::step() {
  const int status = sqlite3_step(statement_.get());
  if (status == SQLITE_ROW) return true;
  if (status == SQLITE_DONE) return false;
  return failed(status);
}

base::Result<void> Statement::run() {
  auto stepped = step();
  while (stepped && *stepped) stepped = step();
  reset();
  if (!stepped) return tl::unexpected(std::move(stepped).error());
  return {};
}

void Statement::reset() {
  sqlite3_reset(statement_.get());
  bound_ = 0;
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}
double Statement::real(int column) const { return sqlite3_column_double(statement_.get(), column); }
bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

std::string Statement::text(int column) const { return std::string(base::text_of(bytes(column))); }

base::ByteView Statement::bytes(int column) const {
  const void* const bytes = sqlite3_column_blob(statement_.get(), column);
  if (bytes == nullptr) return {};
  return {static_cast<const std::byte*>(bytes),
          static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

base::Result<Database> Database::open(const std::string& path, Mode mode) {
  int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  flags |= mode == Mode::read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
  if (mode == Mode::create) flags |= SQLITE_OPEN_CREATE;
  sqlite3* handle = nullptr;
  const int status = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
  Database database(handle);
  if (status != SQLITE_OK) return failed(status);
  sqlite3_busy_timeout(handle, 10'000);
  return database;
}

base::Result<Statement> Database::prepare(Sql sql) {
  sqlite3_stmt* statement = nullptr;
  const int status =
      sqlite3_prepare_v3(database_.get(), sql.text().data(), static_cast<int>(sql.text().size()),
                         SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (status != SQLITE_OK) return failed(status);
  return Statement(statement);
}

base::Result<void> Database::execute(Sql sql) {
  const int status = sqlite3_exec(database_.get(), sql.text().data(), nullptr, nullptr, nullptr);
  if (status != SQLITE_OK) return failed(status);
  return {};
}

base::Result<Transaction> Transaction::begin(Database& database) {
  SEALIFT_TRY_VOID(database.execute("BEGIN IMMEDIATE"));
  return Transaction(database);
}

base::Result<void> Transaction::commit() {
  SEALIFT_TRY_VOID(database_->execute("COMMIT"));
  database_ = nullptr;
  return {};
}

Transaction::~Transaction() {
  if (database_ != nullptr) static_cast<void>(database_->execute("ROLLBACK"));
}

}  // namespace sealift::census
