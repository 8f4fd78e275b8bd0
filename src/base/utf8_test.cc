#include "base/utf8.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace sealift::base
