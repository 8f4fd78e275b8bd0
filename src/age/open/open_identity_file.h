// Files that hold identities. Not for programs that must not open.
//
//   file = *(identity LF / "#" comment LF / LF)      native identities
//        / an SSH private key                        age/open/open_ssh_identity.h
//        / an age file, armored or not, sealed with a passphrase, that holds the first form
#pragma once

#include <vector>

#include "age/open/open_identity.h"

namespace sealift::age {

// `content` is borrowed for the call. `ask` is called for what is protected, at once.
// Errors: malformed (with the line's number; also when there is no identity), unsupported, limit,
// no_match (a wrong passphrase), damaged, and those of `ask`.
base::Result<std::vector<Identity>> parse_identity_file(base::ByteView content,
                                                        const AskPassphrase& ask);

}  // namespace sealift::age
