// What links of all kinds are spelled with: server address, mark, id, fragment; and 32 bytes as
// base64url.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "crypto/secret_bytes.h"

namespace sealift::parcel::internal {

// "https://" or "http://", a host, a port: nothing else, no slash at the end.
bool is_server_url(std::string_view url);

// link := server-url mark 32-hexadecimal-digits "#" fragment
struct LinkText {
  std::string_view server_url;
  std::array<std::byte, 16> id;
  std::string_view fragment;
};

// The parts of `text`, which they point into, when it is a link with this mark ("/l/").
std::optional<LinkText> split_link(std::string_view text, std::string_view mark);

// Base64url (RFC 4648 section 5) without padding; 43 characters for 32 bytes.
std::string text_of_bytes(base::ByteView bytes);
std::optional<crypto::SecretBytes<32>> secret_of_text(std::string_view text);

}  // namespace sealift::parcel::internal
