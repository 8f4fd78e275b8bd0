// Databases, whatever file they come in: rows with their columns' names, and keys followed.
//
// A row of "visits" names its patient by number alone. Where a column refers to a row of another
// table (declared, or by its name: patient_id -> patients), what tells who that is (names, birth
// date, numbers, an address) is added to the row as columns of its own:
//
//   visits: id | patient_id | seen | note        + patient last_name | patient first_name | ...
//   guardians_of: student_id | guardian_id       + student last_name | ... | guardian last_name |
//   ...
//
// A source is walked twice: once for the rows that others refer to, once for all. Not thread-safe.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "readers/context.h"

namespace sealift::readers {

struct DatabaseReference {
  std::string column, table, target_column;  // target empty: the table's key
};

struct DatabaseTable {
  std::string name;
  std::vector<std::string> columns;  // empty: not known
  std::string key;                   // of one column; empty: not declared
  std::vector<DatabaseReference> references;
};

class DatabaseSource {
 public:
  // False: no more rows are wanted.
  using OnRow = std::function<bool(std::size_t table, std::vector<std::string> row)>;

  virtual ~DatabaseSource() = default;
  virtual const std::vector<DatabaseTable>& tables() const = 0;
  // Every row of every table, rows of one table mostly together. May be called again.
  virtual void each_row(const OnRow& on_row) = 0;
};

// Hands on all rows; what the source itself could not read is the caller's to tell.
document::FileEnd read_database(DatabaseSource& source, Context& context);

}  // namespace sealift::readers
