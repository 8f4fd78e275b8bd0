#include "server/logger/syslog_message.h"

#include <array>
#include <chrono>
#include <cstdio>

namespace sealift::server {
namespace {

constexpr unsigned kDaemon = 3;
constexpr unsigned kAuthpriv = 10;
constexpr std::uint64_t kSequenceMax = 2'147'483'647;  // RFC 5424, section 7.3.1
constexpr std::size_t kHostSizeMax = 255;              // section 6.2.4
constexpr std::size_t kRoleSizeMax = 128;              // PROCID, section 6.2.6

unsigned priority_of(LogEvent event) {
  const bool is_login = event == LogEvent::login_failed || event == LogEvent::proof_failed;
  return (is_login ? kAuthpriv : kDaemon) * 8 + static_cast<unsigned>(row_of(event).level);
}

// RFC 3339 with milliseconds, in UTC.
std::string timestamp(base::UnixTime time) {
  using namespace std::chrono;
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(time - day);
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()),
                static_cast<int>(clock.subseconds().count()));
  return text.data();
}

// A header field has no space and no control byte; "-" where there is none.
std::string header_field(std::string_view text, std::size_t size_max) {
  std::string field;
  for (const char c : text) {
    if (c > 0x20 && c < 0x7f && field.size() < size_max) field += c;
  }
  return field.empty() ? "-" : field;
}

// A parameter's value: what would need escaping is left out.
std::string parameter(std::string_view text) {
  std::string value;
  for (const char c : text) {
    if (c >= 0x20 && c < 0x7f && c != '"' && c != '\\' && c != ']') value += c;
  }
  return value;
}

}  // namespace

std::string syslog_message(const LogLine& line, const SyslogOrigin& origin) {
  const std::uint64_t sequence = (origin.sequence - 1) % kSequenceMax + 1;
  std::string text = "<" + std::to_string(priority_of(line.event)) + ">1 ";
  text += timestamp(line.time) + " " + header_field(origin.host, kHostSizeMax) + " sealift ";
  text += header_field(origin.role, kRoleSizeMax) + " " + std::string(row_of(line.event).name);
  text += " [origin software=\"sealift\" swVersion=\"" + parameter(origin.version) + "\"]";
  text += "[meta sequenceId=\"" + std::to_string(sequence) + "\"] ";
  text += json_line(line, origin.role);
  text.pop_back();
  return text;
}

std::string octet_counted(std::string_view message) {
  return std::to_string(message.size()) + " " + std::string(message);
}

}  // namespace sealift::server
