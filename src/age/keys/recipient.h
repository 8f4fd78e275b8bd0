// Recipient: to whom a file is sealed. Public keys, and passphrases.
//
//   age1...                    X25519
//   age1pq1...                 mlkem768x25519: post-quantum (X-Wing)
//   ssh-ed25519 ..., ssh-rsa ...   a line of an authorized_keys or *.pub file
//
// Thread-safe once made. Can seal; nothing here can open.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "age/format/file_key.h"
#include "age/format/header.h"
#include "age/keys/ssh_public_key.h"
#include "crypto/random.h"
#include "crypto/xwing.h"

namespace sealift::age {

// A file's recipients are of one family: a file is as strong as its weakest recipient, and a
// passphrase stands alone (whoever knows it could otherwise not tell who made the file).
enum class RecipientFamily { classic, post_quantum, passphrase };

class Recipient {
 public:
  // Errors: malformed; unsupported (plugin and tag recipients, kinds that this build lacks).
  static base::Result<Recipient> parse(std::string_view text);

  static Recipient x25519(const crypto::X25519Public& key) { return Recipient(key); }
  // `log_n`: 1 to limits::kAgeScryptLogNMax; 18 takes 256 MiB and about a second.
  static Recipient passphrase(crypto::SecretBuffer passphrase, int log_n = 18);
  // Errors: unsupported (a build without ML-KEM), malformed.
  static base::Result<Recipient> post_quantum(const crypto::XWingPublic& key);
  static Recipient ssh(SshPublicKey key) { return Recipient(std::move(key)); }

  RecipientFamily family() const;

  // What parse() takes; empty for a passphrase.
  std::string text() const;

  // Errors: malformed (a key of small order), limit (memory for the passphrase).
  base::Result<Stanza> wrap(const FileKey& file_key, crypto::Random& random) const;

 private:
  struct Passphrase {
    crypto::SecretBuffer passphrase;
    int log_n;
  };
  using Kind = std::variant<crypto::X25519Public, crypto::XWingPublic, SshPublicKey, Passphrase>;
  explicit Recipient(Kind kind) : kind_(std::move(kind)) {}

  Kind kind_;
};

// What a recipients file holds: one recipient a line, empty lines, and comments that start with
// "#". SSH keys of kinds that cannot receive are counted and left out, as others do with the lists
// that code hosts publish.
struct RecipientsFile {
  std::vector<Recipient> recipients;
  std::size_t skipped_count = 0;

  // Errors: as Recipient::parse(), with the line's number; malformed when there is no recipient.
  static base::Result<RecipientsFile> parse(std::string_view content);
};

}  // namespace sealift::age
