#include "readers/text/markup.h"

#include <libxml/HTMLparser.h>

#include <algorithm>
#include <charconv>

#include "base/ascii.h"
#include "readers/text/utf8_append.h"

namespace sealift::readers {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }

bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

std::optional<char32_t> numeric_reference(std::string_view name) {
  name.remove_prefix(1);
  const bool hex = name.starts_with('x') || name.starts_with('X');
  if (hex) name.remove_prefix(1);
  std::uint32_t code = 0;
  const auto [end, error] =
      std::from_chars(name.data(), name.data() + name.size(), code, hex ? 16 : 10);
  if (error != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return code == 0 ? 0xFFFD : static_cast<char32_t>(code);
}

std::optional<char32_t> named_reference(std::string_view name, Markup::Language language) {
  if (name == "amp") return U'&';
  if (name == "lt") return U'<';
  if (name == "gt") return U'>';
  if (name == "quot") return U'"';
  if (name == "apos") return U'\'';
  if (language == Markup::Language::xml) return std::nullopt;
  const std::string text(name);
  const std::basic_string<xmlChar> key(text.begin(), text.end());
  const htmlEntityDesc* entity = htmlEntityLookup(key.c_str());
  if (entity == nullptr) return std::nullopt;
  return static_cast<char32_t>(entity->value);
}

// Where the tag that starts at `text` ends: its '>' outside quotes.
std::size_t tag_end(std::string_view text) {
  char quote = 0;
  for (std::size_t i = 1; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '>') {
      return i;
    } else if ((c == '"' || c == '\'') && text[i - 1] == '=') {
      quote = c;
    }
  }
  return kNone;
}

}  // namespace

void append_decoded(std::string& out, std::string_view raw, Markup::Language language) {
  while (true) {
    const std::size_t at = raw.find('&');
    out += raw.substr(0, at);
    if (at == kNone) return;
    raw.remove_prefix(at);
    const std::size_t end = raw.find(';');
    std::optional<char32_t> character;
    if (end != kNone && end > 1 && end < 12) {
      const std::string_view name = raw.substr(1, end - 1);
      character = name[0] == '#' ? numeric_reference(name) : named_reference(name, language);
    }
    if (character) {
      append_utf8(out, *character);
      raw.remove_prefix(end + 1);
    } else {
      out += '&';
      raw.remove_prefix(1);
    }
  }
}

bool Markup::next() {
  if (close_is_due_) {
    close_is_due_ = false;
    kind_ = Kind::close;
    return true;
  }
  while (!rest_.empty()) {
    if (!raw_text_until_.empty()) {
      take_raw_text();
      if (!raw_.empty()) return true;
      continue;
    }
    if (rest_[0] != '<') {
      take_text(std::min(rest_.find('<'), rest_.size()));
      return true;
    }
    if (rest_.size() > 1 && (rest_[1] == '!' || rest_[1] == '?')) {
      if (take_special()) return true;
      continue;
    }
    const std::size_t name_at = rest_.size() > 1 && rest_[1] == '/' ? 2 : 1;
    if (name_at < rest_.size() && is_name_start(rest_[name_at])) {
      if (take_tag()) return true;
      continue;
    }
    take_text(1);  // a '<' that starts nothing
    return true;
  }
  return false;
}

void Markup::take_text(std::size_t length) {
  kind_ = Kind::text;
  cdata_ = false;
  raw_ = rest_.substr(0, length);
  rest_.remove_prefix(length);
}

// Text of <script> and the like, where only the close of the element is markup.
void Markup::take_raw_text() {
  std::size_t at = 0;
  while (true) {
    at = rest_.find("</", at);
    if (at == kNone) {
      at = rest_.size();
      break;
    }
    if (base::equal_ignoring_case(rest_.substr(at + 2, raw_text_until_.size()), raw_text_until_))
      break;
    at += 2;
  }
  raw_text_until_.clear();
  take_text(at);
}

bool Markup::take_special() {
  if (rest_.starts_with("<![CDATA[")) {
    rest_.remove_prefix(9);
    const std::size_t end = rest_.find("]]>");
    take_text(std::min(end, rest_.size()));
    cdata_ = true;
    rest_.remove_prefix(end == kNone ? 0 : 3);
    return true;
  }
  std::string_view close = ">";
  if (rest_.starts_with("<!--")) close = "-->";
  const std::size_t end = rest_.find(close, close.size() == 3 ? 4 : 2);
  rest_.remove_prefix(end == kNone ? rest_.size() : end + close.size());
  return false;
}

bool Markup::take_tag() {
  std::size_t end = tag_end(rest_);
  if (end == kNone) {  // cut short, or a quote that is never closed
    end = rest_.find('>');
    if (end == kNone) {
      rest_ = {};
      return false;
    }
  }
  std::string_view tag = rest_.substr(1, end - 1);
  rest_.remove_prefix(end + 1);
  const bool closes = tag.starts_with('/');
  if (closes) tag.remove_prefix(1);
  const bool empty = tag.ends_with('/');
  if (empty) tag.remove_suffix(1);
  std::size_t name_end = 0;
  while (name_end < tag.size() && !is_space(tag[name_end]) && tag[name_end] != '/') ++name_end;
  set_name(tag.substr(0, name_end));
  attributes_ = tag.substr(name_end);
  kind_ = closes ? Kind::close : Kind::open;
  close_is_due_ = empty && !closes;
  const bool raw_text = name_ == "script" || name_ == "style";
  if (language_ == Language::html && kind_ == Kind::open && !empty && raw_text) {
    raw_text_until_ = name_;
  }
  return true;
}

void Markup::set_name(std::string_view name) {
  name_ = name;
  if (language_ == Language::xml) return;
  lower_name_.assign(name);
  std::ranges::transform(lower_name_, lower_name_.begin(), base::ascii_lower);
  name_ = lower_name_;
}

void Markup::append_text(std::string& out) const {
  if (cdata_) {
    out += raw_;
  } else {
    append_decoded(out, raw_, language_);
  }
}

// The next attribute, name and raw value, taken from `rest`.
std::optional<std::pair<std::string_view, std::string_view>> Markup::take_attribute(
    std::string_view& rest) {
  const auto skip_spaces = [&] {
    while (!rest.empty() && (is_space(rest[0]) || rest[0] == '/')) rest.remove_prefix(1);
  };
  skip_spaces();
  if (rest.empty()) return std::nullopt;
  std::size_t end = 0;
  while (end < rest.size() && !is_space(rest[end]) && rest[end] != '=') ++end;
  const std::string_view key = rest.substr(0, end);
  rest.remove_prefix(end);
  skip_spaces();
  std::string_view value;
  if (rest.starts_with('=')) {
    rest.remove_prefix(1);
    skip_spaces();
    const bool quoted = rest.starts_with('"') || rest.starts_with('\'');
    const char quote = quoted ? rest[0] : ' ';
    if (quoted) rest.remove_prefix(1);
    const std::size_t value_end = std::min(rest.find(quote), rest.size());
    value = rest.substr(0, value_end);
    rest.remove_prefix(std::min(value_end + 1, rest.size()));
  }
  return std::pair(key, value);
}

std::string_view Markup::raw_attribute(std::string_view name) const {
  std::string_view rest = attributes_;
  while (const auto found = take_attribute(rest)) {
    const bool same = language_ == Language::html ? base::equal_ignoring_case(found->first, name)
                                                  : found->first == name;
    if (same) return found->second;
  }
  return {};
}

std::string Markup::attribute(std::string_view name) const {
  std::string value;
  append_decoded(value, raw_attribute(name), language_);
  return value;
}

void Markup::skip_element() {
  const std::string name(name_);
  for (int depth = 1; depth > 0 && next();) {
    if (opens(name)) ++depth;
    if (closes(name)) --depth;
  }
}

}  // namespace sealift::readers
