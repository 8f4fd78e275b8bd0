// VaultKeys: what the vault alone can do with its root key.
//
// One root of 32 random bytes, kept outside of the database; each use has a key of its own, derived
// under its own label, so that no output of one use means anything to another. What is wrapped is
// bound to its purpose and to the id of what it belongs to: rows can't be exchanged in the database
// unnoticed. docs/formats/data-folder.md has the bytes.
//
//   wrapped = 01 salt(24) ciphertext tag(16)
//
// Thread-safe after construction.
#pragma once

#include <array>
#include <chrono>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "catalog/delays.h"
#include "catalog/ids.h"
#include "crypto/random.h"
#include "crypto/secret_bytes.h"

namespace sealift::server::vault {

inline constexpr std::size_t kTokenTextSize = 43;

// What stands for 256 random bits that only the bearer keeps: a login, a ticket, an upload's key.
struct Token {
  std::string text;  // 43 characters of base64url, for the bearer
  catalog::TokenHash hash;
};
Token make_token(crypto::Random& random);
// What `bytes` are the token of.
Token token_of(const std::array<std::byte, 32>& bytes);
// nullopt when `text` is not in the form of a token.
std::optional<catalog::TokenHash> hash_of_token(std::string_view text);

// Each purpose has a label of its own; never rename one.
enum class WrapFor : std::uint8_t {
  address,
  slot,
  verifier,
  link_half,
  mail,
  recovery_half,
  recovery_share
};

// Challenges are of 32 bytes, and nothing about them is kept: they say themselves until when they
// are good, and for what.
using Challenge = std::array<std::byte, 32>;
enum class ChallengeFor : std::uint8_t { link, request, login, act };
inline constexpr std::chrono::minutes kChallengeLifetime{10};

class VaultKeys {
 public:
  explicit VaultKeys(const crypto::SecretBytes<32>& root);

  // `address` in its normal spelling (parcel/address.h).
  catalog::AddressLookup address_lookup(std::string_view address) const;
  catalog::VerifierLookup verifier_lookup(base::ByteView subject) const;
  catalog::DelayKey delay_key(catalog::DelayKind kind, base::ByteView subject) const;

  // `subject` is the id of the row that the wrapped bytes will stand in.
  base::Bytes wrap(WrapFor purpose, base::ByteView subject, base::ByteView plain,
                   crypto::Random& random) const;
  // Errors: damaged (not wrapped by this key, for another purpose, or for another subject).
  base::Result<crypto::SecretBuffer> unwrap(WrapFor purpose, base::ByteView subject,
                                            base::ByteView wrapped) const;

  Challenge challenge(ChallengeFor purpose, base::ByteView subject, base::UnixTime now) const;
  bool is_good(const Challenge& challenge, ChallengeFor purpose, base::ByteView subject,
               base::UnixTime now) const;

  // Over what the vault itself put into a queue of the catalog's, so that its log takes nothing
  // that somebody else put there.
  enum class Queue : std::uint8_t { custody, directory };
  std::array<std::byte, 32> authenticator(Queue queue, base::ByteView message) const;

  // The same token for the same asker (operation and credential) and the same 256 bits that it
  // sends with every repetition of one request.
  Token repeated_token(std::string_view asker, std::string_view repeat) const;

  // What a login's requests are proven with (http/request_proof.h). Nothing of it is kept: it goes
  // with the vault's key, as the session does.
  std::array<std::byte, 32> session_key(const catalog::SessionId& session) const;

  // The same 32 bytes for the same subject, always, that say nothing about it to anyone else: what
  // an account that isn't there answers with.
  std::array<std::byte, 32> decoy(std::string_view label, base::ByteView subject) const;

 private:
  std::array<std::byte, 32> keyed_hash(std::string_view label, base::ByteView message) const;

  crypto::SecretBytes<32> hash_root_;
  crypto::SecretBytes<32> wrap_root_;
};

}  // namespace sealift::server::vault
