// RequestProof: that a request comes from the client that began the session, not from someone who
// saw its token. One profile of HTTP message signatures (RFC 9421), algorithm hmac-sha256 (section
// 3.3.3), with a key that the login's answer gave and no later message carries.
//
//   Content-Digest: sha-256=:<base64>:                        with a body (RFC 9530)
//   Signature-Input: s=("@method" "@path" "@query" "content-digest" "authorization")
//     ;created=<seconds>;alg="hmac-sha256";tag="sealift-session"
//   Signature: s=:<base64>:
//
// Without a body, "content-digest" is left out. Any other form is refused: there is nothing to
// negotiate. Why so: docs/decisions/0111. Pure; thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/bytes.h"
#include "http/field.h"
#include "http/request_head.h"

namespace sealift::http {

// What a client that proves its sessions asks for as a login begins, in Sealift-Session-Key.
inline constexpr std::string_view kSessionKeyAlgorithm = "hmac-sha256";

struct RequestProof {
  std::uint64_t created_seconds = 0;  // since 1970
  std::array<std::byte, 32> mac{};
  std::optional<std::array<std::byte, 32>> content_digest{};
  friend bool operator==(const RequestProof&, const RequestProof&) = default;
};

// What the MAC is over, as RFC 9421 section 2.5 has it.
struct ProvenRequest {
  std::string_view method;
  std::string_view path;
  std::string_view query;          // without "?"
  std::string_view authorization;  // the field's value
  std::uint64_t created_seconds = 0;
  std::optional<std::array<std::byte, 32>> content_digest{};
};
std::string request_proof_base(const ProvenRequest& request);

std::string content_digest_value(const std::array<std::byte, 32>& digest);
std::string signature_input_value(const ProvenRequest& request);
std::string signature_value(const std::array<std::byte, 32>& mac);

// nullopt: the request has none. Refusal: it has one of another form.
std::variant<std::optional<RequestProof>, Refusal> parse_request_proof(const Fields& fields);

}  // namespace sealift::http
