#include "drill/canary_search.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/base64.h"
#include "base/hex.h"

namespace sealift::cli {
namespace {

using base::bytes_of;
using Form = CanarySearch::Form;
using namespace std::string_literals;

constexpr std::string_view kPlain = "kanarie-7Qz4Lw81";
constexpr std::string_view kAccented = "Zoë Ñandú & söhne/12.pdf";

std::vector<CanarySearch::Hit> hits_in(const CanarySearch& search, std::string_view text) {
  std::vector<CanarySearch::Hit> hits;
  search.search(bytes_of(text), [&](const CanarySearch::Hit& hit) { hits.push_back(hit); });
  return hits;
}

CanarySearch both() {
  CanarySearch search;
  search.add(1, kPlain);
  search.add(2, kAccented);
  return search;
}

TEST(CanarySearchTest, FindsBytesThatAreNoText) {
  const std::string key = "\xff\x00\x81key that is\x00none\xfe"s;
  CanarySearch search;
  search.add_bytes(3, bytes_of(key));
  for (const std::string& form :
       {key, base::hex_encode(bytes_of(key)),
        base::base64_encode(bytes_of("x" + key + "y"), base::Padding::required)}) {
    const auto hits = hits_in(search, "before" + form + "after");
    ASSERT_EQ(hits.size(), 1u) << base::hex_encode(bytes_of(form));
    EXPECT_EQ(hits[0].canary, 3u);
  }
  EXPECT_TRUE(hits_in(search, key.substr(0, key.size() - 1)).empty());
}

TEST(CanarySearchTest, FindsEveryForm) {
  const std::string accented_hex = base::hex_encode(bytes_of(kAccented));
  struct Case {
    Form form;
    std::uint32_t canary;
    std::string text;
  };
  const Case cases[] = {
      {Form::raw, 1, std::string(kPlain)},
      {Form::utf16, 1,
       std::string("k\0a\0n\0a\0r\0i\0e\0-\0"
                   "7\0Q\0z\0"
                   "4\0L\0w\0"
                   "8\0"
                   "1\0",
                   32)},
      {Form::hexadecimal, 1, "6b616e617269652d37517a344c773831"},
      {Form::hexadecimal, 1, "6B616E617269652D37517A344C773831"},
      {Form::base64, 1, "a2FuYXJpZS03UXo0THc4MQ=="},
      {Form::url, 2, "Zo%C3%AB%20%C3%91and%C3%BA%20%26%20s%C3%B6hne%2F12.pdf"},
      {Form::url, 2, "Zo%c3%ab%20%c3%91and%c3%ba%20%26%20s%c3%b6hne%2f12.pdf"},
      {Form::json, 2, "Zo\\u00eb \\u00d1and\\u00fa & s\\u00f6hne/12.pdf"},
      {Form::hexadecimal, 2, accented_hex},
  };
  const CanarySearch search = both();
  for (const Case& each : cases) {
    const auto hits = hits_in(search, "before" + each.text + "after");
    ASSERT_EQ(hits.size(), 1u) << each.text;
    EXPECT_EQ(hits[0].canary, each.canary) << each.text;
    EXPECT_EQ(hits[0].form, each.form) << each.text;
    EXPECT_EQ(hits[0].offset, 6u) << each.text;
  }
}

// Wherever the canary stands in what was encoded, and whatever is around it.
TEST(CanarySearchTest, FindsBase64AtEveryPlace) {
  const CanarySearch search = both();
  for (std::size_t before = 0; before < 7; ++before) {
    for (std::size_t after = 0; after < 4; ++after) {
      const std::string text = std::string(before, '\xFB').append(kAccented).append(after, '\xFF');
      std::string encoded = base::base64_encode(bytes_of(text), base::Padding::required);
      EXPECT_EQ(hits_in(search, encoded).size(), 1u) << before << ' ' << after;
      std::ranges::replace(encoded, '+', '-');
      std::ranges::replace(encoded, '/', '_');
      EXPECT_EQ(hits_in(search, encoded).size(), 1u) << before << ' ' << after;
    }
  }
}

TEST(CanarySearchTest, FindsNothingElse) {
  const CanarySearch search = both();
  std::string text(kPlain);
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string other = text;
    other[i] = static_cast<char>(other[i] ^ 1);
    EXPECT_TRUE(hits_in(search, other).empty()) << other;
    EXPECT_TRUE(hits_in(search, text.substr(0, i)).empty()) << i;
  }
}

}  // namespace
}  // namespace sealift::cli
