// Reading canonical JSON (RFC 8785, restricted to integers) into typed fields, strictly.
//
// A text is taken only when it is exactly what writing its value again gives: no white space, keys
// sorted and unique, no fraction, no needless escape. So one value has one text, and a signature
// over the text is a signature over the value. Integers stay within 2^53, as in any browser.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace sealift::parcel::internal {

using Json = nlohmann::json;

inline constexpr std::int64_t kJsonIntegerMax = std::int64_t{1} << 53;

// Errors: malformed, limit (nested deeper than eight levels).
base::Result<Json> parse_canonical(std::string_view text);
std::string write_canonical(const Json& value);

// Takes the fields of one object by name; end() refuses objects that have others.
// The first error sticks: later calls give empty values, and end() reports it.
class Fields {
 public:
  // Borrows `object`. `what` names it in errors.
  Fields(const Json& object, std::string_view what);

  std::string text(std::string_view name, std::size_t size_max);
  std::int64_t integer(std::string_view name, std::int64_t min, std::int64_t max);
  bool boolean(std::string_view name);
  // Lower-case hexadecimal of exactly `size` bytes.
  base::Bytes hex(std::string_view name, std::size_t size);
  // An empty array or object when missing.
  const Json& array(std::string_view name, std::size_t count_max);
  const Json& object(std::string_view name);

  base::Result<void> end() const;

 private:
  const Json* take(std::string_view name);
  void refuse(std::string_view name, std::string_view why);

  const Json& object_;
  std::string what_;
  std::size_t taken_ = 0;
  base::Result<void> state_;
};

}  // namespace sealift::parcel::internal
