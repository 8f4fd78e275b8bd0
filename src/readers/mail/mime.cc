#include "readers/mail/mime.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "base/utf8.h"
#include "readers/text/text_encoding.h"

namespace sealift::readers {
namespace {

constexpr std::size_t kNone = std::string_view::npos;
constexpr std::size_t kFieldsMax = 2000;
constexpr std::size_t kFieldValueSizeMax = std::size_t{1} << 20;
constexpr std::size_t kPartsMax = 20000;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

std::string lower_case(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), lower);
  return out;
}

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == kNone) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// A line without its end, taken from `rest`.
std::string_view take_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == kNone ? rest.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::size_t name_length(std::string_view line) {
  std::size_t length = 0;
  while (length < line.size() && line[length] > ' ' && line[length] != ':' && line[length] < 0x7F) {
    ++length;
  }
  std::size_t colon = length;
  while (colon < line.size() && (line[colon] == ' ' || line[colon] == '\t')) ++colon;
  return length > 0 && length < 80 && colon < line.size() && line[colon] == ':' ? length : 0;
}

constexpr std::array<signed char, 256> base64_values() {
  std::array<signed char, 256> values{};
  for (signed char& value : values) value = -1;
  signed char next = 0;
  for (char c = 'A'; c <= 'Z'; ++c) values[static_cast<unsigned char>(c)] = next++;
  for (char c = 'a'; c <= 'z'; ++c) values[static_cast<unsigned char>(c)] = next++;
  for (char c = '0'; c <= '9'; ++c) values[static_cast<unsigned char>(c)] = next++;
  values['+'] = values['-'] = 62;
  values['/'] = values['_'] = 63;
  return values;
}
constexpr auto kBase64 = base64_values();

// Mail's base64: line ends and stray characters are stepped over.
std::string decode_base64(std::string_view text) {
  std::string out(text.size() / 4 * 3 + 3, '\0');
  std::size_t size = 0;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const signed char value = kBase64[static_cast<unsigned char>(c)];
    if (value < 0) {
      if (c == '=') count = 0;  // the end of a run; what follows starts afresh
      continue;
    }
    bits = (bits << 6) | static_cast<std::uint32_t>(value);
    if (++count < 2) continue;
    const int shift = count == 2 ? 4 : (count == 3 ? 2 : 0);
    out[size++] = static_cast<char>((bits >> shift) & 0xFF);
    if (count == 4) count = 0;
  }
  out.resize(size);
  return out;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Two hex digits at `at`, or -1.
int hex_pair(std::string_view text, std::size_t at) {
  if (at + 1 >= text.size()) return -1;
  const int high = hex_value(text[at]);
  const int low = hex_value(text[at + 1]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

std::string decode_quoted_printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t at = text.find('=');
    out += text.substr(0, at);
    if (at == kNone) break;
    text.remove_prefix(at + 1);
    const std::size_t line_end = text.find_first_not_of(" \t\r");
    if (const int byte = hex_pair(text, 0); byte >= 0) {
      out += static_cast<char>(byte);
      text.remove_prefix(2);
    } else if (line_end != kNone && text[line_end] == '\n') {
      text.remove_prefix(line_end + 1);  // a soft line end
    } else if (!text.empty()) {
      out += '=';
    }
  }
  return out;
}

std::string decode_uuencode(std::string_view text) {
  std::string out;
  bool begun = false;
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (!begun) {
      begun = line.starts_with("begin ");
      continue;
    }
    if (line == "end" || line.empty()) break;
    const auto value = [&](std::size_t i) -> std::uint32_t {
      return i < line.size() ? (static_cast<unsigned char>(line[i]) - 32U) & 63U : 0U;
    };
    const std::size_t count = value(0);
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t group = 1 + i / 3 * 4;
      const std::uint32_t bits = (value(group) << 18) | (value(group + 1) << 12) |
                                 (value(group + 2) << 6) | value(group + 3);
      out += static_cast<char>((bits >> (16 - 8 * (i % 3))) & 0xFF);
    }
  }
  return out;
}

std::string decode_percent(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int byte = text[i] == '%' ? hex_pair(text, i + 1) : -1;
    out += byte < 0 ? text[i] : static_cast<char>(byte);
    if (byte >= 0) i += 2;
  }
  return out;
}

// A parameter's value, quoted or not, taken from `rest`, which starts after '='.
std::string take_value(std::string_view& rest) {
  std::string value;
  rest = rest.substr(std::min(rest.find_first_not_of(" \t\r\n"), rest.size()));
  if (!rest.starts_with('"')) {
    const std::size_t end = std::min(rest.find(';'), rest.size());
    value = trim(rest.substr(0, end));
    rest.remove_prefix(end);
    return value;
  }
  std::size_t i = 1;
  for (; i < rest.size() && rest[i] != '"'; ++i) {
    if (rest[i] == '\\' && i + 1 < rest.size()) ++i;
    value += rest[i];
  }
  rest.remove_prefix(std::min(i + 1, rest.size()));
  rest = rest.substr(std::min(rest.find(';'), rest.size()));
  return value;
}

// One of the pieces `name*0*` of a long parameter (RFC 2231).
struct Piece {
  int number = 0;
  bool encoded = false;
  std::string value;
};

std::string join(std::vector<Piece> pieces) {
  std::ranges::stable_sort(pieces, {}, &Piece::number);
  std::string charset;
  std::string bytes;
  bool encoded = false;
  for (const Piece& piece : pieces) {
    std::string_view value = piece.value;
    if (piece.encoded && piece.number == pieces.front().number) {
      const std::size_t first = value.find('\'');
      const std::size_t second = first == kNone ? kNone : value.find('\'', first + 1);
      if (second != kNone) {
        charset = value.substr(0, first);
        value.remove_prefix(second + 1);
      }
    }
    encoded = encoded || piece.encoded;
    bytes += piece.encoded ? decode_percent(value) : std::string(value);
  }
  return encoded ? decode(base::bytes_of(bytes), charset) : decode_header(bytes);
}

// An encoded word at the start of `text`: its length and content.
struct EncodedWord {
  std::size_t length = 0;
  std::string charset;
  std::string bytes;
};

std::optional<EncodedWord> take_encoded_word(std::string_view text) {
  if (!text.starts_with("=?")) return std::nullopt;
  const std::size_t first = text.find('?', 2);
  if (first == kNone || first + 2 >= text.size() || text[first + 2] != '?') return std::nullopt;
  const std::size_t end = text.find("?=", first + 3);
  if (end == kNone) return std::nullopt;
  EncodedWord word;
  word.length = end + 2;
  const std::string_view charset = text.substr(2, first - 2);
  word.charset = charset.substr(0, charset.find('*'));  // a language may follow
  std::string content(text.substr(first + 3, end - first - 3));
  const char kind = lower(text[first + 1]);
  if (kind == 'b') {
    word.bytes = decode_base64(content);
  } else if (kind == 'q') {
    std::ranges::replace(content, '_', ' ');
    word.bytes = decode_quoted_printable(content);
  } else {
    return std::nullopt;
  }
  return word;
}

}  // namespace

MimeEntity parse_entity(std::string_view text) {
  MimeEntity entity;
  std::string_view rest = text;
  while (!rest.empty() && entity.fields.size() < kFieldsMax) {
    const std::string_view before = rest;
    const std::string_view line = take_line(rest);
    if (line.empty()) break;
    if ((line[0] == ' ' || line[0] == '\t') && !entity.fields.empty()) {
      std::string& value = entity.fields.back().value;
      if (value.size() < kFieldValueSizeMax) (value += ' ') += trim(line);
      continue;
    }
    const std::size_t length = name_length(line);
    if (length == 0) {
      if (entity.fields.empty() && line.starts_with("From ")) continue;
      if (line.starts_with(">From ")) continue;
      rest = before;  // a body without an empty line before it
      break;
    }
    entity.fields.push_back(
        {line.substr(0, length), std::string(trim(line.substr(line.find(':', length) + 1)))});
  }
  entity.body = rest;
  return entity;
}

std::string_view field_value(const MimeEntity& entity, std::string_view name) {
  for (const HeaderField& field : entity.fields) {
    if (base::equal_ignoring_case(field.name, name)) return field.value;
  }
  return {};
}

std::string_view Parameterised::parameter(std::string_view name) const {
  for (const auto& [key, value_of_key] : parameters) {
    if (key == name) return value_of_key;
  }
  return {};
}

Parameterised parse_parameterised(std::string_view text) {
  Parameterised result;
  const std::size_t first = std::min(text.find(';'), text.size());
  result.value = lower_case(trim(text.substr(0, first)));
  std::string_view rest = text.substr(first);
  std::vector<std::pair<std::string, std::vector<Piece>>> found;
  while (!rest.empty()) {
    rest = rest.substr(std::min(rest.find_first_not_of("; \t\r\n"), rest.size()));
    const std::size_t equals = rest.find('=');
    if (equals == kNone) break;
    std::string key = lower_case(trim(rest.substr(0, equals)));
    rest.remove_prefix(equals + 1);
    Piece piece;
    piece.encoded = key.ends_with('*');
    if (piece.encoded) key.pop_back();
    if (const std::size_t star = key.find('*'); star != std::string::npos) {
      for (const char c : key.substr(star + 1, 4)) {
        if (c >= '0' && c <= '9') piece.number = piece.number * 10 + (c - '0');
      }
      key.resize(star);
    }
    piece.value = take_value(rest);
    auto at = std::ranges::find(found, key, &decltype(found)::value_type::first);
    if (at == found.end()) at = found.insert(found.end(), {key, {}});
    at->second.push_back(std::move(piece));
    if (found.size() > 100) break;
  }
  for (auto& [key, pieces] : found) result.parameters.emplace_back(key, join(std::move(pieces)));
  return result;
}

std::string decode_header(std::string_view value) {
  std::string out;
  std::string pending;  // bytes of adjacent words: a character may be split over them
  std::string charset;
  const auto flush = [&] {
    if (!pending.empty()) out += decode(base::bytes_of(pending), charset);
    pending.clear();
  };
  while (!value.empty()) {
    if (const auto word = take_encoded_word(value)) {
      if (word->charset != charset) flush();
      charset = word->charset;
      pending += word->bytes;
      value.remove_prefix(word->length);
      const std::size_t next = value.find_first_not_of(" \t\r\n");
      if (next != kNone && take_encoded_word(value.substr(next))) value.remove_prefix(next);
      continue;
    }
    flush();
    const std::size_t end = std::min(value.find("=?", 1), value.size());
    const std::string_view plain = value.substr(0, end);
    out += base::is_utf8(plain) ? std::string(plain) : decode(base::bytes_of(plain), "");
    value.remove_prefix(end);
  }
  flush();
  return out;
}

TransferEncoding transfer_encoding_of(std::string_view field) {
  const std::string_view name = trim(field);
  if (base::equal_ignoring_case(name, "base64")) return TransferEncoding::base64;
  if (base::equal_ignoring_case(name, "quoted-printable"))
    return TransferEncoding::quoted_printable;
  for (const std::string_view uu : {"uuencode", "x-uuencode", "x-uue", "uue"}) {
    if (base::equal_ignoring_case(name, uu)) return TransferEncoding::uuencode;
  }
  return TransferEncoding::identity;
}

std::string decode_transfer(std::string_view body, TransferEncoding encoding) {
  switch (encoding) {
    case TransferEncoding::base64:
      return decode_base64(body);
    case TransferEncoding::quoted_printable:
      return decode_quoted_printable(body);
    case TransferEncoding::uuencode:
      return decode_uuencode(body);
    case TransferEncoding::identity:
      break;
  }
  return std::string(body);
}

std::vector<std::string_view> split_multipart(std::string_view body, std::string_view boundary) {
  std::vector<std::string_view> parts;
  const std::string delimiter = "--" + std::string(boundary);
  std::size_t start = kNone;  // of the part that is open
  std::size_t at = 0;
  while (parts.size() < kPartsMax) {
    at = body.find(delimiter, at);
    if (at == kNone) break;
    const std::size_t after = at + delimiter.size();
    const bool line_start = at == 0 || body[at - 1] == '\n';
    const std::size_t next = after < body.size() ? body.find_first_not_of(" \t-", after) : kNone;
    const bool line_end = next == kNone || body[next] == '\r' || body[next] == '\n';
    if (!line_start || !line_end) {
      at = after;
      continue;
    }
    if (start != kNone) {
      std::size_t end = at;
      if (end > start && body[end - 1] == '\n') --end;
      if (end > start && body[end - 1] == '\r') --end;
      parts.push_back(body.substr(start, end - start));
    }
    const std::size_t line = body.find('\n', after);
    if (body.substr(after).starts_with("--") || line == kNone) return parts;
    start = at = line + 1;
  }
  if (start != kNone) parts.push_back(body.substr(start));
  return parts;
}

}  // namespace sealift::readers
