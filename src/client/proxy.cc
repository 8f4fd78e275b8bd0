#include "client/proxy.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <vector>

#include "base/base64.h"
#include "base/hex.h"
#include "base/refusal.h"
#include "http/field.h"

namespace sealift::client {
namespace {

using base::Result;

constexpr std::uint16_t kProxyPort = 80;
constexpr std::string_view kScheme = "http://";
constexpr std::size_t kCredentialSizeMax = 1024;

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  return out;
}

bool is_loopback(const std::string& host) {
  in_addr address{};
  if (::inet_pton(AF_INET, host.c_str(), &address) == 1)
    return (ntohl(address.s_addr) >> 24U) == 127;
  return host == "localhost" || host == "::1";
}

// "%41" as "A"; nullopt for a broken one.
std::optional<std::string> unescaped(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    if (text.front() != '%') {
      out += text.front();
      text.remove_prefix(1);
      continue;
    }
    const auto byte = base::hex_decode(lower(text.substr(1, 2)));
    if (!byte || byte->size() != 1) return std::nullopt;
    out += static_cast<char>(byte->front());
    text.remove_prefix(3);
  }
  return out;
}

// Four or sixteen bytes.
std::optional<std::vector<std::uint8_t>> address_of(const std::string& host) {
  std::vector<std::uint8_t> bytes(16);
  if (::inet_pton(AF_INET6, host.c_str(), bytes.data()) == 1) return bytes;
  bytes.resize(4);
  if (::inet_pton(AF_INET, host.c_str(), bytes.data()) == 1) return bytes;
  return std::nullopt;
}

struct HostPort {
  std::string host;
  std::optional<std::uint16_t> port;
};

// "host", "host:80", "[::1]:80", "::1"
std::optional<HostPort> host_and_port(std::string_view text) {
  HostPort out;
  std::string_view port;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == text.npos) return std::nullopt;
    out.host = lower(text.substr(1, end - 1));
    port = text.substr(end + 1);
  } else if (std::ranges::count(text, ':') > 1) {
    out.host = lower(text);
  } else {
    const std::size_t colon = std::min(text.find(':'), text.size());
    out.host = lower(text.substr(0, colon));
    port = text.substr(colon);
  }
  if (out.host.empty() || !std::ranges::all_of(out.host, [](char c) { return c > ' ' && c < 127; }))
    return std::nullopt;
  if (out.host.find(':') != out.host.npos && !address_of(out.host)) return std::nullopt;
  if (port.empty()) return out;
  const auto number = http::parse_decimal(port.substr(1), 65535);
  if (port.front() != ':' || !number || *number == 0) return std::nullopt;
  out.port = static_cast<std::uint16_t>(*number);
  return out;
}

bool is_in_network(const std::string& host, std::string_view network) {
  const std::size_t slash = network.find('/');
  const auto bits = http::parse_decimal(network.substr(slash + 1), 128);
  const auto address = address_of(host);
  const auto wanted = address_of(std::string(network.substr(0, slash)));
  if (!bits || !address || !wanted || address->size() != wanted->size()) return false;
  if (*bits > address->size() * 8) return false;
  for (std::size_t bit = 0; bit < *bits; ++bit) {
    const auto mask = static_cast<std::uint8_t>(0x80U >> (bit % 8));
    if (((*address)[bit / 8] & mask) != ((*wanted)[bit / 8] & mask)) return false;
  }
  return true;
}

bool matches(const ServerAddress& server, std::string_view entry) {
  if (entry.find('/') != entry.npos) return is_in_network(server.host(), entry);
  const auto parsed = host_and_port(entry);
  if (!parsed || (parsed->port && *parsed->port != server.port())) return false;
  std::string_view host = parsed->host;
  if (host.starts_with('.')) host.remove_prefix(1);
  const auto wanted = address_of(std::string(host));
  if (wanted) return address_of(server.host()) == wanted;
  return server.host() == host || server.host().ends_with("." + std::string(host));
}

bool is_exempt(const ServerAddress& server, std::string_view no_proxy) {
  while (!no_proxy.empty()) {
    const std::size_t end = std::min(no_proxy.find_first_of(", \t"), no_proxy.size());
    const std::string_view entry = no_proxy.substr(0, end);
    no_proxy.remove_prefix(std::min(end + 1, no_proxy.size()));
    if (entry == "*" || (!entry.empty() && matches(server, entry))) return true;
  }
  return false;
}

}  // namespace

Result<std::optional<Proxy>> proxy_for(const ServerAddress& server,
                                       const ProxyEnvironment& environment) {
  std::string_view text = environment.https_proxy;
  const auto refused = [&] {
    return base::refuse("proxy_setting", {{"variable", environment.variable}});
  };
  if (text.empty() || server.channel() != Channel::tls || is_loopback(server.host()) ||
      is_exempt(server, environment.no_proxy))
    return std::nullopt;
  if (lower(text.substr(0, kScheme.size())) == kScheme) text.remove_prefix(kScheme.size());
  if (text.ends_with('/')) text.remove_suffix(1);
  if (text.find("://") != text.npos) return refused();
  Proxy proxy;
  proxy.variable = environment.variable;
  if (const std::size_t at = text.rfind('@'); at != text.npos) {
    const auto credential = unescaped(text.substr(0, at));
    if (!credential || credential->size() > kCredentialSizeMax) return refused();
    const bool has_password = credential->find(':') != std::string::npos;
    proxy.credential = base::base64_encode(
        base::bytes_of(has_password ? *credential : *credential + ":"), base::Padding::required);
    text.remove_prefix(at + 1);
  }
  auto host = text.find('/') == text.npos ? host_and_port(text) : std::nullopt;
  if (!host) return refused();
  proxy.host = std::move(host->host);
  proxy.port = host->port.value_or(kProxyPort);
  return proxy;
}

}  // namespace sealift::client
