#include "client/server_address.h"

#include <gtest/gtest.h>

#include "base/said_for_test.h"

namespace sealift::client {
namespace {

struct Good {
  const char* url;
  const char* text;
  const char* authority;
};

TEST(ServerAddressTest, HasOneSpelling) {
  for (const Good& good : {
           Good{"https://Files.Example.org/", "https://files.example.org", "files.example.org"},
           Good{"https://files.example.org:443", "https://files.example.org", "files.example.org"},
           Good{"https://[2001:DB8::1]:8443", "https://[2001:db8::1]:8443", "[2001:db8::1]:8443"},
           Good{"http://127.0.0.1:8080", "http://127.0.0.1:8080", "127.0.0.1:8080"},
           Good{"http://localhost", "http://localhost", "localhost"},
           Good{"http://[::1]:1", "http://[::1]:1", "[::1]:1"},
           Good{"http+unix:///run/sealift.sock", "http+unix:///run/sealift.sock", "localhost"},
       }) {
    const auto address = ServerAddress::parse(good.url);
    ASSERT_TRUE(address.has_value()) << good.url;
    EXPECT_EQ(address->text(), good.text);
    EXPECT_EQ(address->authority(), good.authority);
    EXPECT_EQ(*ServerAddress::parse(address->text()), *address);
  }
}

TEST(ServerAddressTest, PlainHttpToAnotherMachineIsForbidden) {
  for (const char* url : {"http://files.example.org", "http://127.0.0.1.example.org",
                          "http://10.0.0.1", "http://localhost.example.org"}) {
    const auto address = ServerAddress::parse(url);
    ASSERT_FALSE(address.has_value()) << url;
    EXPECT_EQ(base::said(address),
              "forbidden: plain HTTP is for this machine alone: write https://")
        << url;
  }
}

TEST(ServerAddressTest, RefusesWhatIsNoAddress) {
  for (const char* url : {"",
                          "files.example.org",
                          "ftp://a",
                          "https://",
                          "https:///",
                          "https://a b",
                          "https://a/b",
                          "https://user@a",
                          "https://a:0",
                          "https://a:65536",
                          "https://a:01",
                          "https://a:",
                          "https://a?b",
                          "https://a#b",
                          "https://[::1",
                          "https://[a]",
                          "https://-a",
                          "https://a\r\nb",
                          "http+unix://",
                          "http+unix://relative",
                          "http+unix:///"}) {
    const auto address = ServerAddress::parse(url);
    ASSERT_FALSE(address.has_value()) << url;
    EXPECT_EQ(base::said(address),
              "malformed: a server's address is https://NAME, with :PORT if need be")
        << url;
  }
  EXPECT_FALSE(ServerAddress::parse("https://" + std::string(600, 'a')).has_value());
}

}  // namespace
}  // namespace sealift::client
