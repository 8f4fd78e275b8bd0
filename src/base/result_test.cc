#include "base/result.h"

#include <gtest/gtest.h>

#include <memory>

namespace sealift::base {
namespace {

Result<int> half(int n) {
  if (n % 2 != 0) return fail(ErrorCode::malformed, "odd");
  return n / 2;
}
Result<int> quarter(int n) {
  SEALIFT_TRY(const int h, half(n));
  SEALIFT_TRY(const int q, half(h));
  return q;
}
Result<void> check_quarter(int n) {
  SEALIFT_TRY_VOID(quarter(n));
  return {};
}

TEST(ResultTest, TryReturnsTheFirstError) {
  EXPECT_EQ(*quarter(8), 2);
  EXPECT_EQ(quarter(6).error().text, "odd");
  EXPECT_FALSE(check_quarter(6).has_value());
  EXPECT_TRUE(check_quarter(8).has_value());
}

TEST(ResultTest, ContextGoesInFront) {
  EXPECT_EQ(quarter(3).error().with_context("record 7").text, "record 7: odd");
}

TEST(ResultTest, CarriesMoveOnlyValues) {
  Result<std::unique_ptr<int>> r(std::make_unique<int>(4));
  EXPECT_EQ(*std::move(r).value(), 4);
}

}  // namespace
}  // namespace sealift::base
