#include "server/client_of.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>

namespace sealift::server {
namespace {

ClientKey address(const char* text) {
  ClientKey made{};
  EXPECT_EQ(::inet_pton(AF_INET6, text, made.data()), 1) << text;
  return made;
}

TEST(ClientOfTest, AllAddressesOfAnIpv6NetworkAreOneClient) {
  EXPECT_EQ(client_of(address("2001:db8:1:2::1")), client_of(address("2001:db8:1:2:ffff::9")));
  EXPECT_NE(client_of(address("2001:db8:1:2::1")), client_of(address("2001:db8:1:3::1")));
}

TEST(ClientOfTest, Ipv4AddressesAreClientsEach) {
  EXPECT_NE(client_of(address("::ffff:192.0.2.1")), client_of(address("::ffff:192.0.2.2")));
  EXPECT_NE(client_of(address("64:ff9b::192.0.2.1")), client_of(address("64:ff9b::192.0.2.2")));
  EXPECT_EQ(client_of(address("64:ff9b:1::1")), client_of(address("64:ff9b:1::2")));
}

}  // namespace
}  // namespace sealift::server
