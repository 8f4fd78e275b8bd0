// Opens the sockets that fronts accept from. Called by the supervisor, before it forks.
#pragma once

#include "server/config.h"

namespace sealift::server {

struct Listener {
  base::FileDescriptor socket;
  std::uint16_t port = 0;  // the one in use, also when any was asked for
};

// Errors: forbidden, conflict (somebody listens there), io.
base::Result<Listener> open_listener(const ListenAddress& address);

}  // namespace sealift::server
