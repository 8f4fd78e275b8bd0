#include "readers/data/sql_schema.h"

#include <algorithm>

#include "base/limits.h"

namespace sealift::readers {
namespace {

using Kind = SqlToken::Kind;

// REFERENCES has been taken: "patients (id)".
void take_reference(SqlLexer& lexer, std::string column, DatabaseTable& table) {
  DatabaseReference reference;
  reference.column = std::move(column);
  reference.table = take_sql_name(lexer);
  const std::vector<std::string> target = take_sql_names(lexer);
  if (target.size() > 1) return;
  if (!target.empty()) reference.target_column = target.front();
  if (!reference.table.empty()) table.references.push_back(std::move(reference));
}

// The rest of a definition, up to its ',' or the table's ')', which stay.
void skip_definition(SqlLexer& lexer, const std::string& column, DatabaseTable& table) {
  int depth = 0;
  while (!lexer.at_end()) {
    const SqlToken token = lexer.peek();
    if (token.kind == Kind::end) return;
    if (depth == 0 && (token.is(',') || token.is(')'))) return;
    lexer.next();
    if (token.is('(')) ++depth;
    if (token.is(')')) --depth;
    if (token.is_word("PRIMARY") && !column.empty()) table.key = column;
    if (token.is_word("REFERENCES") && !column.empty()) take_reference(lexer, column, table);
  }
}

}  // namespace

std::string take_sql_name(SqlLexer& lexer) {
  std::string name;
  while (true) {
    const SqlToken token = lexer.peek();
    if (token.kind != Kind::word && token.kind != Kind::name) return name;
    name = std::string(lexer.next().text);
    if (!lexer.peek().is('.')) return name;
    lexer.next();
  }
}

std::vector<std::string> take_sql_names(SqlLexer& lexer) {
  std::vector<std::string> names;
  if (!lexer.peek().is('(')) return names;
  lexer.next();
  int depth = 0;
  bool named = false;
  while (true) {
    const SqlToken token = lexer.next();
    if (token.kind == Kind::end || (token.is(')') && depth == 0)) return names;
    if (token.is('(')) ++depth;
    if (token.is(')')) --depth;
    if (token.is(',') && depth == 0) named = false;
    const bool name = token.kind == Kind::word || token.kind == Kind::name;
    if (!name || named || names.size() >= limits::kRowCellsMax) continue;
    names.emplace_back(token.text);
    named = true;  // "id" ASC, name(10)
  }
}

bool take_sql_constraint(SqlLexer& lexer, DatabaseTable& table) {
  SqlToken token = lexer.peek();
  if (token.is_word("CONSTRAINT")) {
    lexer.next();
    take_sql_name(lexer);
    token = lexer.peek();
  }
  if (token.is_word("PRIMARY")) {
    lexer.next();
    while (!lexer.at_end() && !lexer.peek().is('(') && !lexer.peek().is(';')) lexer.next();
    const std::vector<std::string> columns = take_sql_names(lexer);
    if (columns.size() == 1) table.key = columns.front();
    return true;
  }
  if (token.is_word("FOREIGN")) {
    lexer.next();
    lexer.next();  // KEY
    if (!lexer.peek().is('(')) take_sql_name(lexer);
    const std::vector<std::string> columns = take_sql_names(lexer);
    if (!lexer.peek().is_word("REFERENCES")) return true;
    lexer.next();
    if (columns.size() == 1) take_reference(lexer, columns.front(), table);
    return true;
  }
  return token.is_word("UNIQUE") || token.is_word("CHECK") || token.is_word("KEY") ||
         token.is_word("INDEX") || token.is_word("FULLTEXT") || token.is_word("EXCLUDE");
}

void take_sql_definitions(SqlLexer& lexer, DatabaseTable& table) {
  if (!lexer.peek().is('(')) return;
  lexer.next();
  while (!lexer.at_end()) {
    std::string column;
    if (!take_sql_constraint(lexer, table)) {
      const SqlToken token = lexer.peek();
      if (token.kind == Kind::end) return;
      if (token.kind == Kind::word || token.kind == Kind::name) {
        column = std::string(lexer.next().text);
        if (table.columns.size() < limits::kRowCellsMax) table.columns.push_back(column);
      }
    }
    skip_definition(lexer, column, table);
    const SqlToken end = lexer.next();
    if (!end.is(',')) return;
  }
}

}  // namespace sealift::readers
