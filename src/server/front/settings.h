// Settings of one connection engine: limits on time, rate and number. Values, copied at start.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/limits.h"

namespace sealift::server::front {

struct Settings {
  std::vector<std::string> host_names;  // what Host may say (http::HostNames)

  // A proxy in front does TLS: plain connections are what browsers see as https, and what counts as
  // our own pages goes by that. Each request's client is whom the proxy names; its connections
  // are all the proxy's.
  bool is_behind_proxy = false;

  std::size_t connections_max = limits::kFrontConnectionsMax;
  std::size_t connections_per_client_max = limits::kFrontConnectionsPerAddressMax;
  // What all connections may keep in memory of heads, bodies and answers, shared between clients.
  std::size_t kept_bytes_max = std::size_t{128} << 20;

  // From the first byte to the whole head, whatever trickles in between; handshakes alike.
  std::chrono::milliseconds head_timeout{10'000};
  std::chrono::milliseconds idle_timeout{75'000};
  // Used instead of both while the number of connections is at its limit.
  std::chrono::milliseconds timeout_under_pressure{3'000};
  // Within each window a body, sent or received, moves at least window_bytes_min.
  std::chrono::milliseconds window{15'000};
  std::uint64_t window_bytes_min = 15 * 256;
  // How long the application may take, syncing included.
  std::chrono::milliseconds answer_timeout{120'000};
  std::chrono::milliseconds linger_timeout{2'000};
};

}  // namespace sealift::server::front
