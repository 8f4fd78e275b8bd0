// The terminal of the person who runs the command, whatever standard input and output are.
#pragma once

#include <string>

#include "base/refusal.h"
#include "base/result.h"
#include "crypto/random.h"
#include "crypto/secret_bytes.h"

namespace sealift::cli {

// Shows `prompt` and reads one line without showing it. Ctrl-C ends the process as usual, with the
// terminal as it was. Errors: io (there is no terminal, or it was closed), limit (line too long).
base::Result<crypto::SecretBuffer> read_passphrase(const std::string& prompt);

// Likewise, for one of the keys that `admin reopen-keys` prints.
base::Result<crypto::SecretBuffer> read_reopen_key(const std::string& prompt);

// Likewise, for what $SEALIFT_PASSWORD_FD and $SEALIFT_PASSWORD may have instead.
base::Result<crypto::SecretBuffer> read_password(const std::string& prompt);

// Asks twice; an empty answer means "make one for me". Errors as above; usage (the two differ).
base::Result<crypto::SecretBuffer> choose_passphrase(crypto::Random& random,
                                                     base::Language language);

// 100 random bits as four groups of five letters and digits that are hard to confuse.
crypto::SecretBuffer generate_passphrase(crypto::Random& random);

// Whether the person types "yes" or "y" on the terminal, or "oui" or "o", in letters of any size.
// Errors: io (there is none).
base::Result<bool> confirm(const std::string& prompt);

// Whether somebody can be asked: there is a terminal, and this program has it.
bool has_terminal();

// Shows `prompt` on the terminal and reads a line. Errors: io (there is none, or it was closed).
base::Result<std::string> ask_line(const std::string& prompt);

// Shows a line on the terminal itself, so that it is in no file that output goes to.
void tell(const std::string& line);

}  // namespace sealift::cli
