#include "http/request_head.h"

#include <gtest/gtest.h>

#include "base/limits.h"

namespace sealift::http {
namespace {

RequestHead parsed(std::string_view input) {
  const RequestOutcome outcome = parse_request_head(input);
  const auto* head = std::get_if<RequestHead>(&outcome);
  if (const auto* refusal = std::get_if<Refusal>(&outcome)) ADD_FAILURE() << refusal->reason;
  EXPECT_NE(head, nullptr) << input;
  return head ? *head : RequestHead{};
}

TEST(RequestHeadTest, ReadsLineAndFields) {
  const RequestHead head = parsed(
      "PATCH /api/uploads/0a1b?x=1 HTTP/1.1\r\nHost: Files.example.org:8443\r\n"
      "uPLOAD-oFFSET:\t 17 \r\nContent-Length: 5\r\nX-Unknown: kept by nobody\r\n\r\nhello");
  EXPECT_EQ(head.method, Method::patch);
  EXPECT_EQ(head.path, "/api/uploads/0a1b");
  EXPECT_EQ(head.query, "x=1");
  EXPECT_EQ(head.host, "Files.example.org:8443");
  EXPECT_EQ(head.fields.get(FieldName::upload_offset), "17");
  EXPECT_EQ(head.framing, BodyFraming::sized);
  EXPECT_EQ(head.body_size_bytes, 5U);
  EXPECT_EQ(head.persistence, Persistence::keep_alive);
}

TEST(RequestHeadTest, SizeIsThatOfTheHeadAlone) {
  const std::string_view head = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  const std::string input = std::string(head) + "GET /next HTTP/1.1\r\n";
  EXPECT_EQ(parsed(input).size_bytes, head.size());
}

TEST(RequestHeadTest, EveryPrefixOfAGoodHeadIsIncomplete) {
  const std::string whole =
      "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n";
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_TRUE(std::holds_alternative<Incomplete>(parse_request_head(whole.substr(0, size))))
        << size;
  }
  const RequestHead head = parsed(whole);
  EXPECT_EQ(head.framing, BodyFraming::chunked);
  EXPECT_TRUE(head.expects_continue);
}

TEST(RequestHeadTest, OfTheLinesThatNameClientsTheLastCounts) {
  const std::string whole =
      "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 192.0.2.66\r\n"
      "X-Forwarded-For: 198.51.100.1\r\n\r\n";
  EXPECT_EQ(parsed(whole).fields.get(FieldName::x_forwarded_for), "198.51.100.1");
}

TEST(RequestHeadTest, PersistenceFollowsVersionAndConnection) {
  const auto persistence = [](std::string_view version, std::string_view fields) {
    return parsed("GET / HTTP/" + std::string(version) + "\r\nHost: a\r\n" + std::string(fields) +
                  "\r\n")
        .persistence;
  };
  EXPECT_EQ(persistence("1.1", ""), Persistence::keep_alive);
  EXPECT_EQ(persistence("1.1", "Connection: Upgrade, CLOSE\r\n"), Persistence::close);
  EXPECT_EQ(persistence("1.0", ""), Persistence::close);
  EXPECT_EQ(persistence("1.0", "Connection: keep-alive\r\n"), Persistence::close);
}

TEST(RequestHeadTest, GoodForms) {
  for (const std::string_view input : {
           "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
           "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
           "GET http://a:80/x HTTP/1.1\r\nHost: A:80\r\n\r\n",
           "GET /x HTTP/1.1\r\nHost: [2001:db8::1]:8443\r\n\r\n",
           "GET /x HTTP/1.1\r\nHost: [::1]\r\n\r\n",
           "POST /x HTTP/1.1\r\nHost: a\r\n\r\n",
           "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
           "DELETE /x HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
           "PUT /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: CHUNKED\r\n\r\n",
           "GET /%2e%2e/x HTTP/1.1\r\nHost: a\r\n\r\n",  // no route matches it later
           "GET / HTTP/1.1\r\nHost: a\r\nContent-Encoding: identity\r\n\r\n",
           "GET / HTTP/1.1\r\nHost:a\r\nX:\r\n\r\n",
       }) {
    parsed(input);
  }
}

struct RefusedCase {
  std::string_view input;
  Status status;
};

TEST(RequestHeadTest, RefusesMalformedAndAmbiguousHeads) {
  const RefusedCase cases[] = {
      // the request line
      {"\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", Status::bad_request},
      {" GET / HTTP/1.1\r\nHost: a\r\n\r\n", Status::bad_request},
      {"\x16\x03\x01\x02", Status::bad_request},
      {"get / HTTP/1.1\r\nHost: a\r\n\r\n", Status::bad_request},
      {"GET\r\nHost: a\r\n\r\n", Status::bad_request},
      {"GET /\r\nHost: a\r\n\r\n", Status::bad_request},
      {"GET  / HTTP/1.1\r\nHost: a\r\n\r\n", Status::bad_request},
      {"GET / x HTTP/1.1\r\nHost: a\r\n\r\n", Status::bad_request},
      {"GET / HTTP/1.1 \r\nHost: a\r\n\r\n", Status::bad_request},
      {"GET\t/\tHTTP/1.1\r\nHost: a\r\n\r\n", Status::bad_request},
      {"G@T / HTTP/1.1\r\nHost: a\r\n\r\n", Status::bad_request},
      {"GETS / HTTP/1.1\r\nHost: a\r\n\r\n", Status::not_implemented},
      {"TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", Status::not_implemented},
      {"CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n", Status::not_implemented},
      {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", Status::version_not_supported},
      {"GET / HTTP/0.9\r\nHost: a\r\n\r\n", Status::version_not_supported},
      {"GET / HTTP/1.2\r\nHost: a\r\n\r\n", Status::version_not_supported},
      {"GET / HTTP/1.10\r\nHost: a\r\n\r\n", Status::version_not_supported},
      {"GET / http/1.1\r\nHost: a\r\n\r\n", Status::bad_request},
      {"GET / ICY/1.1\r\nHost: a\r\n\r\n", Status::bad_request},
      {"GET x HTTP/1.1\r\nHost: a\r\n\r\n", Status::bad_request},
      {"GET * HTTP/1.1\r\nHost: a\r\n\r\n", Status::bad_request},
      {"GET /#top HTTP/1.1\r\nHost: a\r\n\r\n", Status::bad_request},
      {"GET /\\x HTTP/1.1\r\nHost: a\r\n\r\n", Status::bad_request},
      {"GET /\"x HTTP/1.1\r\nHost: a\r\n\r\n", Status::bad_request},
      {"GET /\xc3\xa9 HTTP/1.1\r\nHost: a\r\n\r\n", Status::bad_request},
      {"GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n", Status::bad_request},
      {"GET /\x7f HTTP/1.1\r\nHost: a\r\n\r\n", Status::bad_request},
      {"GET http://a HTTP/1.1\r\nHost: a\r\n\r\n", Status::bad_request},
      {"GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n", Status::bad_request},
      {"GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n", Status::bad_request},
      {"GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n", Status::bad_request},
      // line ends and folding
      {"GET / HTTP/1.1\nHost: a\n\n", Status::bad_request},
      {"GET / HTTP/1.1\r\nHost: a\n\r\n", Status::bad_request},
      {"GET / HTTP/1.1\r\nHost: a\r\n\n", Status::bad_request},
      {"GET / HTTP/1.1\rHost: a\r\n\r\n", Status::bad_request},
      {"GET / HTTP/1.1\r\nHost: a\r\r\n\r\n", Status::bad_request},
      {"GET / HTTP/1.1\r\nHost: a\r\nX: b\rY: c\r\n\r\n", Status::bad_request},
      {"GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n", Status::bad_request},
      {"GET / HTTP/1.1\r\n Host: a\r\n\r\n", Status::bad_request},
      {"GET / HTTP/1.1\r\nHost: a\r\n\tX: b\r\n\r\n", Status::bad_request},
      // field names and values
      {"GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n", Status::bad_request},
      {"GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n", Status::bad_request},
      {"GET / HTTP/1.1\r\nHost : a\r\n\r\n", Status::bad_request},
      {"GET / HTTP/1.1\r\nHost: a\r\nContent-Length : 3\r\n\r\n", Status::bad_request},
      {"GET / HTTP/1.1\r\nHost: a\r\nX(y): b\r\n\r\n", Status::bad_request},
      {"GET / HTTP/1.1\r\nHost: a\r\nX: b\x01\r\n\r\n", Status::bad_request},
      {"GET / HTTP/1.1\r\nHost: a\r\nX: b\x7f\r\n\r\n", Status::bad_request},
      {"GET / HTTP/1.1\r\nHost: a\r\nX: \xff\r\n\r\n", Status::bad_request},
      // Host
      {"GET / HTTP/1.1\r\n\r\n", Status::bad_request},
      {"GET / HTTP/1.0\r\n\r\n", Status::bad_request},
      {"GET / HTTP/1.1\r\nHost:\r\n\r\n", Status::bad_request},
      {"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", Status::bad_request},
      {"GET / HTTP/1.1\r\nHost: a\r\nRange: bytes=0-\r\nRange: bytes=0-\r\n\r\n",
       Status::bad_request},
      {"GET / HTTP/1.1\r\nHost: a\r\nhOST: b\r\n\r\n", Status::bad_request},
      {"GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", Status::bad_request},
      {"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", Status::bad_request},
      {"GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", Status::bad_request},
      {"GET / HTTP/1.1\r\nHost: a'--\r\n\r\n", Status::bad_request},
      {"GET / HTTP/1.1\r\nHost: a:\r\n\r\n", Status::bad_request},
      {"GET / HTTP/1.1\r\nHost: :80\r\n\r\n", Status::bad_request},
      {"GET / HTTP/1.1\r\nHost: a:65536\r\n\r\n", Status::bad_request},
      {"GET / HTTP/1.1\r\nHost: a:80:81\r\n\r\n", Status::bad_request},
      {"GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", Status::bad_request},
      {"GET / HTTP/1.1\r\nHost: []\r\n\r\n", Status::bad_request},
      {"GET / HTTP/1.1\r\nHost: [::1]80\r\n\r\n", Status::bad_request},
      {"GET / HTTP/1.1\r\nHost: [fe80::1%25eth0]\r\n\r\n", Status::bad_request},
      // framing: the shapes of request smuggling
      {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
       Status::bad_request},
      {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n",
       Status::bad_request},
      {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\n",
       Status::bad_request},
      {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3, 3\r\n\r\n", Status::bad_request},
      {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\n", Status::bad_request},
      {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", Status::bad_request},
      {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x3\r\n\r\n", Status::bad_request},
      {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 03\r\n\r\n", Status::bad_request},
      {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3 3\r\n\r\n", Status::bad_request},
      {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n", Status::bad_request},
      {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551616\r\n\r\n",
       Status::bad_request},
      {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000000000001\r\n\r\n",
       Status::bad_request},
      {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: "
       "chunked\r\n\r\n",
       Status::bad_request},
      {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n",
       Status::not_implemented},
      {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
       Status::not_implemented},
      {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n",
       Status::not_implemented},
      {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \"chunked\"\r\n\r\n",
       Status::not_implemented},
      {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \x0b"
       "chunked\r\n\r\n",
       Status::bad_request},
      {"POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", Status::bad_request},
      {"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n", Status::bad_request},
      {"HEAD / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", Status::bad_request},
      {"DELETE / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n", Status::bad_request},
      // fields that would need something that is not offered
      {"POST / HTTP/1.1\r\nHost: a\r\nExpect: 200-ok\r\n\r\n", Status::expectation_failed},
      {"POST / HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\n\r\n",
       Status::unsupported_media_type},
      {"POST / HTTP/1.1\r\nHost: a\r\nContent-Encoding: identity, gzip\r\n\r\n",
       Status::unsupported_media_type},
      {"POST / HTTP/1.1\r\nHost: a\r\nX-HTTP-Method-Override: DELETE\r\n\r\n", Status::bad_request},
      {"GET / HTTP/1.1\r\nHost: a\r\nConnection: close;x\r\n\r\n", Status::bad_request},
  };
  for (const RefusedCase& refused : cases) {
    const RequestOutcome outcome = parse_request_head(refused.input);
    const auto* refusal = std::get_if<Refusal>(&outcome);
    ASSERT_NE(refusal, nullptr) << refused.input;
    EXPECT_EQ(refusal->status, refused.status) << refused.input << refusal->reason;
  }
}

TEST(RequestHeadTest, NulIsRefusedWhereverItStands) {
  const std::string good = "GET /x HTTP/1.1\r\nHost: a\r\nX-Y: z\r\n\r\n";
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::string bad = good;
    bad[at] = '\0';
    EXPECT_TRUE(std::holds_alternative<Refusal>(parse_request_head(bad + good))) << at;
  }
}

Status refused_status(const std::string& input) {
  const RequestOutcome outcome = parse_request_head(input);
  const auto* refusal = std::get_if<Refusal>(&outcome);
  return refusal ? refusal->status : Status::ok;
}

TEST(RequestHeadTest, LimitsHold) {
  const std::string line = "GET / HTTP/1.1\r\nHost: a\r\n";
  const std::string x(limits::kHttpHeadSizeMax, 'x');
  EXPECT_EQ(refused_status("GET /" + x.substr(0, limits::kHttpTargetSizeMax) +
                           " HTTP/1.1\r\nHost: a\r\n\r\n"),
            Status::uri_too_long);
  EXPECT_EQ(refused_status("GET /" + x), Status::uri_too_long);
  EXPECT_EQ(refused_status(line + "X: " + x), Status::fields_too_large);
  std::string fields = line;
  for (std::size_t i = 1; i < limits::kHttpFieldsMax; ++i) fields += "X: y\r\n";
  EXPECT_TRUE(std::holds_alternative<RequestHead>(parse_request_head(fields + "\r\n")));
  EXPECT_EQ(refused_status(fields + "X: y\r\n\r\n"), Status::fields_too_large);
}

TEST(RequestHeadTest, AHeadOfExactlyTheLimitIsTaken) {
  std::string head = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
  head += std::string(limits::kHttpHeadSizeMax - head.size() - 4, 'y') + "\r\n\r\n";
  EXPECT_EQ(parsed(head).size_bytes, limits::kHttpHeadSizeMax);
}

TEST(HostNamesTest, OnlyConfiguredNamesAreTaken) {
  const HostNames names({"files.example.org", "127.0.0.1:8080"});
  EXPECT_TRUE(names.contains("FILES.example.ORG"));
  EXPECT_TRUE(names.contains("127.0.0.1:8080"));
  EXPECT_FALSE(names.contains("127.0.0.1"));
  EXPECT_FALSE(names.contains("evil.example"));
  EXPECT_FALSE(names.contains("files.example.org.evil.example"));
  EXPECT_FALSE(names.contains(""));
  EXPECT_FALSE(HostNames({}).contains("files.example.org"));
}

}  // namespace
}  // namespace sealift::http
