// Proxy: what HTTPS_PROXY and NO_PROXY say, read as most programs read them; without a port it
// is 80.
//
//   HTTPS_PROXY = [ "http://" ] [ name [ ":" password ] "@" ] host [ ":" port ] [ "/" ]
//   NO_PROXY    = "*" / entry *( ( "," / " " ) entry )
//   entry       = host [ ":" port ] / "." host / address / address "/" bits
//
// Connections over TLS go through the proxy's CONNECT; it sees the server's name and no content. A
// host of NO_PROXY stands for the names below it, too. This machine itself is never asked for
// through a proxy, and neither is a Unix socket. A value; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "client/server_address.h"

namespace sealift::client {

struct ProxyEnvironment {
  std::string https_proxy{};  // "": none
  std::string no_proxy{};
  std::string variable = "HTTPS_PROXY";  // where https_proxy comes from: the name has two spellings
  friend bool operator==(const ProxyEnvironment&, const ProxyEnvironment&) = default;
};

struct Proxy {
  std::string host;
  std::uint16_t port = 0;
  std::string variable{};    // that named it
  std::string credential{};  // base64 of name:password, for Proxy-Authorization; "" for none
};

// nullopt: the server is connected to directly. Errors: malformed (the variable names no proxy that
// we know; the text repeats nothing of its value, which may have a password).
base::Result<std::optional<Proxy>> proxy_for(const ServerAddress& server,
                                             const ProxyEnvironment& environment);

}  // namespace sealift::client
