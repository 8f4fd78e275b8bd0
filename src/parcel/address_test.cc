#include "parcel/address.h"

#include <gtest/gtest.h>

namespace sealift::parcel {
namespace {

TEST(AddressTest, GoodOnesAreWrittenInOneWay) {
  const std::pair<std::string, std::string> good[] = {
      {"a@b", "a@b"},
      {"Lea.Tremblay@Region.Example", "lea.tremblay@region.example"},
      {"o'hara+tag@a-b.example", "o'hara+tag@a-b.example"},
      {"x@xn--9caa.example", "x@xn--9caa.example"},
      {"1_2=3@9.example", "1_2=3@9.example"},
      {std::string(64, 'l') + "@example.org", std::string(64, 'l') + "@example.org"},
  };
  for (const auto& [text, normal] : good) {
    const auto address = Address::parse(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(address->text(), normal);
    EXPECT_EQ(Address::parse(normal), address) << "normal is normal";
  }
  EXPECT_EQ(Address::parse("A@B.Example")->domain(), "b.example");
}

TEST(AddressTest, OthersAreRefused) {
  const std::string refused[] = {
      "",
      "@",
      "a",
      "a@",
      "@b",
      "a@b@c",
      "a@@b",
      ".a@b",
      "a.@b",
      "a..b@c",
      "a@.b",
      "a@b.",
      "a@b..c",
      "a@-b",
      "a@b-",
      "a@b_c",
      "a@[127.0.0.1]",
      "\"a b\"@c",
      "a b@c",
      "a@b c",
      " a@b",
      "a@b ",
      "a@b\r\nRCPT TO:<c@d>",
      "a\n@b",
      "<a@b>",
      "a@b>",
      "a,c@b",
      "a\\@b",
      "a;@b",
      std::string("a\0@b", 4),
      "\x7f@b",
      "\xc3\xa9@b",
      "a@\xc3\xa9.example",
      std::string(65, 'l') + "@b",
      "a@" + std::string(64, 'l'),
      "a@" + std::string(63, 'l') + "." + std::string(63, 'm') + "." + std::string(63, 'n') + "." +
          std::string(63, 'o'),
  };
  for (const std::string& text : refused) EXPECT_FALSE(Address::parse(text)) << text;
}

}  // namespace
}  // namespace sealift::parcel
