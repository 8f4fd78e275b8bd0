#include "age/open/open_ssh_identity.h"

#include <algorithm>

#include "age/keys/ssh_public_key.h"
#include "age/open/open_stanza.h"
#include "base/base64.h"
#include "base/limits.h"
#include "crypto/private_key_pem.h"
#include "crypto/ssh_protection.h"

namespace sealift::age {

using base::ByteReader;
using base::Bytes;
using base::bytes_of;
using base::ByteView;
using base::ErrorCode;
using base::fail;
using base::Result;
using base::text_of;
using crypto::Ed25519Secret;
using crypto::RsaPrivateKey;
using crypto::SecretBuffer;
using internal::malformed_stanza;

using Opened = OpenResult<std::optional<FileKey>>;

namespace {

constexpr std::string_view kBegin = "-----BEGIN OPENSSH PRIVATE KEY-----";
constexpr std::string_view kEnd = "-----END OPENSSH PRIVATE KEY-----";
constexpr std::string_view kMagic("openssh-key-v1\0", 15);

class SshEd25519Opener final : public Identity::Opener {
 public:
  explicit SshEd25519Opener(const Ed25519Secret& key)
      : secret_(key.to_x25519()),
        public_(crypto::x25519_public(secret_)),
        wire_(ssh_ed25519_wire(key.public_key())),
        tag_(internal::ssh_tag(wire_)) {}

  Opened open(std::span<const Stanza> stanzas) override {
    for (const Stanza& stanza : stanzas) {
      if (stanza.type != internal::kSshEd25519Type) continue;
      if (stanza.arguments.size() != 2) return malformed_stanza();
      if (stanza.arguments[0] != tag_) continue;
      const auto share = internal::decode_argument<crypto::kX25519Size>(stanza.arguments[1]);
      if (!share || stanza.body.size() != internal::kWrappedSize) return malformed_stanza();
      const auto shared = crypto::x25519(secret_, *share);
      if (!shared) return malformed_stanza();
      const auto key = internal::ssh_ed25519_wrap_key(*shared, *share, public_, wire_);
      if (!key) return malformed_stanza();
      if (auto file_key = internal::unwrap_file_key(*key, stanza.body)) return file_key;
    }
    return std::nullopt;
  }

  Result<Recipient> recipient() const override {
    SEALIFT_TRY(SshPublicKey key, SshPublicKey::parse_wire(wire_));
    return Recipient::ssh(std::move(key));
  }
  SecretBuffer text() const override { return {}; }

 private:
  crypto::X25519Secret secret_;
  crypto::X25519Public public_;
  Bytes wire_;
  std::string tag_;
};

class SshRsaOpener final : public Identity::Opener {
 public:
  explicit SshRsaOpener(RsaPrivateKey key)
      : key_(std::move(key)),
        wire_(ssh_rsa_wire(key_.exponent(), key_.modulus())),
        tag_(internal::ssh_tag(wire_)) {}

  Opened open(std::span<const Stanza> stanzas) override {
    for (const Stanza& stanza : stanzas) {
      if (stanza.type != internal::kSshRsaType) continue;
      if (stanza.arguments.size() != 1) return malformed_stanza();
      if (stanza.arguments[0] != tag_) continue;
      auto file_key = internal::as_file_key(key_.open(stanza.body, internal::kSshRsaLabel));
      if (file_key) return file_key;
    }
    return std::nullopt;
  }

  Result<Recipient> recipient() const override {
    SEALIFT_TRY(SshPublicKey key, SshPublicKey::parse_wire(wire_));
    return Recipient::ssh(std::move(key));
  }
  SecretBuffer text() const override { return {}; }

 private:
  RsaPrivateKey key_;
  Bytes wire_;
  std::string tag_;
};

tl::unexpected<base::Error> malformed() {
  return fail(ErrorCode::malformed, "malformed SSH private key");
}

// The base64 between the lines that frame it, as bytes.
std::optional<SecretBuffer> unframe(std::string_view content) {
  if (!content.starts_with(kBegin)) return std::nullopt;
  content.remove_prefix(kBegin.size());
  const std::size_t end = content.find(kEnd);
  if (end == std::string_view::npos) return std::nullopt;
  const auto is_space = [](char c) { return c == '\n' || c == '\r' || c == ' ' || c == '\t'; };
  if (!std::ranges::all_of(content.substr(end + kEnd.size()), is_space)) return std::nullopt;
  SecretBuffer encoded(end);
  const auto text = encoded.mutable_view();
  std::size_t size = 0;
  for (const char c : content.substr(0, end)) {
    if (c != '\n' && c != '\r') text[size++] = static_cast<std::byte>(c);
  }
  auto bytes = base::base64_decode(text_of(encoded.view().first(size)), base::Padding::required);
  if (!bytes) return std::nullopt;
  SecretBuffer result = SecretBuffer::copy_of(*bytes);
  crypto::wipe(*bytes);
  return result;
}

std::optional<Ed25519Secret> read_ed25519(ByteReader& reader) {
  const auto point = read_ssh_string(reader);
  const auto pair = read_ssh_string(reader);  // seed, then the public key again
  if (!point || !pair || pair->size() != 64) return std::nullopt;
  Ed25519Secret key = Ed25519Secret::from_seed(pair->first<32>());
  const bool belong_together = std::ranges::equal(key.public_key(), *point) &&
                               std::ranges::equal(key.public_key(), pair->last<32>());
  if (!belong_together) return std::nullopt;
  return key;
}

Result<RsaPrivateKey> read_rsa(ByteReader& reader) {
  const auto modulus = read_ssh_integer(reader);
  const auto exponent = read_ssh_integer(reader);
  const auto private_exponent = read_ssh_integer(reader);
  const auto coefficient = read_ssh_integer(reader);
  const auto prime1 = read_ssh_integer(reader);
  const auto prime2 = read_ssh_integer(reader);
  if (!modulus || !exponent || !private_exponent || !coefficient || !prime1 || !prime2) {
    return malformed();
  }
  return RsaPrivateKey::from_numbers(
      {.public_numbers = {.modulus = *modulus, .exponent = *exponent},
       .private_exponent = *private_exponent,
       .prime1 = *prime1,
       .prime2 = *prime2,
       .coefficient = *coefficient});
}

// The comment, then 1, 2, 3, ... up to a multiple of the cipher's block.
bool ends_well(ByteReader& reader) {
  if (!read_ssh_string(reader)) return false;
  const ByteView padding = *reader.take(reader.remaining());
  for (std::size_t i = 0; i < padding.size(); ++i) {
    if (padding[i] != static_cast<std::byte>(i + 1)) return false;
  }
  return padding.size() < 16;
}

Result<Identity> read_private_part(ByteView part, ByteView public_key) {
  ByteReader reader(part);
  const auto check1 = reader.u32_be();
  const auto check2 = reader.u32_be();
  const auto type = read_ssh_string(reader);
  if (!check1 || check1 != check2 || !type) return malformed();
  if (text_of(*type) == internal::kSshEd25519Type) {
    const auto key = read_ed25519(reader);
    if (!key || !ends_well(reader)) return malformed();
    if (!std::ranges::equal(ssh_ed25519_wire(key->public_key()), public_key)) return malformed();
    return Identity(std::make_unique<SshEd25519Opener>(*key));
  }
  if (text_of(*type) == internal::kSshRsaType) {
    SEALIFT_TRY(RsaPrivateKey key, read_rsa(reader));
    if (!ends_well(reader)) return malformed();
    if (!std::ranges::equal(ssh_rsa_wire(key.exponent(), key.modulus()), public_key)) {
      return malformed();
    }
    return Identity(std::make_unique<SshRsaOpener>(std::move(key)));
  }
  return fail(ErrorCode::unsupported, "SSH private key of a kind that cannot receive");
}

// What stands around the private part of a key in OpenSSH's form. Borrows from the key.
struct Envelope {
  std::optional<crypto::SshProtection> protection;
  ByteView public_key;
  ByteView private_part;
};

// The key derivation's cost is judged before anybody pays it.
Result<crypto::SshProtection> read_protection(ByteView cipher, ByteView kdf, ByteView options) {
  if (text_of(kdf) != "bcrypt")
    return fail(ErrorCode::unsupported, "SSH private key protected in an unknown way");
  ByteReader reader(options);
  const auto salt = read_ssh_string(reader);
  const auto rounds = reader.u32_be();
  if (!salt || salt->empty() || !rounds || *rounds == 0 || !reader.at_end()) return malformed();
  if (*rounds > limits::kSshKeyRoundsMax)
    return fail(ErrorCode::limit, "SSH private key whose passphrase costs too much to try");
  return crypto::SshProtection{text_of(cipher), *salt, *rounds};
}

Result<Envelope> read_envelope(ByteView key) {
  ByteReader reader(key);
  const auto magic = reader.take(kMagic.size());
  if (!magic || text_of(*magic) != kMagic) return malformed();
  const auto cipher = read_ssh_string(reader);
  const auto kdf = read_ssh_string(reader);
  const auto options = read_ssh_string(reader);
  const auto count = reader.u32_be();
  const auto public_key = read_ssh_string(reader);
  const auto private_part = read_ssh_string(reader);
  if (!cipher || !kdf || !options || count != 1U || !public_key || !private_part ||
      !reader.at_end()) {
    return malformed();
  }
  Envelope envelope{{}, *public_key, *private_part};
  if (text_of(*cipher) != "none") {
    SEALIFT_TRY(envelope.protection, read_protection(*cipher, *kdf, *options));
  } else if (text_of(*kdf) != "none" || !options->empty()) {
    return malformed();
  }
  return envelope;
}

// A private part starts with the same four random bytes twice: nearly always a wrong passphrase
// when they differ.
bool shows_wrong_passphrase(ByteView private_part) {
  ByteReader reader(private_part);
  return reader.u32_be() != reader.u32_be();
}

Result<Identity> read_openssh(std::string_view content, const AskPassphrase& ask) {
  const auto key = unframe(content);
  if (!key) return malformed();
  SEALIFT_TRY(const Envelope envelope, read_envelope(key->view()));
  if (!envelope.protection) return read_private_part(envelope.private_part, envelope.public_key);
  SEALIFT_TRY(const SecretBuffer passphrase, ask(PassphraseFor::ssh_key));
  if (passphrase.empty()) return fail(ErrorCode::no_match, "wrong passphrase for the private key");
  SEALIFT_TRY(const SecretBuffer part,
              crypto::unprotect_ssh_key(*envelope.protection, passphrase, envelope.private_part));
  if (shows_wrong_passphrase(part.view()))
    return fail(ErrorCode::no_match, "wrong passphrase for the private key");
  return read_private_part(part.view(), envelope.public_key);
}

}  // namespace

bool looks_like_private_key_file(std::string_view content) {
  const std::string_view line = content.substr(0, content.find('\n'));
  return line.starts_with("-----BEGIN ") && line.find("PRIVATE KEY-----") != std::string_view::npos;
}

Result<Identity> parse_ssh_identity(std::string_view content, const AskPassphrase& ask) {
  if (content.size() > limits::kSshKeyFileSizeMax) {
    return fail(ErrorCode::limit, "private key file longer than " +
                                      std::to_string(limits::kSshKeyFileSizeMax) + " bytes");
  }
  if (!looks_like_private_key_file(content)) return malformed();
  if (content.starts_with(kBegin)) return read_openssh(content, ask);
  SEALIFT_TRY(crypto::PrivateKey key, crypto::read_private_key_pem(
                                          content, [&ask] { return ask(PassphraseFor::ssh_key); }));
  if (const auto* ed25519 = std::get_if<Ed25519Secret>(&key)) {
    return Identity(std::make_unique<SshEd25519Opener>(*ed25519));
  }
  return Identity(std::make_unique<SshRsaOpener>(std::get<RsaPrivateKey>(std::move(key))));
}

}  // namespace sealift::age
