// Supervisor: starts the roles, connects them, starts anew what crashes, and does nothing else.
//
// It parses nothing and has no thread, so that forking is safe at any time. Each front is joined to
// the vault by a socket pair of its own; a front that is started anew gets a new pair, whose other
// end the vault is handed over its control socket. Without its vault a front is of no use, so a
// vault that ends takes all others with it; but for the logger, which depends on nobody and ends
// last. Closing a role's control socket asks it to finish.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "base/file_descriptor.h"
#include "base/result.h"
#include "server/figures.h"

namespace sealift::server {

// A role's process ends with this when it could not confine itself: it is not started again.
inline constexpr int kExitNotConfined = 78;
// The vault ends with this when its data folder is damaged: starting it again would not help.
inline constexpr int kExitDataDamaged = 79;

// What arrives on a control socket: one letter, and up to two descriptors.
struct ControlMessage {
  enum class Kind : char {
    front = 'f',        // to the vault: a channel to a new front
    mailer = 'm',       // to the vault: a channel to a new mailer
    certificate = 'c',  // to a front: certificate and key, to be read now
    serving = 's',      // from the vault, without a descriptor: from here on it answers
  };
  Kind kind = Kind::front;
  std::vector<base::FileDescriptor> descriptors;
};
// Errors: io (the other end is gone).
base::Result<void> send_control(int socket, ControlMessage::Kind kind, std::span<const int> fds);
// nullopt when nothing is there. Errors: io (the other end is gone: finish), malformed.
base::Result<std::optional<ControlMessage>> receive_control(int socket);

// The roles' own code. Each runs in a process of its own and gives its exit status.
struct Roles {
  std::function<int(base::FileDescriptor control)> vault;
  std::function<int(base::FileDescriptor to_vault, base::FileDescriptor control)> front;
  std::function<int(base::FileDescriptor to_vault, base::FileDescriptor control)>
      mailer;                                               // or none
  std::function<int(base::FileDescriptor control)> logger;  // or none
  std::size_t fronts = 1;
  // Opens certificate and key for a new front, and again at SIGHUP; empty without TLS.
  std::function<std::vector<base::FileDescriptor>()> open_certificate;
};

// Whom the roles run as when the supervisor was started as root.
struct Account {
  uid_t user = 0;
  gid_t group = 0;
};

struct SupervisorSettings {
  std::optional<Account> account;
  Counter* roles_ended = nullptr;  // counted here, if anywhere
  // Called once: the vault has said that it serves.
  std::function<void()> on_serving{};
  std::chrono::milliseconds restart_delay_min{100};
  std::chrono::milliseconds restart_delay_max{5'000};
  std::chrono::milliseconds stop_timeout{30'000};
};

// Runs until SIGTERM or SIGINT, then asks all roles to finish, fronts first, and kills what has not
// ended in time. The caller has one thread. Errors: io, unsupported (a role could not confine
// itself).
base::Result<void> supervise(const Roles& roles, const SupervisorSettings& settings);

}  // namespace sealift::server
