// `sealiftd`: the server's program. `sealift serve` starts it; everything that it takes from the
// process is read here.
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>

#include "server/daemon.h"

namespace {

using sealift::base::Result;
using sealift::server::Config;
using sealift::server::ListenAddress;
using sealift::server::ServerOptions;

constexpr const char* kUsage =
    "usage: sealiftd --data DIR [--listen HOST:PORT]... [--config FILE] [--announce json]\n"
    "\n"
    "The server itself; `sealift serve` starts it. docs/operate/server.md says the rest.\n";

Result<ServerOptions> parse(int argc, char** argv) {
  ServerOptions options;
  std::vector<ListenAddress> listen;
  for (int i = 1; i < argc; i += 2) {
    const std::string_view name = argv[i];
    if (i + 1 >= argc) return sealift::base::fail(sealift::base::ErrorCode::usage, "no value");
    const std::string value = argv[i + 1];
    if (name == "--data") {
      options.data = value;
    } else if (name == "--listen") {
      SEALIFT_TRY(ListenAddress address, ListenAddress::parse(value));
      listen.push_back(std::move(address));
    } else if (name == "--config") {
      SEALIFT_TRY(options.config, sealift::server::read_config(value));
    } else if (name == "--announce" && value == "json") {
      options.announce = sealift::server::Announce::json;
    } else {
      return sealift::base::fail(sealift::base::ErrorCode::usage, "unknown option");
    }
  }
  if (options.data.empty()) {
    return sealift::base::fail(sealift::base::ErrorCode::usage, "--data is missing");
  }
  if (!listen.empty()) options.config.listen = std::move(listen);
  return options;
}

}  // namespace

int main(int argc, char** argv) {
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  ::umask(077);
  std::signal(SIGPIPE, SIG_IGN);
  if (argc == 2 && std::string_view(argv[1]) == "--help") {
    std::fputs(kUsage, stdout);
    return 0;
  }
  auto options = parse(argc, argv);
  if (!options) {
    std::fprintf(stderr, "sealiftd: error: %s\n%s", options.error().text.c_str(), kUsage);
    return 2;
  }
  options->version = SEALIFT_VERSION;
  if (const char* const socket = std::getenv("NOTIFY_SOCKET")) options->notify_socket = socket;
  options->web_files = sealift::server::front::web_bundle();
  options->cpu_count = std::max(1U, std::thread::hardware_concurrency());
  const auto outcome = sealift::server::run_server(*options);
  if (outcome) return 0;
  std::fprintf(stderr, "sealiftd: error: %s\n", outcome.error().text.c_str());
  return 1;
}
