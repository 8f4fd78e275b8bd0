#include "server/log_event.h"

#include "base/check.h"

namespace sealift::server {
namespace {

using enum LogEvent;
using enum LogLevel;

// clang-format off
constexpr LogEventRow kEvents[] = {
    {serving, "serving", info, "the vault takes requests"},
    {stopped, "stopped", error, "a role couldn't go on; it is started again"},
    {not_confined, "not_confined", critical, "a role's sandbox leaks or is missing; the server ends"},
    {role_ended, "role_ended", error, "a role's process ended and is started again"},
    {service_manager_not_told, "service_manager_not_told", warning, "systemd wasn't told that the server is ready"},
    {failed, "failed", error, "an operation failed by the server's own fault"},
    {reaper, "reaper", error, "cleaning up failed; it is tried again"},
    {disk_full, "disk_full", critical, "a request was refused with 507"},
    {blob_missing, "blob_missing", critical, "a parcel's payload is not on the disk: run `sealift admin fsck`"},
    {blob_not_readable, "blob_not_readable", critical, "a payload couldn't be read back: run `sealift admin fsck`"},
    {digests_not_kept, "digests_not_kept", error, "payloads couldn't be digested; it is tried again"},
    {custody, "custody", info, "a custody event is in the tamper-evident log"},
    {custody_event_refused, "custody_event_refused", critical, "somebody else wrote an event into the database"},
    {directory_change_refused, "directory_change_refused", critical, "somebody else changed the directory in the database"},
    {log_not_written, "log_not_written", critical, "the tamper-evident log couldn't be written; it is tried again"},
    {clock_held, "clock_held", critical, "the clock jumped ahead: nothing expires until it is accepted"},
    {clock_came_back, "clock_came_back", notice, "the clock shows the right time again"},
    {clock_accepted, "clock_accepted", notice, "the time that the clock shows was accepted"},
    {no_reopen_keys, "no_reopen_keys", warning, "nobody made keys to end a lock-down with"},
    {few_administrators, "few_administrators", warning, "fewer than two administrators are active"},
    {login_failed, "login_failed", warning, "a login was refused; `account` and `client` are keyed pseudonyms"},
    {proof_failed, "proof_failed", warning, "a link, request or enrolment was tried with a wrong secret"},
    {throttled, "throttled", warning, "a caller asked too often and has to wait"},
    {certificate_not_read, "certificate_not_read", error, "the certificate or its key is missing or broken; the old one stays in use"},
    {certificate_renewed, "certificate_renewed", notice, "another certificate is in use"},
    {certificate_expires_soon, "certificate_expires_soon", warning, "the certificate expires within 14 days"},
    {certificate_expired, "certificate_expired", critical, "the certificate has expired: clients refuse the server"},
    {mail_not_sent, "mail_not_sent", warning, "the mail server didn't take a letter; it is tried again"},
    {mail_given_up, "mail_given_up", error, "a letter was given up: refused for good, or tried for three days"},
    {repeated, "repeated", notice, "an event came so often that only its number is told"},
    {lines_lost, "lines_lost", error, "so many lines are in no file"},
    {lines_not_delivered, "lines_not_delivered", warning, "so many lines are in the file alone"},
    {syslog_not_reached, "syslog_not_reached", warning, "the syslog server can't be reached; it is tried again"},
};
// clang-format on

constexpr bool is_in_order() {
  std::uint8_t number = 0;
  for (const LogEventRow& row : kEvents) {
    if (static_cast<std::uint8_t>(row.event) != number++) return false;
  }
  return true;
}
static_assert(is_in_order());

}  // namespace

std::span<const LogEventRow> log_events() { return kEvents; }

const LogEventRow& row_of(LogEvent event) {
  const auto number = static_cast<std::size_t>(event);
  SEALIFT_CHECK(number < std::size(kEvents));
  return kEvents[number];
}

std::optional<LogEvent> log_event_of(std::uint8_t number) {
  if (number >= std::size(kEvents)) return std::nullopt;
  return static_cast<LogEvent>(number);
}

std::string_view level_name(LogLevel level) {
  switch (level) {
    case critical:
      return "critical";
    case error:
      return "error";
    case warning:
      return "warning";
    case notice:
      return "notice";
    case info:
      return "info";
  }
  return "info";
}

}  // namespace sealift::server
