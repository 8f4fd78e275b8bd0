// The HTTP words with a fixed list: methods, status codes, and why a message was refused.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace sealift::http {

// What Sealift answers to. Other method names are refused as not implemented.
enum class Method : std::uint8_t { get, head, post, put, patch, del, options };
inline constexpr std::size_t kMethods = 7;

std::string_view method_name(Method method);
// Exact case, as RFC 9110 section 9.1 says.
std::optional<Method> method_of(std::string_view name);

enum class Status : std::uint16_t {
  interim_continue = 100,
  ok = 200,
  created = 201,
  accepted = 202,
  no_content = 204,
  partial_content = 206,
  not_modified = 304,
  bad_request = 400,
  unauthorized = 401,
  forbidden = 403,
  not_found = 404,
  method_not_allowed = 405,
  request_timeout = 408,
  conflict = 409,
  gone = 410,
  precondition_failed = 412,
  content_too_large = 413,
  uri_too_long = 414,
  unsupported_media_type = 415,
  range_not_satisfiable = 416,
  expectation_failed = 417,
  misdirected_request = 421,
  unprocessable = 422,
  locked = 423,
  too_many_requests = 429,
  fields_too_large = 431,
  checksum_mismatch = 460,  // of tus
  internal = 500,
  not_implemented = 501,
  unavailable = 503,
  version_not_supported = 505,
  insufficient_storage = 507,
};

// "200 OK": what stands after the version in a status line. Every enumerator has one.
std::string_view status_text(Status status);
// The status with this number, where Sealift knows it.
std::optional<Status> status_of(unsigned number);

// Why a message was refused, and what the peer is told. `reason` is a constant: it never holds
// bytes of the message.
struct Refusal {
  Status status = Status::bad_request;
  std::string_view reason;
  friend bool operator==(const Refusal&, const Refusal&) = default;
};

}  // namespace sealift::http
