#include "cli/did_you_mean.h"

#include <gtest/gtest.h>

namespace sealift::cli {
namespace {

constexpr std::string_view kKnown[] = {"send", "receive", "inbox", "outbox", "lockdown", "log"};

TEST(DidYouMeanTest, AMistypedWordHasANearOne) {
  EXPECT_EQ(nearest("sned", kKnown), "send");
  EXPECT_EQ(nearest("recieve", kKnown), "receive");
  EXPECT_EQ(nearest("inbx", kKnown), "inbox");
  EXPECT_EQ(nearest("lock-down", kKnown), "lockdown");
  EXPECT_EQ(did_you_mean("otbox", kKnown), "did you mean outbox?");
}

TEST(DidYouMeanTest, AnotherWordHasNone) {
  EXPECT_FALSE(nearest("frobnicate", kKnown));
  EXPECT_FALSE(nearest("", kKnown));
  EXPECT_FALSE(nearest("x", kKnown));
  EXPECT_FALSE(nearest("ls", kKnown)) << "half of it changed is another word";
  EXPECT_FALSE(nearest(std::string(1000, 'a'), kKnown));
  EXPECT_EQ(did_you_mean("frobnicate", kKnown), "");
}

}  // namespace
}  // namespace sealift::cli
