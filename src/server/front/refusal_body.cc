#include "server/front/refusal_body.h"

#include "base/refusal.h"

namespace sealift::server::front {
namespace {

// The code of the API's document (schema Error) for what is wrong in form.
std::string_view code_of(http::Status status) {
  switch (status) {
    case http::Status::not_found:
      return "not_found";
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

}  // namespace

std::string refusal_body(const http::Refusal& refusal) {
  if (refusal.status == http::Status::misdirected_request) {
    return R"({"code":"malformed","reason":"wrong_host","facts":{},"sentence":")" +
           base::refusal_of(base::refuse("wrong_host").value())->sentence(base::Language::english) +
           "\"}";
  }
  return std::string(R"({"code":")")
      .append(code_of(refusal.status))
      .append(R"(","sentence":")")
      .append(refusal.reason)
      .append("\"}");
}

}  // namespace sealift::server::front
