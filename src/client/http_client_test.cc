#include "client/http_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/refusal.h"
#include "base/said_for_test.h"
#include "client/internal/request_text.h"
#include "client/responder_for_test.h"

namespace sealift::client {
namespace {

using base::ErrorCode;
using testing::HasSubstr;

HttpClient client_of(const Responder& responder) {
  return HttpClient::make(responder.settings()).value();
}

std::string read_all(Download& download, std::size_t piece_size) {
  std::string all;
  base::Bytes piece(piece_size);
  while (true) {
    const auto size = download.read(piece);
    if (!size) return "error: " + size.error().text;
    if (*size == 0) return all;
    all += base::text_of(base::ByteView(piece).first(*size));
  }
}

TEST(HttpClientTest, KeepsOneConnectionForManyCalls) {
  Responder responder([](const std::string&) { return Answer{response("200 OK", "hello")}; });
  HttpClient http = client_of(responder);
  for (int i = 0; i < 3; ++i) {
    const auto reply = http.call({.target = "/a"});
    ASSERT_TRUE(reply.has_value()) << reply.error().text;
    EXPECT_EQ(base::text_of(reply->body), "hello");
  }
  EXPECT_EQ(responder.connections(), 1);
  EXPECT_THAT(responder.requests()[0], HasSubstr("GET /a HTTP/1.1\r\nHost: 127.0.0.1:"));
}

TEST(HttpClientTest, AConnectionThatTheServerClosesIsMadeAnew) {
  Responder responder([](const std::string&) {
    return Answer{response("200 OK", "hello", "Connection: close\r\n"), true};
  });
  HttpClient http = client_of(responder);
  for (int i = 0; i < 3; ++i) {
    const auto reply = http.call({.method = http::Method::post, .target = "/a"});
    ASSERT_TRUE(reply.has_value()) << reply.error().text;
  }
  EXPECT_EQ(responder.connections(), 3);
}

TEST(HttpClientTest, WhatIsSafeToRepeatIsRepeatedAfterPassingTrouble) {
  int asked = 0;
  Responder responder([&](const std::string&) {
    ++asked;
    if (asked == 1) return Answer{"", true};
    if (asked == 2) return Answer{response("503 Service Unavailable", "")};
    return Answer{response("200 OK", "at last")};
  });
  HttpClient http = client_of(responder);
  const auto reply = http.call({.target = "/a", .repeat = Repeat::safe});
  ASSERT_TRUE(reply.has_value()) << reply.error().text;
  EXPECT_EQ(base::text_of(reply->body), "at last");
  EXPECT_EQ(asked, 3);
}

TEST(HttpClientTest, ALockedDownServerIsAskedOnce) {
  int asked = 0;
  Responder responder([&](const std::string&) {
    ++asked;
    return Answer{response("503 Service Unavailable", R"({"code":"locked_down"})")};
  });
  HttpClient http = client_of(responder);
  EXPECT_EQ(http.call({.target = "/a", .repeat = Repeat::safe})->head.status, 503U);
  EXPECT_EQ(asked, 1);
}

TEST(HttpClientTest, TriesAreLimitedAndWaitsDouble) {
  Responder responder([](const std::string&) { return Answer{"", true}; });
  std::vector<std::int64_t> waits;
  HttpSettings settings = responder.settings();
  settings.wait = [&](std::chrono::milliseconds wait) { waits.push_back(wait.count()); };
  HttpClient http = HttpClient::make(settings).value();
  const auto reply = http.call({.target = "/a", .repeat = Repeat::safe});
  ASSERT_FALSE(reply.has_value());
  EXPECT_EQ(base::said(reply), "io: the server closed the connection");
  EXPECT_THAT(waits, testing::ElementsAre(250, 500, 1000));
}

TEST(HttpClientTest, WhatIsNotSafeIsAskedOnce) {
  int asked = 0;
  Responder responder([&](const std::string&) {
    ++asked;
    return Answer{"", true};
  });
  HttpClient http = client_of(responder);
  EXPECT_FALSE(http.call({.method = http::Method::post, .target = "/a"}).has_value());
  EXPECT_EQ(asked, 1);
}

TEST(HttpClientTest, ARequestThatMakesASecretIsRepeatedUnderItsKey) {
  std::vector<std::string> asked;
  Responder responder([&](const std::string& request) {
    asked.push_back(request);
    return asked.size() == 1 ? Answer{"", true} : Answer{response("201 Created", "made")};
  });
  HttpSettings settings = responder.settings();
  int keys = 0;
  settings.make_repeat_key = [&] { return std::string(42, 'k') + std::to_string(++keys); };
  HttpClient http = HttpClient::make(settings).value();
  const Request request{.method = http::Method::post, .target = "/a", .repeat = Repeat::keyed};
  const auto reply = http.call(request);
  ASSERT_TRUE(reply.has_value()) << reply.error().text;
  EXPECT_EQ(reply->attempts, 2U);
  ASSERT_EQ(asked.size(), 2U);
  const std::string field = "Sealift-Repeat: " + std::string(42, 'k') + "1\r\n";
  EXPECT_THAT(asked[0], testing::HasSubstr(field));
  EXPECT_EQ(asked[1], asked[0]);
  ASSERT_TRUE(http.call(request).has_value());
  EXPECT_EQ(keys, 2) << "another request, another key";
}

TEST(HttpClientTest, WhoIsAskedToWaitAMomentWaitsAndWhoIsAskedForLongerIsTold) {
  int asked = 0;
  std::string seconds = "1";
  Responder responder([&](const std::string&) {
    const bool is_third = ++asked == 3;
    return Answer{is_third ? response("200 OK", "now")
                           : "HTTP/1.1 429 Too Many Requests\r\nRetry-After: " + seconds +
                                 "\r\nContent-Length: 0\r\n\r\n"};
  });
  std::vector<std::int64_t> waits;
  HttpSettings settings = responder.settings();
  settings.wait = [&](std::chrono::milliseconds wait) { waits.push_back(wait.count()); };
  HttpClient http = HttpClient::make(settings).value();
  EXPECT_EQ(http.call({.method = http::Method::post, .target = "/a"})->head.status, 200U);
  EXPECT_THAT(waits, testing::ElementsAre(1000, 1000));
  seconds = "30";
  EXPECT_EQ(http.call({.method = http::Method::post, .target = "/a"})->head.status, 429U);
  EXPECT_EQ(asked, 4);
}

TEST(HttpClientTest, AServerThatSaysNothingIsGivenUp) {
  Responder responder([](const std::string&) { return Answer{"HTTP/1.1 200 OK\r\n"}; });
  HttpSettings settings = responder.settings();
  settings.idle_timeout_ms = std::chrono::milliseconds(20);
  HttpClient http = HttpClient::make(settings).value();
  const auto reply = http.call({.target = "/a"});
  ASSERT_FALSE(reply.has_value());
  EXPECT_EQ(base::said(reply), "io: server_silent host=127.0.0.1 waited_ms=60000");
}

std::string reason_of(const base::Error& error) {
  const auto refusal = base::refusal_of(error);
  return refusal ? std::string(refusal->row->reason) : error.text;
}

// However the head trickles in, it has to be whole in time; of a body something has to come.
TEST(HttpClientTest, SilenceIsNamedByItsStage) {
  struct Stage {
    std::string answer;
    const char* reason;
  };
  for (const Stage& stage : {
           Stage{"HTTP/1.1 200 OK\r\n", "server_silent"},
           Stage{"HTTP/1.1 100 Continue\r\n\r\n", "server_silent"},
           Stage{"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello", "server_stalled"},
           Stage{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", "server_stalled"},
       }) {
    int asked = 0;
    Responder responder([&](const std::string&) {
      ++asked;
      return Answer{stage.answer};
    });
    HttpSettings settings = responder.settings();
    settings.idle_timeout_ms = std::chrono::milliseconds(20);
    settings.answer_timeout_ms = std::chrono::milliseconds(20);
    HttpClient http = HttpClient::make(settings).value();
    const auto reply = http.call({.target = "/a", .repeat = Repeat::safe});
    ASSERT_FALSE(reply.has_value());
    EXPECT_EQ(reason_of(reply.error()), stage.reason) << stage.answer;
    EXPECT_THAT(reply.error().text, HasSubstr("host=127.0.0.1 waited_ms=20"));
    EXPECT_LE(asked, 2) << "who was silent as long is asked once again";
  }
}

// Takes connections, and says nothing.
class SilentListener {
 public:
  explicit SilentListener(int queue = 8) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* generic = static_cast<sockaddr*>(static_cast<void*>(&address));
    socklen_t size = sizeof address;
    SEALIFT_CHECK(::bind(fd_.get(), generic, size) == 0 && ::listen(fd_.get(), queue) == 0 &&
                  ::getsockname(fd_.get(), generic, &size) == 0);
    port_ = ntohs(address.sin_port);
  }
  std::string port() const { return std::to_string(port_); }

 private:
  base::FileDescriptor fd_;
  std::uint16_t port_ = 0;
};

TEST(HttpClientTest, AServerThatDoesNoHandshakeIsGivenUp) {
  const SilentListener listener;
  HttpSettings settings{
      .address = ServerAddress::parse("https://localhost:" + listener.port()).value(),
      .answer_timeout_ms = std::chrono::milliseconds(20)};
  HttpClient http = HttpClient::make(settings).value();
  const auto reply = http.call({.target = "/a"});
  ASSERT_FALSE(reply.has_value());
  EXPECT_EQ(reason_of(reply.error()), "server_no_handshake");
}

// With its queue full the system takes no more connections for it.
TEST(HttpClientTest, AServerThatTakesNoConnectionIsGivenUp) {
  const SilentListener listener(0);
  HttpSettings settings{
      .address = ServerAddress::parse("http://127.0.0.1:" + listener.port()).value(),
      .connect_timeout_ms = std::chrono::milliseconds(20),
      .answer_timeout_ms = std::chrono::milliseconds(20)};
  std::vector<HttpClient> waiting;
  std::string last;
  for (int i = 0; i < 5 && last != "server_no_connection"; ++i) {
    waiting.push_back(HttpClient::make(settings).value());
    auto upload = waiting.back().begin_upload(
        {.method = http::Method::patch, .target = "/u", .content_type = ContentType::upload_piece},
        1);
    if (!upload) last = reason_of(upload.error());
  }
  EXPECT_EQ(last, "server_no_connection");
}

TEST(HttpClientTest, AServerThatTakesNothingIsGivenUp) {
  const SilentListener listener;
  HttpSettings settings{
      .address = ServerAddress::parse("http://127.0.0.1:" + listener.port()).value(),
      .idle_timeout_ms = std::chrono::milliseconds(20)};
  HttpClient http = HttpClient::make(settings).value();
  auto upload = http.begin_upload(
      {.method = http::Method::patch, .target = "/u", .content_type = ContentType::upload_piece},
      std::uint64_t{1} << 40);
  ASSERT_TRUE(upload.has_value());
  const base::Bytes piece(1 << 20);
  const base::ByteView view = piece;
  base::Result<Upload::Written> written = Upload::Written::all;
  for (int i = 0; i < 1000 && written; ++i) written = upload->write(std::span(&view, 1));
  ASSERT_FALSE(written.has_value());
  EXPECT_EQ(reason_of(written.error()), "server_takes_nothing");
}

TEST(HttpClientTest, WhatIsNotThereIsNamed) {
  const auto reason = [](const char* url) {
    HttpSettings settings{.address = ServerAddress::parse(url).value()};
    return reason_of(HttpClient::make(settings).value().call({.target = "/a"}).error());
  };
  EXPECT_EQ(reason("http://127.0.0.1:1"), "server_unreachable");
  EXPECT_EQ(reason("https://no-such-host.invalid"), "server_unknown");
}

// The proxy's answers, before any server is reached.
TEST(HttpClientTest, AProxysWordIsNotTheServers) {
  struct Case {
    std::string answer;
    const char* reason;
  };
  for (const Case& each : {
           Case{"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "proxy_login"},
           Case{"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n", "proxy_refused"},
           Case{"SSH-2.0-OpenSSH\r\n\r\n", "proxy_broken"},
           Case{"", "proxy_broken"},
           Case{std::string(10'000, 'a'), "proxy_broken"},
           Case{"HTTP/1.1 200 OK\r\n", "proxy_silent"},
       }) {
    Responder proxy([&](const std::string&) { return Answer{each.answer, each.answer.empty()}; });
    HttpSettings settings{
        .address = ServerAddress::parse("https://files.example.org").value(),
        .proxy = {"http://user:secret@" + proxy.url().substr(std::string("http://").size()), ""},
        .answer_timeout_ms = std::chrono::milliseconds(50)};
    const auto reply = HttpClient::make(settings).value().call({.target = "/a"});
    ASSERT_FALSE(reply.has_value());
    EXPECT_EQ(reason_of(reply.error()), each.reason) << each.answer.substr(0, 40);
    EXPECT_EQ(reply.error().text.find("secret"), std::string::npos);
    EXPECT_THAT(proxy.requests().at(0),
                testing::StartsWith("CONNECT files.example.org:443 HTTP/1.1\r\n"
                                    "Host: files.example.org:443\r\n"
                                    "Proxy-Authorization: Basic dXNlcjpzZWNyZXQ=\r\n\r\n"));
  }
  HttpSettings nowhere{.address = ServerAddress::parse("https://files.example.org").value(),
                       .proxy = {"http://127.0.0.1:1", ""}};
  EXPECT_EQ(reason_of(HttpClient::make(nowhere).value().call({.target = "/a"}).error()),
            "proxy_unreachable");
}

TEST(HttpClientTest, NobodyThereIsAnError) {
  HttpSettings settings{.address = ServerAddress::parse("http://127.0.0.1:1").value()};
  HttpClient http = HttpClient::make(settings).value();
  const auto reply = http.call({.target = "/a"});
  ASSERT_FALSE(reply.has_value());
  EXPECT_EQ(base::said(reply), "io: server_unreachable host=127.0.0.1 port=1");
}

struct Hostile {
  const char* name;
  std::string answer;
  std::string said;
};

TEST(HttpClientTest, HostileAnswersAreRefused) {
  for (const Hostile& hostile : {
           Hostile{"redirect",
                   "HTTP/1.1 302 Found\r\nLocation: http://evil/\r\n"
                   "Content-Length: 0\r\n\r\n",
                   "forbidden: the server sends us elsewhere; that is refused"},
           Hostile{"no framing", "HTTP/1.1 200 OK\r\n\r\nhello",
                   "malformed: the server's answer: body of unknown length"},
           Hostile{"cut short", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello",
                   "io: the answer was cut short"},
           Hostile{"oversized", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\nhello",
                   "limit: the server's answer has more than 4194304 bytes"},
           Hostile{"two lengths",
                   "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n"
                   "\r\nab",
                   "malformed: the server's answer: field stands twice"},
           Hostile{"chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                   "malformed: the server's answer: chunks"},
           Hostile{"endless head", "HTTP/1.1 200 OK\r\nA: " + std::string(100'000, 'a'),
                   "malformed: the server's answer: head too large"},
           Hostile{"interim for ever",
                   "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"
                   "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"
                   "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n",
                   "malformed: the server's answer: interim answers"},
           Hostile{"not HTTP", "SSH-2.0-OpenSSH_9.2\r\n",
                   "malformed: the server's answer: malformed version"},
       }) {
    Responder responder([&](const std::string&) { return Answer{hostile.answer, true}; });
    HttpClient http = client_of(responder);
    const auto reply = http.call({.target = "/a"});
    ASSERT_FALSE(reply.has_value()) << hostile.name;
    EXPECT_EQ(base::said(reply), hostile.said) << hostile.name;
  }
}

TEST(HttpClientTest, ChunkedBodiesAreRead) {
  Responder responder([](const std::string&) {
    return Answer{
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"};
  });
  HttpClient http = client_of(responder);
  for (const std::size_t piece : {1U, 3U, 100U}) {
    auto download = http.begin_download({.target = "/a"});
    ASSERT_TRUE(download.has_value());
    EXPECT_EQ(read_all(*download, piece), "hello world");
  }
  EXPECT_EQ(responder.connections(), 1);
}

TEST(HttpClientTest, ADownloadThatWasLeftHalfReadCostsItsConnectionAlone) {
  const std::string large(300'000, 'x');
  Responder responder([&](const std::string&) { return Answer{response("200 OK", large)}; });
  HttpClient http = client_of(responder);
  {
    auto download = http.begin_download({.target = "/a"});
    base::Bytes piece(10);
    ASSERT_TRUE(download->read(piece).has_value());
  }
  auto download = http.begin_download({.target = "/a"});
  ASSERT_TRUE(download.has_value()) << download.error().text;
  EXPECT_EQ(read_all(*download, 7000), large);
  EXPECT_EQ(responder.connections(), 2);
}

TEST(HttpClientTest, UploadsGoOutInPieces) {
  Responder responder([](const std::string&) {
    return Answer{response("204 No Content", "", "Upload-Offset: 11\r\n")};
  });
  HttpClient http = client_of(responder);
  auto upload = http.begin_upload({.method = http::Method::patch,
                                   .target = "/u",
                                   .content_type = ContentType::upload_piece,
                                   .is_tus = true,
                                   .upload_offset = 0},
                                  11);
  ASSERT_TRUE(upload.has_value());
  const std::array pieces = {base::bytes_of("hello"), base::bytes_of(" "), base::bytes_of("world")};
  ASSERT_TRUE(upload->write(pieces).has_value());
  const auto reply = upload->finish();
  ASSERT_TRUE(reply.has_value()) << reply.error().text;
  EXPECT_EQ(reply->head.upload_offset, 11U);
  const std::string request = responder.requests()[0];
  EXPECT_THAT(request, HasSubstr("\r\n\r\nhello world"));
  EXPECT_THAT(request, HasSubstr("\r\nUpload-Offset: 0\r\n"));
}

TEST(HttpClientTest, AnEarlyRefusalEndsAnUpload) {
  Responder responder(
      [](const std::string&) { return Answer{response("507 Insufficient Storage", "{}")}; });
  HttpClient http = client_of(responder);
  auto upload = http.begin_upload(
      {.method = http::Method::patch, .target = "/u", .content_type = ContentType::upload_piece},
      std::uint64_t{1} << 40);
  ASSERT_TRUE(upload.has_value());
  const base::Bytes piece(1 << 20);
  const base::ByteView view = piece;
  auto written = upload->write(std::span(&view, 1));
  for (int i = 0; i < 100 && written && *written == Upload::Written::all; ++i)
    written = upload->write(std::span(&view, 1));
  ASSERT_TRUE(written.has_value()) << written.error().text;
  EXPECT_EQ(*written, Upload::Written::answered_early);
  const auto reply = upload->finish();
  ASSERT_TRUE(reply.has_value()) << reply.error().text;
  EXPECT_EQ(reply->head.status, 507U);
}

TEST(HttpClientTest, NothingEndsALineOfARequestsHead) {
  for (const char* target : {"", "a", "/a b", "/a\r\nB: c", "/a\n", "/%00", "/\xc3\xa9"})
    EXPECT_FALSE(request_text({.target = target}, {.authority = "h"}).has_value()) << target;
  for (const std::string& token : {std::string(), std::string(42, 'a'), std::string(44, 'a'),
                                   std::string(42, 'a') + "\n", std::string(42, 'a') + " "})
    EXPECT_FALSE(request_text({.target = "/", .credential = {Credential::Kind::session, token}},
                              {.authority = "h"})
                     .has_value());
}

// The worked example of docs/formats/http.md, computed with Python's hmac.
TEST(RequestTextTest, ALoginsRequestsProveItsKey) {
  std::array<std::byte, 32> key{};
  key.fill(std::byte{0x11});
  const Request request{.target = "/api/v1/account",
                        .credential = {Credential::Kind::session, std::string(43, 'A'), key}};
  const base::UnixTime now{std::chrono::milliseconds(1'800'000'000'999)};
  const auto text = request_text(request, {.authority = "h", .now = now});
  ASSERT_TRUE(text.has_value());
  EXPECT_THAT(
      *text, testing::HasSubstr("Signature: s=:ttk03C3V2nAUDZKquQRXSmsekxkDmRDgrjVIohaXS4Y=:\r\n"));
  EXPECT_THAT(*text, testing::HasSubstr("Signature-Input: s=(\"@method\" \"@path\" \"@query\" "
                                        "\"authorization\");created=1800000000;alg=\"hmac-sha256\";"
                                        "tag=\"sealift-session\"\r\n"));
}

class TlsClientTest : public testing::Test {
 protected:
  TlsClientTest()
      : made_(tls::make_certificate("localhost", 2).value()),
        responder_([](const std::string&) { return Answer{response("200 OK", kBody)}; }, &made_) {}

  base::Result<Reply> ask(const Trust& trust) {
    HttpSettings settings = responder_.settings();
    settings.trust = trust;
    HttpClient http = HttpClient::make(settings).value();
    return http.call({.target = "/a"});
  }

  static inline const std::string kBody = std::string(200'000, 'y');
  tls::SelfMade made_;
  Responder responder_;
};

TEST_F(TlsClientTest, AnAuthorityOfOurOwnIsTrusted) {
  const auto reply = ask({.pinned = {}, .authorities_pem = made_.certificate_pem});
  ASSERT_TRUE(reply.has_value()) << reply.error().text;
  EXPECT_EQ(base::text_of(reply->body), kBody);
}

TEST_F(TlsClientTest, APinnedCertificateIsTrusted) {
  const auto pin = tls::fingerprint_of(base::bytes_of(made_.certificate_pem));
  ASSERT_TRUE(pin.has_value());
  const auto reply = ask({.pinned = *pin, .authorities_pem = {}});
  ASSERT_TRUE(reply.has_value()) << reply.error().text;
  EXPECT_EQ(base::text_of(reply->body), kBody);
}

TEST_F(TlsClientTest, AnyOtherCertificateIsRefused) {
  const auto other = tls::make_certificate("localhost", 2).value();
  const auto pin = tls::fingerprint_of(base::bytes_of(other.certificate_pem));
  for (const Trust& trust : {Trust{}, Trust{*pin, {}}, Trust{{}, other.certificate_pem}}) {
    const auto reply = ask(trust);
    ASSERT_FALSE(reply.has_value());
    EXPECT_THAT(base::said(reply),
                testing::StartsWith(trust.pinned ? "forbidden: certificate_not_pinned"
                                                 : "forbidden: certificate_unknown"));
    EXPECT_EQ(reason_of(reply.error()),
              trust.pinned ? "certificate_not_pinned" : "certificate_unknown");
  }
  EXPECT_TRUE(responder_.requests().empty());
}

TEST(TlsRefusalTest, WhatIsWrongWithACertificateIsSaid) {
  const auto reason = [](const char* name, int days) {
    const tls::SelfMade made = tls::make_certificate(name, days).value();
    Responder responder([](const std::string&) { return Answer{response("200 OK", "")}; }, &made);
    HttpSettings settings = responder.settings();
    settings.trust.authorities_pem = made.certificate_pem;
    const auto reply = HttpClient::make(settings).value().call({.target = "/a"});
    return reply ? "none" : reason_of(reply.error());
  };
  EXPECT_EQ(reason("localhost", 2), "none");
  EXPECT_EQ(reason("elsewhere.example.org", 2), "certificate_of_another");
  EXPECT_EQ(reason("localhost", -1), "certificate_expired");
}

}  // namespace
}  // namespace sealift::client
