#include "server/logger/process.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "base/clock.h"
#include "base/file_system.h"
#include "server/log_frames.h"
#include "server/log_line.h"
#include "server/logger/journal.h"
#include "server/logger/outlet.h"
#include "server/logger/syslog_message.h"
#include "server/sandbox/sandbox.h"
#include "server/supervisor/supervisor.h"

namespace sealift::server {
namespace {

using base::FileDescriptor;
using Sources = std::array<FileDescriptor, kLogSources>;

constexpr std::uint16_t kNameServerPort = 53;
constexpr std::size_t kOutletBytesMax = std::size_t{1} << 20;
constexpr int kTurnMs = 1'000;
constexpr std::size_t kLinesATurn = 256;  // of one role, so that none keeps the others waiting
constexpr std::chrono::milliseconds kFinishMax{2'000};  // for each way out

Rights rights_of(const LoggerPlan& plan) {
  Rights rights;
  if (plan.bytes_max > 0) rights.folders = {plan.folder};
  if (!plan.syslog) return rights;
  if (plan.syslog->way == SyslogWay::unix_socket) {
    rights.sends_unix_datagrams = true;
    return rights;
  }
  rights.connect_ports = {plan.syslog->port, kNameServerPort};
  // What the resolver reads for each name; no secret is in them.
  for (const char* path : {"/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf", "/etc/host.conf",
                           "/etc/gai.conf", "/etc/services"}) {
    if (::access(path, R_OK) == 0) rights.readable.emplace_back(path);
  }
  return rights;
}

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

class Logger {
 public:
  // `files`: where the journal is, if there is one; borrowed.
  Logger(const LoggerPlan& plan, std::string host, base::FileSystem* files,
         std::unique_ptr<SyslogWire> wire)
      : plan_(plan), host_(std::move(host)) {
    if (files != nullptr) journal_.emplace(*files, plan.bytes_max);
    if (wire) syslog_ = std::make_unique<SyslogSender>(std::move(wire));
  }

  void take(const LogLine& line, std::string_view role) {
    const std::string text = json_line(line, role);
    const bool was_lost = journal_ && journal_->lost() > 0;
    const bool is_kept = !journal_ || journal_->append(text);
    if (is_kept && was_lost) tell_lost();
    outlet_.put(text);
    if (syslog_)
      syslog_->put(syslog_message(line, {host_, std::string(role), plan_.version, ++sequence_}));
  }

  // What a look at the ways out shows: each trouble is a line itself.
  void look() {
    outlet_.flush();
    if (!outlet_.is_waiting() && !outlet_.is_closed() && outlet_.dropped() > 0) {
      const std::uint64_t dropped = outlet_.dropped();
      outlet_.dropped_was_told();
      say(LogEvent::lines_not_delivered, "standard error", dropped);
    }
    if (!syslog_) return;
    const std::string trouble = syslog_->take_trouble();
    if (!trouble.empty()) {
      take({LogEvent::syslog_not_reached, clock_.now(), {{"why", trouble}}}, "logger");
    }
    const std::uint64_t dropped = syslog_->take_dropped();
    syslog_dropped_ += dropped;
    if (syslog_dropped_ > 0 && syslog_->waiting() == 0) {
      say(LogEvent::lines_not_delivered, "syslog", std::exchange(syslog_dropped_, 0));
    }
  }

  const Outlet& outlet() const { return outlet_; }

  void finish() {
    const auto deadline = clock_.monotonic() + kFinishMax;
    while (outlet_.is_waiting() && clock_.monotonic() < deadline) {
      pollfd out{outlet_.fd(), POLLOUT, 0};
      ::poll(&out, 1, 100);
      outlet_.flush();
    }
    if (syslog_) finish_syslog();
  }

 private:
  // The lines that no syslog server took are said where lines still go.
  void finish_syslog() {
    const bool is_ended = syslog_->finish(kFinishMax);
    const std::uint64_t left = syslog_dropped_ + syslog_->take_dropped() + syslog_->waiting();
    if (left > 0) say(LogEvent::lines_not_delivered, "syslog", left);
    outlet_.flush();
    if (!is_ended) static_cast<void>(syslog_.release());  // its thread ends with the process
  }
  void tell_lost() {
    const std::uint64_t lost = journal_->lost();
    journal_->lost_was_told();
    say(LogEvent::lines_lost, "journal", lost);
  }
  void say(LogEvent event, std::string_view where, std::uint64_t count) {
    take({event, clock_.now(), {{"where", std::string(where)}, {"count", std::to_string(count)}}},
         "logger");
  }

  const LoggerPlan& plan_;
  const base::SystemClock clock_;
  const std::string host_;
  std::optional<Journal> journal_;
  Outlet outlet_{STDERR_FILENO, kOutletBytesMax};
  std::unique_ptr<SyslogSender> syslog_;
  std::uint64_t syslog_dropped_ = 0;
  std::uint64_t sequence_ = 0;
};

// False when nothing is there. What a role sends that is no line counts as one that is lost.
bool take_one(Logger& logger, int socket, LogSource source, const base::Clock& clock) {
  std::array<std::byte, kLogFrameSizeMax> frame{};
  const ssize_t size = ::recv(socket, frame.data(), frame.size(), MSG_DONTWAIT | MSG_TRUNC);
  if (size <= 0) return false;
  const bool is_whole = static_cast<std::size_t>(size) <= frame.size();
  const auto line =
      decode_log_line(base::ByteView(frame).first(is_whole ? static_cast<std::size_t>(size) : 0));
  if (line) {
    logger.take(*line, source_name(source));
  } else {
    logger.take({LogEvent::lines_lost, clock.now(), {{"where", "frame"}, {"count", "1"}}},
                source_name(source));
  }
  return true;
}

// Whether any had something.
bool take_some(Logger& logger, const Sources& sources, const base::Clock& clock) {
  bool any = false;
  for (std::size_t i = 0; i < kLogSources; ++i) {
    const auto source = static_cast<LogSource>(i);
    for (std::size_t n = 0; n < kLinesATurn; ++n) {
      if (!take_one(logger, sources.at(i).get(), source, clock)) break;
      any = true;
    }
  }
  return any;
}

void serve(Logger& logger, const Sources& sources, int control) {
  const base::SystemClock clock;
  while (true) {
    std::array<pollfd, kLogSources + 2> waits{};
    for (std::size_t i = 0; i < kLogSources; ++i) waits.at(i) = {sources.at(i).get(), POLLIN, 0};
    waits[kLogSources] = {control, POLLIN, 0};
    const Outlet& outlet = logger.outlet();
    waits[kLogSources + 1] = {outlet.is_waiting() ? outlet.fd() : -1, POLLOUT, 0};
    if (::poll(waits.data(), waits.size(), kTurnMs) < 0 && errno != EINTR) return;
    take_some(logger, sources, clock);
    logger.look();
    // Nothing is ever sent to a logger over its control socket: what there is, is its end.
    if (waits[kLogSources].revents != 0) break;
  }
  while (take_some(logger, sources, clock)) {
  }
  logger.look();
  logger.finish();
}

}  // namespace

int run_logger(const LoggerPlan& plan, Sources sources, FileDescriptor control) {
  std::unique_ptr<SyslogWire> wire;
  if (plan.syslog) {
    auto made = make_syslog_wire(*plan.syslog);
    if (!made) {
      log_line(LogEvent::stopped, {{"why", made.error().text}});
      return 1;
    }
    wire = *std::move(made);
  }
  std::string host = host_name();
  const Rights rights = rights_of(plan);
  if (!confine(rights) || !prove_confined(rights)) {
    log_line(LogEvent::not_confined);
    return kExitNotConfined;
  }
  std::optional<base::DiskFileSystem> files;
  if (plan.bytes_max > 0) {
    auto root = base::DiskFileSystem::open_root(plan.folder);
    if (!root) {
      log_line(LogEvent::stopped, {{"why", root.error().text}});
      return 1;
    }
    files.emplace(*std::move(root));
  }
  Logger logger(plan, std::move(host), files ? &*files : nullptr, std::move(wire));
  serve(logger, sources, control.get());
  return 0;
}

}  // namespace sealift::server
