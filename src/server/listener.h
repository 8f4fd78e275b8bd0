// Opens the sockets that fronts accept from. Called by the supervisor, before it forks.
#pragma once

#include "server/config.h"

namespace sealift::server {

struct Listener {
  base::FileDescriptor socket;
  std::uint16_t port = 0;  // the one in use, also when any was asked for
};

// `file`: of a Unix socket, in force before anyone can connect.
// Errors: forbidden, conflict (somebody listens there), usage (no such user or group), io.
base::Result<Listener> open_listener(const ListenAddress& address, const SocketFile& file = {});

}  // namespace sealift::server
