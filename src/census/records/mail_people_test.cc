#include "census/records/mail_people.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sealift::census {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> read(std::string_view header) {
  std::vector<std::string> out;
  for (const MailAddress& address : mail_addresses(header))
    out.push_back(address.name + "|" + address.email);
  return out;
}

TEST(MailAddressesTest, ListsAreTakenApart) {
  EXPECT_THAT(read("Ann Lee <Ann.Lee@Board.example>, bo@clinic.example"),
              ElementsAre("Ann Lee|ann.lee@board.example", "|bo@clinic.example"));
  EXPECT_THAT(read("a@x.example; b@y.example"), ElementsAre("|a@x.example", "|b@y.example"));
  EXPECT_THAT(read("\"Roy, Joan\" <joan@x.example>, \"Lee, Bo\" <bo@x.example>"),
              ElementsAre("Roy, Joan|joan@x.example", "Lee, Bo|bo@x.example"));
}

TEST(MailAddressesTest, WhatIsNoAddressIsLeftOut) {
  for (const char* header :
       {"", " ", "undisclosed-recipients:;", "Ann Lee", "<>", "@", "a@", "@b.example", ",,;;"})
    EXPECT_THAT(read(header), IsEmpty()) << header;
}

TEST(MailAddressesTest, AnAddressOfAProviderIsPrivate) {
  EXPECT_TRUE(is_private_address("joanroy72@hotmail.com"));
  EXPECT_TRUE(is_private_address("x@gmail.com"));
  EXPECT_FALSE(is_private_address("lea.levesque@region.example"));
}

const Record* with_email(const MailPeople& people, std::string_view email) {
  for (const Record& record : people.records)
    for (const Element& element : record.elements)
      if (element.type == ElementType::email && element.value == email) return &record;
  return nullptr;
}

TEST(MailPeopleTest, TheSenderComesFirstAndIsTold) {
  const MailPeople people = people_of_mail({{"To", "Bo Lee <bo@region.example>", {}},
                                            {"From", "Ann Roy <ann.roy@region.example>", {}},
                                            {"Date", "Tue, 10 Nov 2020 09:15:00 -0500", {}}});
  ASSERT_TRUE(people.has_sender);
  ASSERT_EQ(people.records.size(), 2U);
  EXPECT_EQ(&people.records[0], with_email(people, "ann.roy@region.example"));
  EXPECT_EQ(people.records[0].role, Role::staff);
  EXPECT_EQ(people.date, "2020-11-10");
}

TEST(MailPeopleTest, APrivatePersonIsNoStaff) {
  const MailPeople people = people_of_mail(
      {{"From", "Joan Roy <joanroy72@hotmail.com>", {}}, {"To", "desk@region.example", {}}});
  const Record* joan = with_email(people, "joanroy72@hotmail.com");
  ASSERT_NE(joan, nullptr);
  EXPECT_NE(joan->role, Role::staff);
}

TEST(MailPeopleTest, AHeaderWithoutPeopleMakesNone) {
  const MailPeople people = people_of_mail(
      {{"Subject", "Roof", {}}, {"From", "undisclosed", {}}, {"Date", "tomorrow", {}}});
  EXPECT_FALSE(people.has_sender);
  EXPECT_THAT(people.records, IsEmpty());
  EXPECT_EQ(people.date, "");
}

}  // namespace
}  // namespace sealift::census
