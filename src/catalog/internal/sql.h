// Sql: the text of a statement, which only the compiler can make.
//
// The constructor is consteval and takes an array: a std::string, a pointer or a buffer filled at
// run time doesn't compile (refused/sql_from_run_time_text.cc proves it on every test run). Nothing
// else in this room hands text to SQLite, so no byte of a request can become SQL.
#pragma once

#include <cstddef>
#include <string_view>

namespace sealift::catalog::internal {

class Sql {
 public:
  template <std::size_t kSize>
  explicit consteval Sql(const char (&text)[kSize]) : text_(text, kSize - 1) {}

  std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

}  // namespace sealift::catalog::internal
