// Smtp: hands messages to the one mail server that the configuration names, by libcurl.
//
// Everything that needs a file (password, certificates, the resolver's modules) is read by
// create(), before the role is confined. The name is looked up again for each message, so that a
// mail server may move. Not thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "parcel/address.h"
#include "server/mailer/mail_frames.h"

namespace sealift::server {

enum class SmtpSecurity : std::uint8_t {
  none,       // to a relay on the machine itself; refused for any other
  start_tls,  // demanded, not taken when offered
  tls,        // from the first byte
};

struct SmtpSettings {
  std::string host;  // a domain or a numeric address
  std::uint16_t port = 587;
  SmtpSecurity security = SmtpSecurity::start_tls;
  std::string user{};                 // empty: no login
  std::string password_path{};        // the file's first line
  std::string certificates_path{};    // PEM of who may vouch for the server; empty: the system's
  std::uint32_t timeout_ms = 60'000;  // for one message
};

// What keeps letters from going out, as far as a mail server says before it is given one.
enum class MailReach : std::uint8_t {
  good,
  no_address,
  no_answer,
  no_tls,
  unproved,
  login_refused
};

class Smtp {
 public:
  // Errors: usage (a host that is none, or no protection to another machine), not_found, limit and
  // io (password or certificates), internal.
  static base::Result<std::unique_ptr<Smtp>> create(const SmtpSettings& settings);
  virtual ~Smtp() = default;

  // Waits for the server's answer; the connection is kept for the next message.
  virtual MailOutcome send(const parcel::Address& from, const parcel::Address& to,
                           std::string_view message) = 0;
  // Connects, starts TLS and logs in as for a message, and sends none.
  virtual MailReach reach(const parcel::Address& from) = 0;
};

}  // namespace sealift::server
