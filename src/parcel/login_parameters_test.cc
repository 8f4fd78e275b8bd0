#include "parcel/login_parameters.h"

#include <gtest/gtest.h>

#include <limits>

namespace sealift::parcel {
namespace {

LoginParameters some(std::uint32_t passes, std::uint32_t memory_kib) {
  return {passes, memory_kib, {std::byte{7}, std::byte{8}}};
}

TEST(LoginParametersTest, WhatIsWrittenIsRead) {
  for (const LoginParameters& each :
       {some(kLoginPasses, kLoginMemoryKib), some(kLoginPassesMax, kLoginMemoryKibMax)}) {
    const base::Bytes bytes = encode_login_parameters(each);
    EXPECT_EQ(bytes.size(), kLoginParametersSize);
    EXPECT_EQ(parse_login_parameters(bytes), each);
  }
}

TEST(LoginParametersTest, AServerCannotChooseTheCost) {
  const std::uint32_t largest = std::numeric_limits<std::uint32_t>::max();
  for (const LoginParameters& each :
       {some(kLoginPasses - 1, kLoginMemoryKib), some(kLoginPasses, kLoginMemoryKib - 1),
        some(kLoginPassesMax + 1, kLoginMemoryKib), some(kLoginPasses, kLoginMemoryKibMax + 1),
        some(0, 0), some(largest, largest)}) {
    const auto read = parse_login_parameters(encode_login_parameters(each));
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, base::ErrorCode::unsupported);
  }
}

TEST(LoginParametersTest, OtherFormsAreRefused) {
  base::Bytes bytes = encode_login_parameters(some(kLoginPasses, kLoginMemoryKib));
  bytes[0] = std::byte{2};
  EXPECT_EQ(parse_login_parameters(bytes).error().code, base::ErrorCode::unsupported);
  bytes[0] = std::byte{1};
  bytes.push_back(std::byte{0});
  EXPECT_EQ(parse_login_parameters(bytes).error().code, base::ErrorCode::malformed);
  bytes.resize(kLoginParametersSize - 1);
  EXPECT_EQ(parse_login_parameters(bytes).error().code, base::ErrorCode::malformed);
  EXPECT_EQ(parse_login_parameters({}).error().code, base::ErrorCode::malformed);
}

}  // namespace
}  // namespace sealift::parcel
