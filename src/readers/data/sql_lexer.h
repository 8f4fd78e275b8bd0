// The words of SQL as dump programs write it: MySQL, PostgreSQL, SQL Server, Oracle, SQLite.
//
//   token := word, "quoted name", `quoted name`, [quoted name], 'string', number, sign
//
// Comments are left out, and so are MySQL's conditional ones. It never fails: what is cut short
// ends. Borrows the text; a string's value lives until the next one. Not thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sealift::readers {

// Whether a backslash within a string begins an escape: in MySQL's dumps, and in E'...'.
enum class Backslash : std::uint8_t { letter, escape };

struct SqlToken {
  enum class Kind : std::uint8_t { end, word, name, string, number, binary, sign };
  Kind kind = Kind::end;
  std::string_view text;  // unquoted; of binary, its hexadecimal digits

  bool is(char sign) const { return kind == Kind::sign && text.size() == 1 && text[0] == sign; }
  // A bare word, in any case; `wanted` in capitals.
  bool is_word(std::string_view wanted) const;
};

class SqlLexer {
 public:
  SqlLexer(std::string_view text, Backslash backslash) : text_(text), backslash_(backslash) {}

  SqlToken next();
  // The token that comes next, without taking it.
  SqlToken peek();

  std::size_t position() const { return at_; }
  void go_to(std::size_t position) { at_ = position; }
  bool at_end() const { return at_ >= text_.size(); }
  std::string_view text() const { return text_; }
  // Past the next ';' outside strings, or SQL Server's GO.
  void skip_statement();

 private:
  void skip_blank();
  SqlToken string(Backslash backslash);
  SqlToken quoted(char close);
  SqlToken word();
  SqlToken dollar_quoted();

  std::string_view text_;
  Backslash backslash_;
  std::size_t at_ = 0;
  std::string value_;
};

}  // namespace sealift::readers
