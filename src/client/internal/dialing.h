// Dialing: a socket that leads to the server, directly or through a proxy's CONNECT.
//
// Every wait has its limit, and what it was for is in the error.
#pragma once

#include <chrono>
#include <string>

#include "base/file_descriptor.h"
#include "base/result.h"
#include "client/http_settings.h"

namespace sealift::client {

// Errors: io (nobody answers in time, or the proxy doesn't lead there), forbidden (the proxy wants
// a login), malformed (HTTPS_PROXY).
base::Result<base::FileDescriptor> dial(const HttpSettings& settings);

// False: the time is over. Errors: io.
base::Result<bool> wait_for(int fd, short events, std::chrono::milliseconds timeout);

// A host's name as a fact of a refusal: "the-server" for one that can't be a fact.
std::string host_word(const ServerAddress& address);

// That the server was waited for. `reason` is a row with {host} and {waited_ms}.
tl::unexpected<base::Error> silent(std::string_view reason, const ServerAddress& address,
                                   std::chrono::milliseconds waited);

}  // namespace sealift::client
