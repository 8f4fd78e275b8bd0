// Secret sharing: a secret split so that any `threshold` of `count` shares give it back, and fewer
// say nothing about it (Shamir, "How to share a secret", 1979).
//
// The secret is the constant term of a random polynomial over the field of ristretto255's scalars,
// the integers modulo 2^252 + 27742317777372353535851937790883648493; a share is its value at x =
// 1, 2, ... The arithmetic is libsodium's, in the same time for all values. Shares have no check of
// their own: who deals them signs their digests (client/account/recovery_shares.h). Pure;
// thread-safe.
#pragma once

#include <span>
#include <vector>

#include "base/result.h"
#include "crypto/random.h"
#include "crypto/secret_bytes.h"

namespace sealift::crypto {

inline constexpr unsigned kSharesMax = 32;
using SharedSecret = SecretBytes<32>;  // a scalar, little-endian

struct SecretShare {
  unsigned x = 0;  // 1 to kSharesMax; no secret
  SecretBytes<32> value;
};

struct Sharing {
  unsigned threshold = 2;
  unsigned count = 2;
};

// Uniform: 252 bits.
SharedSecret random_shared_secret(Random& random);

// Errors: usage (a threshold below 2 or above the count, or too many shares).
base::Result<std::vector<SecretShare>> split_secret(const SharedSecret& secret, Sharing sharing,
                                                    Random& random);
// Of exactly the shares given: with fewer than were needed, or with one that is wrong, it is
// another secret. Errors: usage (fewer than two, too many, or two of one x, or one at 0); malformed
// (a value that isn't a scalar in its one spelling).
base::Result<SharedSecret> combine_shares(std::span<const SecretShare> shares);

}  // namespace sealift::crypto
