// ServerAddress: where a server is, as a person types it.
//
//   url      = "https://" host [ ":" port ] [ "/" ]
//            / "http://" loopback [ ":" port ] [ "/" ]
//            / "http+unix://" absolute-path
//   loopback = "localhost" / "127.0.0.1" / "[::1]"
//
// Plain HTTP never leaves the machine: any other host with "http://" is refused. A value; any
// thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace sealift::client {

enum class Channel : std::uint8_t { tls, plain, unix_socket };

class ServerAddress {
 public:
  // Errors: malformed; forbidden (plain HTTP to another machine). The text repeats nothing of it.
  static base::Result<ServerAddress> parse(std::string_view url);

  Channel channel() const { return channel_; }
  // Without brackets: what is looked up, and what a certificate has to be for. For a Unix socket
  // "localhost".
  const std::string& host() const { return host_; }
  std::uint16_t port() const { return port_; }
  const std::string& socket_path() const { return socket_path_; }

  // The Host field of requests: host and port, with brackets where IPv6 needs them.
  std::string authority() const;
  // What parse() takes, in its one spelling, without a slash at the end.
  std::string text() const;

  friend bool operator==(const ServerAddress&, const ServerAddress&) = default;

 private:
  ServerAddress() = default;
  static base::Result<ServerAddress> parse_network(Channel channel, std::string_view rest);

  Channel channel_ = Channel::tls;
  std::string host_;
  std::uint16_t port_ = 0;
  std::string socket_path_;
};

}  // namespace sealift::client
