// S/MIME in one piece (application/pkcs7-mime, smime.p7m): what is signed can be read without a
// key, what is enveloped can't.
//
//   ContentInfo := SEQUENCE { type OID, [0] content }
//   SignedData  := SEQUENCE { version, SET of algorithms, SEQUENCE { type OID, [0] OCTET STRING }
//   ... }
//
// Lengths may be indefinite and the string in pieces (BER). Source: RFC 5652 sections 3 and 5.
#pragma once

#include <optional>
#include <string>

#include "readers/context.h"

namespace sealift::readers {

enum class Pkcs7Kind : std::uint8_t { none, signed_data, enveloped, other };

Pkcs7Kind pkcs7_kind(base::ByteView bytes);

// What was signed; nullopt: it is not in there, or damaged.
std::optional<std::string> signed_content(base::ByteView bytes);

// A file of its own: the mail that was signed, or its status.
document::FileEnd read_pkcs7(base::ByteView bytes, Context& context);

}  // namespace sealift::readers
