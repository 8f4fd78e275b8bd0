// The server's configuration: a short text file, and what the command line says over it.
//
//   file  = *( [ key "=" value ] [ "#" comment ] newline )      spaces around each are dropped
//   keys  = listen host_name tls certificate private_key behind_proxy fronts name
//           incident_recipient requests_per_second entries_per_hour
//           mail_host mail_port mail_security mail_user mail_password_file mail_certificates
//           mail_from server_url syslog syslog_certificates log_file_bytes log_logins
//           socket_mode socket_owner finish_within
//
// `listen` and `host_name` may stand more than once; any other key once. docs/operate/server.md
// explains each. Pure but for read_config(); any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "server/logger/syslog_sender.h"
#include "server/mailer/process.h"
#include "server/vault/observer.h"

namespace sealift::server {

// "127.0.0.1:8443", "[::1]:8443", "localhost:0", "unix:/run/sealift.sock". Port 0: any that is
// free.
struct ListenAddress {
  std::string host;  // numeric; "" for a Unix socket
  std::uint16_t port = 0;
  std::string unix_path;

  // Errors: malformed, with what was given, why not, and what may be.
  static base::Result<ListenAddress> parse(std::string_view text);
  // As parse() takes it.
  std::string text() const;
  // Whether bytes to it stay on this machine.
  bool is_local() const;
  friend bool operator==(const ListenAddress&, const ListenAddress&) = default;
};

enum class TlsUse : std::uint8_t { by_address, files, self_made };

// How Unix sockets that are listened on lie in their folder.
struct SocketFile {
  std::optional<std::uint32_t> mode;  // nullopt: as the umask says, 0700
  std::string user{};                 // names; "": whoever starts the server
  std::string group{};
};

inline constexpr std::uint64_t kLogFileBytesMax = std::uint64_t{50} << 20;

struct Config {
  std::vector<ListenAddress> listen;
  std::vector<std::string> host_names;  // besides the addresses listened to
  TlsUse tls = TlsUse::by_address;
  std::string certificate_path;
  std::string private_key_path;
  bool behind_proxy = false;  // plain HTTP everywhere, and X-Forwarded-For is believed
  std::size_t fronts = 0;     // 0: one a core
  std::string name = "Sealift";
  std::string incident_recipient;
  std::string server_url;  // where people reach it: in links and letters; "": the first `listen`
  std::optional<std::uint32_t> requests_per_second;
  std::optional<std::uint32_t> entries_per_hour;  // of one account in the log
  // For so long an upload's key makes its parcel whole when the login has ended; 0: never.
  std::optional<std::chrono::milliseconds> finish_within_ms;
  std::optional<MailerPlan> mail;
  std::optional<SyslogPlan> syslog;
  std::uint64_t log_file_bytes_max = kLogFileBytesMax;  // 0: no file
  vault::LoginNames login_names = vault::LoginNames::pseudonyms;
  SocketFile socket_file;

  // Whether connections to `address` are TLS. Errors: usage (plain HTTP to other machines).
  base::Result<bool> is_tls(const ListenAddress& address) const;
};

// Errors: malformed, with the line's number, why, and what the line may say: for the operator's
// screen, and for no log.
base::Result<Config> parse_config(std::string_view text);
// Errors: those, not_found, forbidden, limit, io.
base::Result<Config> read_config(const std::string& path);

}  // namespace sealift::server
