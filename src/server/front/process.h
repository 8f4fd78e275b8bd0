// The front role's process: from its sockets to its end.
#pragma once

#include <span>
#include <vector>

#include "base/file_descriptor.h"
#include "server/figures.h"
#include "server/front/settings.h"
#include "server/front/vault_link.h"

namespace sealift::server::front {

struct ListeningSocket {
  int fd = -1;  // opened by the supervisor, which keeps it for the front's successors
  http::Channel channel = http::Channel::plain;
};

struct FrontPlan {
  Figures* figures = nullptr;  // where it counts, if anywhere
  Settings settings;
  std::span<const FrontRoute> routes;    // outlives the process
  std::span<const WebFile> web_files{};  // likewise
  std::vector<ListeningSocket> listeners;
  std::chrono::milliseconds certificate_timeout{10'000};
  // How long requests under way may take once the front is asked to finish.
  std::chrono::milliseconds finish_timeout{25'000};
};

// Takes its certificate from the control socket where a listener needs one, confines itself, proves
// it, and serves until the control socket closes (then finishes what is under way) or the vault is
// gone. Gives the process's exit status: 0 finished, 1 something failed, kExitNotConfined.
int run_front(const FrontPlan& plan, base::FileDescriptor to_vault, base::FileDescriptor control);

}  // namespace sealift::server::front
