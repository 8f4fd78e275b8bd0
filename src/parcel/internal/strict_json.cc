#include "parcel/internal/strict_json.h"

#include "base/hex.h"

namespace sealift::parcel::internal {
namespace {

using base::ErrorCode;
using base::fail;

constexpr int kDepthMax = 8;

const Json& no_array() {
  static const Json none = Json::array();
  return none;
}

const Json& no_object() {
  static const Json none = Json::object();
  return none;
}

}  // namespace

base::Result<Json> parse_canonical(std::string_view text) {
  bool too_deep = false;
  const auto watch_depth = [&](int depth, Json::parse_event_t, Json&) {
    too_deep = too_deep || depth > kDepthMax;
    return !too_deep;
  };
  Json value = Json::parse(text, watch_depth, /*allow_exceptions=*/false);
  if (too_deep) return fail(ErrorCode::limit, "JSON is nested too deep");
  if (value.is_discarded()) return fail(ErrorCode::malformed, "this is not JSON");
  if (write_canonical(value) != text) return fail(ErrorCode::malformed, "JSON is not canonical");
  return value;
}

std::string write_canonical(const Json& value) { return value.dump(); }

Fields::Fields(const Json& object, std::string_view what) : object_(object), what_(what) {
  if (!object.is_object()) state_ = fail(ErrorCode::malformed, what_ + " is not an object");
}

const Json* Fields::take(std::string_view name) {
  if (!state_) return nullptr;
  const auto found = object_.find(name);
  if (found == object_.end()) {
    refuse(name, "is missing");
    return nullptr;
  }
  ++taken_;
  return &*found;
}

void Fields::refuse(std::string_view name, std::string_view why) {
  if (!state_) return;
  state_ = fail(ErrorCode::malformed, what_ + "." + std::string(name) + " " + std::string(why));
}

std::string Fields::text(std::string_view name, std::size_t size_max) {
  const Json* const value = take(name);
  if (value == nullptr) return {};
  const std::string* const text = value->get_ptr<const std::string*>();
  if (text != nullptr && text->size() <= size_max) return *text;
  refuse(name, text == nullptr ? "is not a text"
                               : "is longer than " + std::to_string(size_max) + " bytes");
  return {};
}

std::int64_t Fields::integer(std::string_view name, std::int64_t min, std::int64_t max) {
  const Json* const value = take(name);
  if (value == nullptr) return 0;
  const bool fits_64 =
      value->is_number_integer() &&
      (!value->is_number_unsigned() || value->get<std::uint64_t>() <= std::uint64_t{1} << 62);
  if (fits_64) {
    const auto number = value->get<std::int64_t>();
    if (number >= min && number <= max) return number;
  }
  refuse(name, "is not an integer in its range");
  return 0;
}

bool Fields::boolean(std::string_view name) {
  const Json* const value = take(name);
  if (value != nullptr && value->is_boolean()) return value->get<bool>();
  refuse(name, "is not true or false");
  return false;
}

base::Bytes Fields::hex(std::string_view name, std::size_t size) {
  auto bytes = base::hex_decode(text(name, 2 * size));
  if (bytes && bytes->size() == size) return *std::move(bytes);
  refuse(name, "is not hexadecimal of its length");
  return base::Bytes(size);
}

const Json& Fields::array(std::string_view name, std::size_t count_max) {
  const Json* const value = take(name);
  if (value == nullptr) return no_array();
  if (value->is_array() && value->size() <= count_max) return *value;
  refuse(name, "is not an array of allowed length");
  return no_array();
}

const Json& Fields::object(std::string_view name) {
  const Json* const value = take(name);
  if (value == nullptr) return no_object();
  if (value->is_object()) return *value;
  refuse(name, "is not an object");
  return no_object();
}

base::Result<void> Fields::end() const {
  if (state_ && taken_ != object_.size())
    return fail(ErrorCode::malformed, what_ + " has a field that is not known");
  return state_;
}

}  // namespace sealift::parcel::internal
