// A JSON body, read under limits: size, depth, no key twice in one object, no NUL in a text.
//
// nlohmann-json parses (RFC 8259, UTF-8 checked); this judges before a value is built.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/result.h"

namespace sealift::http {

// Errors: limit (too large or too deep), malformed (all else). The text never quotes the body.
base::Result<nlohmann::json> parse_json_body(base::ByteView body,
                                             std::size_t size_bytes_max = limits::kJsonBodySizeMax);

}  // namespace sealift::http
