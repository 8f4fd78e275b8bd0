#include "readers/data/sql_dump.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include "base/limits.h"
#include "base/utf8.h"
#include "readers/data/database.h"
#include "readers/data/sql_lexer.h"
#include "readers/data/sql_schema.h"
#include "readers/text/text_encoding.h"

namespace sealift::readers {
namespace {

using document::FileEnd;
using Kind = SqlToken::Kind;
using Row = std::vector<std::string>;

constexpr std::size_t kStart = std::size_t{64} << 10;
constexpr std::size_t kOthersMax = std::size_t{1} << 20;

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c; }

std::string folded(std::string_view name) {
  std::string out(name);
  std::ranges::transform(out, out.begin(), upper);
  return out;
}

Backslash backslash_of(std::string_view text) {
  const std::string_view start = text.substr(0, kStart);
  return start.find('`') == std::string_view::npos ? Backslash::letter : Backslash::escape;
}

// A line of COPY: "\N" is nothing, other escapes are characters.
Row copied_row(std::string_view line) {
  Row row(1);
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\t') {
      row.emplace_back();
    } else if (line[i] != '\\' || i + 1 == line.size()) {
      row.back() += line[i];
    } else {
      const char c = line[++i];
      if (c == 'n' || c == 'r' || c == 't') row.back() += c == 't' ? '\t' : '\n';
      if (c == '\\') row.back() += c;
    }
  }
  return row;
}

class SqlDump final : public DatabaseSource {
 public:
  explicit SqlDump(std::string_view text) : text_(text) { each_statement(nullptr); }

  const std::vector<DatabaseTable>& tables() const override { return tables_; }
  void each_row(const OnRow& on_row) override { each_statement(&on_row); }

  const std::string& others() const { return others_; }
  bool cut_short() const { return cut_short_; }
  bool has_rows() const { return has_rows_; }

 private:
  void each_statement(const OnRow* on_row);
  bool statement(SqlLexer& lexer, const OnRow* on_row);
  void create(SqlLexer& lexer, bool schema);
  void alter(SqlLexer& lexer);
  bool insert(SqlLexer& lexer, const OnRow* on_row);
  bool copy(SqlLexer& lexer, const OnRow* on_row);
  bool selected(SqlLexer& lexer, std::size_t table, const std::vector<std::size_t>& order,
                const OnRow& on_row);
  std::size_t table_of(const std::string& name);
  std::vector<std::size_t> order_of(std::size_t table, std::vector<std::string> columns);
  bool hand_on(std::size_t table, Row row, const std::vector<std::size_t>& order,
               const OnRow& on_row) const;

  std::string_view text_;
  std::vector<DatabaseTable> tables_;
  std::map<std::string, std::size_t, std::less<>> known_;  // by folded name
  std::string others_;
  bool schema_done_ = false;
  bool cut_short_ = false;
  bool has_rows_ = false;
};

std::size_t SqlDump::table_of(const std::string& name) {
  const auto [at, fresh] = known_.try_emplace(folded(name), tables_.size());
  if (fresh) tables_.push_back({name, {}, {}, {}});
  return at->second;
}

// Where each value of a statement goes in the table's row; columns that nobody declared are added.
std::vector<std::size_t> SqlDump::order_of(std::size_t table, std::vector<std::string> columns) {
  std::vector<std::size_t> order;
  std::vector<std::string>& known = tables_[table].columns;
  for (std::string& column : columns) {
    const std::string wanted = folded(column);
    auto at = std::ranges::find(known, wanted, folded);
    if (at == known.end()) {
      if (schema_done_ || known.size() >= limits::kRowCellsMax) {
        order.push_back(known.size());
        continue;
      }
      at = known.insert(known.end(), std::move(column));
    }
    order.push_back(static_cast<std::size_t>(at - known.begin()));
  }
  return order;
}

bool SqlDump::hand_on(std::size_t table, Row row, const std::vector<std::size_t>& order,
                      const OnRow& on_row) const {
  if (order.empty()) return on_row(table, std::move(row));
  Row placed(tables_[table].columns.size());
  for (std::size_t i = 0; i < std::min(row.size(), order.size()); ++i)
    if (order[i] < placed.size()) placed[order[i]] = std::move(row[i]);
  return on_row(table, std::move(placed));
}

// "(…)" of VALUES, or a list behind SELECT: the values of a row. False at the end of the text.
bool take_values(SqlLexer& lexer, Row& row, bool parenthesised) {
  int depth = 0;
  bool taken = false;
  row.assign(1, {});
  while (true) {
    const std::size_t before = lexer.position();
    const SqlToken token = lexer.next();
    if (token.kind == Kind::end) return false;
    if (depth == 0 && token.is(')') && parenthesised) return true;
    const bool ends =
        token.is(';') || token.is_word("UNION") || token.is_word("FROM") || token.is_word("GO");
    if (depth == 0 && !parenthesised && ends) {
      lexer.go_to(before);
      return true;
    }
    if (token.is('(')) ++depth;
    if (token.is(')')) --depth;
    if (token.is(',') && depth == 0) {
      if (row.size() < limits::kRowCellsMax) row.emplace_back();
      taken = false;
    } else if (token.kind == Kind::string || token.kind == Kind::number) {
      // Of CAST(N'x' AS Date) and to_date('x', 'fmt') the first; of 'a' || 'b' both.
      if (!taken || depth == 0) row.back() += token.text;
      taken = true;
    } else if (token.is_word("TRUE") || token.is_word("FALSE")) {
      row.back() += token.text;
    }
  }
}

bool SqlDump::selected(SqlLexer& lexer, std::size_t table, const std::vector<std::size_t>& order,
                       const OnRow& on_row) {
  while (lexer.peek().is_word("SELECT")) {
    lexer.next();
    Row row;
    if (!take_values(lexer, row, false)) return true;
    if (!hand_on(table, std::move(row), order, on_row)) return false;
    while (lexer.peek().is_word("UNION") || lexer.peek().is_word("ALL")) lexer.next();
  }
  return true;
}

bool SqlDump::insert(SqlLexer& lexer, const OnRow* on_row) {
  while (lexer.peek().is_word("INTO") || lexer.peek().is_word("IGNORE") ||
         lexer.peek().is_word("OR") || lexer.peek().is_word("REPLACE") ||
         lexer.peek().is_word("DELAYED") || lexer.peek().is_word("ALL"))
    lexer.next();
  const std::string name = take_sql_name(lexer);
  if (name.empty()) return lexer.skip_statement(), true;
  const std::size_t table = table_of(name);
  const std::vector<std::size_t> order = order_of(table, take_sql_names(lexer));
  has_rows_ = true;
  if (on_row == nullptr) return lexer.skip_statement(), true;
  while (!lexer.at_end() && !lexer.peek().is_word("VALUES") && !lexer.peek().is_word("VALUE") &&
         !lexer.peek().is_word("SELECT") && !lexer.peek().is(';'))
    lexer.next();
  if (lexer.peek().is_word("SELECT")) return selected(lexer, table, order, *on_row);
  lexer.next();
  while (lexer.peek().is('(')) {
    lexer.next();
    Row row;
    if (!take_values(lexer, row, true)) {
      cut_short_ = true;
      return hand_on(table, std::move(row), order, *on_row) && false;
    }
    if (!hand_on(table, std::move(row), order, *on_row)) return false;
    if (!lexer.peek().is(',')) break;
    lexer.next();
  }
  return true;
}

bool SqlDump::copy(SqlLexer& lexer, const OnRow* on_row) {
  const std::string name = take_sql_name(lexer);
  if (name.empty()) return lexer.skip_statement(), true;
  const std::size_t table = table_of(name);
  const std::vector<std::size_t> order = order_of(table, take_sql_names(lexer));
  bool from_input = false;
  for (SqlToken token = lexer.next(); token.kind != Kind::end && !token.is(';');
       token = lexer.next())
    from_input = from_input || token.is_word("STDIN");
  if (!from_input) return true;
  has_rows_ = true;
  std::size_t at = std::min(text_.find('\n', lexer.position()), text_.size());
  while (++at < text_.size()) {
    const std::size_t end = std::min(text_.find('\n', at), text_.size());
    std::string_view line = text_.substr(at, end - at);
    at = end;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line == "\\.") {
      lexer.go_to(end);
      return true;
    }
    if (on_row != nullptr && !hand_on(table, copied_row(line), order, *on_row)) return false;
  }
  cut_short_ = true;
  lexer.go_to(text_.size());
  return true;
}

void SqlDump::create(SqlLexer& lexer, bool schema) {
  while (lexer.peek().kind == Kind::word && !lexer.peek().is_word("TABLE")) {
    const SqlToken token = lexer.next();
    const bool other = token.is_word("VIEW") || token.is_word("INDEX") ||
                       token.is_word("FUNCTION") || token.is_word("PROCEDURE") ||
                       token.is_word("TRIGGER") || token.is_word("SEQUENCE");
    if (other) return lexer.skip_statement();
  }
  if (!lexer.peek().is_word("TABLE") || !schema) return lexer.skip_statement();
  lexer.next();
  while (lexer.peek().is_word("IF") || lexer.peek().is_word("NOT") ||
         lexer.peek().is_word("EXISTS"))
    lexer.next();
  const std::string name = take_sql_name(lexer);
  if (name.empty() || tables_.size() >= limits::kDatabaseTablesMax) return lexer.skip_statement();
  const std::size_t table = table_of(name);
  if (tables_[table].columns.empty()) take_sql_definitions(lexer, tables_[table]);
  lexer.skip_statement();
}

void SqlDump::alter(SqlLexer& lexer) {
  while (lexer.peek().is_word("TABLE") || lexer.peek().is_word("ONLY")) lexer.next();
  const std::size_t table = table_of(take_sql_name(lexer));
  while (!lexer.at_end()) {
    const SqlToken token = lexer.peek();
    if (token.kind == Kind::end || token.is(';') || token.is_word("GO")) break;
    if (token.is_word("ADD")) {
      lexer.next();
      take_sql_constraint(lexer, tables_[table]);
    } else {
      lexer.next();
    }
  }
}

// One statement, its first word and what follows. False: no more is wanted.
bool SqlDump::statement(SqlLexer& lexer, const OnRow* on_row) {
  const bool schema = !schema_done_;
  const std::size_t begin = lexer.position();
  const SqlToken token = lexer.next();
  if (token.is_word("INSERT") || token.is_word("REPLACE")) return insert(lexer, on_row);
  if (token.is_word("COPY")) return copy(lexer, on_row);
  if (token.is_word("CREATE")) return create(lexer, schema), true;
  if (token.is_word("ALTER") && schema && lexer.peek().is_word("TABLE")) return alter(lexer), true;
  if (token.is(';') || token.is_word("GO") || token.is('\\')) return true;
  lexer.skip_statement();
  const std::string_view all = lexer.text().substr(begin, lexer.position() - begin);
  const bool changes = token.is_word("UPDATE") || token.is_word("DELETE") ||
                       token.is_word("MERGE") || token.is_word("EXEC");
  if (schema && changes && others_.size() + all.size() < kOthersMax)
    others_.append(all).append("\n");
  return true;
}

void SqlDump::each_statement(const OnRow* on_row) {
  SqlLexer lexer(text_, backslash_of(text_));
  while (lexer.peek().kind != Kind::end)
    if (!statement(lexer, on_row)) break;
  schema_done_ = true;
}

}  // namespace

bool looks_like_sql(base::ByteView bytes) {
  const auto charset = detect_charset(bytes.first(std::min(bytes.size(), kStart)));
  if (!charset) return false;
  const std::string start =
      folded(decode(bytes.first(std::min(bytes.size(), kStart) & ~std::size_t{3}), *charset));
  constexpr std::array<std::string_view, 7> kStatements = {
      "CREATE TABLE ", "INSERT INTO ",       "INSERT [",      "COPY ",
      "REPLACE INTO ", "CREATE TABLE [DBO]", "INSERT IGNORE "};
  for (const std::string_view statement : kStatements) {
    for (std::size_t at = start.find(statement); at != std::string::npos;
         at = start.find(statement, at + 1)) {
      if (at != 0 && start[at - 1] != '\n' && start[at - 1] != ';' && start[at - 1] != ' ')
        continue;
      const std::string_view rest = std::string_view(start).substr(at, 4000);
      const bool inserts = rest.find("VALUES") != std::string_view::npos ||
                           rest.find("SELECT") != std::string_view::npos;
      if (statement == "COPY "              ? rest.find("FROM STDIN") != std::string_view::npos
          : statement.starts_with("CREATE") ? rest.find('(') != std::string_view::npos
                                            : inserts)
        return true;
    }
  }
  return false;
}

FileEnd read_sql(base::ByteView bytes, Context& context) {
  const bool as_it_is = base::is_utf8(base::text_of(bytes));
  const std::string decoded =
      as_it_is ? std::string() : decode(bytes, detect_charset(bytes).value_or("windows-1252"));
  std::string_view text = as_it_is ? base::text_of(bytes) : std::string_view(decoded);
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  SqlDump dump(text);
  FileEnd end = read_database(dump, context);
  context.text({}, dump.others());
  if (end.status == document::FileStatus::read && dump.cut_short())
    return read_partly("cut short; what is there was read");
  return end;
}

}  // namespace sealift::readers
