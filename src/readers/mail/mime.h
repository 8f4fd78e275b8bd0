// MIME: header fields, parameters, transfer encodings and encoded words, as tolerant as mails are
// wrong. RFC 5322, 2045, 2046, 2047, 2231.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace sealift::readers {

struct HeaderField {
  std::string_view name;  // as written
  std::string value;      // unfolded, not decoded
};

// A part of a mail, or the mail: header fields, and the bytes after the empty line.
struct MimeEntity {
  std::vector<HeaderField> fields;
  std::string_view body;
};

// Views borrow from `text`. Header lines that are none end the header.
MimeEntity parse_entity(std::string_view text);

// The first field of that name, in any case; empty if absent.
std::string_view field_value(const MimeEntity& entity, std::string_view name);

// "text/html; charset=x; name=y" taken apart. Lower-case value, decoded parameters.
struct Parameterised {
  std::string value;
  std::vector<std::pair<std::string, std::string>> parameters;
  std::string_view parameter(std::string_view name) const;  // empty if absent
};
Parameterised parse_parameterised(std::string_view text);

// Encoded words (=?charset?q?...?=) and stray bytes, to UTF-8.
std::string decode_header(std::string_view value);

enum class TransferEncoding { identity, base64, quoted_printable, uuencode };
TransferEncoding transfer_encoding_of(std::string_view field);
std::string decode_transfer(std::string_view body, TransferEncoding encoding);

// The parts between the boundary's lines; the last may lack its end.
std::vector<std::string_view> split_multipart(std::string_view body, std::string_view boundary);

}  // namespace sealift::readers
