#include "server/vault/vault_keys.h"

#include <algorithm>

#include "base/base64.h"
#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "crypto/aead.h"
#include "crypto/hkdf.h"
#include "crypto/sha256.h"

namespace sealift::server::vault {
namespace {

using base::Bytes;
using base::ByteView;

constexpr std::uint8_t kWrapVersion = 1;
constexpr std::size_t kSaltSize = 24;
constexpr std::string_view kHashLabel = "sealift/v1/vault/hash";
constexpr std::string_view kWrapLabel = "sealift/v1/vault/wrap";

std::string_view label_of(WrapFor purpose) {
  switch (purpose) {
    case WrapFor::address:
      return "sealift/v1/wrap/address";
    case WrapFor::slot:
      return "sealift/v1/wrap/slot";
    case WrapFor::verifier:
      return "sealift/v1/wrap/verifier";
    case WrapFor::link_half:
      return "sealift/v1/wrap/link-half";
    case WrapFor::mail:
      return "sealift/v1/wrap/mail";
    case WrapFor::recovery_half:
      return "sealift/v1/wrap/recovery-half";
    case WrapFor::recovery_share:
      return "sealift/v1/wrap/recovery-share";
  }
  SEALIFT_CHECK(false);
}

std::string_view label_of(ChallengeFor purpose) {
  switch (purpose) {
    case ChallengeFor::link:
      return "sealift/v1/challenge/link";
    case ChallengeFor::request:
      return "sealift/v1/challenge/request";
    case ChallengeFor::login:
      return "sealift/v1/challenge/login";
    case ChallengeFor::act:
      return "sealift/v1/challenge/act";
  }
  SEALIFT_CHECK(false);
}

crypto::SecretBytes<32> derive(const crypto::SecretBytes<32>& root, std::string_view label) {
  return crypto::hkdf_sha256<32>({.key = root.view(), .salt = {}, .info = base::bytes_of(label)});
}

// A key and nonce for one message: the salt is never used twice.
crypto::SecretBytes<crypto::kAeadKeySize + crypto::kAeadNonceSize> message_key(
    const crypto::SecretBytes<32>& root, ByteView salt, std::string_view label) {
  return crypto::hkdf_sha256<crypto::kAeadKeySize + crypto::kAeadNonceSize>(
      {.key = root.view(), .salt = salt, .info = base::bytes_of(label)});
}

std::string to_base64url(ByteView bytes) {
  std::string text = base::base64_encode(bytes, base::Padding::none);
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  return text;
}

}  // namespace

Token make_token(crypto::Random& random) { return token_of(random.array<32>()); }

Token token_of(const std::array<std::byte, 32>& bytes) {
  return {to_base64url(bytes), {crypto::sha256(bytes)}};
}

std::optional<catalog::TokenHash> hash_of_token(std::string_view text) {
  if (text.size() != kTokenTextSize || text.find_first_of("+/") != std::string_view::npos) {
    return std::nullopt;
  }
  std::string standard(text);
  std::ranges::replace(standard, '-', '+');
  std::ranges::replace(standard, '_', '/');
  const auto bytes = base::base64_decode(standard, base::Padding::none);
  if (!bytes) return std::nullopt;
  return catalog::TokenHash{crypto::sha256(*bytes)};
}

VaultKeys::VaultKeys(const crypto::SecretBytes<32>& root)
    : hash_root_(derive(root, kHashLabel)), wrap_root_(derive(root, kWrapLabel)) {}

std::array<std::byte, 32> VaultKeys::keyed_hash(std::string_view label, ByteView message) const {
  const auto key = derive(hash_root_, label);
  return crypto::hmac_sha256(key.view(), message);
}

catalog::AddressLookup VaultKeys::address_lookup(std::string_view address) const {
  return {keyed_hash("sealift/v1/lookup/address", base::bytes_of(address))};
}

catalog::VerifierLookup VaultKeys::verifier_lookup(ByteView subject) const {
  return {keyed_hash("sealift/v1/lookup/verifier", subject)};
}

catalog::DelayKey VaultKeys::delay_key(catalog::DelayKind kind, ByteView subject) const {
  base::ByteWriter message;
  message.u8(static_cast<std::uint8_t>(kind));
  message.bytes(subject);
  return {keyed_hash("sealift/v1/lookup/delay", message.written())};
}

std::array<std::byte, 32> VaultKeys::authenticator(Queue queue, ByteView message) const {
  return keyed_hash(
      queue == Queue::custody ? "sealift/v1/queue/custody" : "sealift/v1/queue/directory", message);
}

Token VaultKeys::repeated_token(std::string_view asker, std::string_view repeat) const {
  Bytes message = base::copy_of(base::bytes_of(asker));
  message.push_back(std::byte{0});
  base::append(message, base::bytes_of(repeat));
  return token_of(keyed_hash("sealift/v1/repeat", message));
}

std::array<std::byte, 32> VaultKeys::session_key(const catalog::SessionId& session) const {
  return keyed_hash("sealift/v1/session-key", session.view());
}

std::array<std::byte, 32> VaultKeys::decoy(std::string_view label, ByteView subject) const {
  Bytes message = base::copy_of(base::bytes_of(label));
  message.push_back(std::byte{0});
  base::append(message, subject);
  return keyed_hash("sealift/v1/decoy", message);
}

Bytes VaultKeys::wrap(WrapFor purpose, ByteView subject, ByteView plain,
                      crypto::Random& random) const {
  const auto salt = random.array<kSaltSize>();
  const auto key = message_key(wrap_root_, salt, label_of(purpose));
  base::ByteWriter wrapped;
  wrapped.u8(kWrapVersion);
  wrapped.bytes(salt);
  wrapped.bytes(crypto::aead_seal(key.view().first<crypto::kAeadKeySize>(),
                                  key.view().last<crypto::kAeadNonceSize>(), plain, subject));
  return std::move(wrapped).take();
}

base::Result<crypto::SecretBuffer> VaultKeys::unwrap(WrapFor purpose, ByteView subject,
                                                     ByteView wrapped) const {
  if (wrapped.size() < 1 + kSaltSize || wrapped.front() != std::byte{kWrapVersion}) {
    return base::fail(base::ErrorCode::damaged, "wrapped bytes");
  }
  const auto key = message_key(wrap_root_, wrapped.subspan(1, kSaltSize), label_of(purpose));
  auto plain = crypto::aead_open(key.view().first<crypto::kAeadKeySize>(),
                                 key.view().last<crypto::kAeadNonceSize>(),
                                 wrapped.subspan(1 + kSaltSize), subject);
  if (!plain) return base::fail(base::ErrorCode::damaged, "wrapped bytes");
  return *std::move(plain);
}

// challenge = time u64 little-endian, then 24 bytes of the keyed hash of time and subject
Challenge VaultKeys::challenge(ChallengeFor purpose, ByteView subject, base::UnixTime now) const {
  base::ByteWriter message;
  message.u64_le(static_cast<std::uint64_t>(now.time_since_epoch().count()));
  Challenge made{};
  std::ranges::copy(message.written(), made.begin());
  message.bytes(subject);
  const auto mac = keyed_hash(label_of(purpose), message.written());
  std::copy_n(mac.begin(), made.size() - sizeof(std::uint64_t),
              made.begin() + sizeof(std::uint64_t));
  return made;
}

bool VaultKeys::is_good(const Challenge& challenge, ChallengeFor purpose, ByteView subject,
                        base::UnixTime now) const {
  const auto stamp = base::ByteReader(challenge).u64_le();
  constexpr std::uint64_t kTimeMax = 253402300799999;  // the year 9999
  if (!stamp || *stamp > kTimeMax) return false;
  const base::UnixTime made{std::chrono::milliseconds(*stamp)};
  if (made > now || now - made > kChallengeLifetime) return false;
  return crypto::equal(this->challenge(purpose, subject, made), challenge);
}

}  // namespace sealift::server::vault
