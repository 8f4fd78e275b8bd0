// `sealiftd`: the server's program. `sealift serve` starts it; everything that it takes from the
// process is read here.
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <thread>

#include "server/daemon.h"

namespace {

using sealift::base::Error;
using sealift::base::ErrorCode;
using sealift::base::Result;
using sealift::server::Config;
using sealift::server::ListenAddress;
using sealift::server::ServerOptions;

constexpr const char* kUsage =
    "usage: sealiftd --data DIR [--listen HOST:PORT]... [--config FILE] [--announce json]\n"
    "\n"
    "The server itself; `sealift serve` starts it. /usr/share/doc/sealift-server/operate/server.md "
    "says the rest.\n";

tl::unexpected<Error> wrong_usage(std::string text) {
  return sealift::base::fail(ErrorCode::usage, std::move(text));
}

struct CommandLine {
  ServerOptions options;
  std::vector<ListenAddress> listen{};
};

// One option with its value.
Result<void> take(std::string_view name, const std::string& value, CommandLine& taken) {
  if (name == "--data") {
    taken.options.data = value;
  } else if (name == "--listen") {
    auto address = ListenAddress::parse(value);
    if (!address) return tl::unexpected(std::move(address).error().with_context("--listen"));
    taken.listen.push_back(*std::move(address));
  } else if (name == "--config") {
    auto config = sealift::server::read_config(value);
    if (!config) return tl::unexpected(std::move(config).error().with_context(value));
    taken.options.config = *std::move(config);
    taken.options.config_path = std::filesystem::absolute(value).string();
  } else if (value == "json") {
    taken.options.announce = sealift::server::Announce::json;
  } else {
    return wrong_usage("--announce takes json, and not " + value);
  }
  return {};
}

Result<ServerOptions> parse(int argc, char** argv) {
  CommandLine taken;
  for (int i = 1; i < argc; i += 2) {
    const std::string_view name = argv[i];
    if (name != "--data" && name != "--listen" && name != "--config" && name != "--announce") {
      return wrong_usage("unknown option " + std::string(name));
    }
    if (i + 1 >= argc) return wrong_usage("the option " + std::string(name) + " needs a value");
    SEALIFT_TRY_VOID(take(name, argv[i + 1], taken));
  }
  auto& [options, listen] = taken;
  if (options.data.empty()) {
    return wrong_usage("--data DIR is missing: the folder that the server keeps everything in");
  }
  if (!listen.empty()) options.config.listen = std::move(listen);
  return std::move(options);
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
    // Of a file that was named rightly, the usage says nothing.
    const bool is_usage = options.error().code == ErrorCode::usage;
    std::fprintf(stderr, "sealiftd: error: %s\n%s", options.error().text.c_str(),
                 is_usage ? kUsage : "");
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
