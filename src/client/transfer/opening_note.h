// OpeningNote: an opening that is not done with, kept in the profile folder by its parcel.
//
//   sealift-opening/1 LF
//   "opening " 32hex LF "ticket " 43 base64url LF "server-half " [64 hex] LF
//   "manifest-bytes " decimal LF "content-bytes " decimal LF       payloads, nonce included
//
// The half is what a link's holder gets once; without it the opening could not be continued.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "client/api/opening_bodies.h"

namespace sealift::client {

struct OpeningNote {
  api::OpeningId opening{};
  api::Token ticket{};
  base::Bytes server_half;  // empty for an account's opening
  std::uint64_t manifest_bytes = 0;
  std::uint64_t content_bytes = 0;

  // Errors: malformed (the ticket lacks a part, or has a half of another size).
  static base::Result<OpeningNote> of(const api::Ticket& ticket);
  static base::Result<OpeningNote> parse(base::ByteView bytes);
  std::string text() const;
};

// The note of a parcel in `folder`, which is made when missing.
class OpeningNotes {
 public:
  explicit OpeningNotes(std::string folder) : folder_(std::move(folder)) {}
  // Nullopt: none, or none that can be read.
  std::optional<OpeningNote> load(const api::ParcelId& parcel) const;
  // Errors: io, no_space.
  base::Result<void> save(const api::ParcelId& parcel, const OpeningNote& note) const;
  void remove(const api::ParcelId& parcel) const;

 private:
  std::string path(const api::ParcelId& parcel) const { return folder_ + "/" + parcel.text(); }
  std::string folder_;
};

}  // namespace sealift::client
