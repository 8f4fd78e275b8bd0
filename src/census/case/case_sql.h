// SQL for the case: statements whose text is known when the program is compiled, values always
// bound.
//
// A thin cover of SQLite. Not thread-safe; a Database outlives its Statements.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace sealift::census {

// SQL text that no string made at run time can become.
class Sql {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): a literal is SQL
  consteval Sql(const char* text) : text_(text) {}
  std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

class Statement {
 public:
  // Values are bound in order, from 1. Text is copied.
  Statement& bind(std::int64_t value);
  Statement& bind(std::string_view value);
  // Not copied: outlives the next run() or reset().
  Statement& bind_borrowed(base::ByteView bytes);
  Statement& bind_real(double value);
  Statement& bind_null();

  // The next row; false at the end. Errors: io, no_space, conflict (locked), damaged.
  base::Result<bool> step();
  // Runs to the end and makes ready for new values.
  base::Result<void> run();
  void reset();

  // Of the row that step() gave; columns count from 0. Views hold until the next step.
  std::int64_t integer(int column) const;
  double real(int column) const;
  std::string text(int column) const;
  base::ByteView bytes(int column) const;
  bool is_null(int column) const;

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}

  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int bound_ = 0;
};

class Database {
 public:
  enum class Mode : std::uint8_t { create, write, read };

  // Errors: not_found, io, damaged.
  static base::Result<Database> open(const std::string& path, Mode mode);

  base::Result<Statement> prepare(Sql sql);
  // Statements without values or rows, several at once.
  base::Result<void> execute(Sql sql);

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  explicit Database(sqlite3* database) : database_(database) {}

  std::unique_ptr<sqlite3, Close> database_;
};

// BEGIN IMMEDIATE now; COMMIT by commit(), ROLLBACK when it is not reached.
class Transaction {
 public:
  static base::Result<Transaction> begin(Database& database);
  Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();
  base::Result<void> commit();

 private:
  explicit Transaction(Database& database) : database_(&database) {}
  Database* database_;
};

}  // namespace sealift::census
