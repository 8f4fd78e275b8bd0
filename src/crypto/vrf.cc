#include "crypto/vrf.h"

#include <sodium.h>

#include <algorithm>

#include "base/check.h"
#include "crypto/internal/sodium.h"

namespace sealift::crypto {

using base::ByteView;
using base::unsigned_data;

namespace {

using Element = std::array<std::byte, crypto_core_ristretto255_BYTES>;
using Scalar = std::array<std::byte, crypto_core_ristretto255_SCALARBYTES>;
using Wide = std::array<std::byte, crypto_hash_sha512_BYTES>;

constexpr std::size_t kChallengeSize = 16;
constexpr std::string_view kSuite =
    "\xff"
    "c2sp.org/vrf-r255";
// What each hash is for, as the specification and RFC 9381 number them.
constexpr std::byte kForChallenge{0x02};
constexpr std::byte kForOutput{0x03};
constexpr std::byte kForNonce{0x81};
constexpr std::byte kForElement{0x82};

class Hash {
 public:
  explicit Hash(std::byte purpose) {
    crypto_hash_sha512_init(&state_);
    add(base::bytes_of(kSuite));
    add(std::span(&purpose, 1));
  }
  void add(ByteView bytes) {
    crypto_hash_sha512_update(&state_, unsigned_data(bytes), bytes.size());
  }
  Wide finish() {
    Wide digest;
    crypto_hash_sha512_final(&state_, unsigned_data(digest));
    return digest;
  }

 private:
  crypto_hash_sha512_state state_;
};

void reduce(base::MutableByteView scalar, const Wide& wide) {
  crypto_core_ristretto255_scalar_reduce(unsigned_data(scalar), unsigned_data(wide));
}

// libsodium 1.0.18 has no test for it.
bool is_canonical(std::span<const std::byte, 32> scalar) {
  Wide wide{};
  std::ranges::copy(scalar, wide.begin());
  Scalar reduced;
  reduce(reduced, wide);
  return sodium_memcmp(reduced.data(), scalar.data(), reduced.size()) == 0;
}

// nullopt: `element` is none, or the product is the identity.
std::optional<Element> times(ByteView scalar, const Element& element) {
  Element product;
  if (crypto_scalarmult_ristretto255(unsigned_data(product), unsigned_data(scalar),
                                     unsigned_data(element)) != 0)
    return std::nullopt;
  return product;
}

std::optional<Element> times_base(ByteView scalar) {
  Element product;
  if (crypto_scalarmult_ristretto255_base(unsigned_data(product), unsigned_data(scalar)) != 0)
    return std::nullopt;
  return product;
}

std::optional<Element> difference(const std::optional<Element>& from,
                                  const std::optional<Element>& what) {
  Element result;
  if (!from || !what ||
      crypto_core_ristretto255_sub(unsigned_data(result), unsigned_data(*from),
                                   unsigned_data(*what)) != 0)
    return std::nullopt;
  return result;
}

Element element_of(const VrfPublic& key, ByteView input) {
  Hash hash(kForElement);
  hash.add(key);
  hash.add(input);
  const Wide wide = hash.finish();
  Element element;
  SEALIFT_CHECK(crypto_core_ristretto255_from_hash(unsigned_data(element), unsigned_data(wide)) ==
                0);
  return element;
}

// Padded to a scalar: 16 bytes are always less than the group's order.
Scalar challenge_of(std::initializer_list<ByteView> elements) {
  Hash hash(kForChallenge);
  for (const ByteView element : elements) hash.add(element);
  constexpr std::byte kEnd{0};
  hash.add(std::span(&kEnd, 1));
  const Wide wide = hash.finish();
  Scalar challenge{};
  std::copy_n(wide.begin(), kChallengeSize, challenge.begin());
  return challenge;
}

VrfOutput output_of(const Element& gamma) {
  Hash hash(kForOutput);
  hash.add(gamma);
  constexpr std::byte kEnd{0};
  hash.add(std::span(&kEnd, 1));
  const Wide wide = hash.finish();
  VrfOutput output;
  std::copy_n(wide.begin(), output.size(), output.begin());
  return output;
}

}  // namespace

VrfSecret VrfSecret::from_uniform(std::span<const std::byte, 64> bytes) {
  internal::ensure_sodium();
  Wide wide;
  std::ranges::copy(bytes, wide.begin());
  VrfSecret key;
  reduce(key.scalar_.mutable_view(), wide);
  sodium_memzero(wide.data(), wide.size());
  const auto element = times_base(key.scalar_.view());
  SEALIFT_CHECK(element.has_value());
  key.public_ = *element;
  return key;
}

std::optional<VrfSecret> VrfSecret::from_scalar(std::span<const std::byte, 32> scalar) {
  internal::ensure_sodium();
  const auto element = times_base(scalar);
  if (!is_canonical(scalar) || !element) return std::nullopt;
  VrfSecret key;
  key.scalar_ = SecretBytes<32>::copy_of(scalar);
  key.public_ = *element;
  return key;
}

VrfProof VrfSecret::prove(ByteView input) const {
  const Element h = element_of(public_, input);
  const auto gamma = times(scalar_.view(), h);
  Hash hash(kForNonce);
  hash.add(scalar_.view());
  hash.add(h);
  Wide wide = hash.finish();
  SecretBytes<32> nonce;
  reduce(nonce.mutable_view(), wide);
  sodium_memzero(wide.data(), wide.size());
  const auto u = times_base(nonce.view());
  const auto v = times(nonce.view(), h);
  SEALIFT_CHECK(gamma && u && v);  // else a hash came out as one of a few values in 2^252
  const Scalar c = challenge_of({public_, h, *gamma, *u, *v});
  SecretBytes<32> product;
  crypto_core_ristretto255_scalar_mul(unsigned_data(product.mutable_view()), unsigned_data(c),
                                      unsigned_data(scalar_.view()));
  VrfProof proof;
  std::ranges::copy(*gamma, proof.begin());
  std::copy_n(c.begin(), kChallengeSize, proof.begin() + gamma->size());
  crypto_core_ristretto255_scalar_add(
      unsigned_data(std::span(proof).last<crypto_core_ristretto255_SCALARBYTES>()),
      unsigned_data(nonce.view()), unsigned_data(product.view()));
  return proof;
}

VrfOutput VrfSecret::output(ByteView input) const {
  const auto gamma = times(scalar_.view(), element_of(public_, input));
  SEALIFT_CHECK(gamma.has_value());
  return output_of(*gamma);
}

VrfOutput vrf_output(const VrfProof& own_proof) {
  Element gamma;
  std::copy_n(own_proof.begin(), gamma.size(), gamma.begin());
  return output_of(gamma);
}

std::optional<VrfOutput> vrf_verify(const VrfPublic& key, ByteView input, const VrfProof& proof) {
  internal::ensure_sodium();
  Element gamma;
  std::copy_n(proof.begin(), gamma.size(), gamma.begin());
  Scalar c{};
  std::copy_n(proof.begin() + gamma.size(), kChallengeSize, c.begin());
  const auto s = std::span(proof).last<32>();
  if (!is_canonical(s) || key == VrfPublic{}) return std::nullopt;
  const Element h = element_of(key, input);
  const auto u = difference(times_base(s), times(c, key));
  const auto v = difference(times(s, h), times(c, gamma));
  if (!u || !v || challenge_of({key, h, gamma, *u, *v}) != c) return std::nullopt;
  return output_of(gamma);
}

}  // namespace sealift::crypto
