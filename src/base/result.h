// Result<T>: a value, or an Error that says what went wrong and what a caller can do about it.
//
//   SEALIFT_TRY(const Header header, parse_header(in));   // returns early on error
//   SEALIFT_TRY_VOID(store.put(id, bytes));
//
// Three kinds of failure, never mixed: an expected outcome that the caller branches on is an
// std::optional or an enum; an operation that failed is a Result; a bug of ours is SEALIFT_CHECK.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace sealift::base {

// What the caller can do about it. One code has one exit status, one HTTP status and one sentence
// for people: base/error_table.h. The numbers are written to logs: never renumber, never reuse.
enum class ErrorCode : unsigned char {
  malformed = 1,     // the bytes are not what the format says
  not_found = 2,     // no such object, or the caller may not know that it exists
  forbidden = 3,     // policy said no
  limit = 4,         // a named limit (base/limits.h) was reached
  locked_down = 5,   // the server is in lockdown
  io = 6,            // disk or network failed; trying again may help
  internal = 7,      // a bug that we chose to survive
  usage = 8,         // the request makes no sense as asked
  unauthorized = 9,  // who asks is not known
  conflict = 10,     // the state is not the one that the request supposes
  no_space = 11,     // the disk is full; nothing was changed
  no_match = 12,     // none of the keys given opens this
  damaged = 13,      // authentication failed: the bytes were changed or cut short
  unsupported = 14,  // well-formed, and not something that this build can do
  over_quota = 15,   // an account's room is used up; waiting frees none
};

// Travels up; each layer may put one short noun phrase in front. The text is for operators and
// holds no file name, address or content: those are other people's data.
struct Error {
  ErrorCode code;
  std::string text;

  Error with_context(std::string_view context) && {
    text.insert(0, ": ").insert(0, context);
    return std::move(*this);
  }
};

// Neither g++ 12 in C++20 mode nor clang 14 has std::expected; tl::expected has the same names.
template <typename T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(ErrorCode code, std::string text) {
  return tl::unexpected<Error>(Error{code, std::move(text)});
}

}  // namespace sealift::base

#define SEALIFT_CONCAT_(a, b) a##b
#define SEALIFT_CONCAT(a, b) SEALIFT_CONCAT_(a, b)

#define SEALIFT_TRY(declaration, expression) \
  SEALIFT_TRY_(SEALIFT_CONCAT(sealift_try_, __LINE__), declaration, expression)
#define SEALIFT_TRY_(temporary, declaration, expression)               \
  auto temporary = (expression);                                       \
  if (!temporary) return tl::unexpected(std::move(temporary).error()); \
  declaration = *std::move(temporary)

#define SEALIFT_TRY_VOID(expression)                              \
  do {                                                            \
    if (auto sealift_try_void = (expression); !sealift_try_void)  \
      return tl::unexpected(std::move(sealift_try_void).error()); \
  } while (false)
