// A verifiable random function: ECVRF-RISTRETTO255-SHA512 of C2SP (c2sp.org/vrf-r255), after
// RFC 9381. Thread-safe.
//
//   proof  = Gamma(32) c(16) s(32)
//   output = the first 32 bytes of the construction's 64 (beta)
//
// Only who has the secret can make an input's output; with a proof anyone can check one. Without
// the secret, outputs say nothing about inputs, however few those are: what lies under outputs can
// be public.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "crypto/secret_bytes.h"

namespace sealift::crypto {

inline constexpr std::size_t kVrfPublicSize = 32;
inline constexpr std::size_t kVrfProofSize = 80;
using VrfPublic = std::array<std::byte, kVrfPublicSize>;
using VrfProof = std::array<std::byte, kVrfProofSize>;
using VrfOutput = std::array<std::byte, 32>;

class VrfSecret {
 public:
  // Of 64 uniform bytes. Nearly all are one key's; the few that give none end the process.
  static VrfSecret from_uniform(std::span<const std::byte, 64> bytes);
  // nullopt: not a canonical scalar, or zero.
  static std::optional<VrfSecret> from_scalar(std::span<const std::byte, 32> scalar);

  const VrfPublic& public_key() const { return public_; }
  VrfProof prove(base::ByteView input) const;
  // Without the proof, in two thirds of the time.
  VrfOutput output(base::ByteView input) const;

 private:
  VrfSecret() = default;

  SecretBytes<32> scalar_;
  VrfPublic public_{};
};

// What a proof of our own shows; verifies nothing.
VrfOutput vrf_output(const VrfProof& own_proof);

// The input's output; nullopt when `proof` doesn't show it. Refuses the identity as key, and
// encodings of scalars and group elements that aren't canonical.
std::optional<VrfOutput> vrf_verify(const VrfPublic& key, base::ByteView input,
                                    const VrfProof& proof);

}  // namespace sealift::crypto
