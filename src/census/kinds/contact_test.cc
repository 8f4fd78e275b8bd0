#include <gtest/gtest.h>

#include "census/kinds/email.h"
#include "census/kinds/phone.h"

namespace sealift::census {
namespace {

TEST(PhoneTest, EveryUsualShapeIsRead) {
  for (const char* text :
       {"(905) 555-0199", "905-555-0199", "905.555.0199", "905 555 0199", "9055550199",
        "1-905-555-0199", "+1 905 555 0199", "+1 (905) 555-0199", "+19055550199",
        "1 (905) 555-0199", "905-555-0199 x123", "905-555-0199 ext. 12", "905 555-0199 poste 4",
        "Tel: 905-555-0199", "(905)555-0199", "19055550199", "905/555-0199",
        "905\xE2\x80\x91"
        "555\xE2\x80\x91"
        "0199"}) {
    EXPECT_EQ(parse_phone(text), "+19055550199") << text;
  }
  EXPECT_EQ(parse_phone("+44 20 7946 0958"), "+442079460958");
  EXPECT_EQ(parse_phone("+33 (0)1 23 45 67 89"), "+33123456789");
}

TEST(PhoneTest, OthersAreRefused) {
  for (const char* text : {"", "555-0199", "105-555-0199", "905-155-0199", "905-555-01990",
                           "911-555-0199", "4416-123-456", "0", "905-55-0199", "9055550199123456",
                           "+0 123 456 789", "2020-01-20", "abc"}) {
    EXPECT_EQ(parse_phone(text), std::nullopt) << text;
  }
}

TEST(EmailTest, AddressesAreLowerCased) {
  EXPECT_EQ(parse_email("Jean-Luc.O'Neil+x@Mail.Example.ORG"),
            "jean-luc.o'neil+x@mail.example.org");
  EXPECT_EQ(parse_email("<a.b@c.example>"), "a.b@c.example");
  EXPECT_EQ(parse_email("mailto:a@b.ca"), "a@b.ca");
}

TEST(EmailTest, OthersAreRefused) {
  for (const char* text :
       {"", "@", "a@", "@b.ca", "a@b", "a@b.1", "a@b..ca", "a..b@c.ca", "react@18.2.0",
        "a@icon.png", "a@-b.ca", "user@host:~$", "a@b.ca@c.ca"}) {
    EXPECT_EQ(parse_email(text), std::nullopt) << text;
  }
}

TEST(EmailTest, AnAddressInTextEndsBeforeThePunctuation) {
  const std::string_view text = "write to joe@mail.example, or call.";
  const auto match = email_around(text, text.find('@'));
  ASSERT_TRUE(match);
  EXPECT_EQ(text.substr(match->begin, match->end - match->begin), "joe@mail.example");
}

}  // namespace
}  // namespace sealift::census
