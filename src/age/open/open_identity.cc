#include "age/open/open_identity.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include "age/format/bech32.h"
#include "age/open/open_stanza.h"
#include "base/check.h"
#include "base/limits.h"
#include "crypto/hpke.h"
#include "crypto/xwing.h"

namespace sealift::age {

using base::bytes_of;
using base::Error;
using base::ErrorCode;
using base::fail;
using base::Result;
using crypto::SecretBuffer;
using internal::decode_argument;
using internal::malformed_stanza;

using Opened = OpenResult<std::optional<FileKey>>;

namespace {

constexpr std::string_view kX25519Prefix = "AGE-SECRET-KEY-";
constexpr std::string_view kPostQuantumPrefix = "AGE-SECRET-KEY-PQ-";

Error no_mlkem() {
  return {ErrorCode::unsupported, "this build has no ML-KEM, which post-quantum keys need"};
}

SecretBuffer secret_text(std::string_view prefix, base::ByteView secret) {
  std::string text = bech32_encode(prefix, secret);
  SecretBuffer result = SecretBuffer::copy_of(bytes_of(text));
  crypto::wipe(std::as_writable_bytes(std::span(text)));
  return result;
}

class X25519Opener final : public Identity::Opener {
 public:
  explicit X25519Opener(crypto::X25519Secret secret)
      : secret_(std::move(secret)), public_(crypto::x25519_public(secret_)) {}

  Opened open(std::span<const Stanza> stanzas) override {
    for (const Stanza& stanza : stanzas) {
      if (stanza.type != internal::kX25519Type) continue;
      if (stanza.arguments.size() != 1) return malformed_stanza();
      const auto share = decode_argument<crypto::kX25519Size>(stanza.arguments[0]);
      if (!share || stanza.body.size() != internal::kWrappedSize) return malformed_stanza();
      const auto shared = crypto::x25519(secret_, *share);
      if (!shared) return malformed_stanza();
      const auto key = internal::x25519_wrap_key(*shared, *share, public_);
      if (auto file_key = internal::unwrap_file_key(key, stanza.body)) return file_key;
    }
    return std::nullopt;
  }

  Result<Recipient> recipient() const override { return Recipient::x25519(public_); }
  SecretBuffer text() const override { return secret_text(kX25519Prefix, secret_.view()); }

 private:
  crypto::X25519Secret secret_;
  crypto::X25519Public public_;
};

class PostQuantumOpener final : public Identity::Opener {
 public:
  explicit PostQuantumOpener(crypto::XWingSecret secret) : secret_(std::move(secret)) {}

  Opened open(std::span<const Stanza> stanzas) override {
    for (const Stanza& stanza : stanzas) {
      if (stanza.type != internal::kPostQuantumType) continue;
      if (stanza.arguments.size() != 1) return malformed_stanza();
      const auto sent = decode_argument<crypto::kXWingCiphertextSize>(stanza.arguments[0]);
      if (!sent || stanza.body.size() != internal::kWrappedSize) return malformed_stanza();
      const auto shared = crypto::xwing_decapsulate(secret_, *sent);
      if (!shared) return malformed_stanza();
      auto file_key = internal::as_file_key(
          crypto::HpkeContext(crypto::kHpkeKemXWing, *shared, bytes_of(internal::kPostQuantumLabel))
              .open(stanza.body));
      if (file_key) return file_key;
    }
    return std::nullopt;
  }

  Result<Recipient> recipient() const override {
    return Recipient::post_quantum(crypto::xwing_public(secret_));
  }
  SecretBuffer text() const override { return secret_text(kPostQuantumPrefix, secret_.view()); }

 private:
  crypto::XWingSecret secret_;
};

// Digits without a leading zero; nullopt otherwise. Large values stay large: they are refused by
// the limit, not by the grammar.
std::optional<int> parse_work_factor(std::string_view text) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (text.empty() || text.front() == '0' || !std::ranges::all_of(text, is_digit)) {
    return std::nullopt;
  }
  int value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  return result.ec == std::errc() ? value : std::numeric_limits<int>::max();
}

class PassphraseOpener final : public Identity::Opener {
 public:
  PassphraseOpener(AskPassphrase ask, int log_n_max)
      : ask_(std::move(ask)), log_n_max_(log_n_max) {}

  Opened open(std::span<const Stanza> stanzas) override {
    for (const Stanza& stanza : stanzas) {
      if (stanza.type != internal::kScryptType) continue;
      if (stanza.arguments.size() != 2) return malformed_stanza();
      const auto salt = decode_argument<internal::kScryptSaltSize>(stanza.arguments[0]);
      const auto log_n = parse_work_factor(stanza.arguments[1]);
      if (!salt || !log_n || stanza.body.size() != internal::kWrappedSize) {
        return malformed_stanza();
      }
      if (*log_n > log_n_max_) {
        return open_failed(
            OpenFailure::header,
            {ErrorCode::limit, "passphrase with the work factor " + std::to_string(*log_n) +
                                   " (in powers of two), and at most " +
                                   std::to_string(log_n_max_) + " is opened"});
      }
      if (passphrase_.empty()) {
        auto passphrase = ask_(PassphraseFor::file);
        if (!passphrase) return open_failed(OpenFailure::other, std::move(passphrase).error());
        passphrase_ = *std::move(passphrase);
      }
      auto key = internal::scrypt_wrap_key(passphrase_.view(), *salt, *log_n);
      if (!key) return open_failed(OpenFailure::other, std::move(key).error());
      if (auto file_key = internal::unwrap_file_key(*key, stanza.body)) return file_key;
    }
    return std::nullopt;
  }

  Result<Recipient> recipient() const override {
    return fail(ErrorCode::usage, "a passphrase has no recipient");
  }
  SecretBuffer text() const override { return {}; }

 private:
  AskPassphrase ask_;
  int log_n_max_;
  SecretBuffer passphrase_;
};

}  // namespace

Result<Identity> Identity::parse(std::string_view text) {
  if (text.starts_with("AGE-SECRET-KEY-PQ-1")) {
    crypto::XWingSecret secret;
    if (!bech32_decode(text, kPostQuantumPrefix, secret.mutable_view())) {
      return fail(ErrorCode::malformed, "malformed post-quantum identity");
    }
    if (!crypto::mlkem768_available()) return tl::unexpected(no_mlkem());
    return Identity(std::make_unique<PostQuantumOpener>(std::move(secret)));
  }
  if (text.starts_with("AGE-SECRET-KEY-1")) {
    crypto::X25519Secret secret;
    if (!bech32_decode(text, kX25519Prefix, secret.mutable_view())) {
      return fail(ErrorCode::malformed, "malformed identity");
    }
    return Identity(std::make_unique<X25519Opener>(std::move(secret)));
  }
  if (text.starts_with("AGE-PLUGIN-")) {
    return fail(ErrorCode::unsupported, "identity that needs a plugin");
  }
  return fail(ErrorCode::malformed, "not an identity");
}

Result<Identity> Identity::generate(KeyKind kind, crypto::Random& random) {
  if (kind == KeyKind::x25519) {
    return Identity(std::make_unique<X25519Opener>(random.secret<crypto::kX25519Size>()));
  }
  if (!crypto::mlkem768_available()) return tl::unexpected(no_mlkem());
  return Identity(std::make_unique<PostQuantumOpener>(random.secret<crypto::XWingSecret::kSize>()));
}

Identity Identity::passphrase(AskPassphrase ask, int log_n_max) {
  SEALIFT_CHECK(ask && log_n_max <= limits::kAgeScryptLogNMax);
  return Identity(std::make_unique<PassphraseOpener>(std::move(ask), log_n_max));
}

}  // namespace sealift::age
