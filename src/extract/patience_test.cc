#include "extract/internal/patience.h"

#include <gtest/gtest.h>

namespace sealift::extract {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kWait{1000};

// After how many slices it is given up, and as what; each slice takes `cpu` of the processor.
struct End {
  int slices = 0;
  std::optional<Loss> loss;
  bool operator==(const End&) const = default;
};
End give_up(milliseconds cpu, bool sleeps) {
  Activity activity{milliseconds(5000), sleeps};
  Patience patience(kWait, activity);
  for (int slices = 1; slices <= 1000; ++slices) {
    activity.cpu_time += cpu;
    if (const auto loss = patience.slice_passed(activity)) return {slices, loss};
  }
  return {};
}

TEST(PatienceTest, AReaderThatComputesHasTheTimeAllowed) {
  EXPECT_EQ(give_up(milliseconds(100), false), (End{10, Loss::hung}));
}

TEST(PatienceTest, AReaderThatSleepsHasTheTimeAllowed) {
  EXPECT_EQ(give_up(milliseconds(0), true), (End{10, Loss::hung}));
}

TEST(PatienceTest, AReaderThatGetsATenthOfAProcessorHasItsTimeAllTheSame) {
  EXPECT_EQ(give_up(milliseconds(11), false), (End{91, Loss::hung}));
}

TEST(PatienceTest, AReaderThatCannotRunIsWaitedForTenTimesAsLong) {
  EXPECT_EQ(give_up(milliseconds(0), false), (End{100, Loss::starved}));
  EXPECT_EQ(give_up(milliseconds(1), false), (End{100, Loss::starved}));
}

TEST(PatienceTest, AReaderThatWorksNowAndThenDoesNotSleep) {
  EXPECT_EQ(give_up(milliseconds(1), true), (End{100, Loss::starved}));
}

}  // namespace
}  // namespace sealift::extract
