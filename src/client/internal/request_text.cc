#include "client/internal/request_text.h"

#include <algorithm>

#include "crypto/sha256.h"
#include "http/request_proof.h"
#include "http/tus.h"

namespace sealift::client {
namespace {

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_token_text(std::string_view text, std::size_t size) {
  return text.size() == size && std::ranges::all_of(text, [](char c) {
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

constexpr std::size_t kTokenSize = 43;

// RFC 9421, in the one profile of http/request_proof.h.
void proof_fields(const Request& request, const RequestFrame& frame, std::string& out) {
  const std::string authorization = "Bearer " + request.credential.token;
  const std::size_t query = request.target.find('?');
  const std::string_view target = request.target;
  http::ProvenRequest proven{
      .method = http::method_name(request.method),
      .path = target.substr(0, query),
      .query = query == target.npos ? std::string_view() : target.substr(query + 1),
      .authorization = authorization,
      .created_seconds = static_cast<std::uint64_t>(
          std::chrono::floor<std::chrono::seconds>(frame.now).time_since_epoch().count()),
      .content_digest = std::nullopt};
  if (!frame.body.empty()) {
    proven.content_digest = crypto::sha256(frame.body);
    field(out, "Content-Digest", http::content_digest_value(*proven.content_digest));
  }
  const auto mac = crypto::hmac_sha256(*request.credential.key,
                                       base::bytes_of(http::request_proof_base(proven)));
  field(out, "Signature-Input", http::signature_input_value(proven));
  field(out, "Signature", http::signature_value(mac));
}

}  // namespace

bool is_target(std::string_view text) {
  return text.starts_with('/') && std::ranges::all_of(text, [](char c) {
           return is_alphanumeric(c) || std::string_view("-._~/?=&").find(c) != std::string::npos;
         });
}

base::Result<std::string> request_text(const Request& request, const RequestFrame& frame) {
  const Credential& credential = request.credential;
  if (!is_target(request.target))
    return base::fail(base::ErrorCode::usage, "this can't be asked for");
  if (credential.kind != Credential::Kind::none && !is_token_text(credential.token, kTokenSize))
    return base::fail(base::ErrorCode::usage, "the credential is not one");
  if (!request.repeat_key.empty() && !is_token_text(request.repeat_key, kTokenSize))
    return base::fail(base::ErrorCode::usage, "the key of a repetition is not one");
  if (!request.act.empty() && !is_token_text(request.act, request.act.size()))
    return base::fail(base::ErrorCode::usage, "the act is not one");
  std::string out;
  out.append(http::method_name(request.method)).append(" ").append(request.target);
  out.append(" HTTP/1.1\r\n");
  field(out, "Host", frame.authority);
  if (credential.kind != Credential::Kind::none)
    out.append(credential_field(credential.kind)).append(credential.token).append("\r\n");
  if (credential.key) proof_fields(request, frame, out);
  if (!request.act.empty()) field(out, "Sealift-Act", request.act);
  if (!request.repeat_key.empty()) field(out, "Sealift-Repeat", request.repeat_key);
  if (request.wants_session_key) field(out, "Sealift-Session-Key", http::kSessionKeyAlgorithm);
  if (request.content_type != ContentType::none)
    field(out, "Content-Type", content_type_text(request.content_type));
  if (frame.size_bytes) field(out, "Content-Length", std::to_string(*frame.size_bytes));
  tus_fields(request, out);
  range_fields(request, out);
  out.append("\r\n");
  return out;
}

}  // namespace sealift::client
