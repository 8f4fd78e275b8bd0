#include "server/config.h"

#include <arpa/inet.h>

#include <charconv>
#include <functional>
#include <map>

#include "age/keys/recipient.h"
#include "base/nearest.h"
#include "base/regular_file.h"
#include "base/units.h"
#include "base/utf8.h"
#include "http/field.h"

namespace sealift::server {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::size_t kConfigSizeMax = std::size_t{64} << 10;
constexpr std::size_t kFrontsMax = 64;

std::string_view trimmed(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

bool is_numeric(int family, const std::string& host) {
  in6_addr unused{};
  return ::inet_pton(family, host.c_str(), &unused) == 1;
}

bool is_host_name(std::string_view text) {
  return !text.empty() && text.size() <= 255 &&
         text.find_first_not_of(
             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
             "-.:[]") == std::string_view::npos;
}

std::optional<bool> yes_or_no(std::string_view value) {
  if (value == "yes") return true;
  if (value == "no") return false;
  return std::nullopt;
}

// What the mail keys say, until all of them were read.
struct MailKeys {
  SmtpSettings smtp;
  std::optional<parcel::Address> from;
  bool is_given = false;
};

struct Reading {
  Config config;
  MailKeys mail;
  std::string syslog_certificates{};
};

using Take = bool (*)(Reading&, std::string_view);

template <auto kMember>
bool take_text(Reading& reading, std::string_view value) {
  (reading.config.*kMember) = value;
  return !value.empty();
}

bool take_listen(Reading& reading, std::string_view value) {
  auto address = ListenAddress::parse(value);
  if (!address) return false;
  reading.config.listen.push_back(*std::move(address));
  return true;
}
bool take_host_name(Reading& reading, std::string_view value) {
  reading.config.host_names.emplace_back(value);
  return is_host_name(value);
}
bool take_tls(Reading& reading, std::string_view value) {
  if (value == "files") reading.config.tls = TlsUse::files;
  if (value == "self-made") reading.config.tls = TlsUse::self_made;
  return value == "files" || value == "self-made";
}
bool take_plain(Reading& reading, std::string_view value) {
  const auto choice = yes_or_no(value);
  reading.config.behind_proxy = choice.value_or(false);
  return choice.has_value();
}
bool take_fronts(Reading& reading, std::string_view value) {
  const auto count = http::parse_decimal(value, kFrontsMax);
  reading.config.fronts = count.value_or(0);
  return count.has_value() && *count > 0;
}
bool take_rate(Reading& reading, std::string_view value) {
  const auto count = http::parse_decimal(value, 1'000'000);
  reading.config.requests_per_second = static_cast<std::uint32_t>(count.value_or(0));
  return count.has_value() && *count > 0;
}
bool take_entries(Reading& reading, std::string_view value) {
  const auto count = http::parse_decimal(value, 1'000'000'000);
  reading.config.entries_per_hour = static_cast<std::uint32_t>(count.value_or(0));
  return count.has_value() && *count > 0;
}
bool take_finish_within(Reading& reading, std::string_view value) {
  constexpr std::chrono::hours kMax{30 * 24};
  const auto time =
      value == "0" ? std::optional(std::chrono::milliseconds(0)) : base::parse_duration(value);
  reading.config.finish_within_ms = time;
  return time.has_value() && *time <= kMax;
}
bool take_name(Reading& reading, std::string_view value) {
  reading.config.name = value;
  return !value.empty() && value.size() <= 100 && base::is_utf8(value);
}
bool take_incident_recipient(Reading& reading, std::string_view value) {
  reading.config.incident_recipient = value;
  return age::Recipient::parse(value).has_value();
}
bool take_mail_port(Reading& reading, std::string_view value) {
  const auto port = http::parse_decimal(value, 65535);
  reading.mail.smtp.port = static_cast<std::uint16_t>(port.value_or(0));
  return port.has_value() && *port > 0;
}
bool take_mail_security(Reading& reading, std::string_view value) {
  SmtpSettings& smtp = reading.mail.smtp;
  if (value == "none") smtp.security = SmtpSecurity::none;
  if (value == "start-tls") smtp.security = SmtpSecurity::start_tls;
  if (value == "tls") smtp.security = SmtpSecurity::tls;
  return value == "none" || value == "start-tls" || value == "tls";
}
template <auto kMember>
bool take_mail_text(Reading& reading, std::string_view value) {
  reading.mail.is_given = true;
  (reading.mail.smtp.*kMember) = value;
  return !value.empty();
}
bool take_mail_from(Reading& reading, std::string_view value) {
  reading.mail.from = parcel::Address::parse(value);
  return reading.mail.from.has_value();
}
bool take_server_url(Reading& reading, std::string_view value) {
  reading.config.server_url = value;
  return (value.starts_with("https://") || value.starts_with("http://")) && value.back() != '/';
}

bool take_syslog(Reading& reading, std::string_view value) {
  auto plan = SyslogPlan::parse(value);
  if (!plan) return false;
  plan->certificates_path = reading.syslog_certificates;
  reading.config.syslog = *std::move(plan);
  return true;
}
bool take_syslog_certificates(Reading& reading, std::string_view value) {
  reading.syslog_certificates = value;
  if (reading.config.syslog) reading.config.syslog->certificates_path = value;
  return !value.empty();
}
bool take_log_file_bytes(Reading& reading, std::string_view value) {
  constexpr std::uint64_t kLeast = std::uint64_t{64} << 10;
  if (value == "0") {
    reading.config.log_file_bytes_max = 0;
    return true;
  }
  const auto bytes = base::parse_bytes(value);
  reading.config.log_file_bytes_max = bytes.value_or(0);
  return bytes.has_value() && *bytes >= kLeast;
}
bool take_log_logins(Reading& reading, std::string_view value) {
  const bool is_shown = value == "names";
  if (is_shown) reading.config.login_names = vault::LoginNames::shown;
  return is_shown || value == "pseudonyms";
}
bool take_socket_mode(Reading& reading, std::string_view value) {
  std::uint32_t mode = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), mode, 8);
  reading.config.socket_file.mode = mode;
  return error == std::errc() && end == value.data() + value.size() && mode <= 0777;
}
bool take_socket_owner(Reading& reading, std::string_view value) {
  const std::size_t colon = std::min(value.find(':'), value.size());
  reading.config.socket_file.user = value.substr(0, colon);
  if (colon < value.size()) reading.config.socket_file.group = value.substr(colon + 1);
  return !value.empty() && value.back() != ':';
}

struct Key {
  Take take;
  const char* takes;  // for a person whose value was refused
};

const std::map<std::string_view, Key>& keys() {
  static const std::map<std::string_view, Key> all = {
      {"listen", {take_listen, "127.0.0.1:PORT, [::1]:PORT, localhost:PORT or unix:PATH"}},
      {"host_name", {take_host_name, "a name, with its port where that is not the usual one"}},
      {"tls", {take_tls, "files or self-made"}},
      {"certificate", {take_text<&Config::certificate_path>, "the path of a file"}},
      {"private_key", {take_text<&Config::private_key_path>, "the path of a file"}},
      {"behind_proxy", {take_plain, "yes or no"}},
      {"fronts", {take_fronts, "a whole number from 1 to 64"}},
      {"name", {take_name, "1 to 100 bytes of UTF-8"}},
      {"incident_recipient", {take_incident_recipient, "an age recipient (age1...)"}},
      {"requests_per_second", {take_rate, "a whole number from 1 to 1000000"}},
      {"entries_per_hour", {take_entries, "a whole number from 1 to 1000000000"}},
      {"finish_within", {take_finish_within, "0, or a time up to 30d, as 7d or 12h"}},
      {"mail_host", {take_mail_text<&SmtpSettings::host>, "a name or an address"}},
      {"mail_port", {take_mail_port, "a whole number from 1 to 65535"}},
      {"mail_security", {take_mail_security, "none, start-tls or tls"}},
      {"mail_user", {take_mail_text<&SmtpSettings::user>, "a name"}},
      {"mail_password_file", {take_mail_text<&SmtpSettings::password_path>, "the path of a file"}},
      {"mail_certificates",
       {take_mail_text<&SmtpSettings::certificates_path>, "the path of a file"}},
      {"mail_from", {take_mail_from, "an e-mail address"}},
      {"server_url", {take_server_url, "https://NAME without a slash at its end"}},
      {"syslog",
       {take_syslog, "tls:HOST, tcp:HOST, udp:HOST (each with :PORT, if need be) or unix:PATH"}},
      {"syslog_certificates", {take_syslog_certificates, "the path of a file"}},
      {"log_file_bytes", {take_log_file_bytes, "0, or a size from 64K, as 50M"}},
      {"log_logins", {take_log_logins, "names or pseudonyms"}},
      {"socket_mode", {take_socket_mode, "octal digits up to 777"}},
      {"socket_owner", {take_socket_owner, "USER, USER:GROUP or :GROUP"}},
  };
  return all;
}

// What somebody typed, on one line.
std::string shown(std::string_view typed) {
  constexpr std::size_t kShownMax = 100;
  std::string text(typed.substr(0, kShownMax));
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  }
  return '"' + text + (typed.size() > kShownMax ? "...\"" : "\"");
}

tl::unexpected<base::Error> no_address(std::string_view text, const std::string& why) {
  return base::fail(ErrorCode::malformed, shown(text) + " is no address to listen on: " + why +
                                              "; write " + keys().at("listen").takes);
}

tl::unexpected<base::Error> no_such_key(std::string_view name) {
  std::vector<std::string_view> known;
  for (const auto& [each, key] : keys()) known.push_back(each);
  if (const auto meant = base::nearest(name, known)) {
    return base::fail(ErrorCode::malformed, "there is no such key as " + shown(name) +
                                                ": did you mean " + std::string(*meant) + "?");
  }
  return base::fail(ErrorCode::malformed,
                    "there is no key " + shown(name) +
                        ": /usr/share/doc/sealift-server/operate/server.md lists them");
}

// One line without its comment. Errors: malformed: why, and what the line may say.
Result<void> take_line(std::string_view line, Reading& reading,
                       std::map<std::string_view, int>& seen) {
  const std::size_t equals = line.find('=');
  if (equals == std::string_view::npos) {
    return base::fail(ErrorCode::malformed, shown(line) + " has no =: write KEY = VALUE");
  }
  const std::string_view name = trimmed(line.substr(0, equals));
  const std::string_view value = trimmed(line.substr(equals + 1));
  const auto key = keys().find(name);
  if (key == keys().end()) {
    return no_such_key(name);
  }
  const bool may_repeat = name == "listen" || name == "host_name";
  if (++seen[key->first] > 1 && !may_repeat) {
    return base::fail(ErrorCode::malformed,
                      std::string(name) + " is set for the second time: keep one of the lines");
  }
  if (key->second.take(reading, value)) return {};
  return base::fail(ErrorCode::malformed, std::string(name) + " can't be " + shown(value) +
                                              ": it takes " + key->second.takes);
}

Result<Config> finish(Reading reading) {
  Config& config = reading.config;
  const bool has_files = !config.certificate_path.empty() && !config.private_key_path.empty();
  if (config.certificate_path.empty() != config.private_key_path.empty() ||
      (config.tls == TlsUse::files && !has_files)) {
    return base::fail(ErrorCode::malformed,
                      "configuration: certificate and private_key go together");
  }
  if (has_files && config.tls == TlsUse::by_address) config.tls = TlsUse::files;
  if (config.login_names == vault::LoginNames::shown && config.syslog &&
      !config.syslog->is_private()) {
    return base::fail(ErrorCode::malformed,
                      "configuration: log_logins = names sends addresses, so syslog has to be tls: "
                      "or on this machine");
  }
  if (!reading.mail.is_given) return config;
  if (reading.mail.smtp.host.empty() || !reading.mail.from || config.server_url.empty()) {
    return base::fail(ErrorCode::malformed,
                      "configuration: mail needs mail_host, mail_from and server_url");
  }
  config.mail =
      MailerPlan{std::move(reading.mail.smtp), {*std::move(reading.mail.from), config.server_url}};
  return config;
}

}  // namespace

Result<ListenAddress> ListenAddress::parse(std::string_view text) {
  ListenAddress address;
  constexpr std::string_view kUnix = "unix:";
  if (text.starts_with(kUnix)) {
    address.unix_path = text.substr(kUnix.size());
    // sun_path of sockaddr_un
    if (address.unix_path.empty() || address.unix_path.size() > 100) {
      return no_address(text, "the path of a socket has 1 to 100 bytes");
    }
    return address;
  }
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return no_address(text, "it has no colon before a port");
  std::string_view host = text.substr(0, colon);
  const bool has_brackets = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (has_brackets) host = host.substr(1, host.size() - 2);
  address.host = host == "localhost" ? "127.0.0.1" : std::string(host);
  const auto port = http::parse_decimal(text.substr(colon + 1), 65535);
  if (!port) return no_address(text, "its port is no number from 0 to 65535");
  if (!is_numeric(has_brackets ? AF_INET6 : AF_INET, address.host)) {
    return no_address(text, "its host is no IP address of this machine");
  }
  address.port = static_cast<std::uint16_t>(*port);
  return address;
}

std::string ListenAddress::text() const {
  if (!unix_path.empty()) return "unix:" + unix_path;
  const bool is_ip6 = host.find(':') != std::string::npos;
  return (is_ip6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

bool ListenAddress::is_local() const {
  return !unix_path.empty() || host.starts_with("127.") || host == "::1";
}

Result<bool> Config::is_tls(const ListenAddress& address) const {
  if (!address.unix_path.empty()) return false;
  if (tls != TlsUse::by_address) return true;
  if (address.is_local() || behind_proxy) return false;
  return base::fail(ErrorCode::usage,
                    address.text() +
                        " is reached by other machines, which need TLS: set certificate and "
                        "private_key, or tls = self-made");
}

Result<Config> parse_config(std::string_view text) {
  Reading reading;
  std::map<std::string_view, int> seen;
  std::size_t number = 0;
  while (!text.empty()) {
    ++number;
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    line = trimmed(line.substr(0, line.find('#')));
    if (line.empty()) continue;
    if (auto taken = take_line(line, reading, seen); !taken) {
      return tl::unexpected(
          std::move(taken).error().with_context("configuration, line " + std::to_string(number)));
    }
  }
  return finish(std::move(reading));
}

Result<Config> read_config(const std::string& path) {
  SEALIFT_TRY(const base::FileDescriptor file,
              base::open_regular(path, base::Links::followed, "configuration"));
  base::Bytes bytes(kConfigSizeMax + 1);
  SEALIFT_TRY(const std::size_t size, base::read_full(file.get(), bytes));
  if (size > kConfigSizeMax) {
    return base::fail(ErrorCode::limit, "configuration: the file is larger than 64 KiB");
  }
  return parse_config(base::text_of(base::ByteView(bytes).first(size)));
}

}  // namespace sealift::server
