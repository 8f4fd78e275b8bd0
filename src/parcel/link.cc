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

// What a passphrase says however it was told or typed: its letters and digits, in lower case.
crypto::SecretBuffer as_told(const crypto::SecretBuffer& typed) {
  crypto::SecretBuffer told(typed.size());
  std::size_t size = 0;
  for (const std::byte byte : typed.view()) {
    const auto c = std::to_integer<unsigned char>(byte);
    const bool is_upper = c >= 'A' && c <= 'Z';
    const bool counts = is_upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (counts) told.mutable_view()[size++] = is_upper ? std::byte(c - 'A' + 'a') : byte;
  }
  return crypto::SecretBuffer::copy_of(told.view().first(size));
}

// Secrets side by side, as one key.
template <std::size_t kSizeMax>
class Parts {
 public:
  void add(const SecretBytes<32>& part) {
    std::ranges::copy(part.view(), bytes_.mutable_view().subspan(used_).begin());
    used_ += SecretBytes<32>::kSize;
  }
  SecretBytes<32> derive(const Link& link, std::string_view label) const {
    return crypto::hkdf_sha256<32>({.key = base::ByteView(bytes_.view()).first(used_),
                                    .salt = link.parcel_id,
                                    .info = base::bytes_of(label)});
  }

 private:
  SecretBytes<kSizeMax> bytes_;
  std::size_t used_ = 0;
};

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

base::Result<StretchedPassphrase> stretch_passphrase(const Link& link,
                                                     const crypto::SecretBuffer& passphrase) {
  if (passphrase.empty()) return StretchedPassphrase();
  const crypto::SecretBuffer told = as_told(passphrase);
  const auto salt = crypto::hkdf_sha256<16>({.key = link.secret.view(),
                                             .salt = link.parcel_id,
                                             .info = base::bytes_of(kPassphraseLabel)});
  SEALIFT_TRY(SecretBytes<32> stretched, crypto::scrypt(told.view(), salt.view(), kPassphraseCost));
  return StretchedPassphrase(std::move(stretched));
}

SecretBytes<32> link_identity(const Link& link, const ServerHalf& server_half,
                              const StretchedPassphrase& passphrase) {
  Parts<96> parts;
  parts.add(link.secret);
  parts.add(server_half);
  if (passphrase) parts.add(*passphrase);
  return parts.derive(link, kIdentityLabel);
}

crypto::Ed25519Secret link_signing_key(const Link& link, const StretchedPassphrase& passphrase) {
  Parts<64> parts;
  parts.add(link.secret);
  if (passphrase) parts.add(*passphrase);
  return crypto::Ed25519Secret::from_seed(parts.derive(link, kProofKeyLabel).view());
}

crypto::Ed25519Public link_proof_key(const Link& link, const StretchedPassphrase& passphrase) {
  return link_signing_key(link, passphrase).public_key();
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
