#include "crypto/secret_sharing.h"

#include <sodium.h>

#include <algorithm>
#include <array>

#include "base/check.h"
#include "crypto/internal/sodium.h"

namespace sealift::crypto {
namespace {

using base::ErrorCode;
using base::Result;
using base::unsigned_data;

using Scalar = SharedSecret;
static_assert(Scalar::kSize == crypto_core_ristretto255_SCALARBYTES);

Scalar scalar_of(unsigned x) {
  Scalar scalar;
  scalar.mutable_view().front() = static_cast<std::byte>(x);
  return scalar;
}

Scalar reduced(base::ByteView wide) {
  Scalar scalar;
  crypto_core_ristretto255_scalar_reduce(unsigned_data(scalar.mutable_view()), unsigned_data(wide));
  return scalar;
}

Scalar sum(const Scalar& a, const Scalar& b) {
  Scalar made;
  crypto_core_ristretto255_scalar_add(unsigned_data(made.mutable_view()), unsigned_data(a.view()),
                                      unsigned_data(b.view()));
  return made;
}

Scalar difference(const Scalar& a, const Scalar& b) {
  Scalar made;
  crypto_core_ristretto255_scalar_sub(unsigned_data(made.mutable_view()), unsigned_data(a.view()),
                                      unsigned_data(b.view()));
  return made;
}

Scalar product(const Scalar& a, const Scalar& b) {
  Scalar made;
  crypto_core_ristretto255_scalar_mul(unsigned_data(made.mutable_view()), unsigned_data(a.view()),
                                      unsigned_data(b.view()));
  return made;
}

// `a` is not zero.
Scalar inverse(const Scalar& a) {
  Scalar made;
  SEALIFT_CHECK(crypto_core_ristretto255_scalar_invert(unsigned_data(made.mutable_view()),
                                                       unsigned_data(a.view())) == 0);
  return made;
}

// libsodium 1.0.18 has no test for it.
bool is_canonical(const Scalar& scalar) {
  SecretBytes<crypto_core_ristretto255_NONREDUCEDSCALARBYTES> wide;
  std::ranges::copy(scalar.view(), wide.mutable_view().begin());
  return equal(reduced(wide.view()).view(), scalar.view());
}

// Horner, highest coefficient first; the constant term is last.
Scalar evaluate(std::span<const Scalar> coefficients, unsigned x) {
  const Scalar at = scalar_of(x);
  Scalar value;
  for (const Scalar& each : coefficients) value = sum(product(value, at), each);
  return value;
}

// Lagrange's factor of the share at `index` for x = 0.
Scalar factor_of(std::span<const SecretShare> shares, std::size_t index) {
  const Scalar own = scalar_of(shares[index].x);
  Scalar factor = scalar_of(1);
  for (std::size_t i = 0; i < shares.size(); ++i) {
    if (i == index) continue;
    const Scalar other = scalar_of(shares[i].x);
    factor = product(factor, product(other, inverse(difference(other, own))));
  }
  return factor;
}

bool are_distinct(std::span<const SecretShare> shares) {
  std::array<bool, kSharesMax + 1> seen{};
  for (const SecretShare& share : shares) {
    if (share.x == 0 || share.x > kSharesMax || seen.at(share.x)) return false;
    seen.at(share.x) = true;
  }
  return true;
}

}  // namespace

SharedSecret random_shared_secret(Random& random) {
  internal::ensure_sodium();
  const auto wide = random.secret<crypto_core_ristretto255_NONREDUCEDSCALARBYTES>();
  return reduced(wide.view());
}

Result<std::vector<SecretShare>> split_secret(const SharedSecret& secret, Sharing sharing,
                                              Random& random) {
  if (sharing.threshold < 2 || sharing.threshold > sharing.count || sharing.count > kSharesMax)
    return base::fail(ErrorCode::usage, "a secret is shared by 2 to 32, and 2 of them at least");
  internal::ensure_sodium();
  if (!is_canonical(secret)) return base::fail(ErrorCode::malformed, "no scalar to share");
  std::vector<Scalar> coefficients;
  while (coefficients.size() + 1 < sharing.threshold)
    coefficients.push_back(random_shared_secret(random));
  coefficients.push_back(Scalar::copy_of(secret.view()));
  std::vector<SecretShare> shares;
  for (unsigned x = 1; x <= sharing.count; ++x) shares.push_back({x, evaluate(coefficients, x)});
  return shares;
}

Result<SharedSecret> combine_shares(std::span<const SecretShare> shares) {
  if (shares.size() < 2 || shares.size() > kSharesMax || !are_distinct(shares))
    return base::fail(ErrorCode::usage, "these shares don't go together");
  internal::ensure_sodium();
  Scalar secret;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    if (!is_canonical(shares[i].value))
      return base::fail(ErrorCode::malformed, "a share is no scalar");
    secret = sum(secret, product(shares[i].value, factor_of(shares, i)));
  }
  return secret;
}

}  // namespace sealift::crypto
