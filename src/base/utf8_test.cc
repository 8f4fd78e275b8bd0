#include "base/utf8.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sealift::base {
namespace {

TEST(Utf8Test, EveryLengthDecodes) {
  EXPECT_EQ(first_code_point("a")->value, U'a');
  EXPECT_EQ(first_code_point("é")->value, U'é');
  EXPECT_EQ(first_code_point("€uro")->value, U'€');
  EXPECT_EQ(first_code_point("𝄞")->value, U'𝄞');
  EXPECT_EQ(first_code_point("𝄞")->size_bytes, 4u);
  EXPECT_TRUE(is_utf8(""));
  EXPECT_TRUE(is_utf8("Zoë 東京 🙂"));
}

TEST(Utf8Test, EverythingElseIsRefused) {
  for (const std::string_view text :
       {"\x80", "\xc3", "\xc3(", "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xe0\x9f\xbf",
        "\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x80\x80\x80", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80",
        "\xf8\x88\x80\x80\x80", "\xfe", "\xff", "a\xe2\x82", "ok\xff"})
    EXPECT_FALSE(is_utf8(text));
  EXPECT_FALSE(first_code_point("").has_value());
}

TEST(Utf8Test, TheLengthOfTheGoodPrefixIsGiven) {
  struct Row {
    std::string text;
    std::size_t length;
  };
  const std::vector<Row> rows = {
      {"", 0},
      {"a longer run of plain text, past one word", 41},
      {"\x80", 0},
      {"\xC0\x80", 0},          // overlong NUL
      {"\xE0\x9F\xBF", 0},      // overlong
      {"\xED\xA0\x80", 0},      // surrogate
      {"\xF4\x90\x80\x80", 0},  // above U+10FFFF
      {"abc\xC3", 3},           // cut short
      {"abc\xE2\x82", 3},
      {"12345678\xF0\x9F\x9A", 8},
      {"1234567\xC3\xA9 1234567\xE9", 17},  // Latin-1 after UTF-8
  };
  for (const Row& row : rows) EXPECT_EQ(utf8_prefix_length(row.text), row.length) << row.text;
}

}  // namespace
}  // namespace sealift::base
