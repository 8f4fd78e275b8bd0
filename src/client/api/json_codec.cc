#include "client/api/json_codec.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <nlohmann/json.hpp>
#include <type_traits>

#include "base/base64.h"
#include "base/clock.h"
#include "base/error_table.h"
#include "base/limits.h"
#include "base/refusal.h"
#include "client/api/admin_bodies.h"
#include "client/api/opening_bodies.h"
#include "client/api/parcel_bodies.h"
#include "client/api/recovery_bodies.h"
#include "client/api/request_bodies.h"
#include "client/api/slot_bodies.h"
#include "http/field.h"
#include "http/json_body.h"

namespace sealift::client::api {
namespace {

using base::ErrorCode;
using nlohmann::json;

constexpr std::int64_t kTimeMax = 253'402'300'799'999;  // the last millisecond of the year 9999
constexpr std::int64_t kDurationMax = 315'360'000'000;

template <typename T>
concept HasFields = requires {
  T::kSchema;
};

// Builds the JSON of a body.
class Writer {
 public:
  template <typename T>
  void operator()(const char* name, const T& value) {
    out_[name] = json_of(value);
  }
  template <typename T>
  void operator()(const char* name, const std::optional<T>& value) {
    if (value) (*this)(name, *value);
  }
  json take() && { return std::move(out_); }

  static json json_of(const std::string& value) { return value; }
  static json json_of(bool value) { return value; }
  static json json_of(std::uint64_t value) { return value; }
  static json json_of(const Token& value) { return value.text; }
  static json json_of(const Base64& value) {
    return base::base64_encode(value.bytes, base::Padding::required);
  }
  static json json_of(const Cursor& value) { return std::to_string(value.value); }
  static json json_of(base::UnixTime value) { return value.time_since_epoch().count(); }
  static json json_of(std::chrono::milliseconds value) { return value.count(); }
  template <std::size_t kSize>
  static json json_of(const FixedBase64<kSize>& value) {
    return base::base64_encode(value, base::Padding::required);
  }
  template <typename Tag>
  static json json_of(const Id<Tag>& value) {
    return value.text();
  }
  template <typename Enum>
  requires std::is_enum_v<Enum>
  static json json_of(Enum value) { return std::string(name_of(value)); }
  template <typename T>
  static json json_of(const std::vector<T>& values) {
    json list = json::array();
    for (const T& each : values) list.push_back(json_of(each));
    return list;
  }
  template <HasFields Body>
  static json json_of(const Body& body) {
    Writer inner;
    Body::fields(body, inner);
    return std::move(inner).take();
  }

 private:
  json out_ = json::object();
};

bool is_clean(const std::string& text) {
  return std::ranges::none_of(text, [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7f;
  });
}

// Fills a body from its JSON; the first thing that doesn't fit makes it bad for good.
class Reader {
 public:
  explicit Reader(const json& in) : in_(in), good_(in.is_object()) {}

  template <typename T>
  void operator()(const char* name, T& value) {
    if (!good_) return;
    const auto at = in_.find(name);
    good_ = at != in_.end() && read(*at, value);
  }
  template <typename T>
  void operator()(const char* name, std::optional<T>& value) {
    if (!good_ || in_.find(name) == in_.end()) return;
    (*this)(name, value.emplace());
  }
  bool is_good() const { return good_; }

 private:
  static bool read_integer(const json& in, std::int64_t max, std::int64_t& out) {
    if (!in.is_number_unsigned() || in.get<std::uint64_t>() > static_cast<std::uint64_t>(max))
      return false;
    out = in.get<std::int64_t>();
    return true;
  }
  static const std::string* text(const json& in) {
    const auto* value = in.get_ptr<const json::string_t*>();
    return value && is_clean(*value) ? value : nullptr;
  }

  static bool read(const json& in, std::string& out) {
    const std::string* value = text(in);
    if (value) out = *value;
    return value != nullptr;
  }
  static bool read(const json& in, bool& out) {
    if (in.is_boolean()) out = in.get<bool>();
    return in.is_boolean();
  }
  static bool read(const json& in, std::uint64_t& out) {
    std::int64_t value = 0;
    const bool good = read_integer(in, std::numeric_limits<std::int64_t>::max(), value);
    out = static_cast<std::uint64_t>(value);
    return good;
  }
  static bool read(const json& in, Token& out) { return read(in, out.text) && is_token(out.text); }
  static bool read(const json& in, Cursor& out) {
    const std::string* value = text(in);
    const auto number = value ? http::parse_decimal(*value, ~std::uint64_t{0}) : std::nullopt;
    out.value = number.value_or(0);
    return number.has_value();
  }
  static bool read(const json& in, Base64& out) {
    const std::string* value = text(in);
    auto bytes = value ? base::base64_decode(*value, base::Padding::required) : std::nullopt;
    if (bytes) out.bytes = *std::move(bytes);
    return bytes.has_value();
  }
  template <std::size_t kSize>
  static bool read(const json& in, FixedBase64<kSize>& out) {
    Base64 value;
    if (!read(in, value) || value.bytes.size() != kSize) return false;
    std::ranges::copy(value.bytes, out.begin());
    return true;
  }
  static bool read(const json& in, base::UnixTime& out) {
    std::int64_t value = 0;
    const bool good = read_integer(in, kTimeMax, value);
    out = base::UnixTime(std::chrono::milliseconds(value));
    return good;
  }
  static bool read(const json& in, std::chrono::milliseconds& out) {
    std::int64_t value = 0;
    const bool good = read_integer(in, kDurationMax, value);
    out = std::chrono::milliseconds(value);
    return good;
  }
  template <typename Tag>
  static bool read(const json& in, Id<Tag>& out) {
    const std::string* value = text(in);
    const auto id = value ? Id<Tag>::parse(*value) : std::nullopt;
    out = id.value_or(Id<Tag>{});
    return id.has_value();
  }
  template <typename Enum>
  requires std::is_enum_v<Enum>
  static bool read(const json& in, Enum& out) {
    const std::string* value = text(in);
    const auto found = value ? enumerator_of<Enum>(*value) : std::nullopt;
    out = found.value_or(Enum{});
    return found.has_value();
  }
  template <typename T>
  static bool read(const json& in, std::vector<T>& out) {
    if (!in.is_array()) return false;
    out.reserve(in.size());
    return std::ranges::all_of(in,
                               [&](const json& each) { return read(each, out.emplace_back()); });
  }
  template <HasFields Body>
  static bool read(const json& in, Body& out) {
    Reader inner(in);
    Body::fields(out, inner);
    return inner.is_good();
  }

  const json& in_;
  bool good_;
};

constexpr unsigned kContentTooLarge = 413;

ErrorCode code_of_status(unsigned status) {
  switch (status) {
    case 401:
      return ErrorCode::unauthorized;
    case 403:
      return ErrorCode::forbidden;
    case 404:
    case 410:
      return ErrorCode::not_found;
    case 409:
    case 412:
      return ErrorCode::conflict;
    case 413:
    case 429:
      return ErrorCode::limit;
    case 507:
      return ErrorCode::no_space;
    case 501:
      return ErrorCode::unsupported;
    default:
      return status >= 500 ? ErrorCode::io : ErrorCode::malformed;
  }
}

std::optional<ErrorCode> code_named(const std::string& name) {
  for (unsigned code = 1; code <= static_cast<unsigned>(ErrorCode::over_quota); ++code)
    if (base::error_row(static_cast<ErrorCode>(code)).name == name)
      return static_cast<ErrorCode>(code);
  return std::nullopt;
}

// In our own words, with the server's figures; nullopt for what this build does not know.
std::optional<base::Refusal> refusal_in(const json& value, ErrorCode code) {
  const auto reason = value.find("reason");
  if (reason == value.end() || !reason->is_string()) return std::nullopt;
  std::vector<base::Fact> facts;
  const auto given = value.find("facts");
  if (given != value.end() && given->is_object()) {
    for (const auto& [name, fact] : given->items()) {
      if (fact.is_number_unsigned()) facts.emplace_back(name, fact.get<std::uint64_t>());
      if (fact.is_string()) facts.emplace_back(name, fact.get_ref<const std::string&>());
    }
  }
  auto refusal = base::make_refusal(reason->get_ref<const std::string&>(), code, std::move(facts));
  // What we say of proxies, certificates and this machine is not for a server to say.
  if (refusal && refusal->row->is_clients) return std::nullopt;
  return refusal;
}

// What stands between us and the server answered: a proxy, or another server altogether.
base::Error not_sealifts(unsigned status) {
  const bool is_size = status == kContentTooLarge;
  auto refusal = is_size ? base::refuse("proxy_limit")
                         : base::refuse("not_sealift", {{"status", std::uint64_t{status}}});
  return {code_of_status(status), std::move(refusal).value().text};
}

}  // namespace

template <typename Body>
std::string encode(const Body& body) {
  return Writer::json_of(body).dump(-1, ' ', false, json::error_handler_t::replace);
}

template <typename Body>
base::Result<Body> decode(base::ByteView bytes) {
  auto value = http::parse_json_body(bytes, limits::kApiAnswerSizeMax);
  if (!value) return tl::unexpected(std::move(value).error().with_context("the server's answer"));
  Reader reader(*value);
  Body body;
  Body::fields(body, reader);
  if (!reader.is_good())
    return base::fail(ErrorCode::malformed, "the server's answer is not what was asked for");
  return body;
}

base::Error refusal_of(unsigned status, base::ByteView bytes) {
  const ErrorCode code = code_of_status(status);
  if (bytes.empty()) return {code, std::string(base::error_row(code).name)};
  const auto value = http::parse_json_body(bytes, limits::kJsonBodySizeMax);
  if (!value || !value->is_object()) return not_sealifts(status);
  const auto name = value->find("code");
  const auto named = name != value->end() && name->is_string()
                         ? code_named(name->get<std::string>())
                         : std::nullopt;
  if (!named) return not_sealifts(status);
  const auto refusal = refusal_in(*value, *named);
  return {*named, refusal ? refusal->text() : std::string(base::error_row(*named).name)};
}

#define SEALIFT_API_BODY(Body)                    \
  template std::string encode<Body>(const Body&); \
  template base::Result<Body> decode<Body>(base::ByteView)
SEALIFT_API_BODY(Nothing);
SEALIFT_API_BODY(Roles);
SEALIFT_API_BODY(ServerDescription);
SEALIFT_API_BODY(EnrolmentToken);
SEALIFT_API_BODY(EnrolmentOffer);
SEALIFT_API_BODY(Authentication);
SEALIFT_API_BODY(NewSlot);
SEALIFT_API_BODY(Key);
SEALIFT_API_BODY(Enrol);
SEALIFT_API_BODY(Prepare);
SEALIFT_API_BODY(Prepared);
SEALIFT_API_BODY(Begin);
SEALIFT_API_BODY(Account);
SEALIFT_API_BODY(Session);
SEALIFT_API_BODY(Begun);
SEALIFT_API_BODY(SetLanguage);
SEALIFT_API_BODY(Sessions);
SEALIFT_API_BODY(NewToken);
SEALIFT_API_BODY(IssuedToken);
SEALIFT_API_BODY(ChangePassword);
SEALIFT_API_BODY(Slot);
SEALIFT_API_BODY(Slots);
SEALIFT_API_BODY(Act);
SEALIFT_API_BODY(NextAct);
SEALIFT_API_BODY(FirstAct);
SEALIFT_API_BODY(Acts);
SEALIFT_API_BODY(ReplaceSlot);
SEALIFT_API_BODY(RotatedSlot);
SEALIFT_API_BODY(Rotate);
SEALIFT_API_BODY(Created);
SEALIFT_API_BODY(DirectoryEntry);
SEALIFT_API_BODY(Directory);
SEALIFT_API_BODY(NewRecipient);
SEALIFT_API_BODY(NewParcel);
SEALIFT_API_BODY(RecipientState);
SEALIFT_API_BODY(Parcel);
SEALIFT_API_BODY(Parcels);
SEALIFT_API_BODY(PartHeader);
SEALIFT_API_BODY(ChangeExpiry);
SEALIFT_API_BODY(ChangeRecipients);
SEALIFT_API_BODY(NewUpload);
SEALIFT_API_BODY(Upload);
SEALIFT_API_BODY(Completed);
SEALIFT_API_BODY(Opening);
SEALIFT_API_BODY(Openings);
SEALIFT_API_BODY(PartSize);
SEALIFT_API_BODY(Ticket);
SEALIFT_API_BODY(SignedReceipt);
SEALIFT_API_BODY(LoggedReceipt);
SEALIFT_API_BODY(NewLink);
SEALIFT_API_BODY(Link);
SEALIFT_API_BODY(Links);
SEALIFT_API_BODY(LinkPage);
SEALIFT_API_BODY(Redeem);
SEALIFT_API_BODY(EventProof);
SEALIFT_API_BODY(NewRequest);
SEALIFT_API_BODY(FileRequest);
SEALIFT_API_BODY(Requests);
SEALIFT_API_BODY(RequestPage);
SEALIFT_API_BODY(HandIn);
SEALIFT_API_BODY(HandedIn);
SEALIFT_API_BODY(CustodyEvent);
SEALIFT_API_BODY(CustodyEvents);
SEALIFT_API_BODY(Policy);
SEALIFT_API_BODY(Invite);
SEALIFT_API_BODY(Invited);
SEALIFT_API_BODY(Enrolment);
SEALIFT_API_BODY(Enrolments);
SEALIFT_API_BODY(Accounts);
SEALIFT_API_BODY(SetState);
SEALIFT_API_BODY(SetQuota);
SEALIFT_API_BODY(Usage);
SEALIFT_API_BODY(Setting);
SEALIFT_API_BODY(Proposal);
SEALIFT_API_BODY(Proposals);
SEALIFT_API_BODY(AskRecovery);
SEALIFT_API_BODY(Recovery);
SEALIFT_API_BODY(Recoveries);
SEALIFT_API_BODY(RecoveryShare);
SEALIFT_API_BODY(DealtRecovery);
SEALIFT_API_BODY(GiveShare);
SEALIFT_API_BODY(OwnRecovery);
SEALIFT_API_BODY(Released);
SEALIFT_API_BODY(SignOfficers);
SEALIFT_API_BODY(Lockdown);
SEALIFT_API_BODY(LockdownRef);
#undef SEALIFT_API_BODY

}  // namespace sealift::client::api
