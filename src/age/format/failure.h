// OpenFailure: at which of its steps opening an age file failed. Finer than base::ErrorCode, which
// says what a caller can do about it, and what tests and callers branch on.
//
//   armor     the ASCII armor is malformed                                       malformed
//   header    the header is not an age v1 header, or a stanza for one of the     malformed, limit,
//             identities is malformed                                            unsupported
//   no_match  the header is well-formed, and none of the identities opens it     no_match
//   hmac      an identity opened it, and the header was changed afterwards       damaged
//   payload   a chunk is not authentic, missing, or too many                     damaged
//   other     nothing is known about the file: reading, writing, a passphrase    any
#pragma once

#include <utility>

#include "base/result.h"

namespace sealift::age {

enum class OpenFailure { armor, header, no_match, hmac, payload, other };

struct OpenError {
  OpenFailure failure;
  base::Error error;
};

template <typename T>
using OpenResult = tl::expected<T, OpenError>;

inline tl::unexpected<OpenError> open_failed(OpenFailure failure, base::Error error) {
  return tl::unexpected<OpenError>(OpenError{failure, std::move(error)});
}

}  // namespace sealift::age
