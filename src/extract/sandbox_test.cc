#include "extract/sandbox.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>
#include <csignal>

namespace sealift::extract {
namespace {

// Runs in a child, which the sandbox then holds for good; gives its exit status.
int in_child(int (*run)()) {
  const pid_t child = fork();
  if (child == 0) _exit(run());
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(SandboxTest, DeniesWhatItProves) {
  EXPECT_EQ(in_child([] {
              if (!lock_down({.memory_bytes_max = std::uint64_t{1} << 50})) return 1;
              return prove_denials() ? 0 : 2;
            }),
            0);
}

TEST(SandboxTest, WithoutALockTheProofFails) {
  EXPECT_EQ(in_child([] { return prove_denials() ? 0 : 2; }), 2);
}

TEST(SandboxTest, SignalsReachNobodyElse) {
  EXPECT_EQ(in_child([] {
              if (!lock_down({.memory_bytes_max = std::uint64_t{1} << 50})) return 1;
              return kill(getppid(), 0) == 0 ? 2 : 0;
            }),
            0);
}

}  // namespace
}  // namespace sealift::extract
