#include "readers/data/sql_lexer.h"

#include <algorithm>

namespace sealift::readers {
namespace {

using Kind = SqlToken::Kind;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' || c == '$' ||
         c == '#' || c == '@' || (c & 0x80) != 0;
}
char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c; }

char unescaped(char c) {
  switch (c) {
    case 'n':
      return '\n';
    case 't':
      return '\t';
    case 'r':
      return '\r';
    case '0':
    case 'Z':
    case 'b':
      return ' ';
    default:
      return c;
  }
}

}  // namespace

bool SqlToken::is_word(std::string_view wanted) const {
  return kind == Kind::word && std::ranges::equal(text, wanted, {}, upper);
}

void SqlLexer::skip_blank() {
  while (at_ < text_.size()) {
    const std::string_view rest = text_.substr(at_);
    std::size_t end = std::string_view::npos;
    if (is_space(rest[0])) {
      end = 1;
    } else if (rest.starts_with("--")) {
      end = rest.find('\n');
    } else if (rest[0] == '#' && (at_ == 0 || text_[at_ - 1] == '\n')) {
      end = rest.find('\n');
    } else if (rest.starts_with("/*")) {
      end = rest.find("*/");
      if (end != std::string_view::npos) end += 2;
    } else {
      return;
    }
    at_ = end == std::string_view::npos ? text_.size() : at_ + end;
  }
}

SqlToken SqlLexer::string(Backslash backslash) {
  ++at_;
  const std::size_t begin = at_;
  value_.clear();
  bool changed = false;
  while (at_ < text_.size()) {
    const std::size_t stop = text_.find_first_of(backslash == Backslash::escape ? "'\\" : "'", at_);
    if (stop == std::string_view::npos) break;
    if (text_[stop] == '\'' && text_.substr(stop + 1, 1) != "'") {
      const std::string_view tail = text_.substr(at_, stop - at_);
      at_ = stop + 1;
      if (!changed) return {Kind::string, text_.substr(begin, stop - begin)};
      value_ += tail;
      return {Kind::string, value_};
    }
    changed = true;
    value_ += text_.substr(at_, stop - at_);
    if (stop + 1 < text_.size()) value_ += text_[stop] == '\'' ? '\'' : unescaped(text_[stop + 1]);
    at_ = stop + 2;
  }
  value_ += text_.substr(std::min(at_, text_.size()));
  at_ = text_.size();
  return {Kind::string, value_};
}

SqlToken SqlLexer::quoted(char close) {
  const std::size_t end = text_.find(close, at_ + 1);
  const std::size_t begin = at_ + 1;
  at_ = end == std::string_view::npos ? text_.size() : end + 1;
  return {Kind::name, text_.substr(begin, std::min(end, text_.size()) - begin)};
}

// $tag$ ... $tag$: the body of a function.
SqlToken SqlLexer::dollar_quoted() {
  const std::size_t tag_end = text_.find('$', at_ + 1);
  if (tag_end == std::string_view::npos || tag_end - at_ > 64) {
    return {Kind::sign, text_.substr(at_++, 1)};
  }
  const std::string_view tag = text_.substr(at_, tag_end - at_ + 1);
  if (!std::ranges::all_of(tag, is_word)) return {Kind::sign, text_.substr(at_++, 1)};
  const std::size_t begin = tag_end + 1;
  const std::size_t end = text_.find(tag, begin);
  at_ = end == std::string_view::npos ? text_.size() : end + tag.size();
  return {Kind::string, text_.substr(begin, std::min(end, text_.size()) - begin)};
}

SqlToken SqlLexer::word() {
  const std::size_t begin = at_;
  while (at_ < text_.size() && is_word(text_[at_])) ++at_;
  const std::string_view word = text_.substr(begin, at_ - begin);
  const bool before_string = at_ < text_.size() && text_[at_] == '\'';
  if (before_string && word.size() == 1) {
    const char prefix = upper(word[0]);
    if (prefix == 'E') return string(Backslash::escape);
    if (prefix == 'N') return string(backslash_);
    if (prefix == 'X' || prefix == 'B') {
      SqlToken token = string(Backslash::letter);
      token.kind = Kind::binary;
      return token;
    }
  }
  if (before_string && word.starts_with('_')) return string(backslash_);  // _utf8'...'
  const bool hex = word.size() > 2 && word[0] == '0' && (word[1] == 'x' || word[1] == 'X');
  if (hex) return {Kind::binary, word.substr(2)};
  return {Kind::word, word};
}

SqlToken SqlLexer::next() {
  skip_blank();
  if (at_ >= text_.size()) return {};
  const char c = text_[at_];
  if (c == '\'') return string(backslash_);
  if (c == '"' || c == '`') return quoted(c);
  if (c == '[') return quoted(']');
  if (c == '$') return dollar_quoted();
  const bool number =
      is_digit(c) || ((c == '-' || c == '+' || c == '.') && at_ + 1 < text_.size() &&
                      (is_digit(text_[at_ + 1]) || text_[at_ + 1] == '.'));
  if (number && text_.substr(at_, 2) != "0x" && text_.substr(at_, 2) != "0X") {
    const std::size_t begin = at_++;
    while (at_ < text_.size() && (is_word(text_[at_]) || text_[at_] == '.')) ++at_;
    return {Kind::number, text_.substr(begin, at_ - begin)};
  }
  if (is_word(c)) return word();
  return {Kind::sign, text_.substr(at_++, 1)};
}

SqlToken SqlLexer::peek() {
  const std::size_t before = at_;
  const SqlToken token = next();
  at_ = before;
  return token;
}

void SqlLexer::skip_statement() {
  for (SqlToken token = next(); token.kind != Kind::end && !token.is(';') && !token.is_word("GO");
       token = next()) {
  }
}

}  // namespace sealift::readers
