// The envelope that manifests and addenda share: a text, and who signed it.
//
//   signed := label LF  "ed25519 " key SP signature LF  LF  text
//             key 64 hexadecimal digits; signature 88 characters of base64
//
// Ed25519 over label LF "ed25519 " key LF LF text. The key stands before the text, so that the
// signature is checked before a byte of the text is parsed: only somebody with a key of their own
// can reach the parser, and what they reach it with can be held against that key. The empty line
// leaves room for the line of a second signature; today more than one line is refused.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/ed25519.h"

namespace sealift::parcel::internal {

// Points into the bytes that were read.
struct SignedText {
  std::string_view text;
  crypto::Ed25519Public signed_by{};
};

base::Bytes write_signed(std::string_view label, std::string_view text,
                         const crypto::Ed25519Secret& key);
// Errors: malformed (not of this label, or not to the letter), damaged (wrong signature).
base::Result<SignedText> read_signed(std::string_view label, base::ByteView bytes);

}  // namespace sealift::parcel::internal
