// Responses: written from typed fields, read back, and refused.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "base/limits.h"
#include "http/json_body.h"
#include "http/response_head.h"
#include "http/response_reader.h"

namespace sealift::http {
namespace {

using base::UnixTime;
using std::chrono::milliseconds;

constexpr std::string_view kDate = "Sun, 06 Nov 1994 08:49:37 GMT";

std::string written(const ResponseHead& head, Channel channel = Channel::plain) {
  std::string out;
  write_response_head(head, {kDate, Persistence::keep_alive, channel}, out);
  return out;
}

ReadResponse read_back(const std::string& text, Method asked = Method::get) {
  const ResponseOutcome outcome = parse_response_head(text, asked);
  const auto* response = std::get_if<ReadResponse>(&outcome);
  EXPECT_NE(response, nullptr) << text;
  return response ? *response : ReadResponse{};
}

TEST(ResponseHeadTest, DatesHaveTheFixedForm) {
  EXPECT_EQ(http_date(UnixTime(milliseconds(784111777999))), kDate);
  EXPECT_EQ(http_date(UnixTime(milliseconds(0))), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(http_date(UnixTime(milliseconds(4107542399000))), "Sun, 28 Feb 2100 23:59:59 GMT");
}

TEST(ResponseHeadTest, WhatIsWrittenReadsBack) {
  ResponseHead head;
  head.status = Status::partial_content;
  head.media_type = MediaType::octet_stream;
  head.content_size_bytes = 20;
  head.range = ByteRange{10, 20};
  head.whole_size_bytes = 100;
  head.etag = EntityTag::make("00ff");
  head.accepts_ranges = true;
  head.attachment = true;
  const std::string text = written(head, Channel::tls);
  const std::string with_body = text + "body";  // the response borrows from it
  const ReadResponse response = read_back(with_body);
  EXPECT_EQ(response.status, 206U);
  EXPECT_EQ(response.size_bytes, text.size());
  EXPECT_EQ(response.body_size_bytes, 20U);
  EXPECT_EQ(response.fields.get(FieldName::etag), "\"00ff\"");
  const auto range = parse_content_range(*response.fields.get(FieldName::content_range));
  ASSERT_TRUE(range);
  EXPECT_EQ(range->range, (ByteRange{10, 20}));
  EXPECT_EQ(range->whole_size_bytes, 100U);
  EXPECT_NE(text.find("Strict-Transport-Security"), std::string::npos);
  EXPECT_NE(text.find("Content-Disposition: attachment\r\n"), std::string::npos);
}

TEST(ResponseHeadTest, EveryResponseForbidsSniffingFramingAndStoring) {
  for (const MediaType type : {MediaType::none, MediaType::json, MediaType::html}) {
    ResponseHead head;
    head.media_type = type;
    const std::string text = written(head);
    for (const std::string_view line :
         {"X-Content-Type-Options: nosniff\r\n", "Referrer-Policy: no-referrer\r\n",
          "frame-ancestors 'none'", "default-src 'none'", "Cache-Control: no-store\r\n"}) {
      EXPECT_NE(text.find(line), std::string::npos) << line;
    }
    EXPECT_EQ(text.find("unsafe-inline"), std::string::npos);
    EXPECT_EQ(text.find("Server:"), std::string::npos);
    EXPECT_EQ(text.find("Strict-Transport-Security"), std::string::npos);
  }
}

TEST(ResponseHeadTest, PageAndScriptsAreUnderThePagesPolicyAndDataIsNot) {
  for (const MediaType type : {MediaType::html, MediaType::script}) {
    ResponseHead head;
    head.media_type = type;
    const std::string text = written(head);
    EXPECT_NE(text.find(std::string("Content-Security-Policy: ").append(kPagePolicy)),
              std::string::npos);
    for (const std::string_view line :
         {"Cross-Origin-Opener-Policy: same-origin\r\n", "Permissions-Policy: "}) {
      EXPECT_NE(text.find(line), std::string::npos) << line;
    }
  }
  for (const std::string_view never :
       {"unsafe-inline", "'unsafe-eval'", "http:", "https:", "data:", "*"}) {
    EXPECT_EQ(kPagePolicy.find(never), std::string_view::npos) << never;
  }
  ResponseHead head;
  head.media_type = MediaType::json;
  EXPECT_NE(written(head).find("sandbox"), std::string::npos);
}

TEST(ResponseHeadTest, CodedContentSaysSoAndVaries) {
  ResponseHead head;
  EXPECT_EQ(written(head).find("Vary"), std::string::npos);
  head.coded = Coded::identity;
  EXPECT_NE(written(head).find("Vary: Accept-Encoding\r\n"), std::string::npos);
  EXPECT_EQ(written(head).find("Content-Encoding"), std::string::npos);
  head.coded = Coded::brotli;
  EXPECT_NE(written(head).find("Content-Encoding: br\r\n"), std::string::npos);
}

TEST(ResponseHeadTest, TypesOfValuesRefuseControlBytesAndQuotes) {
  for (const std::string_view text :
       {"", "x", "//evil.example", "/a\r\nX: y", "/a b", "/a\"", "/%41", "/a:b", "/a?b"}) {
    EXPECT_FALSE(Location::make(text)) << text;
  }
  EXPECT_TRUE(Location::make("/api/uploads/0a-Z._~"));
  std::string long_path(129, 'a');
  long_path.front() = '/';
  EXPECT_FALSE(Location::make(long_path));
}

TEST(ResponseHeadTest, TusFieldsAreWritten) {
  ResponseHead head;
  head.status = Status::no_content;
  head.tus = TusFields::capabilities;
  head.tus_max_size_bytes = 5;
  head.upload_offset = 7;
  head.upload_length = 9;
  head.upload_expires = UnixTime(milliseconds(784111777000));
  head.retry_after_seconds = 3;
  head.allow = method_bit(Method::get) | method_bit(Method::patch);
  const std::string text = written(head);
  for (const std::string& line :
       {std::string("Tus-Resumable: 1.0.0\r\n"), std::string("Tus-Version: 1.0.0\r\n"),
        std::string("Tus-Max-Size: 5\r\n"), std::string("Upload-Offset: 7\r\n"),
        std::string("Upload-Length: 9\r\n"), std::string("Retry-After: 3\r\n"),
        std::string("Allow: GET, PATCH\r\n"), std::string("Upload-Expires: ").append(kDate)}) {
    EXPECT_NE(text.find(line), std::string::npos) << line;
  }
  EXPECT_EQ(text.find("Content-Length"), std::string::npos);
}

TEST(ResponseReaderTest, BodiesFollowStatusAndMethod) {
  const std::string sized = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";
  EXPECT_EQ(read_back(sized).framing, BodyFraming::sized);
  EXPECT_EQ(read_back(sized, Method::head).framing, BodyFraming::none);
  EXPECT_EQ(read_back("HTTP/1.1 204\r\n\r\n").framing, BodyFraming::none);
  EXPECT_EQ(read_back("HTTP/1.1 100 Continue\r\n\r\n").framing, BodyFraming::none);
  EXPECT_EQ(read_back("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").framing,
            BodyFraming::chunked);
  EXPECT_EQ(read_back("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n").persistence,
            Persistence::close);
}

TEST(ResponseReaderTest, RefusesWhatCouldBeCutOrMisread) {
  for (const std::string_view text : {
           "HTTP/1.1 200 OK\r\n\r\n",  // until the connection ends
           "HTTP/2 200\r\n\r\n",
           "HTTP/1.1  200 OK\r\nContent-Length: 1\r\n\r\n",
           "HTTP/1.1 20 OK\r\nContent-Length: 1\r\n\r\n",
           "HTTP/1.1 2000 OK\r\nContent-Length: 1\r\n\r\n",
           "HTTP/1.1 099 OK\r\nContent-Length: 1\r\n\r\n",
           "HTTP/1.1 600 OK\r\nContent-Length: 1\r\n\r\n",
           "HTTP/1.1 200\x01\r\nContent-Length: 1\r\n\r\n",
           "HTTP/1.1 200 OK\nContent-Length: 1\n\n",
           "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
           "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
           "HTTP/1.1 200 OK\r\nContent-Length: 1e3\r\n\r\n",
           "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
           "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Encoding: gzip\r\n\r\n",
           "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n X: y\r\n\r\n",
           "<html>\r\n\r\n",
       }) {
    EXPECT_TRUE(std::holds_alternative<Refusal>(parse_response_head(text, Method::get))) << text;
  }
}

TEST(ResponseReaderTest, ContentRangeIsExact) {
  for (const std::string_view value :
       {"", "bytes */5", "bytes 0-4/*", "bytes 4-0/5", "bytes 0-5/5", "bytes 0-4/5 ",
        "bytes  0-4/5", "bytes 0/5-4", "items 0-4/5"}) {
    EXPECT_FALSE(parse_content_range(value)) << value;
  }
  EXPECT_TRUE(parse_content_range("bytes 0-4/5"));
}

TEST(JsonBodyTest, GoodBodiesAreParsed) {
  const auto value = parse_json_body(base::bytes_of(R"({"a":[1,{"a":"é"}],"b":null})"));
  ASSERT_TRUE(value);
  EXPECT_EQ((*value)["a"][1]["a"], "é");
}

TEST(JsonBodyTest, RefusesWhatIsNotStrictJson) {
  for (const std::string_view body : {"",
                                      " ",
                                      "{",
                                      "{}x",
                                      "{}{}",
                                      "{\"a\":1,}",
                                      "{\"a\":1,\"a\":2}",
                                      "{\"x\":{\"a\":1,\"a\":2}}",
                                      "{\"a\":\"\\u0000\"}",
                                      "{\"\\u0000\":1}",
                                      "{'a':1}",
                                      "[1,2",
                                      "NaN",
                                      "[01]",
                                      "// c\n{}",
                                      "\xef\xbb\xbf{}",
                                      "\"\xff\"",
                                      "\"\xc0\xaf\"",
                                      "\"\\ud800\"",
                                      "\"\n\"",
                                      "[1e999]"}) {
    EXPECT_FALSE(parse_json_body(base::bytes_of(body))) << body;
  }
}

TEST(JsonBodyTest, LimitsHold) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_TRUE(parse_json_body(base::bytes_of(nested(limits::kJsonDepthMax))));
  const auto deep = parse_json_body(base::bytes_of(nested(limits::kJsonDepthMax + 1)));
  ASSERT_FALSE(deep);
  EXPECT_EQ(deep.error().code, base::ErrorCode::limit);
  const auto bomb = parse_json_body(base::bytes_of(std::string(100000, '[')));
  EXPECT_FALSE(bomb);
  std::string large(limits::kJsonBodySizeMax + 2, '"');
  std::fill(large.begin() + 1, large.end() - 1, 'a');
  EXPECT_FALSE(parse_json_body(base::bytes_of(large)));
}

}  // namespace
}  // namespace sealift::http
