// Reading a request's JSON body: each field is taken once, by its type, and what nobody took is
// refused. What is wrong is remembered, and judged once at the end:
//
//   SEALIFT_TRY(JsonRequest body, JsonRequest::parse(ask.frame.body));
//   const auto id = body.id<catalog::ParcelId>("id");
//   const auto opens = body.optional_integer("opens_max", {1, 1'000'000});
//   body.each("recipients", 1000, [&](JsonRequest& one) { ...one.integer("generation", ...) });
//   SEALIFT_TRY_VOID(body.done());                     // before any of it is used
//
// Until done() the values of fields that were wrong are empty ones. Error texts name our own
// fields, never what came in them. Not thread-safe.
#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/base64.h"
#include "base/hex.h"
#include "base/result.h"
#include "catalog/ids.h"

namespace sealift::server::vault {

struct Between {
  std::uint64_t min = 0;
  std::uint64_t max = 0;
};
inline constexpr Between kAnyDuration{0, 315'360'000'000};
inline constexpr Between kAnySize{0, 9'223'372'036'854'775'807};
inline constexpr Between kAnyRevision = kAnySize;

class JsonRequest {
 public:
  // Errors: limit, malformed (not one object).
  static base::Result<JsonRequest> parse(base::ByteView body);

  bool has(std::string_view key) const;

  std::string text(std::string_view key, std::size_t size_max);
  std::optional<std::string> optional_text(std::string_view key, std::size_t size_max);
  std::uint64_t integer(std::string_view key, Between range);
  std::optional<std::uint64_t> optional_integer(std::string_view key, Between range);
  bool boolean(std::string_view key);
  std::chrono::milliseconds duration(std::string_view key);
  // Standard base64 with padding, of at most `size_max` bytes.
  base::Bytes bytes(std::string_view key, std::size_t size_max);
  std::optional<base::Bytes> optional_bytes(std::string_view key, std::size_t size_max);
  // The index of the text in `words`.
  std::size_t choice(std::string_view key, std::initializer_list<std::string_view> words);
  std::vector<std::string> texts(std::string_view key, std::size_t count_max, std::size_t size_max);

  // Of exactly kSize bytes, in base64.
  template <std::size_t kSize>
  std::array<std::byte, kSize> fixed(std::string_view key) {
    std::array<std::byte, kSize> made{};
    const base::Bytes found = bytes(key, kSize);
    if (found.size() == kSize) {
      std::copy(found.begin(), found.end(), made.begin());
    } else {
      refuse(key);
    }
    return made;
  }
  // 32 hexadecimal digits.
  template <typename Id>
  Id id(std::string_view key) {
    const auto found = base::hex_decode(text(key, 2 * sizeof(Id)));
    const auto made = found ? Id::of(*found) : std::nullopt;
    if (!made) refuse(key);
    return made.value_or(Id{});
  }

  // Calls `take` with the object, and with each object of a list; fields that it leaves are
  // refused.
  using Take = std::function<void(JsonRequest&)>;
  void object(std::string_view key, const Take& take);
  bool optional_object(std::string_view key, const Take& take);
  void each(std::string_view key, std::size_t count_max, const Take& take);

  // For a rule that `take` or the caller judges itself.
  void refuse(std::string_view key);

  // Errors: malformed (a field is missing, wrong, or not known).
  base::Result<void> done();

 private:
  explicit JsonRequest(nlohmann::json object, std::shared_ptr<std::string> wrong)
      : object_(std::move(object)), wrong_(std::move(wrong)) {}
  std::optional<nlohmann::json> take(std::string_view key);
  nlohmann::json need(std::string_view key);
  void take_object(std::string_view key, nlohmann::json value, const Take& take);

  nlohmann::json object_;               // what is left
  std::shared_ptr<std::string> wrong_;  // the first field that was; shared with inner objects
};

}  // namespace sealift::server::vault
