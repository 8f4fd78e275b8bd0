#include "server/logger/syslog_message.h"

#include <gtest/gtest.h>

namespace sealift::server {
namespace {

const base::UnixTime kTime{std::chrono::milliseconds(1'700'000'000'007)};

TEST(SyslogMessageTest, IsAsRfc5424HasIt) {
  const LogLine line{LogEvent::role_ended, kTime, {{"ended", "sealift-front"}}};
  EXPECT_EQ(syslog_message(line, {"files", "supervisor", "0.1.0", 17}),
            "<27>1 2023-11-14T22:13:20.007Z files sealift supervisor role_ended "
            "[origin software=\"sealift\" swVersion=\"0.1.0\"][meta sequenceId=\"17\"] "
            "{\"time\":1700000000007,\"level\":\"error\",\"role\":\"supervisor\","
            "\"event\":\"role_ended\",\"ended\":\"sealift-front\"}");
}

TEST(SyslogMessageTest, LoginsHaveTheFacilityOfLogins) {
  const std::string text = syslog_message({LogEvent::login_failed, kTime, {}}, {"h", "r", "1", 1});
  EXPECT_TRUE(text.starts_with("<84>1 ")) << text;  // authpriv, warning
}

TEST(SyslogMessageTest, OddNamesMakeNoFieldsOfTheirOwn) {
  const std::string text =
      syslog_message({LogEvent::serving, kTime, {}}, {"a b\nc\"]", "", "1\"] [x@1 y=\"2", 1});
  EXPECT_TRUE(
      text.starts_with("<30>1 2023-11-14T22:13:20.007Z abc\"] sealift - serving "
                       "[origin software=\"sealift\" swVersion=\"1 [x@1 y=2\"]"))
      << text;
}

TEST(SyslogMessageTest, TheSequenceBeginsAgainAtItsEnd) {
  const LogLine line{LogEvent::serving, kTime, {}};
  EXPECT_NE(syslog_message(line, {"h", "r", "1", 2'147'483'647}).find("\"2147483647\""),
            std::string::npos);
  EXPECT_NE(syslog_message(line, {"h", "r", "1", 2'147'483'648}).find("sequenceId=\"1\""),
            std::string::npos);
}

TEST(SyslogMessageTest, OnAStreamItsOctetsAreCounted) {
  EXPECT_EQ(octet_counted("<30>1 x"), "7 <30>1 x");
}

}  // namespace
}  // namespace sealift::server
