#include "age/keys/recipient.h"

#include <type_traits>

#include "age/format/bech32.h"
#include "age/keys/stanza_keys.h"
#include "base/check.h"
#include "base/limits.h"
#include "crypto/hpke.h"

namespace sealift::age {

using base::bytes_of;
using base::ErrorCode;
using base::fail;
using base::Result;
using crypto::X25519Public;
using crypto::XWingPublic;

namespace {

constexpr std::string_view kX25519Prefix = "age";
constexpr std::string_view kPostQuantumPrefix = "age1pq";

base::Error small_order() { return {ErrorCode::malformed, "recipient key of small order"}; }

Result<Stanza> wrap_x25519(const X25519Public& key, const FileKey& file_key,
                           crypto::Random& random) {
  const auto ephemeral = random.secret<crypto::kX25519Size>();
  const X25519Public share = crypto::x25519_public(ephemeral);
  const auto shared = crypto::x25519(ephemeral, key);
  if (!shared) return tl::unexpected(small_order());
  return Stanza{
      .type = std::string(internal::kX25519Type),
      .arguments = {internal::encode_argument(share)},
      .body = internal::wrap_file_key(internal::x25519_wrap_key(*shared, share, key), file_key)};
}

Result<Stanza> wrap_post_quantum(const XWingPublic& key, const FileKey& file_key,
                                 crypto::Random& random) {
  const auto sent = crypto::xwing_encapsulate(key, random);
  if (!sent) return tl::unexpected(small_order());
  return Stanza{.type = std::string(internal::kPostQuantumType),
                .arguments = {internal::encode_argument(sent->ciphertext)},
                .body = crypto::HpkeContext(crypto::kHpkeKemXWing, sent->shared,
                                            bytes_of(internal::kPostQuantumLabel))
                            .seal(file_key.view())};
}

Result<Stanza> wrap_ssh_ed25519(const SshPublicKey& ssh, const FileKey& file_key,
                                crypto::Random& random) {
  const auto key = crypto::ed25519_to_x25519(std::get<crypto::Ed25519Public>(ssh.key));
  if (!key) return tl::unexpected(small_order());
  const auto ephemeral = random.secret<crypto::kX25519Size>();
  const X25519Public share = crypto::x25519_public(ephemeral);
  const auto shared = crypto::x25519(ephemeral, *key);
  if (!shared) return tl::unexpected(small_order());
  const auto wrap_key = internal::ssh_ed25519_wrap_key(*shared, share, *key, ssh.wire);
  if (!wrap_key) return tl::unexpected(small_order());
  return Stanza{.type = std::string(internal::kSshEd25519Type),
                .arguments = {internal::ssh_tag(ssh.wire), internal::encode_argument(share)},
                .body = internal::wrap_file_key(*wrap_key, file_key)};
}

Stanza wrap_ssh_rsa(const SshPublicKey& ssh, const FileKey& file_key) {
  return {.type = std::string(internal::kSshRsaType),
          .arguments = {internal::ssh_tag(ssh.wire)},
          .body = std::get<crypto::RsaPublicKey>(ssh.key).seal(file_key.view(),
                                                               internal::kSshRsaLabel)};
}

Result<Stanza> wrap_passphrase(base::ByteView passphrase, int log_n, const FileKey& file_key,
                               crypto::Random& random) {
  const auto salt = random.array<internal::kScryptSaltSize>();
  SEALIFT_TRY(const auto key, internal::scrypt_wrap_key(passphrase, salt, log_n));
  return Stanza{.type = std::string(internal::kScryptType),
                .arguments = {internal::encode_argument(salt), std::to_string(log_n)},
                .body = internal::wrap_file_key(key, file_key)};
}

}  // namespace

Result<Recipient> Recipient::parse(std::string_view text) {
  if (text.starts_with("age1pq1")) {
    XWingPublic key;
    if (!bech32_decode(text, kPostQuantumPrefix, key)) {
      return fail(ErrorCode::malformed, "malformed post-quantum recipient");
    }
    return post_quantum(key);
  }
  if (text.starts_with("age1")) {
    X25519Public key;
    if (bech32_decode(text, kX25519Prefix, key)) return Recipient(key);
    if (text.substr(4).find('1') != std::string_view::npos) {
      return fail(ErrorCode::unsupported, "recipient that needs a plugin");
    }
    return fail(ErrorCode::malformed, "malformed recipient");
  }
  if (looks_like_ssh_key(text)) {
    SEALIFT_TRY(SshPublicKey key, SshPublicKey::parse_line(text));
    return Recipient(std::move(key));
  }
  return fail(ErrorCode::malformed, "not a recipient");
}

Recipient Recipient::passphrase(crypto::SecretBuffer passphrase, int log_n) {
  SEALIFT_CHECK(log_n >= 1 && log_n <= limits::kAgeScryptLogNMax);
  return Recipient(Passphrase{std::move(passphrase), log_n});
}

Result<Recipient> Recipient::post_quantum(const XWingPublic& key) {
  if (!crypto::mlkem768_available()) {
    return fail(ErrorCode::unsupported,
                "this build has no ML-KEM, which post-quantum recipients need");
  }
  if (!crypto::mlkem768_is_public(std::span(key).first<crypto::kMlKem768PublicSize>())) {
    return fail(ErrorCode::malformed, "malformed post-quantum recipient");
  }
  return Recipient(key);
}

RecipientFamily Recipient::family() const {
  if (std::holds_alternative<XWingPublic>(kind_)) return RecipientFamily::post_quantum;
  if (std::holds_alternative<Passphrase>(kind_)) return RecipientFamily::passphrase;
  return RecipientFamily::classic;
}

std::string Recipient::text() const {
  if (const auto* key = std::get_if<X25519Public>(&kind_)) {
    return bech32_encode(kX25519Prefix, *key);
  }
  if (const auto* key = std::get_if<XWingPublic>(&kind_)) {
    return bech32_encode(kPostQuantumPrefix, *key);
  }
  if (const auto* key = std::get_if<SshPublicKey>(&kind_)) return key->line();
  return {};
}

Result<Stanza> Recipient::wrap(const FileKey& file_key, crypto::Random& random) const {
  if (const auto* key = std::get_if<X25519Public>(&kind_)) {
    return wrap_x25519(*key, file_key, random);
  }
  if (const auto* key = std::get_if<XWingPublic>(&kind_)) {
    return wrap_post_quantum(*key, file_key, random);
  }
  if (const auto* ssh = std::get_if<SshPublicKey>(&kind_)) {
    if (std::holds_alternative<crypto::RsaPublicKey>(ssh->key)) return wrap_ssh_rsa(*ssh, file_key);
    return wrap_ssh_ed25519(*ssh, file_key, random);
  }
  const auto& passphrase = std::get<Passphrase>(kind_);
  return wrap_passphrase(passphrase.passphrase.view(), passphrase.log_n, file_key, random);
}

Result<RecipientsFile> RecipientsFile::parse(std::string_view content) {
  RecipientsFile file;
  std::size_t line_number = 0;
  while (!content.empty()) {
    ++line_number;
    const std::size_t end = std::min(content.find('\n'), content.size());
    std::string_view line = content.substr(0, end);
    content.remove_prefix(std::min(end + 1, content.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.starts_with('#')) continue;
    auto recipient = Recipient::parse(line);
    if (recipient) {
      file.recipients.push_back(*std::move(recipient));
    } else if (recipient.error().code == ErrorCode::unsupported && looks_like_ssh_key(line)) {
      ++file.skipped_count;
    } else {
      return tl::unexpected(
          std::move(recipient).error().with_context("line " + std::to_string(line_number)));
    }
  }
  if (file.recipients.empty()) return fail(ErrorCode::malformed, "no recipient in the file");
  return file;
}

}  // namespace sealift::age
