#include "client/account/paper_key.h"

#include <algorithm>
#include <array>
#include <string>

#include "age/format/bech32.h"

namespace sealift::client {
namespace {

constexpr std::string_view kPrefix = "SEALIFTPAPER";
constexpr std::size_t kTextSize = 45;  // prefix, "1", 26 of data, 6 of checksum
constexpr std::size_t kHeadSize = kPrefix.size() + 1;
constexpr std::size_t kGroup = 4;

void wipe(std::string& text) { crypto::wipe(std::as_writable_bytes(std::span(text))); }

}  // namespace

PaperKey PaperKey::generate(crypto::Random& random) { return PaperKey(random.secret<16>()); }

base::Result<PaperKey> PaperKey::parse(std::string_view typed) {
  std::string text;
  text.reserve(kTextSize + 1);
  for (const char c : typed) {
    if (c == ' ' || c == '-' || c == '\t' || c == '\r' || c == '\n') continue;
    if (text.size() > kTextSize) break;
    text.push_back(c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c);
  }
  crypto::SecretBytes<16> bytes;
  const bool good = age::bech32_decode(text, kPrefix, bytes.mutable_view());
  wipe(text);
  if (!good)
    return base::fail(base::ErrorCode::malformed, "this is not a paper key: was it mistyped?");
  return PaperKey(std::move(bytes));
}

crypto::SecretBuffer PaperKey::text() const {
  std::string plain = age::bech32_encode(kPrefix, bytes_.view());
  std::string printed;
  printed.reserve(2 * kTextSize);
  printed.append(plain, 0, kHeadSize);
  for (std::size_t at = kHeadSize; at < plain.size(); at += kGroup)
    printed.append("-").append(plain, at, kGroup);
  crypto::SecretBuffer out = crypto::SecretBuffer::copy_of(base::bytes_of(printed));
  wipe(plain);
  wipe(printed);
  return out;
}

}  // namespace sealift::client
