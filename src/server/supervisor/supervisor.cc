#include "server/supervisor/supervisor.h"

#include <grp.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <ctime>

#include "server/frame_channel.h"
#include "server/log_line.h"

namespace sealift::server {
namespace {

using base::ErrorCode;
using base::FileDescriptor;
using base::Result;
using std::chrono::milliseconds;

enum class Part { vault, front, mailer, logger };

struct Child {
  Part part = Part::front;
  pid_t pid = 0;  // 0: to be started at `due`
  FileDescriptor control;
  milliseconds started{0};
  milliseconds due{0};
  milliseconds delay{0};
  bool is_taken_along = false;  // killed because its vault ended
};

// As `ps` and `top` show it: at most 15 characters.
const char* process_name(Part part) {
  switch (part) {
    case Part::vault:
      return "sealift-vault";
    case Part::front:
      return "sealift-front";
    case Part::mailer:
      return "sealift-mailer";
    case Part::logger:
      return "sealift-logger";
  }
  return "sealiftd";
}

// Intervals only; the wall clock may step.
milliseconds monotonic() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return std::chrono::duration_cast<milliseconds>(std::chrono::seconds(now.tv_sec) +
                                                  std::chrono::nanoseconds(now.tv_nsec));
}

Result<std::array<FileDescriptor, 2>> control_pair() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return tl::unexpected(base::error_of_errno(errno, "control socket"));
  }
  return std::array<FileDescriptor, 2>{FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

// Root's rights are given up for good; that they are gone is looked at, not assumed.
bool become(const std::optional<Account>& account) {
  if (!account || ::geteuid() != 0) return true;
  const bool good = ::setgroups(0, nullptr) == 0 &&
                    ::setresgid(account->group, account->group, account->group) == 0 &&
                    ::setresuid(account->user, account->user, account->user) == 0;
  return good && account->user != 0 && ::setresuid(0, 0, 0) != 0;
}

class Supervisor {
 public:
  Supervisor(const Roles& roles, const SupervisorSettings& settings)
      : roles_(roles), settings_(settings) {
    children_.push_back(child(Part::vault));
    for (std::size_t i = 0; i < roles.fronts; ++i) children_.push_back(child(Part::front));
    if (roles.mailer) children_.push_back(child(Part::mailer));
    if (roles.logger) children_.push_back(child(Part::logger));
  }

  Result<void> run();

 private:
  Child child(Part part) const {
    Child made;
    made.part = part;
    made.delay = settings_.restart_delay_min;
    return made;
  }
  Result<void> start(Child& child);
  [[noreturn]] void run_role(Part part, FileDescriptor to_vault, FileDescriptor control);
  Result<void> start_due();
  Result<void> reap();
  void hear_vault();
  void note_end(Child& child, int status);
  void reload();
  void finish(Part part);
  static void kill_one(Child& child);
  void kill_all_but_logger();
  void kill_all();
  milliseconds until_due() const;

  const Roles& roles_;
  const SupervisorSettings& settings_;
  std::vector<Child> children_;  // the vault first
  bool is_serving_ = false;      // the vault has said so
  sigset_t mask_before_{};
};

void Supervisor::run_role(Part part, FileDescriptor to_vault, FileDescriptor control) {
  // Other roles' sockets are not this one's to hold.
  for (Child& other : children_) other.control.reset();
  ::sigprocmask(SIG_SETMASK, &mask_before_, nullptr);
  // Meant for the supervisor, whoever sends them to all: a terminal, or systemd at a stop.
  for (const int signal : {SIGHUP, SIGINT, SIGTERM}) std::signal(signal, SIG_IGN);
  std::signal(SIGPIPE, SIG_IGN);
  if (!become(settings_.account)) ::_exit(kExitNotConfined);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  ::prctl(PR_SET_NAME, process_name(part), 0, 0, 0);
  int status = 1;
  if (part == Part::vault)
    status = roles_.vault(std::move(control));
  else if (part == Part::front)
    status = roles_.front(std::move(to_vault), std::move(control));
  else if (part == Part::mailer)
    status = roles_.mailer(std::move(to_vault), std::move(control));
  else if (part == Part::logger)
    status = roles_.logger(std::move(control));
  ::_exit(status);
}

Result<void> Supervisor::start(Child& child) {
  SEALIFT_TRY(auto control, control_pair());
  SEALIFT_TRY(auto channel, FrameChannel::make_pair());
  const bool is_alone = child.part == Part::vault || child.part == Part::logger;
  const pid_t pid = ::fork();
  if (pid < 0) return tl::unexpected(base::error_of_errno(errno, "fork"));
  if (pid == 0) {
    control[0].reset();
    channel[1].reset();
    run_role(child.part, is_alone ? FileDescriptor() : std::move(channel[0]),
             std::move(control[1]));
  }
  child.pid = pid;
  child.control = std::move(control[0]);
  child.started = monotonic();
  child.is_taken_along = false;
  if (is_alone) return {};
  const auto kind =
      child.part == Part::front ? ControlMessage::Kind::front : ControlMessage::Kind::mailer;
  // A vault that is gone by now ends all of them; that shows in reap().
  const std::array<int, 1> end = {channel[1].get()};
  (void)send_control(children_.front().control.get(), kind, end);
  if (child.part == Part::front) reload();
  return {};
}

Result<void> Supervisor::start_due() {
  const milliseconds now = monotonic();
  for (Child& one : children_) {
    if (one.pid != 0 || one.due > now) continue;
    // The others wait for their vault.
    const bool is_alone = one.part == Part::vault || one.part == Part::logger;
    if (!is_alone && children_.front().pid == 0) continue;
    SEALIFT_TRY_VOID(start(one));
  }
  return {};
}

// Certificate and key, opened anew, to every front that runs.
void Supervisor::reload() {
  if (!roles_.open_certificate) return;
  const std::vector<FileDescriptor> files = roles_.open_certificate();
  if (files.size() != 2) return;
  const std::array<int, 2> fds = {files[0].get(), files[1].get()};
  for (const Child& one : children_) {
    if (one.part == Part::front && one.pid != 0) {
      (void)send_control(one.control.get(), ControlMessage::Kind::certificate, fds);
    }
  }
}

// For whoever watches the server: which role, and how it ended.
void tell_end(const Child& child, int status) {
  const bool is_signal = WIFSIGNALED(status);
  const int number = is_signal ? WTERMSIG(status) : WEXITSTATUS(status);
  const std::string pid = std::to_string(child.pid);
  const std::string how = (is_signal ? "signal " : "status ") + std::to_string(number);
  const char* const why = child.is_taken_along ? "its vault ended" : "it crashed or was killed";
  log_line(LogEvent::role_ended,
           {{"ended", process_name(child.part)}, {"pid", pid}, {"how", how}, {"why", why}});
}

void Supervisor::note_end(Child& child, int status) {
  tell_end(child, status);
  if (settings_.roles_ended != nullptr) ++*settings_.roles_ended;
  const milliseconds now = monotonic();
  const bool was_stable = now - child.started >= 2 * settings_.restart_delay_max;
  child.pid = 0;
  child.control.reset();
  child.due = now + child.delay;
  child.delay = was_stable ? settings_.restart_delay_min
                           : std::min(child.delay * 2, settings_.restart_delay_max);
}

Result<void> Supervisor::reap() {
  int status = 0;
  while (true) {
    const pid_t pid = ::waitpid(-1, &status, WNOHANG);
    if (pid <= 0) return {};
    const auto ended = std::find_if(children_.begin(), children_.end(),
                                    [&](const Child& one) { return one.pid == pid; });
    if (ended == children_.end()) continue;
    if (WIFEXITED(status) && WEXITSTATUS(status) == kExitNotConfined) {
      ended->pid = 0;
      return base::fail(ErrorCode::unsupported, "a role could not be confined");
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == kExitDataDamaged) {
      ended->pid = 0;
      return base::fail(
          ErrorCode::damaged,
          "the data folder is damaged: the line \"stopped\" before this one says why, "
          "and `sealift admin --data DIR fsck` what can be done");
    }
    note_end(*ended, status);
    if (ended->part != Part::vault) continue;
    for (Child& one : children_) {
      if (one.pid == 0 || one.part == Part::logger) continue;
      one.is_taken_along = true;
      ::kill(one.pid, SIGKILL);
    }
  }
}

// The one thing that a vault says. What it says after that is of no interest, and stays unread.
void Supervisor::hear_vault() {
  const Child& vault = children_.front();
  if (is_serving_ || vault.pid == 0) return;
  const auto message = receive_control(vault.control.get());
  if (!message || !*message || (*message)->kind != ControlMessage::Kind::serving) return;
  is_serving_ = true;
  if (settings_.on_serving) settings_.on_serving();
}

milliseconds Supervisor::until_due() const {
  // While it starts, the vault is listened to at short intervals: signals are what wakes this.
  milliseconds wait{is_serving_ ? 1'000 : 20};
  const milliseconds now = monotonic();
  for (const Child& one : children_) {
    if (one.pid == 0) wait = std::clamp(one.due - now, milliseconds(1), wait);
  }
  return wait;
}

timespec timespec_of(milliseconds time) {
  return {time.count() / 1000, time.count() % 1000 * 1'000'000};
}

// Asks the processes of a part to finish, and waits for them.
void Supervisor::finish(Part part) {
  const milliseconds deadline = monotonic() + settings_.stop_timeout;
  for (Child& one : children_) {
    if (one.part == part) one.control.reset();
  }
  while (monotonic() < deadline) {
    bool is_left = false;
    for (Child& one : children_) {
      if (one.part != part || one.pid == 0) continue;
      if (::waitpid(one.pid, nullptr, WNOHANG) == one.pid) one.pid = 0;
      is_left = is_left || one.pid != 0;
    }
    if (!is_left) return;
    const timespec pause = timespec_of(milliseconds(5));
    ::nanosleep(&pause, nullptr);
  }
}

void Supervisor::kill_one(Child& child) {
  if (child.pid == 0) return;
  ::kill(child.pid, SIGKILL);
  ::waitpid(child.pid, nullptr, 0);
  child.pid = 0;
}

void Supervisor::kill_all_but_logger() {
  for (Child& one : children_)
    if (one.part != Part::logger) kill_one(one);
}

void Supervisor::kill_all() {
  for (Child& one : children_) kill_one(one);
}

Result<void> Supervisor::run() {
  sigset_t signals;
  ::sigemptyset(&signals);
  for (const int signal : {SIGCHLD, SIGTERM, SIGINT, SIGHUP}) ::sigaddset(&signals, signal);
  ::sigprocmask(SIG_BLOCK, &signals, &mask_before_);
  Result<void> result;
  while (result) {
    result = start_due();
    if (!result) break;
    const timespec wait = timespec_of(until_due());
    const int signal = ::sigtimedwait(&signals, nullptr, &wait);
    if (signal == SIGTERM || signal == SIGINT) break;
    if (signal == SIGHUP) reload();
    hear_vault();
    result = reap();
  }
  if (result) {
    for (const Part part : {Part::front, Part::mailer, Part::vault}) finish(part);
  }
  kill_all_but_logger();
  finish(Part::logger);  // a server that fails says why in its last lines
  kill_all();
  ::sigprocmask(SIG_SETMASK, &mask_before_, nullptr);
  return result;
}

}  // namespace

Result<void> supervise(const Roles& roles, const SupervisorSettings& settings) {
  return Supervisor(roles, settings).run();
}

}  // namespace sealift::server
