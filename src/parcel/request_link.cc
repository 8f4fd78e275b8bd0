#include "parcel/request_link.h"

#include <algorithm>

#include "base/hex.h"
#include "base/utf8.h"
#include "crypto/aead.h"
#include "crypto/hkdf.h"
#include "parcel/internal/link_text.h"

namespace sealift::parcel {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

constexpr std::string_view kPathMark = "/r/";
constexpr std::string_view kSecretLabel = "sealift/v1/request-secret";
constexpr std::string_view kProofKeyLabel = "sealift/v1/request-proof-key";
constexpr std::string_view kManifestKeyLabel = "sealift/v1/request-manifest-key";
constexpr std::string_view kTitleLabel = "sealift/v1/request-title";
constexpr std::array<std::byte, crypto::kAeadNonceSize> kOnlyNonce{};

crypto::SecretBytes<32> derive(base::ByteView key, const RequestIdBytes& id,
                               std::string_view label) {
  return crypto::hkdf_sha256<32>({.key = key, .salt = id, .info = base::bytes_of(label)});
}

}  // namespace

Result<RequestLink> RequestLink::parse(std::string_view text) {
  const auto refused = fail(ErrorCode::malformed, "this is not a link to a file request");
  const auto parts = internal::split_link(text, kPathMark);
  if (!parts) return refused;
  const std::size_t dot = parts->fragment.find('.');
  if (dot == text.npos) return refused;
  auto secret = internal::secret_of_text(parts->fragment.substr(0, dot));
  const auto fingerprint = internal::secret_of_text(parts->fragment.substr(dot + 1));
  if (!secret || !fingerprint) return refused;
  RequestLink link;
  link.server_url = parts->server_url;
  link.request_id = parts->id;
  link.secret = *std::move(secret);
  std::ranges::copy(fingerprint->view(), link.fingerprint.begin());
  return link;
}

std::string RequestLink::text() const {
  return server_url + std::string(kPathMark) + base::hex_encode(request_id) + "#" +
         internal::text_of_bytes(secret.view()) + "." + internal::text_of_bytes(fingerprint);
}

RequestSecret request_secret(const crypto::Ed25519Secret& requester, const RequestIdBytes& id) {
  return derive(requester.seed().view(), id, kSecretLabel);
}

crypto::Ed25519Secret request_proof_key(const RequestSecret& secret, const RequestIdBytes& id) {
  return crypto::Ed25519Secret::from_seed(derive(secret.view(), id, kProofKeyLabel).view());
}

crypto::Ed25519Secret request_manifest_key(const RequestSecret& secret, const RequestIdBytes& id) {
  return crypto::Ed25519Secret::from_seed(derive(secret.view(), id, kManifestKeyLabel).view());
}

base::Bytes seal_title(const RequestSecret& secret, const RequestIdBytes& id,
                       std::string_view title) {
  const auto key = derive(secret.view(), id, kTitleLabel);
  base::Bytes sealed(title.size());
  std::array<std::byte, crypto::kAeadTagSize> tag;
  crypto::Aead(key.view()).seal(kOnlyNonce, base::bytes_of(title), sealed, tag);
  base::append(sealed, tag);
  return sealed;
}

Result<std::string> open_title(const RequestSecret& secret, const RequestIdBytes& id,
                               base::ByteView sealed) {
  if (sealed.size() < crypto::kAeadTagSize)
    return fail(ErrorCode::malformed, "the request's title is not one");
  const auto key = derive(secret.view(), id, kTitleLabel);
  const base::ByteView text = sealed.first(sealed.size() - crypto::kAeadTagSize);
  base::Bytes title(text.size());
  const crypto::AeadTag tag(sealed.last<crypto::kAeadTagSize>());
  if (!crypto::Aead(key.view()).open(kOnlyNonce, text, tag, title))
    return fail(ErrorCode::damaged, "the request's title was changed");
  if (!base::is_utf8(base::text_of(title)))
    return fail(ErrorCode::malformed, "the request's title is not one");
  return std::string(base::text_of(title));
}

crypto::Sha256Digest recipient_fingerprint(std::string_view recipient) {
  return crypto::sha256(base::bytes_of(recipient));
}

}  // namespace sealift::parcel
