#include "server/vault/steady_time.h"

#include <gtest/gtest.h>

namespace sealift::server::vault {
namespace {

using std::chrono::hours;

base::UnixTime at(int hour) { return base::UnixTime(hours(hour)); }

TEST(SteadyTimeTest, ItNeverGoesBack) {
  base::ManualClock clock(at(10));
  SteadyTime time(clock, at(12));
  EXPECT_EQ(time.now(), at(12));
  clock.advance(hours(3));
  EXPECT_EQ(time.now(), at(13));
  clock.step_wall_clock(-hours(5));
  EXPECT_EQ(time.now(), at(13));
  EXPECT_FALSE(time.held());
}

TEST(SteadyTimeTest, AStepWithinADayIsBelieved) {
  base::ManualClock clock(at(1000));
  SteadyTime time(clock, at(1000));
  clock.step_wall_clock(hours(23));
  EXPECT_EQ(time.now(), at(1023));
  EXPECT_FALSE(time.held());
}

TEST(SteadyTimeTest, AJumpIsHeldAndTimeGoesOnMeanwhile) {
  base::ManualClock clock(at(1000));
  SteadyTime time(clock, at(1000));
  clock.step_wall_clock(hours(24 * 365 * 3));
  EXPECT_EQ(time.now(), at(1000));
  EXPECT_EQ(time.held(), clock.now());
  clock.advance(hours(2));
  EXPECT_EQ(time.now(), at(1002));
  clock.step_wall_clock(-hours(24 * 365 * 3));
  EXPECT_EQ(time.now(), at(1002)) << "it came back by itself, and nothing had expired";
  EXPECT_FALSE(time.held());
}

TEST(SteadyTimeTest, AnAcceptedJumpIsTheTime) {
  base::ManualClock clock(at(1000));
  SteadyTime time(clock, at(1000));
  clock.step_wall_clock(hours(1000));
  EXPECT_EQ(time.now(), at(1000));
  time.accept();
  EXPECT_EQ(time.now(), at(2000));
  EXPECT_FALSE(time.held());
}

TEST(SteadyTimeTest, ALongIdleServerWhoseClockAgreesIsNotHeld) {
  base::ManualClock clock(at(1000));
  SteadyTime time(clock, at(1000));
  clock.advance(hours(24 * 40));
  EXPECT_EQ(time.now(), at(1000 + 24 * 40));
}

TEST(SteadyTimeTest, AStartBelievesTwoWeeksAndHoldsMore) {
  base::ManualClock off(at(1000 + 24 * 14));
  EXPECT_EQ(SteadyTime(off, at(1000)).now(), off.now());
  base::ManualClock jumped(at(1000 + 24 * 15));
  SteadyTime time(jumped, at(1000));
  EXPECT_EQ(time.now(), at(1000));
  EXPECT_EQ(time.held(), jumped.now());
  base::ManualClock held_before(at(1000 + 24 * 3));
  EXPECT_EQ(SteadyTime(held_before, at(1000), kClockJumpMax).now(), at(1000))
      << "a process that ends accepts nothing";
  base::ManualClock fresh(at(500'000));
  EXPECT_EQ(SteadyTime(fresh, base::UnixTime()).now(), fresh.now()) << "a new catalog knows none";
}

}  // namespace
}  // namespace sealift::server::vault
