// What CREATE TABLE and ALTER TABLE say of a table: its columns, its key, its references.
//
// Dialects are not told apart: what a statement has that is not read is stepped over. Pure.
#pragma once

#include <string>

#include "readers/data/database.h"
#include "readers/data/sql_lexer.h"

namespace sealift::readers {

// "dbo"."patients": its last part is the table's; the lexer stands behind it.
std::string take_sql_name(SqlLexer& lexer);

// "(a, b)": the names; the lexer stands before '(' or nothing is taken.
std::vector<std::string> take_sql_names(SqlLexer& lexer);

// Behind the name: "( definitions )". Up to the closing parenthesis.
void take_sql_definitions(SqlLexer& lexer, DatabaseTable& table);

// A constraint from CONSTRAINT, PRIMARY, FOREIGN or UNIQUE on; false: it is none.
bool take_sql_constraint(SqlLexer& lexer, DatabaseTable& table);

}  // namespace sealift::readers
