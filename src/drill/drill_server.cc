#include "drill/drill_server.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <sstream>

#include "base/file_descriptor.h"

namespace sealift::cli {
namespace {

using base::ErrorCode;

constexpr std::string_view kServing = "sealift: serving at ";
constexpr std::size_t kLineSizeMax = 4096;

// The first line that it prints; "" when it ended instead.
std::string first_line(int fd) {
  std::string line;
  char c = 0;
  while (line.size() < kLineSizeMax && ::read(fd, &c, 1) == 1 && c != '\n') line += c;
  return line;
}

}  // namespace

base::Result<std::unique_ptr<DrillServer>> DrillServer::start(const Plan& plan) {
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0)
    return tl::unexpected(base::error_of_errno(errno, "making a pipe"));
  const base::FileDescriptor from_server(pipe[0]);
  base::FileDescriptor to_us(pipe[1]);
  posix_spawn_file_actions_t actions{};
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, to_us.get(), STDOUT_FILENO);
  ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, plan.output.c_str(),
                                     O_WRONLY | O_CREAT | O_APPEND, 0600);
  std::vector<std::string> words = {"sealiftd",    "--data",   plan.data,  "--listen",
                                    "127.0.0.1:0", "--config", plan.config};
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  std::array<char*, 1> no_environment = {nullptr};
  pid_t pid = 0;
  const int failed = ::posix_spawn(&pid, plan.program.c_str(), &actions, nullptr, arguments.data(),
                                   no_environment.data());
  ::posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) return tl::unexpected(base::error_of_errno(failed, "starting sealiftd"));
  to_us.reset();
  const std::string line = first_line(from_server.get());
  std::unique_ptr<DrillServer> server(new DrillServer(pid, ""));
  if (!line.starts_with(kServing)) return base::fail(ErrorCode::io, "the server did not start");
  server->url_ = line.substr(kServing.size());
  return server;
}

DrillServer::~DrillServer() {
  ::kill(pid_, SIGTERM);
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) continue;
}

std::vector<pid_t> DrillServer::processes() const {
  std::vector<pid_t> all = {pid_};
  const std::string task = "/proc/" + std::to_string(pid_) + "/task/" + std::to_string(pid_);
  std::ifstream children(task + "/children");
  for (pid_t child = 0; children >> child;) all.push_back(child);
  return all;
}

}  // namespace sealift::cli
