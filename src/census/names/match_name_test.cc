#include "census/names/match_name.h"

#include <gtest/gtest.h>

#include "census/names/match_nickname.h"

namespace sealift::census {
namespace {

NameAgreement compare(std::string_view a, std::string_view b) {
  return compare_names(match_name(a), match_name(b));
}

TEST(MatchNameTest, NamesOfOnePersonAgreeHoweverWritten) {
  const std::pair<const char*, const char*> same[] = {
      {"Denise Hill", "HILL, Denise Cortney"},
      {"Sean C. Suero", "Sean Suero"},
      {"Nora Grant", "Nora Camille Grant"},
      {"Dr. Bill Ross", "William Ross"},
      {"Manon Girard-Lambert", "Manon Girard"},
      {"Wilhelmina Van Dijk", "Wilhelmina VanDijk"},
      {"Léa Lévesque", "LEVESQUE, Lea"},
      {"Khatun Mike", "Mike Khatun"},
      {"Jean-François Roy", "Jean Roy"},
      {"Édouard Jean-François Roy", "ROY, Édouard"},
      {"J. Smith", "John Smith"},
      {"Maria Garcia Lopez", "Maria Garcia"},
      {"Lance Schwarttz", "Lance Schwartz"},
  };
  for (const auto& [a, b] : same) {
    EXPECT_TRUE(compare(a, b).compatible()) << a << " / " << b;
    EXPECT_TRUE(compare(b, a).compatible()) << b << " / " << a;
  }
}

TEST(MatchNameTest, NamesOfTwoPeopleClash) {
  const std::pair<const char*, const char*> apart[] = {
      {"Ji-a Rim", "Ji-an Rim"},
      {"Tony Barnett Jr", "Tony Barnett Sr"},
      {"Nora Camille Grant", "Nora Jane Grant"},
      {"Ayesha Randhawa", "Bilal Randhawa"},
      {"Mason Gomez", "Mason Grant"},
      {"Jayden Roy", "Hayden Roy"},
  };
  for (const auto& [a, b] : apart) {
    EXPECT_FALSE(compare(a, b).compatible()) << a << " / " << b;
    EXPECT_FALSE(compare(b, a).compatible()) << b << " / " << a;
  }
}

TEST(MatchNameTest, JuniorBesideAPlainNameIsNoted) {
  EXPECT_TRUE(compare("Tony Barnett Jr", "Tony Barnett").generation_one_sided);
  EXPECT_FALSE(compare("Tony Barnett", "Tony Barnett").generation_one_sided);
}

TEST(MatchNameTest, PartsAreToldApart) {
  const MatchName name = match_name("CHETRY Sr, Syed Shivansh");
  EXPECT_EQ(name.family, std::vector<std::string>{"chetry"});
  EXPECT_EQ(name.given, (std::vector<std::string>{"syed", "shivansh"}));
  EXPECT_EQ(name.generation, 1);
  EXPECT_EQ(match_name("Mr. Noser").family, std::vector<std::string>{"noser"});
  EXPECT_TRUE(match_name("Mr. Noser").given.empty());
  EXPECT_TRUE(match_name("").empty());
}

TEST(MatchNameTest, OneSlipIsOneLetter) {
  EXPECT_TRUE(is_one_slip("schwartz", "schwarttz"));
  EXPECT_TRUE(is_one_slip("brian", "brain"));
  EXPECT_TRUE(is_one_slip("carol", "karol"));
  EXPECT_FALSE(is_one_slip("carol", "karel"));
  EXPECT_FALSE(is_one_slip("ann", "annabel"));
}

TEST(MatchNameTest, NicknamesArePairsNotChains) {
  EXPECT_TRUE(is_nickname_pair("bill", "william"));
  EXPECT_TRUE(is_nickname_pair("bill", "liam"));
  EXPECT_FALSE(is_nickname_pair("bill", "bob"));
  EXPECT_EQ(nickname_root("bill"), "william");
  EXPECT_EQ(nickname_root("ted"), "ted");  // Edward or Theodore: nobody knows
}

}  // namespace
}  // namespace sealift::census
