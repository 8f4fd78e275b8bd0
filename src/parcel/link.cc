#include "parcel/link.h"

#include <algorithm>

#include "base/hex.h"
#include "crypto/hkdf.h"
#include "crypto/password_hash.h"
#include "parcel/internal/link_text.h"

namespace sealift::parcel {
namespace {

using base::ErrorCode;
using base::fail;
using crypto::SecretBytes;

constexpr std::string_view kIdentityLabel = "sealift/v1/link-identity";
constexpr std::string_view kPassphraseLabel = "sealift/v1/link-passphrase";
constexpr std::string_view kProofKeyLabel = "sealift/v1/link-proof-key";
constexpr std::string_view kProofLabel = "sealift/v1/link-proof\n";
constexpr std::string_view kPathMark = "/l/";
// 256 MiB and about a second: age's own work factor for passphrases.
constexpr crypto::ScryptCost kPassphraseCost{.log_n = 18};

std::string labelled(const LinkChallenge& challenge) {
  return std::string(kProofLabel) + std::string(base::text_of(challenge));
}

}  // namespace

base::Result<Link> Link::parse(std::string_view text) {
  const auto refused = fail(ErrorCode::malformed, "this is not a link to a parcel");
  const auto parts = internal::split_link(text, kPathMark);
  if (!parts) return refused;
  auto secret = internal::secret_of_text(parts->fragment);
  if (!secret) return refused;

  Link link;
  link.server_url = parts->server_url;
  link.parcel_id = parts->id;
  link.secret = *std::move(secret);
  return link;
}

std::string Link::text() const {
  return server_url + std::string(kPathMark) + base::hex_encode(parcel_id) + "#" +
         internal::text_of_bytes(secret.view());
}

base::Result<SecretBytes<32>> link_identity(const Link& link, const ServerHalf& server_half,
                                            const crypto::SecretBuffer& passphrase) {
  SecretBytes<96> halves;
  const std::span<std::byte, 96> parts = halves.mutable_view();
  std::ranges::copy(link.secret.view(), parts.begin());
  std::ranges::copy(server_half.view(), parts.begin() + 32);
  std::size_t used = 64;
  if (!passphrase.empty()) {
    // Salted with the server's half: without it nobody can begin to guess.
    const auto salt = crypto::hkdf_sha256<16>({.key = server_half.view(),
                                               .salt = link.parcel_id,
                                               .info = base::bytes_of(kPassphraseLabel)});
    SEALIFT_TRY(const SecretBytes<32> stretched,
                crypto::scrypt(passphrase.view(), salt.view(), kPassphraseCost));
    std::ranges::copy(stretched.view(), parts.begin() + 64);
    used = 96;
  }
  return crypto::hkdf_sha256<32>({.key = halves.view().first(used),
                                  .salt = link.parcel_id,
                                  .info = base::bytes_of(kIdentityLabel)});
}

crypto::Ed25519Secret link_signing_key(const Link& link) {
  const auto seed = crypto::hkdf_sha256<32>(
      {.key = link.secret.view(), .salt = link.parcel_id, .info = base::bytes_of(kProofKeyLabel)});
  return crypto::Ed25519Secret::from_seed(seed.view());
}

crypto::Ed25519Public link_proof_key(const Link& link) {
  return link_signing_key(link).public_key();
}

crypto::Ed25519Signature prove_link(const Link& link, const LinkChallenge& challenge) {
  return sign_challenge(link_signing_key(link), challenge);
}

crypto::Ed25519Signature sign_challenge(const crypto::Ed25519Secret& key,
                                        const LinkChallenge& challenge) {
  return key.sign(base::bytes_of(labelled(challenge)));
}

bool is_link_proof(const crypto::Ed25519Public& proof_key, const LinkChallenge& challenge,
                   const crypto::Ed25519Signature& proof) {
  return crypto::ed25519_verify(proof_key, base::bytes_of(labelled(challenge)), proof);
}

}  // namespace sealift::parcel
