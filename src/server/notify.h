// What systemd is told (sd_notify(3)): one datagram to the socket that it named. Any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace sealift::server {

// `socket` as $NOTIFY_SOCKET has it: a path, or "@" and an abstract name; "" tells nobody.
// Errors: io (nobody listens there), malformed (too long).
base::Result<void> notify_service_manager(const std::string& socket, std::string_view state);

}  // namespace sealift::server
