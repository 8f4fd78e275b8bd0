// Real processes with roles of the test's own; what they do is counted in shared memory.
#include "server/supervisor/supervisor.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <map>

#include "server/frame_channel.h"

namespace sealift::server {
namespace {

using base::FileDescriptor;
using std::chrono::milliseconds;

struct Counts {
  std::atomic<int> vaults{0};
  std::atomic<int> fronts{0};
  std::atomic<int> mailers{0};
  std::atomic<int> answered{0};  // frames that went from a front to the vault
  std::atomic<int> certificates{0};
  std::atomic<int> finished{0};      // roles that ended because they were asked to
  std::atomic<int> crash_fronts{0};  // so many fronts end at once
  std::atomic<int> vault_pid{0};
  std::atomic<int> loggers{0};
  std::atomic<int> logger_pid{0};
  std::atomic<int> finished_before_logger{0};
  std::atomic<int> has_vault_begun_to_serve{0};
  std::atomic<int> told_serving{0};
  Counter roles_ended{0};
};

// Waits until `condition`, at most ten seconds.
template <typename Condition>
bool comes_true(Condition condition) {
  for (int i = 0; i < 2000; ++i) {
    if (condition()) return true;
    ::usleep(5000);
  }
  return false;
}

// Takes what arrives on the control socket and from fronts, until it is asked to finish.
int run_vault(Counts& counts, const FileDescriptor& control) {
  ++counts.vaults;
  counts.vault_pid = ::getpid();
  std::vector<FrameChannel> channels;
  while (true) {
    pollfd wait{control.get(), POLLIN, 0};
    ::poll(&wait, 1, 5);
    auto message = receive_control(control.get());
    if (!message) break;
    if (*message) channels.emplace_back(std::move((*message)->descriptors[0]), Sender::front);
    for (FrameChannel& channel : channels) {
      const auto frame = channel.receive();
      if (frame && *frame) ++counts.answered;
    }
  }
  ++counts.finished;
  return 0;
}

int run_front(Counts& counts, FileDescriptor to_vault, const FileDescriptor& control) {
  ++counts.fronts;
  FrameChannel vault(std::move(to_vault), Sender::vault);
  if (counts.crash_fronts.fetch_sub(1) > 0) return 1;
  (void)vault.send(GoneFrame{1});
  while (true) {
    pollfd wait{control.get(), POLLIN, 0};
    ::poll(&wait, 1, 1000);
    const auto message = receive_control(control.get());
    if (!message) break;
    if (*message) ++counts.certificates;
  }
  ++counts.finished;
  return 0;
}

class SupervisorTest : public testing::Test {
 protected:
  SupervisorTest() {
    void* memory =
        ::mmap(nullptr, sizeof(Counts), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    counts_ = new (memory) Counts;
    roles_.fronts = 2;
    roles_.vault = [this](FileDescriptor control) { return run_vault(*counts_, control); };
    roles_.front = [this](FileDescriptor vault, FileDescriptor control) {
      return run_front(*counts_, std::move(vault), control);
    };
    settings_.restart_delay_min = milliseconds(10);
    settings_.restart_delay_max = milliseconds(40);
    settings_.stop_timeout = milliseconds(5'000);
  }
  ~SupervisorTest() override {
    if (supervisor_ > 0) stop();
    ::munmap(counts_, sizeof(Counts));
  }
  void start() {
    supervisor_ = ::fork();
    if (supervisor_ == 0) ::_exit(supervise(roles_, settings_) ? 0 : 3);
  }
  int stop() {
    ::kill(supervisor_, SIGTERM);
    return ended();
  }
  int ended() {
    int status = 0;
    ::waitpid(std::exchange(supervisor_, 0), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  Counts* counts_ = nullptr;
  Roles roles_;
  SupervisorSettings settings_;
  pid_t supervisor_ = 0;
};

TEST_F(SupervisorTest, FrontsReachTheVaultAndAllFinishWhenAsked) {
  start();
  EXPECT_TRUE(comes_true([&] { return counts_->answered == 2; }));
  EXPECT_EQ(stop(), 0);
  EXPECT_EQ(counts_->finished, 3);
  EXPECT_EQ(counts_->vaults, 1);
  EXPECT_EQ(counts_->fronts, 2);
}

TEST_F(SupervisorTest, ItSaysOnceThatTheVaultServesAndNotBefore) {
  roles_.vault = [this](FileDescriptor control) {
    while (counts_->has_vault_begun_to_serve == 0) ::usleep(1000);
    EXPECT_TRUE(send_control(control.get(), ControlMessage::Kind::serving, {}));
    return run_vault(*counts_, control);
  };
  settings_.on_serving = [this] { ++counts_->told_serving; };
  start();
  EXPECT_TRUE(comes_true([&] { return counts_->fronts == 2; }));
  // Several times as long as the supervisor takes to look again.
  for (int i = 0; i < 100 && counts_->told_serving == 0; ++i) ::usleep(1000);
  EXPECT_EQ(counts_->told_serving, 0);
  counts_->has_vault_begun_to_serve = 1;
  EXPECT_TRUE(comes_true([&] { return counts_->told_serving == 1; }));
  EXPECT_TRUE(comes_true([&] { return counts_->answered == 2; }));
  ::kill(counts_->vault_pid, SIGKILL);
  EXPECT_TRUE(comes_true([&] { return counts_->answered == 4; }));
  EXPECT_EQ(counts_->told_serving, 1) << "a vault that is started again is no news";
  EXPECT_EQ(stop(), 0);
}

TEST_F(SupervisorTest, AFrontThatCrashesIsStartedAnewAndReachesTheVault) {
  counts_->crash_fronts = 3;
  start();
  EXPECT_TRUE(comes_true([&] { return counts_->answered == 2; }));
  EXPECT_EQ(counts_->fronts, 5);
  EXPECT_EQ(counts_->vaults, 1);
  EXPECT_EQ(stop(), 0);
}

TEST_F(SupervisorTest, AVaultThatCrashesTakesTheFrontsWithIt) {
  start();
  EXPECT_TRUE(comes_true([&] { return counts_->answered == 2; }));
  ::kill(counts_->vault_pid, SIGKILL);
  EXPECT_TRUE(comes_true([&] { return counts_->answered == 4; }));
  EXPECT_EQ(counts_->vaults, 2);
  EXPECT_EQ(counts_->fronts, 4);
  EXPECT_EQ(stop(), 0);
}

TEST_F(SupervisorTest, ASignalToAllStopsTheRolesInTheirOrder) {
  start();
  EXPECT_TRUE(comes_true([&] { return counts_->answered == 2; }));
  ::kill(counts_->vault_pid, SIGTERM);  // as systemd does, to each process of the unit
  EXPECT_EQ(stop(), 0);
  EXPECT_EQ(counts_->finished, 3);
  EXPECT_EQ(counts_->vaults, 1);
}

TEST_F(SupervisorTest, ALoggerOutlivesTheVaultAndFinishesLast) {
  roles_.logger = [this](FileDescriptor control) {
    ++counts_->loggers;
    counts_->logger_pid = ::getpid();
    pollfd wait{control.get(), POLLIN, 0};
    ::poll(&wait, 1, -1);
    counts_->finished_before_logger = counts_->finished.load();
    return 0;
  };
  settings_.roles_ended = &counts_->roles_ended;
  start();
  EXPECT_TRUE(comes_true([&] { return counts_->answered == 2 && counts_->loggers == 1; }));
  ::kill(counts_->vault_pid, SIGKILL);
  EXPECT_TRUE(comes_true([&] { return counts_->answered == 4; }));
  EXPECT_EQ(counts_->loggers, 1);
  EXPECT_EQ(counts_->roles_ended, 3u) << "the vault and both fronts";
  ::kill(counts_->logger_pid, SIGKILL);
  EXPECT_TRUE(comes_true([&] { return counts_->loggers == 2; }));
  EXPECT_EQ(counts_->vaults, 2) << "nobody else goes with the logger";
  EXPECT_EQ(stop(), 0);
  EXPECT_EQ(counts_->finished_before_logger, 3);
}

TEST_F(SupervisorTest, CertificatesGoToEachFrontAndAgainWhenAsked) {
  roles_.open_certificate = [] {
    std::vector<FileDescriptor> files;
    files.emplace_back(::memfd_create("certificate", MFD_CLOEXEC));
    files.emplace_back(::memfd_create("key", MFD_CLOEXEC));
    return files;
  };
  start();
  EXPECT_TRUE(comes_true([&] { return counts_->certificates >= 2 && counts_->answered == 2; }));
  const int before = counts_->certificates;
  ::kill(supervisor_, SIGHUP);
  EXPECT_TRUE(comes_true([&] { return counts_->certificates >= before + 2; }));
  EXPECT_EQ(stop(), 0);
}

TEST_F(SupervisorTest, ARoleThatCannotBeConfinedEndsEverything) {
  roles_.vault = [](FileDescriptor) { return kExitNotConfined; };
  start();
  EXPECT_EQ(ended(), 3);
}

TEST_F(SupervisorTest, AVaultThatCannotServeItsDataIsNotStartedAgain) {
  roles_.vault = [](FileDescriptor) { return kExitDataDamaged; };
  start();
  EXPECT_EQ(ended(), 3);
}

TEST_F(SupervisorTest, ARoleThatDoesNotFinishIsKilled) {
  roles_.front = [this](FileDescriptor, FileDescriptor) {
    ++counts_->fronts;
    while (true) ::pause();
    return 0;
  };
  settings_.stop_timeout = milliseconds(100);
  start();
  EXPECT_TRUE(comes_true([&] { return counts_->fronts == 2; }));
  EXPECT_EQ(stop(), 0);
}

TEST_F(SupervisorTest, RolesAreNeverRoot) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root has rights to give up";
  settings_.account = Account{65534, 65534};
  roles_.front = [this](FileDescriptor, FileDescriptor) {
    const bool is_other =
        ::getuid() == 65534 && ::geteuid() == 65534 && ::getgid() == 65534 && ::setuid(0) != 0;
    counts_->fronts += is_other ? 1 : 1000;
    return is_other ? 0 : 1;
  };
  start();
  EXPECT_TRUE(comes_true([&] { return counts_->fronts >= 2; }));
  EXPECT_LT(counts_->fronts, 1000);
  EXPECT_EQ(stop(), 0);
}

}  // namespace
}  // namespace sealift::server
