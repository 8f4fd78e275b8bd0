// Keys that recovery officers brought back, as `sealift recovery release` wrote them: an account's
// keys file, or what only the key of --recovered-with opens.
#pragma once

#include "cli/arguments.h"
#include "cli/verb.h"
#include "crypto/secret_bytes.h"
#include "parcel/address.h"

namespace sealift::cli {

// The keys file that --recovered names, opened; empty without it. That it is this address's the
// caller finds out.
tl::expected<crypto::SecretBuffer, Failure> read_recovered(const Environment& environment,
                                                           const Arguments& arguments,
                                                           const parcel::Address& address);

}  // namespace sealift::cli
