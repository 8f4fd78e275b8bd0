#include "census/structure/cards.h"

#include <gtest/gtest.h>

namespace sealift::census {
namespace {

TEST(CardsTest, ALabelIsAColumnAndABlockARow) {
  const auto cards = cards_of({{"List of the day"},
                               {"AA", "one", "BB", "11"},
                               {"CC", "red"},
                               {"AA", "two", "BB", "12"},
                               {"CC", "blue"},
                               {"AA", "three", "BB", ""},
                               {"CC", "green"}});
  ASSERT_TRUE(cards);
  EXPECT_EQ(cards->labels, (std::vector<std::string>{"AA", "BB", "CC"}));
  EXPECT_EQ(cards->records[1], (std::vector<std::string>{"two", "12", "blue"}));
  EXPECT_EQ(cards->places[1][2].row, 4U);
  EXPECT_EQ(cards->places[1][2].column, 1U);
  EXPECT_FALSE(cards->taken[0]);
  EXPECT_TRUE(cards->taken[6]);
}

TEST(CardsTest, ALabelMayBeMissing) {
  const auto cards = cards_of({{"AA: one", "BB: 11"},
                               {"CC: red"},
                               {"AA: two", "CC: blue"},
                               {"AA: three", "BB: 13"},
                               {"CC: grey"},
                               {"AA: four", "BB: 14"},
                               {"CC: pink"}});
  ASSERT_TRUE(cards);
  ASSERT_EQ(cards->records.size(), 4U);
  EXPECT_EQ(cards->records[1], (std::vector<std::string>{"two", "", "blue"}));
}

TEST(CardsTest, ListsAreNoCards) {
  EXPECT_FALSE(cards_of({{"Status", "Name"},
                         {"Open", "Ann Roe"},
                         {"Closed", "Kim Poe"},
                         {"Closed", "Lee Moe"},
                         {"Open", "Max Dow"},
                         {"Open", "Eve Low"},
                         {"Closed", "Sam Row"},
                         {"Open", "Tom Hay"},
                         {"Closed", "Ida May"},
                         {"Closed", "Ben Day"}}));
  EXPECT_FALSE(cards_of({{"AA", "one"}, {"BB", "two"}, {"CC", "three"}}));
  EXPECT_FALSE(cards_of({}));
}

}  // namespace
}  // namespace sealift::census
