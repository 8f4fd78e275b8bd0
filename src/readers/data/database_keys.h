// Which columns of a database refer to which rows, and what of those says who somebody is.
//
// Declared references count first; else names do: "patient_id", "PatientNo", "id_patient" and
// "attending_physician_id" refer to patients and physicians. Pure functions, any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "readers/data/database.h"

namespace sealift::readers {

// A column of another table that is added to each row.
struct JoinedColumn {
  std::size_t column;
  std::string name;  // what it is called in the row
};

struct Join {
  std::size_t column;  // of the referring table
  std::size_t table;   // referred to
  std::size_t key;     // its column that has the value
  std::vector<JoinedColumn> columns;
  std::vector<Join> inner;  // of the row referred to
};

// By table: what its rows are joined with.
std::vector<std::vector<Join>> find_joins(const std::vector<DatabaseTable>& tables);

// "PatientLastName" and "patient_last_name" -> patient, last, name
std::vector<std::string> words_of_column(std::string_view name);

}  // namespace sealift::readers
