// Identity: what opens a file. Private keys, and passphrases.
//
//   AGE-SECRET-KEY-1...       X25519
//   AGE-SECRET-KEY-PQ-1...    mlkem768x25519: post-quantum (X-Wing)
//   an SSH private key        age/open/open_ssh_identity.h
//   a passphrase              asked for when a file needs it
//
// Not for programs that must not open: this header and its library are apart (tools/layers.txt).
// One thread at a time may use an Identity.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "age/format/failure.h"
#include "age/format/file_key.h"
#include "age/format/header.h"
#include "age/keys/recipient.h"
#include "crypto/random.h"
#include "crypto/secret_bytes.h"

namespace sealift::age {

// What a passphrase is wanted for.
enum class PassphraseFor { file, identity_file, ssh_key };

// Asks a person, or whoever knows. An error ends the opening with OpenFailure::other.
using AskPassphrase = std::function<base::Result<crypto::SecretBuffer>(PassphraseFor)>;

enum class KeyKind { x25519, post_quantum };

class Identity {
 public:
  // One way of opening stanzas; each kind of identity is one.
  class Opener {
   public:
    virtual ~Opener() = default;

    // The file key, or nullopt when no stanza is for this identity. Failures: header (a stanza
    // for this kind of identity is malformed), other (asking for a passphrase failed).
    virtual OpenResult<std::optional<FileKey>> open(std::span<const Stanza> stanzas) = 0;

    virtual base::Result<Recipient> recipient() const = 0;
    virtual crypto::SecretBuffer text() const = 0;
  };

  // Errors: malformed; unsupported (plugin identities, a build without ML-KEM).
  static base::Result<Identity> parse(std::string_view text);

  // Errors: unsupported (a build without ML-KEM).
  static base::Result<Identity> generate(KeyKind kind, crypto::Random& random);

  // Asks once, and only when a file is sealed with a passphrase. A work factor above `log_n_max`
  // is refused before anything is computed.
  static Identity passphrase(AskPassphrase ask, int log_n_max);

  explicit Identity(std::unique_ptr<Opener> opener) : opener_(std::move(opener)) {}

  OpenResult<std::optional<FileKey>> open(std::span<const Stanza> stanzas) const {
    return opener_->open(stanzas);
  }

  // To whom files for this identity are sealed. Errors: usage (a passphrase has none).
  base::Result<Recipient> recipient() const { return opener_->recipient(); }

  // What parse() takes; empty for a passphrase or an SSH key.
  crypto::SecretBuffer text() const { return opener_->text(); }

 private:
  std::unique_ptr<Opener> opener_;
};

}  // namespace sealift::age
