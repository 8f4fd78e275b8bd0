#include "base/base64.h"

#include <gtest/gtest.h>

namespace sealift::base {
namespace {

struct Case {
  std::string_view plain, padded, bare;
};
// RFC 4648 section 10.
constexpr Case kCases[] = {
    {"", "", ""},
    {"f", "Zg==", "Zg"},
    {"fo", "Zm8=", "Zm8"},
    {"foo", "Zm9v", "Zm9v"},
    {"foob", "Zm9vYg==", "Zm9vYg"},
    {"fooba", "Zm9vYmE=", "Zm9vYmE"},
    {"foobar", "Zm9vYmFy", "Zm9vYmFy"},
};

TEST(Base64Test, VectorsOfTheStandardGoBothWays) {
  for (const Case& c : kCases) {
    EXPECT_EQ(base64_encode(bytes_of(c.plain), Padding::required), c.padded);
    EXPECT_EQ(base64_encode(bytes_of(c.plain), Padding::none), c.bare);
    EXPECT_EQ(text_of(*base64_decode(c.padded, Padding::required)), c.plain);
    EXPECT_EQ(text_of(*base64_decode(c.bare, Padding::none)), c.plain);
  }
}

TEST(Base64Test, AnythingElseIsRefused) {
  for (const std::string_view text :
       {"Zg=", "Zg", "Zh==", "Z===", "====", "=", "Zm9=", "Zm8\n=", "Zm 8", "Zm-_", "Zg==Zg=="})
    EXPECT_FALSE(base64_decode(text, Padding::required).has_value()) << text;
  for (const std::string_view text : {"Zg==", "Zh", "Zm9", "Z", "Zm8=", "Zm9vY"})
    EXPECT_FALSE(base64_decode(text, Padding::none).has_value()) << text;
}

}  // namespace
}  // namespace sealift::base
