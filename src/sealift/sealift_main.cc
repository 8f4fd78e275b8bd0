// `sealift`: the command line. Everything that a verb takes from the process is read here.
#include <sys/resource.h>

#include <clocale>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "cli/verb.h"
#include "sealift/verbs.h"

namespace {

// Keys and plaintext of a program that crashes stay out of core files.
void forbid_core_files() {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
}

std::string environment_of(const char* name) {
  const char* const value = std::getenv(name);
  return value != nullptr ? value : "";
}

// Small letters first, as curl has it.
std::string either_case(const char* small, const char* large) {
  std::string value = environment_of(small);
  return value.empty() ? environment_of(large) : value;
}

// The locale of messages, as setlocale(3) finds it.
std::string message_locale() {
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    if (std::string value = environment_of(name); !value.empty()) return value;
  }
  return "";
}

std::string profile_folder(const std::string& home) {
  if (std::string own = environment_of("SEALIFT_HOME"); !own.empty()) return own;
  if (const std::string shared = environment_of("XDG_CONFIG_HOME"); !shared.empty())
    return shared + "/sealift";
  return home.empty() ? "" : home + "/.config/sealift";
}

}  // namespace

int main(int argc, char** argv) {
  forbid_core_files();
  std::setlocale(LC_CTYPE, "");
  // A reader that went away is an error of write(), reported as such.
  std::signal(SIGPIPE, SIG_IGN);

  std::error_code ignored;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", ignored);
  const std::string home = environment_of("HOME");
  const sealift::base::SystemClock clock;
  const sealift::cli::Environment environment{
      .clock = clock,
      .cpu_count = std::max(1u, std::thread::hardware_concurrency()),
      .home = home,
      .program_folder = self.parent_path(),
      .profile_folder = profile_folder(home),
      .profile_name = environment_of("SEALIFT_PROFILE"),
      .password = environment_of("SEALIFT_PASSWORD"),
      .password_fd = environment_of("SEALIFT_PASSWORD_FD"),
      .language = sealift::cli::language_of(message_locale()),
      .https_proxy = either_case("https_proxy", "HTTPS_PROXY"),
      .https_proxy_variable = environment_of("https_proxy").empty() ? "HTTPS_PROXY" : "https_proxy",
      .no_proxy = either_case("no_proxy", "NO_PROXY"),
      .timeout_seconds = environment_of("SEALIFT_TIMEOUT"),
  };
  ::unsetenv("SEALIFT_PASSWORD");  // programs that are started from here have no use for it
  const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
  return sealift::cli::run(sealift::verbs(), environment, arguments);
}
