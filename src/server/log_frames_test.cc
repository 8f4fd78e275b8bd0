#include "server/log_frames.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

namespace sealift::server {
namespace {

const base::UnixTime kTime{std::chrono::milliseconds(1'700'000'000'123)};

LogLine some_line() {
  return {LogEvent::login_failed, kTime, {{"account", "0011"}, {"client", "2233"}, {"empty", ""}}};
}

TEST(LogFramesTest, WhatIsEncodedIsDecoded) {
  const auto line = decode_log_line(encode_log_line(some_line()));
  ASSERT_TRUE(line);
  EXPECT_EQ(*line, some_line());
}

TEST(LogFramesTest, DamagedFramesAreRefused) {
  const base::Bytes good = encode_log_line(some_line());
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(decode_log_line(base::ByteView(good).first(size))) << size;
  }
  base::Bytes longer = good;
  longer.push_back(std::byte{0});
  EXPECT_FALSE(decode_log_line(longer)) << "trailing bytes";
  base::Bytes unknown = good;
  unknown[0] = std::byte{0xff};
  EXPECT_FALSE(decode_log_line(unknown)) << "no such event";
  base::Bytes late = good;
  late[8] = std::byte{0xff};
  EXPECT_FALSE(decode_log_line(late)) << "no such time";
  base::Bytes many = good;
  many[9] = std::byte{17};
  EXPECT_FALSE(decode_log_line(many)) << "too many fields";
}

TEST(LogFramesTest, WhatIsTooLongIsCutNotRefused) {
  LogLine line{LogEvent::failed, kTime, {}};
  for (int i = 0; i < 20; ++i) {
    line.fields.emplace_back(std::string(100, 'k'), std::string(5000, 'v'));
  }
  const base::Bytes frame = encode_log_line(line);
  EXPECT_LE(frame.size(), kLogFrameSizeMax);
  const auto decoded = decode_log_line(frame);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->fields.size(), kLogFieldsMax);
  EXPECT_EQ(decoded->fields[0].first.size(), kLogKeySizeMax);
  EXPECT_EQ(decoded->fields[0].second.size(), kLogValueSizeMax);
}

TEST(LogFramesTest, AClientsBytesMakeNoLineAndNoFieldOfTheirOwn) {
  const std::string hostile = "a\"}\n{\"event\":\"serving\"}\r\n\x1b[2J\\u0022\x80\xff";
  const std::string text =
      json_line({LogEvent::failed, kTime, {{"why", hostile}, {hostile, "x"}}}, "front");
  EXPECT_EQ(text.find('\n'), text.size() - 1);
  for (const char c : text.substr(0, text.size() - 1)) {
    EXPECT_TRUE(c >= 0x20 && c < 0x7f) << text;
  }
  const auto line = nlohmann::json::parse(text);
  EXPECT_EQ(line["event"], "failed");
  EXPECT_EQ(line["role"], "front");
  EXPECT_EQ(line.size(), 6u);
}

TEST(LogEventTest, EachHasANameOfItsOwnThatSyslogTakes) {
  std::set<std::string_view> names;
  for (const LogEventRow& row : log_events()) {
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_LE(row.name.size(), 32u) << "MSGID, RFC 5424, section 6.2.7";
    EXPECT_FALSE(row.meaning.empty());
    EXPECT_EQ(&row_of(row.event), &row);
  }
  EXPECT_EQ(log_event_of(static_cast<std::uint8_t>(log_events().size())), std::nullopt);
}

}  // namespace
}  // namespace sealift::server
