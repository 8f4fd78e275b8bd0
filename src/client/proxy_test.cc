#include "client/proxy.h"

#include <gtest/gtest.h>

#include "base/said_for_test.h"

namespace sealift::client {
namespace {

using base::ErrorCode;

std::optional<Proxy> proxy_of(std::string_view server, const ProxyEnvironment& environment) {
  const auto proxy = proxy_for(ServerAddress::parse(server).value(), environment);
  EXPECT_TRUE(proxy.has_value()) << environment.https_proxy;
  return proxy.value_or(std::nullopt);
}

bool is_proxied(std::string_view server, const std::string& no_proxy) {
  return proxy_of(server, {.https_proxy = "http://proxy.example.org:3128", .no_proxy = no_proxy})
      .has_value();
}

TEST(ProxyTest, TheUsualSpellingsAreUnderstood) {
  struct Case {
    std::string text, host;
    std::uint16_t port;
    std::string credential;
  };
  for (const Case& each : {
           Case{"http://proxy.example.org:3128", "proxy.example.org", 3128, ""},
           Case{"HTTP://Proxy.Example.Org:3128/", "proxy.example.org", 3128, ""},
           Case{"proxy.example.org", "proxy.example.org", 80, ""},
           Case{"10.0.0.1:8080", "10.0.0.1", 8080, ""},
           Case{"http://[fd00::1]:8080", "fd00::1", 8080, ""},
           Case{"http://user:secret@proxy:1", "proxy", 1, "dXNlcjpzZWNyZXQ="},
           Case{"http://user@proxy:1", "proxy", 1, "dXNlcjo="},
           Case{"http://us%40er:a%3ab@proxy:1", "proxy", 1, "dXNAZXI6YTpi"},
       }) {
    const auto proxy = proxy_of("https://files.example.org", {.https_proxy = each.text});
    ASSERT_TRUE(proxy.has_value()) << each.text;
    EXPECT_EQ(proxy->host, each.host) << each.text;
    EXPECT_EQ(proxy->port, each.port) << each.text;
    EXPECT_EQ(proxy->credential, each.credential) << each.text;
  }
}

TEST(ProxyTest, WhatIsNoProxyOfOursIsRefusedWithoutBeingRepeated) {
  for (const char* text :
       {"socks5://proxy:1080", "socks5://name:word@proxy:1080", "https://proxy:443", "http://",
        "http://proxy:0", "proxy:99999", "proxy:80:80x", "http://a:s%zzcret@proxy",
        "http://proxy/path", "a b", "http://[::1:80"}) {
    const auto proxy =
        proxy_for(ServerAddress::parse("https://files.example.org").value(), {.https_proxy = text});
    ASSERT_FALSE(proxy.has_value()) << text;
    EXPECT_EQ(base::said(proxy), "malformed: proxy_setting variable=HTTPS_PROXY");
    EXPECT_EQ(proxy.error().text, "proxy_setting variable=HTTPS_PROXY");
  }
}

TEST(ProxyTest, TheVariableThatNamedItIsKept) {
  const ProxyEnvironment small{.https_proxy = "http://proxy:1", .variable = "https_proxy"};
  EXPECT_EQ(proxy_of("https://files.example.org", small)->variable, "https_proxy");
  EXPECT_EQ(proxy_of("https://files.example.org", {.https_proxy = "proxy:1"})->variable,
            "HTTPS_PROXY");
}

TEST(ProxyTest, NoProxyExemptsNamesAddressesNetworksAndPorts) {
  const std::string server = "https://files.example.org";
  for (const char* exempt :
       {"*", "files.example.org", "example.org", ".example.org", "EXAMPLE.ORG", "other.org, org",
        "other.org example.org", "files.example.org:443", "example.org:443"})
    EXPECT_FALSE(is_proxied(server, exempt)) << exempt;
  for (const char* other : {"", "ample.org", "files.example.org:8443", "example.com",
                            "www.files.example.org", "10.0.0.0/8", ",", "/8", "x/y"})
    EXPECT_TRUE(is_proxied(server, other)) << other;
  EXPECT_FALSE(is_proxied("https://10.1.2.3", "10.0.0.0/8"));
  EXPECT_FALSE(is_proxied("https://10.1.2.3", "10.1.2.3"));
  EXPECT_TRUE(is_proxied("https://11.1.2.3", "10.0.0.0/8"));
  EXPECT_TRUE(is_proxied("https://10.1.2.3", "10.1.2.3/33"));
  EXPECT_FALSE(is_proxied("https://[fd00::7]", "fd00::/8"));
  EXPECT_FALSE(is_proxied("https://[fd00::7]", "fd00:0::7"));
  EXPECT_TRUE(is_proxied("https://[fe00::7]", "fd00::/8"));
}

TEST(ProxyTest, ThisMachineIsNeverAskedForThroughAProxy) {
  const ProxyEnvironment environment{.https_proxy = "http://proxy:1"};
  for (const char* server : {"https://localhost:8443", "https://127.0.0.1", "https://127.1.2.3",
                             "https://[::1]", "http://127.0.0.1:80", "http+unix:///run/sealift"})
    EXPECT_FALSE(proxy_of(server, environment).has_value()) << server;
  EXPECT_TRUE(proxy_of("https://127.evil.example", environment).has_value());
}

}  // namespace
}  // namespace sealift::client
