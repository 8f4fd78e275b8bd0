// SentNote: what a sender has to remember of a parcel to know a true receipt from an invented one.
//
//   sealift-sent/1 LF "manifest " 64hex LF "link " [64hex] LF
//
// `manifest` is SHA-256 of the signed manifest, which only those know who opened the parcel; `link`
// the Ed25519 public key that proves the link, where there is one. No secret. Kept in the profile
// folder by the parcel's id, from before the server has the manifest.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "client/api/values.h"
#include "crypto/ed25519.h"
#include "crypto/sha256.h"

namespace sealift::client {

struct SentNote {
  crypto::Sha256Digest manifest_hash{};
  std::optional<crypto::Ed25519Public> link_key{};

  // Errors: malformed.
  static base::Result<SentNote> parse(base::ByteView bytes);
  std::string text() const;
};

// The note of a parcel in `folder`, which is made when missing.
class SentNotes {
 public:
  explicit SentNotes(std::string folder) : folder_(std::move(folder)) {}
  // Nullopt: none, or none that can be read.
  std::optional<SentNote> load(const api::ParcelId& parcel) const;
  // Errors: io, no_space.
  base::Result<void> save(const api::ParcelId& parcel, const SentNote& note) const;

 private:
  std::string path(const api::ParcelId& parcel) const { return folder_ + "/" + parcel.text(); }
  std::string folder_;
};

}  // namespace sealift::client
