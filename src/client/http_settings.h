// What an HttpClient is told: where the server is, whom to believe, how long to wait.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "base/clock.h"
#include "client/proxy.h"
#include "client/server_address.h"
#include "tls/context.h"

namespace sealift::client {

// Who may answer over TLS. Both empty: whoever has a certificate of the system's authorities for
// the host's name.
struct Trust {
  std::optional<tls::CertificateFingerprint> pinned;  // this certificate and no other
  std::string authorities_pem;                        // these instead of the system's
  friend bool operator==(const Trust&, const Trust&) = default;
};

struct HttpSettings {
  ServerAddress address;
  Trust trust{};
  ProxyEnvironment proxy{};
  std::chrono::milliseconds connect_timeout_ms = std::chrono::seconds(10);
  // Without a byte moving in either direction.
  std::chrono::milliseconds idle_timeout_ms = std::chrono::seconds(60);
  // Until an answer's head is whole, from the end of the request; a proxy's and a handshake too.
  std::chrono::milliseconds answer_timeout_ms = std::chrono::seconds(60);
  // Of a call that may be repeated, the first included; and how long to wait before each further
  // one: `first_wait_ms`, then twice as long each time.
  unsigned attempts_max = 4;
  std::chrono::milliseconds first_wait_ms{250};
  // Sleeps. Passed in, so that tests need no patience; empty: no waiting.
  std::function<void(std::chrono::milliseconds)> wait{};
  // For requests that prove a login's key. Empty: 1970, until the server has said its time.
  std::function<base::UnixTime()> now{};
  // 256 random bits in base64url, by which the server knows a request again. Empty: requests that
  // are safe to repeat with it alone are not repeated.
  std::function<std::string()> make_repeat_key{};
};

}  // namespace sealift::client
