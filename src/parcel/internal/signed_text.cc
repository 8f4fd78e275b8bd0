#include "parcel/internal/signed_text.h"

#include <algorithm>

#include "base/base64.h"
#include "base/hex.h"

namespace sealift::parcel::internal {
namespace {

using base::ErrorCode;
using base::fail;

constexpr std::string_view kAlgorithm = "ed25519 ";
constexpr std::size_t kKeyTextSize = 2 * crypto::kEd25519PublicSize;

std::string text_to_sign(std::string_view label, const crypto::Ed25519Public& key,
                         std::string_view text) {
  std::string all(label);
  all.append("\n").append(kAlgorithm).append(base::hex_encode(key)).append("\n\n").append(text);
  return all;
}

// The next `size` characters, which are taken off.
std::string_view take(std::string_view& rest, std::size_t size) {
  const std::string_view taken = rest.substr(0, size);
  rest.remove_prefix(taken.size());
  return taken;
}

}  // namespace

base::Bytes write_signed(std::string_view label, std::string_view text,
                         const crypto::Ed25519Secret& key) {
  const crypto::Ed25519Public public_key = key.public_key();
  const crypto::Ed25519Signature signature =
      key.sign(base::bytes_of(text_to_sign(label, public_key, text)));
  std::string whole(label);
  whole.append("\n").append(kAlgorithm).append(base::hex_encode(public_key)).append(" ");
  whole.append(base::base64_encode(signature, base::Padding::required)).append("\n\n").append(text);
  return base::copy_of(base::bytes_of(whole));
}

base::Result<SignedText> read_signed(std::string_view label, base::ByteView bytes) {
  std::string_view rest = base::text_of(bytes);
  const bool is_of_label = take(rest, label.size()) == label && take(rest, 1) == "\n";
  if (!is_of_label) return fail(ErrorCode::malformed, "this is not what it should be");
  const std::size_t end = rest.find('\n');
  std::string_view line = take(rest, std::min(end, rest.size()));
  const bool is_signed = take(line, kAlgorithm.size()) == kAlgorithm && take(rest, 2) == "\n\n";
  const auto key = base::hex_decode(take(line, kKeyTextSize));
  const bool is_apart = take(line, 1) == " ";
  const auto signature = base::base64_decode(line, base::Padding::required);
  if (!is_signed || !is_apart || !key || key->size() != crypto::kEd25519PublicSize || !signature ||
      signature->size() != crypto::kEd25519SignatureSize)
    return fail(ErrorCode::malformed, "the signature is not one");
  SignedText read{.text = rest};
  std::ranges::copy(*key, read.signed_by.begin());
  const std::span<const std::byte, crypto::kEd25519SignatureSize> fixed(*signature);
  if (!crypto::ed25519_verify(read.signed_by,
                              base::bytes_of(text_to_sign(label, read.signed_by, rest)), fixed))
    return fail(ErrorCode::damaged, "the signature is wrong");
  return read;
}

}  // namespace sealift::parcel::internal
