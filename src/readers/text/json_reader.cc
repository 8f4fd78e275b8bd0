#include "readers/text/json_reader.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>

#include "readers/text/text_encoding.h"
#include "readers/text/text_reader.h"
#include "readers/text/utf8_append.h"

namespace sealift::readers {
namespace {

using document::FileEnd;

constexpr int kDepthMax = 200;
constexpr std::size_t kColumnsMax = 2000;
constexpr std::size_t kTextPiece = std::size_t{512} << 10;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Walks values as they stand. After damage `good` is false and nothing more is taken.
class JsonCursor {
 public:
  explicit JsonCursor(std::string_view text) : rest_(text) {}

  bool good() const { return good_; }
  bool at_end() {
    skip_spaces();
    return rest_.empty();
  }
  char peek() {
    skip_spaces();
    return rest_.empty() ? '\0' : rest_[0];
  }
  // Takes `c` if it comes next.
  bool take(char c) {
    if (peek() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void fail() {
    good_ = false;
    rest_ = {};
  }

  std::string string() {
    std::string out;
    if (!take('"')) fail();
    while (good_) {
      const std::size_t at = rest_.find_first_of("\"\\");
      if (at == std::string_view::npos) {
        out += rest_;
        fail();
        break;
      }
      out += rest_.substr(0, at);
      const char c = rest_[at];
      rest_.remove_prefix(at + 1);
      if (c == '"') break;
      escape(out);
    }
    return out;
  }

  // A number, true, false or null, as written; null is empty.
  std::string scalar() {
    skip_spaces();
    const std::size_t end = std::min(rest_.find_first_of(",]} \t\r\n"), rest_.size());
    std::string out(rest_.substr(0, end));
    rest_.remove_prefix(end);
    if (end == 0) fail();
    return out == "null" ? std::string() : out;
  }

 private:
  void skip_spaces() {
    while (!rest_.empty() && is_space(rest_[0])) rest_.remove_prefix(1);
  }

  char32_t hex4() {
    unsigned value = 0;
    const std::string_view digits = rest_.substr(0, 4);
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    if (error != std::errc() || end != digits.data() + 4) fail();
    if (good_) rest_.remove_prefix(4);
    return static_cast<char32_t>(value);
  }

  void escape(std::string& out) {
    if (rest_.empty()) return fail();
    const char c = rest_[0];
    rest_.remove_prefix(1);
    constexpr std::string_view kFrom = "bfnrt";
    constexpr std::string_view kTo = " \n\n\n\t";
    if (c == 'u') {
      char32_t code = hex4();
      if (code >= 0xD800 && code < 0xDC00 && rest_.starts_with("\\u")) {
        rest_.remove_prefix(2);
        code = 0x10000 + ((code - 0xD800) << 10) + ((hex4() - 0xDC00) & 0x3FFU);
      }
      if (good_) append_utf8(out, code);
    } else if (const std::size_t at = kFrom.find(c); at != std::string_view::npos) {
      out += kTo[at];
    } else {
      out += c;
    }
  }

  std::string_view rest_;
  bool good_ = true;
};

// Gathers the objects of one array into a table.
class ObjectTable {
 public:
  explicit ObjectTable(Context& context) : writer_(context, {}) {}

  void begin_row() { row_.assign(columns_.size(), {}); }
  void put(const std::string& key, std::string value) {
    auto at = columns_.find(key);
    if (at == columns_.end()) {
      if (columns_.size() >= kColumnsMax) return;
      at = columns_.emplace(key, columns_.size()).first;
      names_.push_back(key);
    }
    if (row_.size() <= at->second) row_.resize(at->second + 1);
    std::string& cell = row_[at->second];
    if (!cell.empty() && !value.empty()) cell += "; ";
    cell += value;
  }
  // The header goes out with the first row, and again when later rows bring new keys.
  void end_row() {
    if (names_.size() > named_) {
      writer_.add(names_);
      named_ = names_.size();
    }
    writer_.add(std::move(row_));
    row_.clear();
  }
  std::uint64_t rows() const { return writer_.rows_written(); }

 private:
  TableWriter writer_;
  std::map<std::string, std::size_t> columns_;
  std::vector<std::string> names_;
  std::size_t named_ = 0;
  std::vector<std::string> row_;
};

class JsonReader {
 public:
  JsonReader(std::string_view text, Context& context) : in_(text), context_(context) {}

  // False: damaged or cut short.
  bool read() {
    while (in_.good() && !in_.at_end()) {
      value("", 0);
      in_.take(',');
      if (context_.out_of_time()) break;
    }
    flush();
    return in_.good();
  }
  bool found_anything() const { return found_; }

 private:
  void value(const std::string& key, int depth) {
    if (depth > kDepthMax) return in_.fail();
    const char c = in_.peek();
    if (c == '{') return object(key, depth);
    if (c == '[') return array(key, depth);
    const std::string shown = c == '"' ? in_.string() : in_.scalar();
    found_ = found_ || in_.good();
    if (shown.empty()) return;
    if (!key.empty()) text_.append(key).append(": ");
    text_.append(shown).append("\n");
    if (text_.size() > kTextPiece) flush();
  }

  template <typename OnMember>
  void members(OnMember on_member) {
    in_.take('{');
    while (in_.good() && !in_.take('}')) {
      const std::string name = in_.string();
      if (!in_.take(':')) in_.fail();
      if (in_.good()) on_member(name);
      in_.take(',');
    }
  }

  void object(const std::string&, int depth) {
    members([&](const std::string& name) { value(name, depth + 1); });
    found_ = true;
  }

  void array(const std::string& key, int depth) {
    in_.take('[');
    if (in_.peek() == '{') {
      flush();
      ObjectTable table(context_);
      while (in_.good() && !in_.take(']')) {
        table.begin_row();
        cell(table, in_.peek() == '{' ? "" : "value", depth + 1);
        table.end_row();
        in_.take(',');
        if (context_.out_of_time()) in_.fail();
      }
      found_ = true;
      return;
    }
    while (in_.good() && !in_.take(']')) {
      value(key, depth + 1);
      in_.take(',');
    }
    found_ = true;
  }

  // Flattens one value into the row.
  void cell(ObjectTable& table, const std::string& key, int depth) {
    if (depth > kDepthMax) return in_.fail();
    const char c = in_.peek();
    if (c == '{') {
      members([&](const std::string& name) {
        cell(table, key.empty() ? name : key + "." + name, depth + 1);
      });
    } else if (c == '[') {
      in_.take('[');
      while (in_.good() && !in_.take(']')) {
        cell(table, key, depth + 1);
        in_.take(',');
      }
    } else {
      table.put(key, c == '"' ? in_.string() : in_.scalar());
    }
  }

  void flush() {
    context_.text({}, text_, document::TextRole::body, line_);
    line_ += static_cast<std::uint32_t>(std::ranges::count(text_, '\n'));
    text_.clear();
  }

  JsonCursor in_;
  Context& context_;
  std::string text_;
  std::uint32_t line_ = 1;
  bool found_ = false;
};

}  // namespace

bool looks_like_json(base::ByteView bytes) {
  std::string_view text = base::text_of(bytes).substr(0, 4096);
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || (text[first] != '{' && text[first] != '[')) return false;
  const std::size_t second = text.find_first_not_of(" \t\r\n", first + 1);
  if (second == std::string_view::npos) return false;
  if (text[first] == '{') return text[second] == '"' && text.find("\":") != std::string_view::npos;
  return text[second] == '{' || text[second] == '[' || text[second] == '"';
}

FileEnd read_json(base::ByteView bytes, Context& context) {
  const std::string text = decode(bytes, "UTF-8");
  JsonReader reader(text, context);
  const bool whole = reader.read();
  if (!whole && !reader.found_anything()) return read_text(bytes, context);
  if (context.out_of_time()) return read_partly("took too long; its start was read");
  return whole ? read_whole() : read_partly("damaged or cut short; its start was read");
}

}  // namespace sealift::readers
