// Where passwords come from: the terminal; without one, $SEALIFT_PASSWORD_FD (an open descriptor,
// read to its first line end) or $SEALIFT_PASSWORD. Never an argument, which others can see.
#pragma once

#include "cli/verb.h"
#include "crypto/secret_bytes.h"

namespace sealift::cli {

// Shorter ones can be guessed by whoever breaks into the server.
inline constexpr std::size_t kPasswordSizeMin = 10;

// Whether somebody sits there: the password is asked for, and other things may be.
bool has_terminal(const Environment& environment);

// Errors: those of the terminal; io and limit (of the descriptor).
base::Result<crypto::SecretBuffer> ask_password(const Environment& environment,
                                                const std::string& prompt);
// Twice on a terminal. Errors also: usage (too short, or the two differ).
base::Result<crypto::SecretBuffer> choose_password(const Environment& environment);

}  // namespace sealift::cli
