// Everything that the server says about itself: one row an event, with its level and its meaning.
//
// docs/operate/log.md lists the table, and a test compares the two. An event is never renamed:
// operators' rules go by its name. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace sealift::server {

// The severities of RFC 5424, section 6.2.1.
enum class LogLevel : std::uint8_t { critical = 2, error = 3, warning = 4, notice = 5, info = 6 };

// By number in frames between the roles: one program, so the order may change.
enum class LogEvent : std::uint8_t {
  serving,
  stopped,
  not_confined,
  role_ended,
  service_manager_not_told,
  failed,
  reaper,
  disk_full,
  blob_missing,
  blob_not_readable,
  digests_not_kept,
  custody,
  custody_event_refused,
  directory_change_refused,
  log_not_written,
  clock_held,
  clock_came_back,
  clock_accepted,
  no_reopen_keys,
  few_administrators,
  login_failed,
  proof_failed,
  throttled,
  certificate_not_read,
  certificate_renewed,
  certificate_expires_soon,
  certificate_expired,
  mail_not_sent,
  mail_given_up,
  repeated,
  lines_lost,
  lines_not_delivered,
  syslog_not_reached,
};

struct LogEventRow {
  LogEvent event;
  std::string_view name;
  LogLevel level;
  std::string_view meaning;
};

// In the order of the enumeration.
std::span<const LogEventRow> log_events();
const LogEventRow& row_of(LogEvent event);
// nullopt: no event has this number.
std::optional<LogEvent> log_event_of(std::uint8_t number);
// "critical", "error", ...
std::string_view level_name(LogLevel level);

}  // namespace sealift::server
