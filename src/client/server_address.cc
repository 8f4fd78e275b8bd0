#include "client/server_address.h"

#include <algorithm>
#include <optional>

#include "base/limits.h"
#include "http/field.h"

namespace sealift::client {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::string_view kTls = "https://";
constexpr std::string_view kPlain = "http://";
constexpr std::string_view kUnix = "http+unix://";
constexpr std::size_t kSocketPathSizeMax = 107;  // sockaddr_un
constexpr std::uint16_t kTlsPort = 443;
constexpr std::uint16_t kPlainPort = 80;

std::uint16_t port_of(Channel channel) { return channel == Channel::tls ? kTlsPort : kPlainPort; }

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool is_host_name(std::string_view host) {
  if (host.empty() || host.size() > 253 || host.front() == '-' || host.front() == '.') return false;
  return std::ranges::all_of(host, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  });
}

bool is_ipv6(std::string_view host) {
  return host.size() >= 2 && host.size() <= 45 && host.find(':') != host.npos &&
         std::ranges::all_of(host, [](char c) {
           return (c >= 'a' && c <= 'f') || (c >= '0' && c <= '9') || c == ':' || c == '.';
         });
}

bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "127.0.0.1" || host == "::1";
}

tl::unexpected<base::Error> malformed() {
  return base::fail(ErrorCode::malformed,
                    "a server's address is https://NAME, with :PORT if need be");
}

// Host in lower case and without brackets; takes it off `rest`.
std::optional<std::string> take_host(std::string_view& rest) {
  std::string host;
  if (rest.starts_with('[')) {
    const std::size_t end = rest.find(']');
    if (end == rest.npos) return std::nullopt;
    host = rest.substr(1, end - 1);
    rest.remove_prefix(end + 1);
    std::ranges::transform(host, host.begin(), lower);
    if (!is_ipv6(host)) return std::nullopt;
    return host;
  }
  host = rest.substr(0, rest.find(':'));
  rest.remove_prefix(host.size());
  std::ranges::transform(host, host.begin(), lower);
  if (!is_host_name(host)) return std::nullopt;
  return host;
}

}  // namespace

Result<ServerAddress> ServerAddress::parse_network(Channel channel, std::string_view rest) {
  if (rest.ends_with('/')) rest.remove_suffix(1);
  ServerAddress address;
  address.channel_ = channel;
  address.port_ = port_of(channel);
  auto host = take_host(rest);
  if (!host) return malformed();
  address.host_ = *std::move(host);
  if (!rest.empty()) {
    const auto port = http::parse_decimal(rest.substr(1), 65535);
    if (rest.front() != ':' || !port || *port == 0) return malformed();
    address.port_ = static_cast<std::uint16_t>(*port);
  }
  if (channel == Channel::plain && !is_loopback(address.host_))
    return base::fail(ErrorCode::forbidden, "plain HTTP is for this machine alone: write https://");
  return address;
}

Result<ServerAddress> ServerAddress::parse(std::string_view url) {
  if (url.size() > limits::kServerUrlSizeMax) return malformed();
  if (url.starts_with(kTls)) return parse_network(Channel::tls, url.substr(kTls.size()));
  if (url.starts_with(kPlain)) return parse_network(Channel::plain, url.substr(kPlain.size()));
  if (!url.starts_with(kUnix)) return malformed();
  const std::string_view path = url.substr(kUnix.size());
  if (path.size() < 2 || path.size() > kSocketPathSizeMax || path.front() != '/' ||
      path.find('\0') != path.npos)
    return malformed();
  ServerAddress address;
  address.channel_ = Channel::unix_socket;
  address.host_ = "localhost";
  address.socket_path_ = path;
  return address;
}

std::string ServerAddress::authority() const {
  std::string out = host_.find(':') == host_.npos ? host_ : "[" + host_ + "]";
  if (channel_ != Channel::unix_socket && port_ != port_of(channel_))
    out += ":" + std::to_string(port_);
  return out;
}

std::string ServerAddress::text() const {
  if (channel_ == Channel::unix_socket) return std::string(kUnix) + socket_path_;
  return std::string(channel_ == Channel::tls ? kTls : kPlain) + authority();
}

}  // namespace sealift::client
