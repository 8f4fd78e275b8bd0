#include "cli/arguments.h"

#include <gtest/gtest.h>

namespace sealift::cli {
namespace {

constexpr Option kOptions[] = {
    {'o', "output", Takes::value},  {'r', "recipient", Takes::value},
    {'a', "armor", Takes::nothing}, {'p', "passphrase", Takes::nothing},
    {'\0', "pq", Takes::nothing},
};

tl::expected<Arguments, Failure> parse(std::vector<std::string> words) {
  return parse_arguments(kOptions, words);
}

TEST(ArgumentsTest, EverySpellingOfAValueIsTheSame) {
  for (const auto& words : std::vector<std::vector<std::string>>{
           {"-o", "x"}, {"-ox"}, {"--output", "x"}, {"--output=x"}, {"-ao", "x"}, {"-aox"}}) {
    const auto parsed = parse(words);
    ASSERT_TRUE(parsed.has_value()) << words[0];
    EXPECT_EQ(parsed->value("output"), "x") << words[0];
  }
}

TEST(ArgumentsTest, RepeatedOptionsKeepTheirOrder) {
  const auto parsed = parse({"-r", "1", "in", "--recipient=2", "-r3"});
  EXPECT_EQ(parsed->values("recipient"), (std::vector<std::string>{"1", "2", "3"}));
  EXPECT_EQ(parsed->operands(), (std::vector<std::string>{"in"}));
}

TEST(ArgumentsTest, DashIsAnOperandAndDoubleDashEndsOptions) {
  const auto parsed = parse({"-a", "-", "--", "-o", "--"});
  EXPECT_TRUE(parsed->has("armor"));
  EXPECT_EQ(parsed->operands(), (std::vector<std::string>{"-", "-o", "--"}));
}

TEST(ArgumentsTest, ValueMayLookLikeAnOption) {
  EXPECT_EQ(parse({"-o", "-a"})->value("output"), "-a");
  EXPECT_EQ(parse({"--output="})->value("output"), "");
}

TEST(ArgumentsTest, MistakesAreUsageErrors) {
  for (const auto& words : std::vector<std::vector<std::string>>{
           {"-x"}, {"--none"}, {"-o"}, {"--output"}, {"--armor=yes"}, {"-ax"}, {"--out"}}) {
    const auto parsed = parse(words);
    ASSERT_FALSE(parsed.has_value()) << words[0];
    EXPECT_EQ(parsed.error().error.code, base::ErrorCode::usage) << words[0];
  }
}

}  // namespace
}  // namespace sealift::cli
