// DrillServer: a server of the drill's own, as a child process on a free port of this machine.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"

namespace sealift::cli {

class DrillServer {
 public:
  struct Plan {
    std::string program;  // sealiftd
    std::string data;     // its folder
    std::string config;   // a file
    std::string output;   // a file that takes what it prints
  };
  // Returns when it says where it serves. Errors: io, not_found.
  static base::Result<std::unique_ptr<DrillServer>> start(const Plan& plan);
  // Asks it to finish, and waits.
  ~DrillServer();
  DrillServer(const DrillServer&) = delete;
  DrillServer& operator=(const DrillServer&) = delete;

  const std::string& url() const { return url_; }
  // The supervisor, then its roles.
  std::vector<pid_t> processes() const;

 private:
  DrillServer(pid_t pid, std::string url) : pid_(pid), url_(std::move(url)) {}

  pid_t pid_;
  std::string url_;
};

}  // namespace sealift::cli
