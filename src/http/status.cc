#include "http/status.h"

#include <array>

#include "base/check.h"

namespace sealift::http {
namespace {

constexpr std::array<std::string_view, kMethods> kMethodNames = {"GET",   "HEAD",   "POST",   "PUT",
                                                                 "PATCH", "DELETE", "OPTIONS"};

struct StatusRow {
  Status status;
  std::string_view text;
};

constexpr StatusRow kStatusRows[] = {
    {Status::interim_continue, "100 Continue"},
    {Status::ok, "200 OK"},
    {Status::created, "201 Created"},
    {Status::accepted, "202 Accepted"},
    {Status::no_content, "204 No Content"},
    {Status::partial_content, "206 Partial Content"},
    {Status::not_modified, "304 Not Modified"},
    {Status::bad_request, "400 Bad Request"},
    {Status::unauthorized, "401 Unauthorized"},
    {Status::forbidden, "403 Forbidden"},
    {Status::not_found, "404 Not Found"},
    {Status::method_not_allowed, "405 Method Not Allowed"},
    {Status::request_timeout, "408 Request Timeout"},
    {Status::conflict, "409 Conflict"},
    {Status::gone, "410 Gone"},
    {Status::precondition_failed, "412 Precondition Failed"},
    {Status::content_too_large, "413 Content Too Large"},
    {Status::uri_too_long, "414 URI Too Long"},
    {Status::unsupported_media_type, "415 Unsupported Media Type"},
    {Status::range_not_satisfiable, "416 Range Not Satisfiable"},
    {Status::expectation_failed, "417 Expectation Failed"},
    {Status::misdirected_request, "421 Misdirected Request"},
    {Status::unprocessable, "422 Unprocessable Content"},
    {Status::locked, "423 Locked"},
    {Status::too_many_requests, "429 Too Many Requests"},
    {Status::fields_too_large, "431 Request Header Fields Too Large"},
    {Status::checksum_mismatch, "460 Checksum Mismatch"},
    {Status::internal, "500 Internal Server Error"},
    {Status::not_implemented, "501 Not Implemented"},
    {Status::unavailable, "503 Service Unavailable"},
    {Status::version_not_supported, "505 HTTP Version Not Supported"},
    {Status::insufficient_storage, "507 Insufficient Storage"},
};

}  // namespace

std::string_view method_name(Method method) {
  return kMethodNames.at(static_cast<std::size_t>(method));
}

std::optional<Method> method_of(std::string_view name) {
  for (std::size_t i = 0; i < kMethods; ++i) {
    if (kMethodNames.at(i) == name) return static_cast<Method>(i);
  }
  return std::nullopt;
}

std::string_view status_text(Status status) {
  for (const StatusRow& row : kStatusRows) {
    if (row.status == status) return row.text;
  }
  base::check_failed("every status has a text", __FILE__, __LINE__);
}

std::optional<Status> status_of(unsigned number) {
  for (const StatusRow& row : kStatusRows) {
    if (static_cast<unsigned>(row.status) == number) return row.status;
  }
  return std::nullopt;
}

}  // namespace sealift::http
