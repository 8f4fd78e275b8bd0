// SqliteDatabase: one connection, its settings, and its prepared statements.
//
// The only file that calls sqlite3_prepare. A statement is prepared once a connection and found
// again by the address of its text, which is a constant. Not thread-safe.
#pragma once

#include <sqlite3.h>

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/check.h"
#include "base/result.h"
#include "catalog/internal/sql.h"
#include "catalog/internal/sqlite_values.h"

namespace sealift::catalog::internal {

enum class Access { read, write };

class SqliteDatabase {
 public:
  // Opens the database at `path`, which the configuration names; with Access::write it is made when
  // missing, readable by its owner alone. Errors: not_found, forbidden, damaged, no_space, io.
  static base::Result<std::unique_ptr<SqliteDatabase>> open(const std::string& path, Access access);

  // Runs a statement that gives no rows; how many rows it changed.
  template <typename... Values>
  base::Result<std::uint64_t> run(Sql sql, const Values&... values) {
    SEALIFT_TRY(const Running running, start(sql, values...));
    SEALIFT_TRY(const bool has_row, step(running.statement));
    if (has_row) return base::fail(base::ErrorCode::internal, "catalog: unexpected row");
    return static_cast<std::uint64_t>(sqlite3_changes64(connection_.get()));
  }

  // The first row, as `read` makes it, or nullopt.
  template <typename Value, typename... Values>
  base::Result<std::optional<Value>> first(Sql sql, Value (*read)(Row&), const Values&... values) {
    SEALIFT_TRY(const Running running, start(sql, values...));
    SEALIFT_TRY(const bool has_row, step(running.statement));
    if (!has_row) return std::optional<Value>{};
    SEALIFT_TRY(Value value, read_row(running.statement, read));
    // RETURNING changes rows while it is stepped: it is finished, not abandoned
    SEALIFT_TRY(const bool has_more, step(running.statement));
    if (has_more) return base::fail(base::ErrorCode::internal, "catalog: more than one row");
    return std::optional<Value>{std::move(value)};
  }

  template <typename Value, typename... Values>
  base::Result<std::vector<Value>> all(Sql sql, Value (*read)(Row&), const Values&... values) {
    SEALIFT_TRY(const Running running, start(sql, values...));
    std::vector<Value> rows;
    while (true) {
      SEALIFT_TRY(const bool has_row, step(running.statement));
      if (!has_row) return rows;
      SEALIFT_TRY(Value value, read_row(running.statement, read));
      rows.push_back(std::move(value));
    }
  }

  // A statement that always gives exactly one row of one column.
  template <typename Value, typename... Values>
  base::Result<Value> only(Sql sql, const Values&... values) {
    SEALIFT_TRY(std::optional<Value> value, first(sql, &next_of<Value>, values...));
    if (!value) return base::fail(base::ErrorCode::internal, "catalog: no row");
    return *std::move(value);
  }

  // Several statements without parameters or rows: migrations.
  base::Result<void> script(Sql sql);

  // Counts the commits of every process that has the database open, this one's too, before the
  // one that made it hears of it: `iChange` in the header of the write-ahead log's index, which
  // SQLite shares between processes (sqlite.org/walformat.html). Read without a lock or a system
  // call, from any thread, as long as this connection lives. Errors: io.
  base::Result<const volatile std::uint32_t*> commit_counter();

  // A consistent copy, at a path that holds nothing yet. Errors: conflict (it holds something).
  base::Result<void> back_up_to(const std::string& path);

 private:
  struct CloseConnection {
    void operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }
  };
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  using Connection = std::unique_ptr<sqlite3, CloseConnection>;
  using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;
  // Ready for its next use, whichever way this one ends.
  struct Reset {
    void operator()(sqlite3_stmt* statement) const {
      sqlite3_reset(statement);
      sqlite3_clear_bindings(statement);
    }
  };
  struct Running {
    std::unique_ptr<sqlite3_stmt, Reset> owner;
    sqlite3_stmt* statement;
  };

  explicit SqliteDatabase(Connection connection) : connection_(std::move(connection)) {}

  template <typename... Values>
  base::Result<Running> start(Sql sql, const Values&... values) {
    SEALIFT_TRY(sqlite3_stmt * statement, prepared(sql));
    Running running{std::unique_ptr<sqlite3_stmt, Reset>(statement), statement};
    Binder binder(statement);
    binder.bind(values...);
    if (!binder.is_good()) return base::fail(base::ErrorCode::limit, "catalog: value out of range");
    SEALIFT_CHECK(binder.count() == sqlite3_bind_parameter_count(statement));
    return running;
  }

  template <typename Value>
  static base::Result<Value> read_row(sqlite3_stmt* statement, Value (*read)(Row&)) {
    Row row(statement);
    Value value = read(row);
    if (!row.is_good()) return base::fail(base::ErrorCode::damaged, "catalog: row");
    return value;
  }

  template <typename Value>
  static Value next_of(Row& row) {
    return row.next<Value>();
  }

  base::Result<void> configure(Access access);
  base::Result<sqlite3_stmt*> prepared(Sql sql);
  base::Result<bool> step(sqlite3_stmt* statement);
  base::Error error(int code) const;

  Connection connection_;
  std::unordered_map<const char*, Statement> statements_;  // finalised before the connection
};

}  // namespace sealift::catalog::internal
