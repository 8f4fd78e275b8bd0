// ML-KEM-768 (FIPS 203): key encapsulation that a quantum computer does not break. Thread-safe.
//
// The primitive is OpenSSL's from 3.5 on, and else PQClean's C source, compiled in
// (docs/decisions/0020-ml-kem-source.md). A build can have neither: mlkem768_available() tells, and
// nothing else here may then be called.
#pragma once

#include <array>
#include <optional>

#include "base/bytes.h"
#include "crypto/secret_bytes.h"

namespace sealift::crypto {

inline constexpr std::size_t kMlKem768PublicSize = 1184;
inline constexpr std::size_t kMlKem768CiphertextSize = 1088;
inline constexpr std::size_t kMlKem768SeedSize = 64;  // d, then z

using MlKem768Public = std::array<std::byte, kMlKem768PublicSize>;
using MlKem768Ciphertext = std::array<std::byte, kMlKem768CiphertextSize>;
using MlKem768Seed = SecretBytes<kMlKem768SeedSize>;
using MlKem768Shared = SecretBytes<32>;

bool mlkem768_available();

MlKem768Public mlkem768_public(const MlKem768Seed& seed);

// Whether `key` passes the check of FIPS 203 section 7.2: every coefficient below 3329.
bool mlkem768_is_public(std::span<const std::byte, kMlKem768PublicSize> key);

struct MlKem768Encapsulated {
  MlKem768Ciphertext ciphertext;
  MlKem768Shared shared;
};

// `randomness` is fresh for each call. nullopt unless mlkem768_is_public(key).
std::optional<MlKem768Encapsulated> mlkem768_encapsulate(
    std::span<const std::byte, kMlKem768PublicSize> key, const SecretBytes<32>& randomness);

// A wrong ciphertext gives another secret, not an error (implicit rejection).
MlKem768Shared mlkem768_decapsulate(const MlKem768Seed& seed,
                                    std::span<const std::byte, kMlKem768CiphertextSize> ciphertext);

}  // namespace sealift::crypto
