// The manifest: what is in a parcel, for whom, on which terms, and who says so.
//
//   signed-manifest := "sealift-manifest/v2\n" "ed25519 " hex(key) " " base64(signature) "\n\n"
//                      canonical-json
//
// The signature (Ed25519) is over all but itself, and is checked before the JSON is parsed. The
// whole is sealed as a small age object to the same recipients as the content. age alone does not
// say who sent a file; the manifest does, and a receiver checks it before it shows or writes a
// single name.
// docs/formats/parcel.md has the fields, the reasons and a worked example.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/ed25519.h"
#include "crypto/sha256.h"
#include "parcel/file_key_commitment.h"
#include "parcel/tar_layout.h"

namespace sealift::parcel {

using ParcelIdBytes = std::array<std::byte, 16>;
using PayloadNonce = std::array<std::byte, 16>;

struct ManifestEntry {
  Entry entry;
  crypto::Sha256Digest content_hash{};  // parcel/content_hash.h; of a folder: of no pieces
};

struct ManifestRecipient {
  std::string address;                 // "" for the holder of a link
  crypto::Sha256Digest fingerprint{};  // SHA-256 of the recipient's text, e.g. "age1..."
  // The parcel before this one that the sender's client sent to them; none: this is the first.
  std::optional<ParcelIdBytes> previous{};
};

struct ManifestPolicy {
  std::int64_t expires_unix_ms = 0;  // 0: never
  std::int64_t opens_max = 0;        // 0: no limit
  bool needs_passphrase = false;
};

struct Manifest {
  ParcelIdBytes parcel_id{};
  std::int64_t created_unix_ms = 0;
  std::string sender_address;  // "" for an outsider
  std::vector<ManifestRecipient> recipients;
  ManifestPolicy policy;
  std::string note;
  // With the file key these determine every sealed byte of the content.
  PayloadNonce payload_nonce{};
  std::vector<ManifestEntry> entries;
  // To the file keys of the two parts: a header that leads to another key is not this parcel's.
  FileKeyCommitment content_key{};
  FileKeyCommitment manifest_key{};
};

// The layout of the content; offsets follow from the entries.
TarLayout layout_of(const Manifest& manifest);

// `manifest` obeys the limits of base/limits.h and has no path twice (checked: SEALIFT_CHECK).
base::Bytes sign_manifest(const Manifest& manifest, const crypto::Ed25519Secret& sender);

// The canonical JSON of it, as it is signed.
std::string manifest_json(const Manifest& manifest);

struct SignedManifest {
  Manifest manifest;
  crypto::Ed25519Public signed_by;
};

// Checks a manifest's signature, then reads it. Whether `signed_by` is the key of the sender
// is for the caller to judge. Errors: malformed (not to the letter; a path twice; an entry below a
// file; offsets that do not follow from the entries), damaged (wrong signature), limit.
base::Result<SignedManifest> read_manifest(base::ByteView bytes);

}  // namespace sealift::parcel
