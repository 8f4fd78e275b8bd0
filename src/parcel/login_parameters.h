// Login parameters: what a client needs to know of an account before it can log in: how its
// password becomes a key (Argon2id, one lane).
//
//   parameters = 01, passes u32, memory-KiB u32, salt (16 bytes)         little-endian; 25 bytes
//
// The server gives them to anyone who asks, for accounts that are there and accounts that are not.
// So all accounts of one version have one cost: a cost of its own would tell that an account is
// there; and the salt is the server's, the same for one address before and after it has an account.
// A client hashes the address in as well, so that a server that gave all the same salt would gain
// nothing. Nor is a server trusted to choose the cost: a client refuses less than the floor, which
// would make guessing cheap, and more than the ceiling, which would stop it. Pure; thread-safe.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "base/result.h"

namespace sealift::parcel {

inline constexpr std::size_t kLoginSaltSize = 16;
inline constexpr std::size_t kLoginParametersSize = 25;

// What new accounts get: RFC 9106 section 4's second choice, in one lane. 64 MiB fit in a browser
// on a telephone.
inline constexpr std::uint32_t kLoginPasses = 3;
inline constexpr std::uint32_t kLoginMemoryKib = 64 * 1024;
inline constexpr std::uint32_t kLoginPassesMax = 64;
inline constexpr std::uint32_t kLoginMemoryKibMax = 1024 * 1024;

struct LoginParameters {
  std::uint32_t passes = kLoginPasses;
  std::uint32_t memory_kib = kLoginMemoryKib;
  std::array<std::byte, kLoginSaltSize> salt{};

  friend bool operator==(const LoginParameters&, const LoginParameters&) = default;
};

base::Bytes encode_login_parameters(const LoginParameters& parameters);

// Errors: malformed; unsupported (another version, or a cost below the floor or over the ceiling).
base::Result<LoginParameters> parse_login_parameters(base::ByteView bytes);

}  // namespace sealift::parcel
