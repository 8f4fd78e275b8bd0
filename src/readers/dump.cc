#include "readers/dump.h"

#include <array>
#include <charconv>
#include <mutex>

#include "extract/pile.h"
#include "extract/pool.h"

namespace sealift::readers {
namespace {

using document::FileStatus;
using document::Place;

constexpr std::array<const char*, 6> kStatusNames = {"",          "read",        "partial",
                                                     "encrypted", "unsupported", "failed"};
constexpr std::array<const char*, 8> kPlaceNames = {"",      "whole", "line", "page",
                                                    "sheet", "slide", "body", "record"};
constexpr std::array<const char*, 7> kRoleNames = {
    "", "body", "heading", "page_furniture", "quoted", "recognised", "metadata"};

template <typename Enum, std::size_t kSize>
const char* name_of(const std::array<const char*, kSize>& names, Enum value) {
  return names.at(static_cast<std::size_t>(value));
}

void append_json(std::string& out, std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20) {
      out += "\\u00";
      out += kDigits[byte >> 4U];
      out += kDigits[byte & 15U];
    } else {
      out += c;
    }
  }
  out += '"';
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
  if (out.back() != '{') out += ',';
  append_json(out, name);
  out += ':';
  append_json(out, value);
}

void append_field(std::string& out, std::string_view name, std::uint64_t value) {
  if (out.back() != '{') out += ',';
  append_json(out, name);
  out += ':' + std::to_string(value);
}

void append_place(std::string& out, const Place& place) {
  out += ",\"place\":{";
  append_field(out, "kind", name_of(kPlaceNames, place.kind));
  if (place.number != 0) append_field(out, "number", place.number);
  if (!place.name.empty()) append_field(out, "name", place.name);
  out += '}';
}

// Gathers the lines of one file, so that files stay together whatever the number of jobs.
class JsonSink final : public document::Sink {
 public:
  void begin_file(document::FileBegin begin) override {
    paths_.push_back(begin.path);
    std::string line = "{";
    append_field(line, "begin", begin.path);
    append_field(line, "format", begin.format);
    append_field(line, "bytes", begin.size_bytes);
    end_line(line);
  }
  void text(document::Text text) override {
    std::string line = "{";
    append_field(line, "text", text.text);
    append_place(line, text.place);
    append_field(line, "role", name_of(kRoleNames, text.role));
    append_field(line, "line", text.first_line);
    end_line(line);
  }
  void table_rows(document::TableRows rows) override {
    std::string line = "{\"rows\":[";
    for (const auto& row : rows.rows) {
      line += line.back() == '[' ? "[" : ",[";
      for (const std::string& cell : row) {
        if (line.back() != '[') line += ',';
        append_json(line, cell);
      }
      line += ']';
    }
    line += ']';
    append_place(line, rows.place);
    append_field(line, "table", rows.table);
    append_field(line, "row", rows.first_row);
    end_line(line);
  }
  void mail_header(document::MailHeader header) override {
    std::string line = "{";
    append_field(line, "header", header.name);
    append_field(line, "value", header.value);
    append_place(line, header.place);
    end_line(line);
  }
  void card(document::Card card) override {
    std::string line = "{\"facts\":[";
    for (const document::Fact& fact : card.facts) {
      line += line.back() == '[' ? "{" : ",{";
      append_field(line, "party", static_cast<std::uint64_t>(fact.party));
      append_field(line, "ordinal", std::uint64_t{fact.ordinal});
      append_field(line, "kind", static_cast<std::uint64_t>(fact.kind));
      append_field(line, "value", fact.value);
      append_field(line, "field", fact.field);
      line += '}';
    }
    line += ']';
    append_place(line, card.place);
    end_line(line);
  }
  void end_file(document::FileEnd end) override {
    std::string line = "{";
    append_field(line, "end", paths_.back());
    append_field(line, "status", name_of(kStatusNames, end.status));
    if (!end.reason.empty()) append_field(line, "reason", end.reason);
    end_line(line);
    paths_.pop_back();
  }

  const std::string& lines() const { return lines_; }

 private:
  void end_line(const std::string& line) { lines_ += line + "}\n"; }

  std::vector<std::string> paths_;
  std::string lines_;
};

class JsonConsumer final : public extract::Consumer {
 public:
  explicit JsonConsumer(std::FILE* out) : out_(out) {}

  std::unique_ptr<document::Sink> begin(std::size_t, extract::Pass) override {
    return std::make_unique<JsonSink>();
  }
  void end(std::size_t, extract::Pass, std::unique_ptr<document::Sink> sink) override {
    const std::string& lines = static_cast<const JsonSink&>(*sink).lines();
    const std::scoped_lock lock(mutex_);
    std::fwrite(lines.data(), 1, lines.size(), out_);
  }

 private:
  std::FILE* out_;
  std::mutex mutex_;
};

int report(const base::Error& error, std::FILE* errors) {
  std::fprintf(errors, "sealift-extract: error: %s\n", error.text.c_str());
  return 1;
}

}  // namespace

std::optional<DumpOptions> parse_dump_options(const std::vector<std::string_view>& arguments) {
  DumpOptions options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view argument = arguments[i];
    if (argument == "--no-ocr") {
      options.ocr = false;
    } else if (argument == "--jobs" && i + 1 < arguments.size()) {
      const std::string_view number = arguments[++i];
      const auto [end, error] =
          std::from_chars(number.data(), number.data() + number.size(), options.jobs);
      if (error != std::errc() || options.jobs < 1 || options.jobs > 256) return std::nullopt;
    } else if (argument.starts_with("--")) {
      return std::nullopt;
    } else {
      options.paths.emplace_back(argument);
    }
  }
  if (options.paths.empty()) return std::nullopt;
  return options;
}

int dump(const DumpOptions& options, std::FILE* out, std::FILE* errors) {
  const auto files = extract::list_pile(options.paths);
  if (!files) return report(files.error(), errors);
  JsonConsumer consumer(out);
  const extract::PoolOptions pool{.program = "/proc/self/exe",
                                  .jobs = options.jobs,
                                  .ocr = options.ocr ? extract::Ocr::last : extract::Ocr::off};
  const auto result = extract::extract_files(*files, pool, consumer);
  return result ? 0 : report(result.error(), errors);
}

}  // namespace sealift::readers
