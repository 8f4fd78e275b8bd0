// Whom a limit counts as one client: an IPv4 address, or the IPv6 network (/64) of one subscriber,
// who has all of its addresses. Pure.
#pragma once

#include <array>
#include <cstddef>

namespace sealift::server {

// As front::PeerAddress has addresses: IPv6, or IPv4 mapped into it.
using ClientKey = std::array<std::byte, 16>;

// The address without what one client can choose of it. IPv4 stays whole, also behind the
// well-known prefix of NAT64 (RFC 6052), where one /64 holds everybody.
ClientKey client_of(const std::array<std::byte, 16>& peer);

struct ClientKeyHash {
  std::size_t operator()(const ClientKey& client) const;
};

}  // namespace sealift::server
