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

TEST(SteadyTimeTest, AProcessThatFollowsAnotherGoesOnWithItsSum) {
  base::ManualClock clock(at(1000));
  const auto memory = *ClockMemory::make();
  {
    SteadyTime time(clock, at(1000), std::nullopt, memory.get());
    clock.step_wall_clock(hours(20));
    EXPECT_EQ(time.now(), at(1020));
  }
  clock.advance(hours(1));
  SteadyTime after(clock, at(1020), std::nullopt, memory.get());
  EXPECT_EQ(after.now(), at(1021));
  EXPECT_FALSE(after.held());
  EXPECT_EQ(after.room(), hours(4));
  clock.step_wall_clock(hours(5));
  EXPECT_EQ(after.now(), at(1021));
  EXPECT_EQ(after.held(), clock.now());
  SteadyTime third(clock, at(1021), std::nullopt, memory.get());
  EXPECT_EQ(third.now(), at(1021));
  EXPECT_EQ(third.held(), clock.now());
  third.accept();
  EXPECT_EQ(SteadyTime(clock, at(1021), std::nullopt, memory.get()).now(), clock.now());
}

TEST(SteadyTimeTest, AStepWhileNoProcessRunsIsHeldWhereTheServerRuns) {
  base::ManualClock clock(at(1000));
  const auto memory = *ClockMemory::make();
  EXPECT_EQ(SteadyTime(clock, at(1000), std::nullopt, memory.get()).now(), at(1000));
  clock.step_wall_clock(hours(24 * 13));
  EXPECT_EQ(SteadyTime(clock, at(1000)).now(), clock.now()) << "a server that was off";
  SteadyTime time(clock, at(1000), std::nullopt, memory.get());
  EXPECT_EQ(time.now(), at(1000));
  EXPECT_TRUE(time.held());
}

TEST(SteadyTimeTest, OfTwoEntriesTheNewestIsRead) {
  const auto memory = *ClockMemory::make();
  EXPECT_FALSE(memory->read());
  for (int hour = 1; hour < 4; ++hour) {
    const ClockReading reading{at(hour), hours(hour), at(hour + 10), hours(hour + 20)};
    memory->write(reading);
    EXPECT_EQ(memory->read(), reading);
  }
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
  EXPECT_EQ(SteadyTime(held_before, at(1000), HeldClock{at(1000 + 24 * 3)}).now(), at(1000))
      << "a process that ends accepts nothing";
  base::ManualClock fresh(at(500'000));
  EXPECT_EQ(SteadyTime(fresh, base::UnixTime()).now(), fresh.now()) << "a new catalog knows none";
}

TEST(SteadyTimeTest, StepsWithinADayAreHeldOnceTheirSumIsMore) {
  base::ManualClock clock(at(1000));
  SteadyTime time(clock, at(1000));
  for (int step = 1; step <= 4; ++step) {
    clock.step_wall_clock(hours(6));
    EXPECT_EQ(time.now(), at(1000 + 6 * step));
    EXPECT_FALSE(time.held());
  }
  clock.advance(hours(1));
  EXPECT_EQ(time.now(), at(1025)) << "the monotonic clock went that hour too";
  clock.step_wall_clock(hours(6));
  EXPECT_EQ(time.now(), at(1025));
  EXPECT_EQ(time.held(), clock.now());
  clock.advance(hours(2));
  EXPECT_EQ(time.now(), at(1027)) << "time goes on meanwhile";
  EXPECT_TRUE(time.held());
  time.accept();
  EXPECT_EQ(time.now(), clock.now());
  clock.step_wall_clock(hours(23));
  EXPECT_EQ(time.now(), clock.now()) << "the sum starts again at what a person accepted";
  EXPECT_FALSE(time.held());
}

TEST(SteadyTimeTest, StepsForwardAndBackDoNotAddUp) {
  base::ManualClock clock(at(1000));
  SteadyTime time(clock, at(1000));
  for (int i = 0; i < 10; ++i) {
    clock.step_wall_clock(hours(20));
    EXPECT_EQ(time.now(), at(1020));
    EXPECT_FALSE(time.held());
    clock.step_wall_clock(-hours(20));
    EXPECT_EQ(time.now(), at(1020));
  }
}

TEST(SteadyTimeTest, AClockHeldForItsSumStaysHeldInTheNextProcess) {
  base::ManualClock clock(at(1000));
  SteadyTime time(clock, at(1000));
  for (const hours step : {hours(23), hours(2)}) {
    clock.step_wall_clock(step);
    time.now();
  }
  ASSERT_TRUE(time.held());
  const auto kept = parse_held_clock(held_clock_text({*time.held(), time.room()}));
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->shows, at(1025));
  EXPECT_EQ(kept->room, hours(1));
  SteadyTime next(clock, at(1023), kept);
  EXPECT_EQ(next.now(), at(1023));
  EXPECT_TRUE(next.held());
  base::ManualClock corrected(at(1023) + std::chrono::minutes(30));
  SteadyTime after(corrected, at(1023), kept);
  EXPECT_EQ(after.now(), corrected.now());
  EXPECT_FALSE(after.held()) << "it was off for half an hour";
  EXPECT_EQ(after.room(), std::chrono::minutes(30)) << "and the sum is kept";
}

TEST(SteadyTimeTest, AMarkOfAnOlderServerHasTheRoomOfADay) {
  const auto kept = parse_held_clock("1800000000000");
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->room, kClockJumpMax);
  EXPECT_FALSE(parse_held_clock(kClockAccepted));
}

}  // namespace
}  // namespace sealift::server::vault
