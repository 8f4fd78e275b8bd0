#include "server/mailer/process.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/clock.h"
#include "server/log_line.h"
#include "server/sandbox/sandbox.h"
#include "server/supervisor/supervisor.h"

namespace sealift::server {
namespace {

using base::FileDescriptor;

constexpr std::uint16_t kNameServerPort = 53;
constexpr std::size_t kPostSizeMax = 1024;

Rights rights_of(const MailerPlan& plan) {
  Rights rights;
  rights.connect_ports = {plan.smtp.port, kNameServerPort};
  // What the resolver reads for each name; no secret is in them.
  for (const char* path : {"/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf", "/etc/host.conf",
                           "/etc/gai.conf", "/etc/services"}) {
    if (::access(path, R_OK) == 0) rights.readable.emplace_back(path);
  }
  return rights;
}

// False: the vault is gone, or says what it can't.
bool serve_one(const MailerPlan& plan, Smtp& smtp, int vault, const base::Clock& clock) {
  std::array<std::byte, kPostSizeMax> buffer{};
  const ssize_t size = ::recv(vault, buffer.data(), buffer.size(), MSG_TRUNC);
  if (size < 0) return errno == EAGAIN || errno == EINTR;
  if (size == 0 || static_cast<std::size_t>(size) > buffer.size()) return false;
  const auto post = decode_post(base::ByteView(buffer).first(static_cast<std::size_t>(size)));
  if (!post) return false;
  const MailOutcome outcome =
      smtp.send(plan.head.from, post->details.to, write_letter(*post, plan.head, clock.now()));
  const base::Bytes answer = encode_outcome({post->mail, outcome});
  pollfd writable{vault, POLLOUT, 0};
  ::poll(&writable, 1, 10'000);
  return ::send(vault, answer.data(), answer.size(), MSG_NOSIGNAL) >= 0;
}

}  // namespace

int run_mailer(const MailerPlan& plan, FileDescriptor to_vault, FileDescriptor control) {
  auto smtp = Smtp::create(plan.smtp);
  if (!smtp) {
    log_line(LogEvent::stopped, {{"why", smtp.error().text}});
    return 1;
  }
  const Rights rights = rights_of(plan);
  if (!confine(rights) || !prove_confined(rights)) {
    log_line(LogEvent::not_confined);
    return kExitNotConfined;
  }
  const base::SystemClock clock;
  std::array<pollfd, 2> waits{{{control.get(), POLLIN, 0}, {to_vault.get(), POLLIN, 0}}};
  while (true) {
    if (::poll(waits.data(), waits.size(), -1) < 0 && errno != EINTR) return 1;
    // Nothing is ever sent to a mailer over its control socket: what there is, is its end.
    if (waits[0].revents != 0) return 0;
    if (waits[1].revents != 0 && !serve_one(plan, **smtp, to_vault.get(), clock)) return 1;
  }
}

}  // namespace sealift::server
