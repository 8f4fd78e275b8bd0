#include "base/error_table.h"

#include <gtest/gtest.h>

#include <set>

#include "base/refusal.h"

namespace sealift::base {
namespace {

TEST(ErrorTableTest, EveryCodeHasItsOwnRow) {
  std::set<std::string_view> names;
  for (int code = 1; code <= static_cast<int>(ErrorCode::over_quota); ++code) {
    const ErrorRow& row = error_row(static_cast<ErrorCode>(code));
    EXPECT_EQ(static_cast<int>(row.code), code);
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_TRUE(row.exit_status == 1 || row.exit_status == 2);
    EXPECT_TRUE(row.http_status >= 400 && row.http_status < 600);
    const RefusalRow* words = find_refusal(row.name);
    ASSERT_NE(words, nullptr) << row.name << " has a sentence in both languages";
    EXPECT_EQ(words->code, row.code);
  }
}

}  // namespace
}  // namespace sealift::base
