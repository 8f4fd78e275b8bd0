// Kill -9 at any moment: every commit that was acknowledged is there, no batch is there by half.
//
// A child commits batches, each of which counts one key up by kBatch and notes the batch in
// another, and acknowledges each through a pipe. It is killed after a while that differs from run
// to run.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <random>
#include <utility>

#include "catalog/catalog_suite.h"
#include "catalog/sqlite_catalog.h"

namespace sealift::catalog {
namespace {

constexpr std::uint32_t kBatch = 3;
constexpr int kRuns = 200;
const DelayKey kCounted{{std::byte{1}}};
const DelayKey kBatches{{std::byte{2}}};

Work count(const DelayKey& key) {
  return [key](Records& records) -> base::Result<void> {
    SEALIFT_TRY_VOID(records.delays->failed(DelayKind::client, key, {}, {}));
    return {};
  };
}

[[noreturn]] void commit_until_killed(const std::string& path, int acknowledge) {
  const auto catalog = must(open_sqlite_catalog(path));
  if (::write(acknowledge, "r", 1) != 1) ::_exit(1);
  std::vector<Work> batch(kBatch, count(kCounted));
  batch.push_back(count(kBatches));
  while (true) {
    for (const auto& outcome : catalog->transact_batch(batch))
      if (!outcome) ::_exit(1);
    if (::write(acknowledge, "+", 1) != 1) ::_exit(1);
  }
}

struct Moment {
  int signs = 0;  // from the child, to wait for: ready, then each acknowledgement
  std::chrono::microseconds later{};
};

// How many batches the child acknowledged before it was killed.
std::uint32_t run_and_kill(const std::string& path, const Moment& moment) {
  int ends[2];
  EXPECT_EQ(::pipe(ends), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    commit_until_killed(path, ends[1]);
  }
  ::close(ends[1]);
  std::string signs;
  char sign = 0;
  while (std::cmp_less(signs.size(), moment.signs) && ::read(ends[0], &sign, 1) == 1) signs += sign;
  ::usleep(static_cast<useconds_t>(moment.later.count()));
  ::kill(child, SIGKILL);
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status)) << "the child ended by itself";
  while (::read(ends[0], &sign, 1) == 1) signs += sign;
  ::close(ends[0]);
  return static_cast<std::uint32_t>(std::ranges::count(signs, '+'));
}

TEST(SqliteCrashTest, EveryAcknowledgedCommitSurvivesAKill) {
  const base::TemporaryFolder folder;
  const std::string path = folder.path() + "/catalog.db";
  std::mt19937 random(20261122);
  std::uniform_int_distribution<int> signs(0, 5);
  std::uniform_int_distribution<int> later_us(0, 2000);
  std::uint32_t acknowledged = 0;
  int killed_in_between = 0;
  for (int run = 0; run < kRuns; ++run) {
    acknowledged +=
        run_and_kill(path, {signs(random), std::chrono::microseconds(later_us(random))});
    const auto catalog = must(open_sqlite_catalog(path));
    const auto count_of = [&](const DelayKey& key) {
      return must(catalog->read([&](const Records& records) {
               return records.delays->find(DelayKind::client, key);
             }))
          .count;
    };
    const std::uint32_t batches = count_of(kBatches);
    ASSERT_EQ(count_of(kCounted), batches * kBatch) << "a batch is there by half";
    ASSERT_GE(batches, acknowledged) << "an acknowledged commit is gone";
    ASSERT_LE(batches, acknowledged + 1) << "a commit that never was";
    killed_in_between += batches > acknowledged ? 1 : 0;
    acknowledged = batches;  // committed, and killed before it could say so
  }
  EXPECT_GT(acknowledged, static_cast<std::uint32_t>(kRuns));
  RecordProperty("commits", static_cast<int>(acknowledged));
  RecordProperty("killed_before_acknowledging", killed_in_between);
}

}  // namespace
}  // namespace sealift::catalog
