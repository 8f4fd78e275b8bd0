// File request links: where an outsider hands files in for somebody with an account.
//
//   link   := server-url "/r/" request-id "#" secret "." fingerprint
//             request-id 32 hex; secret and fingerprint 32 bytes each, 43 base64url
//   title  := ChaCha20-Poly1305 of the title, tag behind it, under HKDF-SHA256(secret), zero nonce
//   proof  := as a link's (parcel/link.h), with a key from HKDF-SHA256(secret)
//
// The fragment never reaches a server. The fingerprint is that of the recipient to whom everything
// that is handed in has to be sealed: a server that offers another key is found out. The secret is
// derived from the requester's own keys, so that whoever asked can read the title and show the link
// again without keeping either. One secret has one title: a key is used for one message.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/ed25519.h"
#include "crypto/secret_bytes.h"
#include "crypto/sha256.h"

namespace sealift::parcel {

using RequestIdBytes = std::array<std::byte, 16>;
using RequestSecret = crypto::SecretBytes<32>;

struct RequestLink {
  std::string server_url;  // without a slash at the end
  RequestIdBytes request_id{};
  RequestSecret secret;
  crypto::Sha256Digest fingerprint{};  // of the recipient's text, as in manifests

  // Errors: malformed. The text never repeats any of the link.
  static base::Result<RequestLink> parse(std::string_view text);
  std::string text() const;  // holds the secret
};

// The secret of a request that the holder of this signing key made.
RequestSecret request_secret(const crypto::Ed25519Secret& requester, const RequestIdBytes& id);

// What answers the server's challenge.
crypto::Ed25519Secret request_proof_key(const RequestSecret& secret, const RequestIdBytes& id);

// What the manifest of everything that is handed in is signed with: whoever asked derives it too,
// so that nothing handed in for one request, or for nobody's, passes for an answer to another.
crypto::Ed25519Secret request_manifest_key(const RequestSecret& secret, const RequestIdBytes& id);

base::Bytes seal_title(const RequestSecret& secret, const RequestIdBytes& id,
                       std::string_view title);
// Errors: damaged (another request's, or changed), malformed (no UTF-8).
base::Result<std::string> open_title(const RequestSecret& secret, const RequestIdBytes& id,
                                     base::ByteView sealed);

// SHA-256 of a recipient's text.
crypto::Sha256Digest recipient_fingerprint(std::string_view recipient);

}  // namespace sealift::parcel
