#include "client/internal/request_text.h"

#include <algorithm>

#include "http/tus.h"

namespace sealift::client {
namespace {

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_token_text(std::string_view text) {
  return text.size() == 43 && std::ranges::all_of(text, [](char c) {
           return is_alphanumeric(c) || c == '-' || c == '_';
         });
}

void field(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

std::string_view credential_field(Credential::Kind kind) {
  switch (kind) {
    case Credential::Kind::none:
      return "";
    case Credential::Kind::session:
      return "Authorization: Bearer ";
    case Credential::Kind::ticket:
      return "Sealift-Ticket: ";
    case Credential::Kind::upload_key:
      return "Sealift-Upload-Key: ";
    case Credential::Kind::hand_in_key:
      return "Sealift-Hand-In-Key: ";
  }
  return "";
}

std::string_view content_type_text(ContentType type) {
  switch (type) {
    case ContentType::none:
      return "";
    case ContentType::json:
      return "application/json";
    case ContentType::octets:
      return "application/octet-stream";
    case ContentType::upload_piece:
      return http::kTusContentType;
  }
  return "";
}

void tus_fields(const Request& request, std::string& out) {
  if (request.is_tus) field(out, "Tus-Resumable", http::kTusVersion);
  if (request.upload_offset) field(out, "Upload-Offset", std::to_string(*request.upload_offset));
  if (request.upload_length) field(out, "Upload-Length", std::to_string(*request.upload_length));
}

void range_fields(const Request& request, std::string& out) {
  if (!request.range) return;
  const std::uint64_t first = request.range->offset;
  const std::uint64_t last = first + request.range->size_bytes - 1;
  field(out, "Range", "bytes=" + std::to_string(first) + "-" + std::to_string(last));
  if (request.if_range) field(out, "If-Range", "\"" + request.if_range->text() + "\"");
}

}  // namespace

bool is_target(std::string_view text) {
  return text.starts_with('/') && std::ranges::all_of(text, [](char c) {
           return is_alphanumeric(c) || std::string_view("-._~/?=&").find(c) != std::string::npos;
         });
}

base::Result<std::string> request_text(const Request& request, const std::string& authority,
                                       std::optional<std::uint64_t> size_bytes) {
  const Credential& credential = request.credential;
  if (!is_target(request.target))
    return base::fail(base::ErrorCode::usage, "this can't be asked for");
  if (credential.kind != Credential::Kind::none && !is_token_text(credential.token))
    return base::fail(base::ErrorCode::usage, "the credential is not one");
  if (!request.repeat_key.empty() && !is_token_text(request.repeat_key))
    return base::fail(base::ErrorCode::usage, "the key of a repetition is not one");
  std::string out;
  out.append(http::method_name(request.method)).append(" ").append(request.target);
  out.append(" HTTP/1.1\r\n");
  field(out, "Host", authority);
  if (credential.kind != Credential::Kind::none)
    out.append(credential_field(credential.kind)).append(credential.token).append("\r\n");
  if (!request.repeat_key.empty()) field(out, "Sealift-Repeat", request.repeat_key);
  if (request.content_type != ContentType::none)
    field(out, "Content-Type", content_type_text(request.content_type));
  if (size_bytes) field(out, "Content-Length", std::to_string(*size_bytes));
  tus_fields(request, out);
  range_fields(request, out);
  out.append("\r\n");
  return out;
}

}  // namespace sealift::client
