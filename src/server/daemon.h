// The server as a whole: from what it was told to a supervisor with its roles. One thread.
//
// It opens the data folder (made when missing), the listeners and the certificate, prints where it
// listens to standard output, and runs until it is told to stop.
#pragma once

#include <string>
#include <vector>

#include "server/config.h"
#include "server/front/web_files.h"

namespace sealift::server {

// How it says where it listens, for people or for programs: {"url":"http://..."}, a line each.
enum class Announce : std::uint8_t { text, json };

struct ServerOptions {
  std::string data;
  Config config;
  std::string config_path{};  // of the file that it was read from, absolute; "" for none
  std::string version;
  Announce announce = Announce::text;
  std::size_t cpu_count = 1;
  std::span<const front::WebFile> web_files{};  // outlive the server
  std::string notify_socket{};                  // of the service manager; "" for none
};

// Errors: usage, damaged, conflict, forbidden, no_space, io, unsupported (a role could not confine
// itself).
base::Result<void> run_server(const ServerOptions& options);

}  // namespace sealift::server
