// What links of all kinds are spelled with: server addresses, and 32 bytes as base64url.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "crypto/secret_bytes.h"

namespace sealift::parcel::internal {

// "https://" or "http://", a host, a port: nothing else, no slash at the end.
bool is_server_url(std::string_view url);

// Base64url (RFC 4648 section 5) without padding; 43 characters for 32 bytes.
std::string text_of_bytes(base::ByteView bytes);
std::optional<crypto::SecretBytes<32>> secret_of_text(std::string_view text);

}  // namespace sealift::parcel::internal
