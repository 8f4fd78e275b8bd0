// The lines of what is signed as a note: a title, then "name value", each ended by a newline.
//
// Reading goes on after a wrong line and says at the end whether all were right, so that a parser
// is one list of what it takes. Views into the text; pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "log/checkpoint.h"

namespace sealift::log {

class StatementLines {
 public:
  explicit StatementLines(std::string_view text) : rest_(text) {}

  std::string_view next() {
    const std::size_t end = rest_.find('\n');
    if (end == std::string_view::npos) {
      is_good_ = false;
      rest_ = {};
      return {};
    }
    const std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return line;
  }
  std::string_view value_of(std::string_view name) {
    const std::string_view line = next();
    const bool is_named =
        line.size() > name.size() && line.starts_with(name) && line[name.size()] == ' ';
    is_good_ = is_good_ && is_named;
    return is_named ? line.substr(name.size() + 1) : std::string_view();
  }
  std::uint64_t number_of(std::string_view name) {
    const auto number = parse_log_number(value_of(name));
    is_good_ = is_good_ && number.has_value();
    return number.value_or(0);
  }
  bool is_at_end() const { return rest_.empty(); }
  // All lines were there, each with its name, and nothing follows.
  bool is_done() const { return is_good_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool is_good_ = true;
};

inline std::string statement_line(std::string_view name, std::uint64_t value) {
  return std::string(name) + " " + std::to_string(value) + "\n";
}

}  // namespace sealift::log
