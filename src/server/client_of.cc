#include "server/client_of.h"

#include <algorithm>
#include <functional>
#include <string_view>

#include "base/bytes.h"

namespace sealift::server {
namespace {

constexpr std::size_t kNetworkSize = 8;
constexpr std::size_t kMappedZerosSize = 10;
// 64:ff9b::/96
constexpr std::array<std::byte, 12> kNat64 = {std::byte{0x00}, std::byte{0x64}, std::byte{0xff},
                                              std::byte{0x9b}};

}  // namespace

ClientKey client_of(const std::array<std::byte, 16>& peer) {
  const bool is_mapped = std::all_of(peer.begin(), peer.begin() + kMappedZerosSize,
                                     [](std::byte each) { return each == std::byte{0}; });
  if (is_mapped || std::equal(kNat64.begin(), kNat64.end(), peer.begin())) return peer;
  ClientKey client{};
  std::copy_n(peer.begin(), kNetworkSize, client.begin());
  return client;
}

std::size_t ClientKeyHash::operator()(const ClientKey& client) const {
  return std::hash<std::string_view>()(base::text_of(client));
}

}  // namespace sealift::server
