#include "server/vault/json_request.h"

#include <gtest/gtest.h>

namespace sealift::server::vault {
namespace {

// Reads a body that has one field of each kind.
base::Result<void> read(std::string_view text) {
  SEALIFT_TRY(JsonRequest body, JsonRequest::parse(base::bytes_of(text)));
  body.id<catalog::ParcelId>("id");
  body.integer("count", {1, 5});
  body.optional_integer("more", {0, 9});
  body.choice("word", {"none", "some"});
  body.fixed<3>("bytes");
  body.each("list", 2, [](JsonRequest& one) { one.boolean("is_good"); });
  return body.done();
}

constexpr std::string_view kGood =
    R"({"id":"000102030405060708090a0b0c0d0e0f","count":5,"word":"some","bytes":"AAEC",)"
    R"("list":[{"is_good":true}]})";

std::string with(std::string_view from, std::string_view to) {
  std::string text(kGood);
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos);
  return text.replace(at, from.size(), to);
}

TEST(JsonRequestTest, WhatHasEveryFieldAndNoOtherIsTaken) {
  EXPECT_TRUE(read(kGood));
  EXPECT_TRUE(read(with("\"count\"", "\"more\":9,\"count\"")));
}

TEST(JsonRequestTest, WhatIsMissingWrongOrUnknownIsRefused) {
  for (const std::string& text : {
           std::string("[]"),
           std::string("{}"),
           std::string(kGood) + " {}",
           with("\"count\":5,", ""),
           with("\"count\":5", "\"count\":0"),
           with("\"count\":5", "\"count\":6"),
           with("\"count\":5", "\"count\":-1"),
           with("\"count\":5", "\"count\":5.0"),
           with("\"count\":5", "\"count\":\"5\""),
           with("\"count\":5", "\"count\":5,\"count\":5"),
           with("\"count\":5", "\"count\":5,\"other\":1"),
           with("\"count\":5", "\"count\":5,\"more\":10"),
           with("some", "SOME"),
           with("AAEC", "AAE"),
           with("AAEC", "AAECAwQF"),
           with("AAEC", "AAE="),
           with("000102", "00010"),
           with("0a0b", "0A0B"),
           with("true", "1"),
           with("\"is_good\":true", "\"is_good\":true,\"other\":1"),
           with("{\"is_good\":true}", "1"),
           with("{\"is_good\":true}", "{\"is_good\":true},{\"is_good\":true},{\"is_good\":true}"),
       }) {
    const auto outcome = read(text);
    ASSERT_FALSE(outcome) << text;
    EXPECT_EQ(outcome.error().code, base::ErrorCode::malformed) << text;
  }
}

}  // namespace
}  // namespace sealift::server::vault
