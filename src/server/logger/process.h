// The logger role's process: takes lines from the other roles, keeps them, and passes them on.
//
//   roles --frames--> logger --+--> DATA/journal/    always, within a limit (journal.h)
//                              +--> standard error   as long as somebody reads
//                              +--> syslog           where one is configured
//
// Each role has a socket of its own to it, made before any role is forked: what is sent while no
// logger runs waits there for the next one. It reads no stranger's bytes, has the journal's folder
// alone, and may connect to the syslog server's port and to name servers alone; without syslog it
// makes no socket. docs/decisions/0193-the-logger.md says why it is a process.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "base/file_descriptor.h"
#include "server/logger/syslog_sender.h"

namespace sealift::server {

struct LoggerPlan {
  std::string folder;           // that exists
  std::uint64_t bytes_max = 0;  // 0: no files
  std::optional<SyslogPlan> syslog{};
  std::string version;
};

enum class LogSource : std::uint8_t { supervisor, vault, front, mailer };
inline constexpr std::size_t kLogSources = 4;
std::string_view source_name(LogSource source);

// The sockets between roles and logger. A value of the supervisor; roles inherit copies.
class LogChannels {
 public:
  // Errors: io.
  static base::Result<LogChannels> make();
  // From now on this process is that role: log_line() goes there, and every other end is closed.
  void become(LogSource source);
  // In the logger: its ends, by source; every other end is closed.
  std::array<base::FileDescriptor, kLogSources> take_ends();
  // In the supervisor: its lines go there too; the roles' ends stay.
  void speak() const;
  // Writes what waits to standard error, where there will be no logger.
  void drain() const;

 private:
  std::array<base::FileDescriptor, kLogSources> write_ends_;
  std::array<base::FileDescriptor, kLogSources> read_ends_;
};

// Confines itself, proves it, and goes on until the control socket closes; then it passes on what
// is there. Gives the process's exit status: 0 finished, 1 something failed, kExitNotConfined.
int run_logger(const LoggerPlan& plan, std::array<base::FileDescriptor, kLogSources> sources,
               base::FileDescriptor control);

}  // namespace sealift::server
