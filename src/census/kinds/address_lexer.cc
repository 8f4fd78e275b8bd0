#include "census/kinds/address_lexer.h"

#include "census/kinds/text_fold.h"

namespace sealift::census::internal {
namespace {

using Kind = AddressTokenKind;

bool is_word_byte(char c) { return is_ascii_alnum(c) || static_cast<unsigned char>(c) >= 0x80; }

// A dot, apostrophe or hyphen between letters belongs to the word: "St.Hill", "d'Arc",
// "Notre-Dame".
bool joins(std::string_view text, std::size_t at) {
  const char c = text[at];
  if (c != '-' && c != '\'' && c != '.') return false;
  if (at + 1 >= text.size() || at == 0) return false;
  const auto letter = [](char b) {
    return is_ascii_letter(b) || static_cast<unsigned char>(b) >= 0x80;
  };
  return letter(text[at - 1]) && letter(text[at + 1]);
}

AddressToken word_at(std::string_view text, std::size_t at) {
  AddressToken token;
  token.begin = at;
  std::size_t end = at;
  bool digits = false;
  bool letters = false;
  bool plain = true;
  while (end < text.size() && (is_word_byte(text[end]) || joins(text, end))) {
    (is_ascii_digit(text[end]) ? digits : letters) = true;
    plain = plain && is_ascii_alnum(text[end]);
    ++end;
  }
  token.end = end;
  token.kind = digits ? letters ? Kind::mixed : Kind::number : Kind::word;
  token.capital = is_upper_latin(code_point_at(text, at).value);
  if (plain) {
    token.folded = text.substr(at, end - at);
    for (char& c : token.folded) c = ascii_lower(c);
  } else {
    token.folded = fold_words(text.substr(at, end - at));
  }
  return token;
}

AddressToken separator(Kind kind, std::size_t begin, std::size_t end) {
  AddressToken token;
  token.kind = kind;
  token.begin = begin;
  token.end = end;
  return token;
}

// A line break, unless an empty line or a second break follows.
AddressToken line_break(std::string_view text, std::size_t at) {
  std::size_t end = at;
  int breaks = 0;
  while (end < text.size() &&
         (text[end] == '\n' || text[end] == '\r' || text[end] == ' ' || text[end] == '\t')) {
    breaks += text[end] == '\n' ? 1 : 0;
    ++end;
  }
  return separator(breaks == 1 ? Kind::newline : Kind::stop, at, end);
}

}  // namespace

std::vector<AddressToken> address_tokens(std::string_view text, std::size_t at,
                                         std::size_t tokens_max) {
  std::vector<AddressToken> tokens;
  tokens.reserve(tokens_max);
  std::size_t spaces = 0;
  while (at < text.size() && tokens.size() + 1 < tokens_max) {
    const char c = text[at];
    if (c == ' ' || (c == '\xC2' && text.substr(at, 2) == "\xC2\xA0")) {
      at += c == ' ' ? 1 : 2;
      if (++spaces > 2) break;
      continue;
    }
    if (c == '\n' || c == '\r') {
      tokens.push_back(line_break(text, at));
      if (tokens.back().kind == Kind::stop) return tokens;
    } else if (is_word_byte(c)) {
      tokens.push_back(word_at(text, at));
      if (tokens.back().end < text.size() && text[tokens.back().end] == '.' &&
          tokens.back().folded.size() <= 5) {
        tokens.back().dotted = true;
        ++tokens.back().end;
      }
    } else if (c == ',' || c == '(' || c == ')') {
      tokens.push_back(separator(Kind::comma, at, at + 1));
    } else if (c == '#') {
      tokens.push_back(separator(Kind::hash, at, at + 1));
    } else if (c == '-') {
      tokens.push_back(separator(Kind::dash, at, at + 1));
    } else {
      break;
    }
    at = tokens.back().end;
    spaces = 0;
  }
  tokens.push_back(separator(Kind::stop, at, at));
  return tokens;
}

}  // namespace sealift::census::internal
