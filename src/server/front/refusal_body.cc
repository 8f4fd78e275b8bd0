#include "server/front/refusal_body.h"

#include "base/error_table.h"
#include "base/refusal.h"

namespace sealift::server::front {
namespace {

// The code of the API's document (schema Error) for what is wrong in form.
std::string_view code_of(http::Status status) {
  switch (status) {
    case http::Status::content_too_large:
      return "limit";
    case http::Status::unavailable:
      return "io";
    case http::Status::method_not_allowed:
    case http::Status::unsupported_media_type:
    case http::Status::precondition_failed:
      return "usage";
    default:
      return "malformed";
  }
}

std::string body_of_row(std::string_view reason) {
  const auto row = base::refusal_of(base::refuse(reason).value());
  return std::string(R"({"code":")")
      .append(base::error_row(row->row->code).name)
      .append(R"(","reason":")")
      .append(reason)
      .append(R"(","facts":{},"sentence":")")
      .append(row->sentence(base::Language::english))
      .append("\"}");
}

}  // namespace

std::string refusal_body(const http::Refusal& refusal) {
  if (refusal.status == http::Status::misdirected_request) return body_of_row("wrong_host");
  if (refusal.status == http::Status::not_found) return body_of_row("no_operation");
  return std::string(R"({"code":")")
      .append(code_of(refusal.status))
      .append(R"(","sentence":")")
      .append(refusal.reason)
      .append("\"}");
}

}  // namespace sealift::server::front
