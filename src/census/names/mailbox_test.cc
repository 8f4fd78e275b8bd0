#include "census/names/mailbox.h"

#include <gtest/gtest.h>

namespace sealift::census {
namespace {

TEST(MailboxTest, ItsLettersAreTheBearersNames) {
  const MatchName ruth = match_name("Ruth Griffin");
  for (const char* mailbox : {"ruth.griffin@mail.example", "r_griffin7@mail.example",
                              "GriffinRuth@mail.example", "ruthg@mail.example"})
    EXPECT_TRUE(spells(mailbox, ruth)) << mailbox;
  for (const char* mailbox : {"owen.griffin@mail.example", "maplefan@mail.example"})
    EXPECT_FALSE(spells(mailbox, ruth)) << mailbox;
}

TEST(MailboxTest, AnotherGivenNameBesideTheSurnameIsARelatives) {
  const std::vector<MatchName> ruth = {match_name("Ruth Ellen Griffin")};
  for (const char* mailbox :
       {"owen.griffin@mail.example", "griffin_kim3@mail.example", "pgriffin@mail.example"})
    EXPECT_TRUE(spells_relative(mailbox, ruth)) << mailbox;
  for (const char* mailbox :
       {"ruth.griffin@mail.example", "rgriffin@mail.example", "ellen.griffin@mail.example",
        "griffin.family@mail.example", "thegriffin12@mail.example", "snowbird@mail.example",
        "griffin44@mail.example"})
    EXPECT_FALSE(spells_relative(mailbox, ruth)) << mailbox;
}

TEST(MailboxTest, NicknamesAndShortFormsAreOnesOwn) {
  const std::vector<MatchName> robert = {match_name("Robert Hill")};
  EXPECT_FALSE(spells_relative("bob.hill@mail.example", robert));
  EXPECT_FALSE(spells_relative("rob_hill@mail.example", robert));
}

}  // namespace
}  // namespace sealift::census
