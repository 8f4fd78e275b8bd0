// Whom to believe over TLS: what --certificate and --authorities say, or else what the profile's
// last login to the server said.
#pragma once

#include "cli/arguments.h"
#include "client/http_settings.h"

namespace sealift::cli {

// A server's address as somebody typed it, which the error repeats. Errors: as
// ServerAddress::parse.
tl::expected<client::ServerAddress, Failure> server_of(const std::string& typed);

// `--authorities system`: the system's own, whatever the profile remembers. Errors: usage (not a
// SHA-256), and those of reading the file or the profile.
tl::expected<client::Trust, Failure> trust_of(const Environment& environment,
                                              const Arguments& arguments,
                                              const client::ServerAddress& server);

// What the profile remembers of the server; makes no profile. Errors: malformed, forbidden, io.
base::Result<client::Trust> remembered_trust(const Environment& environment,
                                             const client::ServerAddress& server);

}  // namespace sealift::cli
