#include "cli/duration.h"

#include <gtest/gtest.h>

namespace sealift::cli {
namespace {

using namespace std::chrono_literals;

TEST(DurationTest, NumberAndUnit) {
  EXPECT_EQ(parse_duration("1m"), 1min);
  EXPECT_EQ(parse_duration("36h"), 36h);
  EXPECT_EQ(parse_duration("7d"), 168h);
  EXPECT_EQ(parse_duration("2w"), 336h);
  EXPECT_EQ(parse_duration("3650d"), 24h * 3650);
}

TEST(DurationTest, AnythingElseIsRefused) {
  for (const char* bad : {"", "d", "7", "-7d", "+7d", "7 d", "7D", "11y", "0d", "1.5h", "3651d",
                          "99999999999999999999d", "0x7d", "7dd"})
    EXPECT_FALSE(parse_duration(bad).has_value()) << bad;
}

TEST(DurationTest, EveryUnitOfTheHelpIsTaken) {
  for (const char unit : {'m', 'h', 'd', 'w', 'y'}) {
    EXPECT_NE(kDurationUnits.find(unit), kDurationUnits.npos) << unit;
    EXPECT_TRUE(parse_duration(std::string("5") + unit).has_value()) << unit;
    EXPECT_TRUE(parse_days(std::string("5") + unit).has_value()) << unit;
  }
  EXPECT_TRUE(names_duration_units("how long: a number and m, h,\n      d, w or y; 7d"));
  EXPECT_FALSE(names_duration_units("m, h, d or w"));
  EXPECT_NE(duration_refused("--expires", "7x").find(kDurationUnits), std::string::npos);
  EXPECT_NE(days_refused("7x").find(kDurationUnits), std::string::npos);
}

TEST(DurationTest, CountsStartAtOne) {
  EXPECT_EQ(parse_count("1", 10), 1u);
  EXPECT_EQ(parse_count("10", 10), 10u);
  for (const char* bad : {"", "0", "11", "-1", "1 ", "a"})
    EXPECT_FALSE(parse_count(bad, 10).has_value()) << bad;
}

}  // namespace
}  // namespace sealift::cli
