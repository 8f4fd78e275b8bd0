#include "http/request_proof.h"

#include <algorithm>

#include "base/base64.h"

namespace sealift::http {
namespace {

constexpr std::string_view kWithBody =
    R"(("@method" "@path" "@query" "content-digest" "authorization");created=)";
constexpr std::string_view kWithoutBody =
    R"(("@method" "@path" "@query" "authorization");created=)";
constexpr std::string_view kEnd = R"(;alg="hmac-sha256";tag="sealift-session")";
constexpr std::string_view kLabel = "s=";
constexpr std::string_view kDigest = "sha-256=";
// The year 9999.
constexpr std::uint64_t kSecondsMax = 253'402'300'799;

// A byte sequence of RFC 8941: base64 between colons.
std::string sequence_of(const std::array<std::byte, 32>& bytes) {
  return ":" + base::base64_encode(bytes, base::Padding::required) + ":";
}

std::optional<std::array<std::byte, 32>> parse_sequence(std::string_view text,
                                                        std::string_view prefix) {
  if (!text.starts_with(prefix)) return std::nullopt;
  text.remove_prefix(prefix.size());
  if (text.size() < 2 || text.front() != ':' || text.back() != ':') return std::nullopt;
  const auto bytes = base::base64_decode(text.substr(1, text.size() - 2), base::Padding::required);
  std::array<std::byte, 32> out{};
  if (!bytes || bytes->size() != out.size()) return std::nullopt;
  std::ranges::copy(*bytes, out.begin());
  return out;
}

std::string parameters_of(const ProvenRequest& request) {
  return std::string(request.content_digest ? kWithBody : kWithoutBody) +
         std::to_string(request.created_seconds) + std::string(kEnd);
}

std::optional<std::uint64_t> parse_created(std::string_view text, std::string_view components) {
  if (!text.starts_with(components) || !text.ends_with(kEnd)) return std::nullopt;
  if (text.size() < components.size() + kEnd.size()) return std::nullopt;
  text.remove_prefix(components.size());
  text.remove_suffix(kEnd.size());
  return parse_decimal(text, kSecondsMax);
}

}  // namespace

std::string request_proof_base(const ProvenRequest& request) {
  std::string text;
  text.append("\"@method\": ").append(request.method).append("\n\"@path\": ").append(request.path);
  text.append("\n\"@query\": ?").append(request.query).append("\n");
  if (request.content_digest) {
    text.append("\"content-digest\": ").append(content_digest_value(*request.content_digest));
    text.append("\n");
  }
  text.append("\"authorization\": ").append(request.authorization);
  text.append("\n\"@signature-params\": ").append(parameters_of(request));
  return text;
}

std::string content_digest_value(const std::array<std::byte, 32>& digest) {
  return std::string(kDigest) + sequence_of(digest);
}

std::string signature_input_value(const ProvenRequest& request) {
  return std::string(kLabel) + parameters_of(request);
}

std::string signature_value(const std::array<std::byte, 32>& mac) {
  return std::string(kLabel) + sequence_of(mac);
}

std::variant<std::optional<RequestProof>, Refusal> parse_request_proof(const Fields& fields) {
  const auto input = fields.get(FieldName::signature_input);
  const auto signature = fields.get(FieldName::signature);
  if (!input && !signature) return std::optional<RequestProof>();
  const Refusal refusal{Status::bad_request, "malformed signature"};
  if (!input || !signature || !input->starts_with(kLabel)) return refusal;
  RequestProof proof;
  const std::string_view parameters = input->substr(kLabel.size());
  auto created = parse_created(parameters, kWithoutBody);
  if (!created) {
    const auto digest = fields.get(FieldName::content_digest);
    created = parse_created(parameters, kWithBody);
    if (digest) proof.content_digest = parse_sequence(*digest, kDigest);
    if (!proof.content_digest) return refusal;
  }
  const auto mac = parse_sequence(*signature, kLabel);
  if (!created || !mac) return refusal;
  proof.created_seconds = *created;
  proof.mac = *mac;
  return std::optional(proof);
}

}  // namespace sealift::http
