// Links: a parcel for someone without an account, opened by two halves that never meet elsewhere.
//
//   link     := server-url "/l/" parcel-id "#" secret        parcel-id 32 hex, secret 43 base64url
//   identity := X25519 from HKDF-SHA256(secret || server-half [|| stretched passphrase])
//   proof    := Ed25519 signature over the server's challenge, with a key from
//               HKDF-SHA256(secret [|| stretched passphrase])
//
// The secret stands in the URL's fragment, which no browser sends. The server's half is random,
// given out only against a proof of the secret, and destroyed by recall, expiry and lockdown: from
// then on neither a stolen disk nor a leaked mailbox opens the parcel. A passphrase, where one is
// set, goes through scrypt into both keys: a wrong one proves nothing, gets no half and uses up no
// opening; the server lacks the secret, so that it cannot try any (docs/decisions/0160).
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/ed25519.h"
#include "crypto/secret_bytes.h"
#include "parcel/manifest.h"

namespace sealift::parcel {

using LinkSecret = crypto::SecretBytes<32>;
using ServerHalf = crypto::SecretBytes<32>;
using LinkChallenge = std::array<std::byte, 32>;

struct Link {
  std::string server_url;  // without a slash at the end
  ParcelIdBytes parcel_id{};
  LinkSecret secret;

  // Errors: malformed. The text never repeats any of the link.
  static base::Result<Link> parse(std::string_view text);
  std::string text() const;  // holds the secret
};

// A passphrase as the keys take it; nothing where none is set.
using StretchedPassphrase = std::optional<crypto::SecretBytes<32>>;

// Takes about a second. Case, spaces and dashes don't count: only letters and digits of ASCII do.
// `passphrase` empty: none is set. Errors: limit (no memory for that).
base::Result<StretchedPassphrase> stretch_passphrase(const Link& link,
                                                     const crypto::SecretBuffer& passphrase);

// The 32 bytes of the X25519 identity that opens the parcel.
crypto::SecretBytes<32> link_identity(const Link& link, const ServerHalf& server_half,
                                      const StretchedPassphrase& passphrase);

// Proves the secret and the passphrase without telling them. The server stores the public key
// alone, so what a thief of its database finds proves nothing.
crypto::Ed25519Public link_proof_key(const Link& link, const StretchedPassphrase& passphrase);
// Its private half; also signs the receipt of the recipient who opened the link.
crypto::Ed25519Secret link_signing_key(const Link& link, const StretchedPassphrase& passphrase);
// Answers a challenge, with a link's key or another.
crypto::Ed25519Signature sign_challenge(const crypto::Ed25519Secret& key,
                                        const LinkChallenge& challenge);
bool is_link_proof(const crypto::Ed25519Public& proof_key, const LinkChallenge& challenge,
                   const crypto::Ed25519Signature& proof);

}  // namespace sealift::parcel
