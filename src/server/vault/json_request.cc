#include "server/vault/json_request.h"

#include <algorithm>

#include "base/refusal.h"
#include "http/json_body.h"

namespace sealift::server::vault {

using base::Bytes;
using nlohmann::json;

base::Result<JsonRequest> JsonRequest::parse(base::ByteView body) {
  SEALIFT_TRY(json value, http::parse_json_body(body));
  if (!value.is_object()) return base::fail(base::ErrorCode::malformed, "body is no object");
  return JsonRequest(std::move(value), std::make_shared<std::string>());
}

void JsonRequest::refuse(std::string_view key) {
  if (wrong_->empty()) *wrong_ = key;
}

bool JsonRequest::has(std::string_view key) const {
  return object_.find(std::string(key)) != object_.end();
}

std::optional<json> JsonRequest::take(std::string_view key) {
  const auto found = object_.find(std::string(key));
  if (found == object_.end()) return std::nullopt;
  json value = std::move(*found);
  object_.erase(found);
  return value;
}

json JsonRequest::need(std::string_view key) {
  auto value = take(key);
  if (!value) refuse(key);
  return value ? *std::move(value) : json();
}

std::string JsonRequest::text(std::string_view key, std::size_t size_max) {
  json value = need(key);
  if (!value.is_string() || value.get_ref<std::string&>().size() > size_max) {
    refuse(key);
    return {};
  }
  return std::move(value.get_ref<std::string&>());
}

std::optional<std::string> JsonRequest::optional_text(std::string_view key, std::size_t size_max) {
  if (!has(key)) return std::nullopt;
  return text(key, size_max);
}

std::uint64_t JsonRequest::integer(std::string_view key, Between range) {
  const json value = need(key);
  const std::uint64_t found = value.is_number_unsigned() ? value.get<std::uint64_t>() : 0;
  if (!value.is_number_unsigned() || found < range.min || found > range.max) refuse(key);
  return found;
}

std::optional<std::uint64_t> JsonRequest::optional_integer(std::string_view key, Between range) {
  if (!has(key)) return std::nullopt;
  return integer(key, range);
}

bool JsonRequest::boolean(std::string_view key) {
  const json value = need(key);
  if (!value.is_boolean()) refuse(key);
  return value.is_boolean() && value.get<bool>();
}

std::chrono::milliseconds JsonRequest::duration(std::string_view key) {
  return std::chrono::milliseconds(std::min(integer(key, kAnyDuration), kAnyDuration.max));
}

Bytes JsonRequest::bytes(std::string_view key, std::size_t size_max) {
  auto found = base::base64_decode(text(key, (size_max + 2) / 3 * 4), base::Padding::required);
  if (found && found->size() <= size_max) return *std::move(found);
  refuse(key);
  return {};
}

std::optional<Bytes> JsonRequest::optional_bytes(std::string_view key, std::size_t size_max) {
  if (!has(key)) return std::nullopt;
  return bytes(key, size_max);
}

std::size_t JsonRequest::choice(std::string_view key,
                                std::initializer_list<std::string_view> words) {
  const std::string found = text(key, 64);
  const auto* at = std::find(words.begin(), words.end(), found);
  if (at != words.end()) return static_cast<std::size_t>(at - words.begin());
  refuse(key);
  return 0;
}

std::vector<std::string> JsonRequest::texts(std::string_view key, std::size_t count_max,
                                            std::size_t size_max) {
  const json value = need(key);
  if (!value.is_array() || value.size() > count_max) {
    refuse(key);
    return {};
  }
  std::vector<std::string> all;
  for (const json& one : value) {
    if (one.is_string() && one.get_ref<const std::string&>().size() <= size_max) {
      all.push_back(one.get<std::string>());
    } else {
      refuse(key);
    }
  }
  return all;
}

void JsonRequest::take_object(std::string_view key, json value, const Take& take) {
  if (!value.is_object()) return refuse(key);
  JsonRequest inner(std::move(value), wrong_);
  take(inner);
  if (!inner.object_.empty()) refuse(key);
}

void JsonRequest::object(std::string_view key, const Take& take) {
  take_object(key, need(key), take);
}

bool JsonRequest::optional_object(std::string_view key, const Take& take) {
  if (!has(key)) return false;
  object(key, take);
  return true;
}

void JsonRequest::each(std::string_view key, std::size_t count_max, const Take& take) {
  json value = need(key);
  if (!value.is_array() || value.size() > count_max) return refuse(key);
  for (json& one : value) take_object(key, std::move(one), take);
}

base::Result<void> JsonRequest::done() {
  if (!wrong_->empty()) return base::refuse("wrong_field", {{"field", *wrong_}});
  if (!object_.empty()) return base::refuse("unknown_field");
  return {};
}

}  // namespace sealift::server::vault
