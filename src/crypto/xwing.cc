#include "crypto/xwing.h"

#include <algorithm>

#include "crypto/sha3.h"

namespace sealift::crypto {

using base::ByteView;

namespace {

struct Expanded {
  MlKem768Seed mlkem;
  X25519Secret x25519;
};

Expanded expand(const XWingSecret& secret) {
  SecretBytes<96> stream;
  shake256(secret.view(), stream.mutable_view());
  return {.mlkem = MlKem768Seed::copy_of(stream.view().first<64>()),
          .x25519 = X25519Secret::copy_of(stream.view().last<32>())};
}

SecretBytes<32> combine(const MlKem768Shared& mlkem, const SecretBytes<32>& x25519_shared,
                        ByteView share, ByteView x25519_key) {
  static constexpr std::string_view kLabel = "\\.//^\\";
  SecretBytes<4 * 32 + kLabel.size()> input;
  auto out = input.mutable_view().begin();
  for (const ByteView part : {ByteView(mlkem.view()), ByteView(x25519_shared.view()), share,
                              x25519_key, base::bytes_of(kLabel)}) {
    out = std::ranges::copy(part, out).out;
  }
  auto digest = sha3_256(input.view());
  auto shared = SecretBytes<32>::copy_of(digest);
  wipe(digest);
  return shared;
}

}  // namespace

XWingPublic xwing_public(const XWingSecret& secret) {
  const Expanded keys = expand(secret);
  XWingPublic result;
  const auto rest = std::ranges::copy(mlkem768_public(keys.mlkem), result.begin()).out;
  std::ranges::copy(x25519_public(keys.x25519), rest);
  return result;
}

std::optional<XWingEncapsulated> xwing_encapsulate(std::span<const std::byte, kXWingPublicSize> key,
                                                   Random& random) {
  const auto mlkem_key = key.first<kMlKem768PublicSize>();
  const auto x25519_key = key.last<kX25519Size>();
  const auto mlkem = mlkem768_encapsulate(mlkem_key, random.secret<32>());
  if (!mlkem) return std::nullopt;
  const X25519Secret ephemeral = random.secret<kX25519Size>();
  const auto x25519_shared = x25519(ephemeral, x25519_key);
  if (!x25519_shared) return std::nullopt;
  const X25519Public share = x25519_public(ephemeral);
  XWingEncapsulated result{.ciphertext = {},
                           .shared = combine(mlkem->shared, *x25519_shared, share, x25519_key)};
  const auto rest = std::ranges::copy(mlkem->ciphertext, result.ciphertext.begin()).out;
  std::ranges::copy(share, rest);
  return result;
}

std::optional<SecretBytes<32>> xwing_decapsulate(
    const XWingSecret& secret, std::span<const std::byte, kXWingCiphertextSize> ciphertext) {
  const Expanded keys = expand(secret);
  const auto share = ciphertext.last<kX25519Size>();
  const auto x25519_shared = x25519(keys.x25519, share);
  if (!x25519_shared) return std::nullopt;
  const MlKem768Shared mlkem =
      mlkem768_decapsulate(keys.mlkem, ciphertext.first<kMlKem768CiphertextSize>());
  return combine(mlkem, *x25519_shared, share, x25519_public(keys.x25519));
}

}  // namespace sealift::crypto
