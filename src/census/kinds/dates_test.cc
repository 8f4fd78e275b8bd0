#include "census/kinds/dates.h"

#include <gtest/gtest.h>

namespace sealift::census {
namespace {

std::string read(std::string_view text, const DateHint& hint = {}) {
  const auto parsed = parse_date(text, hint);
  return parsed ? parsed->date.iso() : "";
}

TEST(DatesTest, EveryUsualShapeIsRead) {
  for (const char* text : {"1984-03-07",
                           "1984/03/07",
                           "1984/3/7",
                           "1984.03.07",
                           "19840307",
                           "March 7, 1984",
                           "March 7 1984",
                           "MARCH 7, 1984",
                           "7 March 1984",
                           "7-Mar-1984",
                           "07-MAR-84",
                           "07MAR1984",
                           "Mar. 7, 1984",
                           "March 7th, 1984",
                           "7th of March, 1984",
                           "7 mars 1984",
                           "le 7 mars 1984",
                           "mercredi 7 mars 1984",
                           "Wednesday, March 7, 1984",
                           "1984-03-07T00:00:00Z",
                           "1984-03-07 00:00:00",
                           " 1984-03-07 ",
                           "1984-Mar-07",
                           "Mar-07-1984",
                           "07/03/1984",
                           "7.3.1984",
                           "07 03 1984",
                           "1984 03 07"}) {
    EXPECT_EQ(read(text), "1984-03-07") << text;
  }
  EXPECT_EQ(read("1er février 1990"), "1990-02-01");
  EXPECT_EQ(read("12 août 2004"), "2004-08-12");
  EXPECT_EQ(read("29 Feb 2004"), "2004-02-29");
}

TEST(DatesTest, OthersAreRefused) {
  for (const char* text :
       {"",           "1984",     "1984-13-07", "1984-02-30",  "2100-02-29", "32/01/1984",
        "13/13/1984", "7/3",      "March 1984", "March 7",     "7 Foo 1984", "1984-03-07-11",
        "1984-03/07", "19841307", "198403071",  "1984-03-071", "07/03/198",  "Marching 7, 1984",
        "1700-01-01", "12:30:45", "1.2.3",      "555-123-4567"}) {
    EXPECT_EQ(read(text), "") << text;
  }
}

TEST(DatesTest, DayAndMonthFollowTheHintOnlyWhereBothReadingsArePossible) {
  const DateHint months{.order = DateOrder::month_day_year};
  EXPECT_EQ(read("07/03/1984"), "1984-03-07");
  EXPECT_EQ(read("07/03/1984", months), "1984-07-03");
  EXPECT_EQ(read("28/06/2015", months), "2015-06-28");
  const auto parsed = parse_date("07/03/1984");
  ASSERT_TRUE(parsed && parsed->swapped);
  EXPECT_EQ(parsed->swapped->iso(), "1984-07-03");
  EXPECT_FALSE(parse_date("07/07/1984")->swapped);
  EXPECT_FALSE(parse_date("28/06/2015")->swapped);
}

TEST(DatesTest, TwoDigitYearsAreNotInTheFuture) {
  const DateHint hint{.as_of = {2021, 1, 20}};
  EXPECT_EQ(read("07/03/84", hint), "1984-03-07");
  EXPECT_EQ(read("07/03/21", hint), "2021-03-07");
  EXPECT_EQ(read("07/03/22", hint), "1922-03-07");
}

TEST(DatesTest, ADateAtTheBeginningEndsWhereItEnds) {
  const auto parsed = parse_date_prefix("26-Apr-2010) wants a call");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->size_bytes, 11U);
  EXPECT_FALSE(parse_date_prefix("26-Apr-2010x"));
}

TEST(DatesTest, TheOrderOfAColumnIsWhatItsValuesShow) {
  EXPECT_EQ(order_by_evidence({"07/03/1984", "28/06/2015"}), DateOrder::day_month_year);
  EXPECT_EQ(order_by_evidence({"07/03/1984", "08/21/1961"}), DateOrder::month_day_year);
  EXPECT_EQ(order_by_evidence({"1984-03-07"}), DateOrder::year_month_day);
  EXPECT_EQ(order_by_evidence({"07/03/1984"}), DateOrder::unknown);
  EXPECT_EQ(order_by_evidence({"28/06/2015", "08/21/1961"}), DateOrder::unknown);
}

TEST(DatesTest, AgeCountsFullYears) {
  EXPECT_EQ(age_on({2003, 1, 21}, {2021, 1, 20}), 17);
  EXPECT_EQ(age_on({2003, 1, 20}, {2021, 1, 20}), 18);
}

TEST(DatesTest, IsoAloneIsStrict) {
  EXPECT_TRUE(parse_iso_date("1984-03-07"));
  for (const char* text : {"1984-3-7", "1984/03/07", "1984-03-07 ", "19840307"})
    EXPECT_FALSE(parse_iso_date(text)) << text;
}

}  // namespace
}  // namespace sealift::census
