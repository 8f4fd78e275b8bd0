#include "cli/scan_estimate.h"

#include <gtest/gtest.h>

#include <random>

#include "cli/scan_run.h"

namespace sealift::cli {
namespace {

TEST(ScanEstimateTest, NothingIsSaidBeforeAnythingIsKnown) {
  ScanEstimate estimate;
  estimate.expect("pdf", 1000);
  EXPECT_FALSE(estimate.left(1));
  estimate.learn("pdf", 1000, 1);
  EXPECT_FALSE(estimate.left(1));
}

TEST(ScanEstimateTest, EachKindHasItsOwnCost) {
  ScanEstimate estimate;
  for (int i = 0; i < 10; ++i) {
    estimate.expect("pdf", 1000);
    estimate.expect("csv", 1000);
  }
  for (int i = 0; i < 5; ++i) {
    estimate.learn("pdf", 1000, 10);
    estimate.learn("csv", 1000, 0.1);
  }
  const auto left = estimate.left(1);
  ASSERT_TRUE(left);
  EXPECT_NEAR(left->low_seconds, 50.5, 0.1);
  EXPECT_NEAR(left->high_seconds, 50.5, 0.1);
  EXPECT_NEAR(estimate.left(2)->high_seconds, 25.25, 0.1);
}

TEST(ScanEstimateTest, AnUnknownKindWidensTheMargin) {
  ScanEstimate estimate;
  for (int i = 0; i < 10; ++i) estimate.expect("csv", 1000);
  for (int i = 0; i < 5; ++i) estimate.learn("csv", 1000, 1);
  estimate.expect("zip", 100'000);
  const auto left = estimate.left(1);
  ASSERT_TRUE(left);
  EXPECT_GT(left->high_seconds, 200);
  EXPECT_LT(left->low_seconds, 50);
}

// Files whose cost differs by chance: the margin must hold nearly always, and must not be idle.
TEST(ScanEstimateTest, TheMarginHoldsTheTruthNineteenTimesOfTwenty) {
  std::mt19937 random(1);
  std::lognormal_distribution<double> size(8, 1), noise(0, 0.5);
  int held = 0;
  double width = 0;
  for (int round = 0; round < 400; ++round) {
    ScanEstimate estimate;
    std::vector<std::pair<double, double>> files;
    for (int i = 0; i < 200; ++i) {
      const double amount = size(random);
      files.emplace_back(amount, amount * noise(random) / 1000);
      estimate.expect("pdf", amount);
    }
    double truth = 0;
    for (std::size_t i = 0; i < files.size(); ++i) {
      if (i < 60) {
        estimate.learn("pdf", files[i].first, files[i].second);
      } else {
        truth += files[i].second;
      }
    }
    const auto left = estimate.left(1);
    ASSERT_TRUE(left);
    held += left->low_seconds <= truth && truth <= left->high_seconds;
    width += (left->high_seconds - left->low_seconds) / truth / 400;
  }
  EXPECT_GE(held, 360);
  EXPECT_LT(width, 0.8);
}

TEST(ScanEstimateTest, TimeIsSaidAsPeopleSayIt) {
  constexpr auto kEnglish = base::Language::english;
  EXPECT_EQ(to_string({40, 40.2}, kEnglish), "about 40 s left");
  EXPECT_EQ(to_string({480, 720}, kEnglish), "8 to 12 min left");
  EXPECT_EQ(to_string({50, 300}, kEnglish), "50 s to 5 min left");
  EXPECT_EQ(to_string({0, 0}, kEnglish), "about 1 s left");
  EXPECT_EQ(to_string({3600, 5400}, base::Language::french), "reste de 60 min à 1,5 h");
}

TEST(CheckpointScheduleTest, TheyComeEverySecondUntilThereArePeople) {
  CheckpointSchedule schedule;
  EXPECT_FALSE(schedule.is_due(0.9));
  EXPECT_TRUE(schedule.is_due(1));
  schedule.done(1.1, 0.01, 0);
  EXPECT_FALSE(schedule.is_due(2));
  EXPECT_TRUE(schedule.is_due(2.2));
}

TEST(CheckpointScheduleTest, WithPeopleTheyCostASixteenthAtMost) {
  CheckpointSchedule schedule;
  schedule.done(3.1, 0.1, 5);
  EXPECT_FALSE(schedule.is_due(7));
  EXPECT_TRUE(schedule.is_due(7.2));
  schedule.done(30, 20, 5);
  EXPECT_FALSE(schedule.is_due(329));
  EXPECT_TRUE(schedule.is_due(330));
}

}  // namespace
}  // namespace sealift::cli
