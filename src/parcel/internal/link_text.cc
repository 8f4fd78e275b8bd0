#include "parcel/internal/link_text.h"

#include <algorithm>

#include "base/base64.h"
#include "base/hex.h"

namespace sealift::parcel::internal {
namespace {

// Base64url differs from base64 in two letters.
std::string swap_letters(std::string_view text, std::string_view from, std::string_view to) {
  std::string out(text);
  for (char& c : out) {
    const std::size_t at = from.find(c);
    if (at != from.npos) c = to[at];
  }
  return out;
}

}  // namespace

bool is_server_url(std::string_view url) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (!url.starts_with(scheme)) continue;
    url.remove_prefix(scheme.size());
    return !url.empty() && url.size() <= 255 && std::ranges::all_of(url, [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
             std::string_view(".-:[]").find(c) != std::string_view::npos;
    });
  }
  return false;
}

std::optional<LinkText> split_link(std::string_view text, std::string_view mark) {
  LinkText parts;
  const std::size_t hash = text.find('#');
  if (hash == text.npos) return std::nullopt;
  parts.fragment = text.substr(hash + 1);
  const std::string_view address = text.substr(0, hash);
  const std::size_t at = address.rfind(mark);
  if (at == address.npos) return std::nullopt;
  parts.server_url = address.substr(0, at);
  const auto id = base::hex_decode(address.substr(at + mark.size()));
  if (!id || id->size() != parts.id.size() || !is_server_url(parts.server_url)) return std::nullopt;
  std::ranges::copy(*id, parts.id.begin());
  return parts;
}

std::string text_of_bytes(base::ByteView bytes) {
  return swap_letters(base::base64_encode(bytes, base::Padding::none), "+/", "-_");
}

std::optional<crypto::SecretBytes<32>> secret_of_text(std::string_view text) {
  if (text.size() != 43 || text.find_first_of("+/") != text.npos) return std::nullopt;
  auto bytes = base::base64_decode(swap_letters(text, "-_", "+/"), base::Padding::none);
  if (!bytes || bytes->size() != 32) return std::nullopt;
  auto secret = crypto::SecretBytes<32>::copy_of(std::span<const std::byte, 32>(*bytes));
  crypto::wipe(*bytes);
  return secret;
}

}  // namespace sealift::parcel::internal
