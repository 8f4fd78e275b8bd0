#include "parcel/entry_path.h"

#include <gtest/gtest.h>

namespace sealift::parcel {
namespace {

TEST(EntryPathTest, OrdinaryAndOddNamesAreTaken) {
  const std::string longest(255, 'x');
  for (const std::string& text : std::vector<std::string>{
           "a",      "a/b/c",     "Zoë.pdf", "東京/🙂", " ",     "a b", "...",
           "..a",    "a..",       ".hidden", "-rf",         "$(id)", "a;b", "con",
           "%2e%2e", "\u202etxt", longest,   "<script>",    "~",     "*"}) {
    const auto path = EntryPath::parse(text);
    ASSERT_TRUE(path.has_value()) << text;
    EXPECT_EQ(path->text(), text);
  }
  EXPECT_EQ(EntryPath::parse("a/b")->components(), (std::vector<std::string_view>{"a", "b"}));
}

TEST(EntryPathTest, WhatCouldLeaveTheFolderOrDeceiveIsRefused) {
  std::string deep = "d";
  for (int i = 0; i < 64; ++i) deep += "/d";
  std::string too_long = std::string(250, 'y');
  for (int i = 0; i < 17; ++i) too_long += "/" + std::string(250, 'y');
  for (const std::string& text :
       std::vector<std::string>{"",      "/",           "/etc/passwd",  "a/",
                                "a//b",  ".",           "..",           "../a",
                                "a/..",  "a/../b",      "./a",          "a/.",
                                "..\\a", "a\\b",        "C:\\a",        std::string("a\0b", 3),
                                "a\nb",  "a\x1b[2J",    "a\x7f",        "a\xc2\x85z",
                                "\xff",  "a\xc0\xaf..", "\xed\xa0\x80", std::string(256, 'x'),
                                deep,    too_long}) {
    const auto path = EntryPath::parse(text);
    ASSERT_FALSE(path.has_value()) << text;
    EXPECT_EQ(path.error().code, base::ErrorCode::malformed);
  }
}

}  // namespace
}  // namespace sealift::parcel
