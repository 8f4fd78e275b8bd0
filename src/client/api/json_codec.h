// Bodies of the API to JSON and back, by their fields().
//
// Reading takes exactly the types of the document: a number out of range, a text with control
// characters, a missing field, an unknown enumerator are refused; fields that are not known are
// passed over, so that an older client understands a newer server. Thread-safe.
#pragma once

#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace sealift::client::api {

// A body without content.
struct Nothing {
  static constexpr std::string_view kSchema = "";
  static void fields(auto&, auto&) {}
};

// Octets as they are, where the document has no JSON.
struct Octets {
  static constexpr std::string_view kSchema = "";
  base::Bytes bytes;
};

// Defined for the bodies of client/api/*_bodies.h (json_codec.cc).
template <typename Body>
std::string encode(const Body& body);

// Errors: malformed, limit. The text holds nothing of the JSON.
template <typename Body>
base::Result<Body> decode(base::ByteView json);

// What a refusal says: {"code": ..., "sentence": ...}. The sentence is the server's and is not
// shown: an Error's text is one of ours, by the code or, without one, by the status.
base::Error refusal_of(unsigned status, base::ByteView json);

}  // namespace sealift::client::api
