// Private keys from files, as `-i` takes them.
#pragma once

#include <string>
#include <vector>

#include "age/open/open_identity.h"
#include "cli/verb.h"

namespace sealift::cli {

// Native key files, SSH private keys, and either sealed with a passphrase, which is then asked for
// on the terminal. `path` "-" is standard input.
tl::expected<std::vector<age::Identity>, Failure> read_identities(const std::string& path,
                                                                  base::Language language);

}  // namespace sealift::cli
