// Addenda: the sender's signed word that a recipient was added to a parcel after it was sent.
//
//   signed-addendum := "sealift-addendum/v1\n" "ed25519 " hex(key) " " base64(signature) "\n\n"
//                      canonical-json { address, by, created, fingerprint, manifest, parcel }
//
// A manifest names the recipients that there were when it was signed, and stays as it is. Whoever
// is added later is named here: which parcel and manifest (SHA-256 of the signed one), who was
// added, by whom. A recipient that neither names refuses the parcel: somebody passed it on.
//
// It travels in the manifest's age header, as a stanza that stock age skips:
//
//   stanza := "-> sealift-addendum " base64(salt)      salt: 16 random bytes
//   body   := ChaCha20-Poly1305 of the signed addendum under HKDF-SHA256(manifest's file key, salt,
//             "sealift/v1/addendum"), nonce of zeros, tag behind it
//
// The header is what is rewritten to add somebody, and its MAC covers both stanzas: the server
// can't take one without the other, and whoever steals its database learns no address. Pure;
// thread-safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "age/format/file_key.h"
#include "age/format/header.h"
#include "base/result.h"
#include "crypto/ed25519.h"
#include "crypto/random.h"
#include "parcel/manifest.h"

namespace sealift::parcel {

struct Addendum {
  ParcelIdBytes parcel_id{};
  crypto::Sha256Digest manifest_hash{};
  std::string address;                 // who was added
  crypto::Sha256Digest fingerprint{};  // SHA-256 of the recipient's text
  std::string by;                      // the address of whoever signs
  std::int64_t created_unix_ms = 0;
};

struct SignedAddendum {
  Addendum addendum;
  crypto::Ed25519Public signed_by{};
};

base::Bytes sign_addendum(const Addendum& addendum, const crypto::Ed25519Secret& key);
// Checks the signature, then reads. Whose key it is, and of which parcel it speaks, is for the
// caller to judge. Errors: malformed, damaged (wrong signature).
base::Result<SignedAddendum> read_addendum(base::ByteView bytes);

age::Stanza seal_addendum(base::ByteView signed_addendum, const age::FileKey& manifest_key,
                          crypto::Random& random);
bool is_addendum(const age::Stanza& stanza);
// Errors: damaged (not sealed under this key), and those of read_addendum().
base::Result<SignedAddendum> open_addendum(const age::Stanza& stanza,
                                           const age::FileKey& manifest_key);

// All of a manifest's header; each is of this parcel and manifest.
// Errors: damaged (another's), and those of open_addendum().
base::Result<std::vector<SignedAddendum>> open_addenda(const age::Header& header,
                                                       const age::FileKey& manifest_key,
                                                       const ParcelIdBytes& parcel_id,
                                                       const crypto::Sha256Digest& manifest_hash);

}  // namespace sealift::parcel
