// The connection engine over socket pairs, with an application that lives in the test.
#include "server/front/engine.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <deque>
#include <map>
#include <string>

#include "base/base64.h"
#include "http/response_reader.h"

namespace sealift::server::front {
namespace {

using base::FileDescriptor;
using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::StartsWith;

FileDescriptor memory_file(std::string_view content) {
  FileDescriptor file(::memfd_create("content", MFD_CLOEXEC));
  EXPECT_TRUE(base::write_full(file.get(), base::bytes_of(content)));
  return file;
}

std::string content_of(int fd) {
  std::string content(static_cast<std::size_t>(::lseek(fd, 0, SEEK_END)), '\0');
  EXPECT_TRUE(base::pread_full(fd, std::as_writable_bytes(std::span(content)), 0));
  return content;
}

std::string pattern(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i)
    text[i] = static_cast<char>('a' + i * 31 % 26 + i / 1000 % 2);
  return text;
}

Reply text_reply(std::string_view text, http::Status status = http::Status::ok) {
  Reply reply;
  reply.head.status = status;
  reply.head.media_type = http::MediaType::text;
  reply.body = base::copy_of(base::bytes_of(text));
  return reply;
}

// Answers by path; what it was told is kept for the test to look at.
class TestApplication final : public Application {
 public:
  void on_request(RequestId id, const http::RequestHead& head, const Peer& peer) override {
    asker = peer;
    ++requests;
    last = id;
    if (head.path == "/hello") {
      engine->answer(id, text_reply("hello"));
      return;
    }
    if (head.path == "/file") {
      engine->answer(id, send_file(head));
      return;
    }
    if (head.path == "/collect") {
      engine->answer(id, CollectBody{1000});
      return;
    }
    if (head.path == "/collect-much") {
      engine->answer(id, CollectBody{std::size_t{384} << 10});
      return;
    }
    if (head.path == "/much") {
      engine->answer(id, text_reply(std::string(100'000, 'm')));
      return;
    }
    if (head.path == "/upload") {
      engine->answer(id, receive(head));
      return;
    }
    if (head.path == "/refused") {
      engine->answer(id, text_reply("no", http::Status::unauthorized));
      return;
    }
    // "/later": the test answers.
  }
  void on_body(RequestId id, base::ByteView body) override {
    engine->answer(id, text_reply("got " + std::string(base::text_of(body))));
  }
  void on_received(RequestId id, const Received& got) override {
    received.push_back(got);
    engine->answer(id, text_reply("end " + std::to_string(static_cast<int>(got.end)) + " size " +
                                  std::to_string(got.size_bytes)));
  }
  void on_gone(RequestId id) override { gone.push_back(id); }

  SendFile send_file(const http::RequestHead& head) const {
    SendFile answer;
    const auto tag = http::EntityTag::make("0a");
    const auto range = http::judge_range(head.fields, *tag, file_content.size());
    answer.head.media_type = http::MediaType::octet_stream;
    answer.head.etag = tag;
    answer.head.content_size_bytes = range.range.size_bytes;
    answer.offset = range.range.offset;
    if (range.kind == http::RangeAnswer::Kind::partial) {
      answer.head.status = http::Status::partial_content;
      answer.head.range = range.range;
      answer.head.whole_size_bytes = file_content.size();
    }
    answer.file = memory_file(file_content.substr(0, file_content.size() - file_missing));
    return answer;
  }
  ReceiveBody receive(const http::RequestHead& head) {
    upload = FileDescriptor(::memfd_create("upload", MFD_CLOEXEC));
    ReceiveBody body{FileDescriptor(::dup(upload.get())), upload_offset, upload_max, std::nullopt};
    if (const auto sum = head.fields.get(http::FieldName::upload_checksum)) {
      body.checksum = http::parse_tus_checksum(*sum);
    }
    return body;
  }

  Engine* engine = nullptr;
  int requests = 0;
  Peer asker;
  RequestId last;
  std::string file_content = pattern(1'000'000);
  std::size_t file_missing = 0;
  FileDescriptor upload;
  std::uint64_t upload_offset = 0;
  std::uint64_t upload_max = 100'000'000;
  std::vector<Received> received;
  std::vector<RequestId> gone;
};

class EngineTest : public testing::Test {
 protected:
  EngineTest() : made_(tls::make_certificate("localhost", 30).value()) { start({}); }

  void start(Settings settings) {
    settings.host_names = {"localhost"};
    engine_ = Engine::create(std::move(settings), application_, clock_).value();
    application_.engine = engine_.get();
    engine_->set_certificate(tls::Context::server(base::bytes_of(made_.certificate_pem),
                                                  base::bytes_of(made_.private_key_pem))
                                 .value());
  }

  // A client's end of a new connection; not blocking.
  FileDescriptor connect(http::Channel channel = http::Channel::plain) {
    return connect_from({}, channel);
  }
  // Not open when it was not taken.
  FileDescriptor connect_from(const PeerAddress& address,
                              http::Channel channel = http::Channel::plain) {
    std::array<int, 2> pair{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair.data()), 0);
    FileDescriptor client(pair[1]);
    const int size = send_buffer_size_;
    if (size > 0) ::setsockopt(pair[0], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
    if (!engine_->adopt(FileDescriptor(pair[0]), Peer{address, channel})) return {};
    return client;
  }
  // Of the network (/64) with this number.
  static PeerAddress address(unsigned char network, unsigned char host) {
    PeerAddress made{std::byte{0x20}, std::byte{1}};
    made[7] = std::byte{network};
    made[15] = std::byte{host};
    return made;
  }

  void turn(int times = 1) {
    for (int i = 0; i < times; ++i) engine_->run_once(milliseconds(0));
  }
  // Lets time pass, sweeps included.
  void pass(milliseconds time) {
    clock_.advance(time);
    turn(2);
  }
  static void send(const FileDescriptor& socket, std::string_view text) {
    ASSERT_EQ(::send(socket.get(), text.data(), text.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(text.size()));
  }

  // All that the server sends until it has nothing more to say; sets `closed` at the end of input.
  std::string receive(const FileDescriptor& socket, int quiet_rounds = 3) {
    std::string text;
    closed_ = false;
    for (int quiet = 0; quiet < quiet_rounds && !closed_;) {
      engine_->run_once(milliseconds(quiet == 0 ? 0 : 2));
      std::array<char, 65536> part;
      const ssize_t size = ::recv(socket.get(), part.data(), part.size(), 0);
      if (size > 0) {
        text.append(part.data(), static_cast<std::size_t>(size));
        quiet = 0;
      } else {
        closed_ = size == 0 || (errno != EAGAIN);
        ++quiet;
      }
    }
    return text;
  }
  std::string ask(const FileDescriptor& socket, std::string_view request) {
    send(socket, request);
    return receive(socket);
  }
  static std::string body_of(const std::string& response) {
    return response.substr(std::min(response.find("\r\n\r\n") + 4, response.size()));
  }
  static std::string get(std::string_view path, std::string_view fields = "") {
    return std::string("GET ")
        .append(path)
        .append(" HTTP/1.1\r\nHost: localhost\r\n")
        .append(fields)
        .append("\r\n");
  }
  static std::string put(std::string_view path, std::string_view fields) {
    return std::string("PUT ")
        .append(path)
        .append(" HTTP/1.1\r\nHost: localhost\r\n")
        .append(fields)
        .append("\r\n");
  }

  base::ManualClock clock_{base::UnixTime(milliseconds(784111777000))};
  TestApplication application_;
  tls::SelfMade made_;
  std::unique_ptr<Engine> engine_;
  bool closed_ = false;
  int send_buffer_size_ = 0;  // of new connections' server side; 0: the kernel's
};

TEST_F(EngineTest, AnswersAndKeepsTheConnection) {
  const FileDescriptor client = connect();
  for (int i = 0; i < 3; ++i) {
    const std::string response = ask(client, get("/hello"));
    EXPECT_THAT(response, StartsWith("HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"));
    EXPECT_EQ(body_of(response), "hello");
    EXPECT_FALSE(closed_);
  }
  EXPECT_EQ(engine_->connections(), 1U);
}

TEST_F(EngineTest, RequestsInOneWriteAreAnsweredInOrder) {
  const FileDescriptor client = connect();
  const std::string response =
      ask(client, get("/hello") + put("/collect", "Content-Length: 3\r\n") + "abc" +
                      get("/file", "Range: bytes=0-4\r\n"));
  const std::size_t first = response.find("hello");
  const std::size_t second = response.find("got abc");
  const std::size_t third = response.find("206 Partial");
  EXPECT_LT(first, second);
  EXPECT_LT(second, third);
  EXPECT_NE(third, std::string::npos);
}

TEST_F(EngineTest, AHeadMayComeByteByByte) {
  const FileDescriptor client = connect();
  for (const char c : get("/hello")) {
    send(client, std::string_view(&c, 1));
    turn();
  }
  EXPECT_EQ(body_of(receive(client)), "hello");
}

TEST_F(EngineTest, HeadHasTheSizeAndNoBody) {
  const FileDescriptor client = connect();
  const std::string response =
      ask(client, "HEAD /file HTTP/1.1\r\nHost: localhost\r\n\r\n" + get("/hello"));
  EXPECT_THAT(response, HasSubstr("Content-Length: 1000000\r\n"));
  EXPECT_THAT(body_of(response), StartsWith("HTTP/1.1 200 OK"));
}

TEST_F(EngineTest, FilesAndRangesAreSent) {
  const FileDescriptor client = connect();
  EXPECT_EQ(body_of(ask(client, get("/file"))), application_.file_content);
  const std::string part = ask(client, get("/file", "Range: bytes=999990-\r\n"));
  EXPECT_THAT(part, HasSubstr("Content-Range: bytes 999990-999999/1000000\r\n"));
  EXPECT_EQ(body_of(part), application_.file_content.substr(999990));
}

TEST_F(EngineTest, AFileShorterThanPromisedCutsTheConnection) {
  application_.file_missing = 10;
  const FileDescriptor client = connect();
  const std::string body = body_of(ask(client, get("/file")));
  EXPECT_TRUE(closed_);
  EXPECT_LT(body.size(), application_.file_content.size());
}

TEST_F(EngineTest, AnotherHostIsRefusedAndTheApplicationNotAsked) {
  const FileDescriptor client = connect();
  EXPECT_THAT(ask(client, "GET /hello HTTP/1.1\r\nHost: evil.example\r\n\r\n"),
              StartsWith("HTTP/1.1 421 "));
  EXPECT_TRUE(closed_);
  EXPECT_EQ(application_.requests, 0);
}

TEST_F(EngineTest, RefusalsCloseTheConnection) {
  for (const std::string_view request :
       {"GET / HTTP/1.1\nHost: localhost\n\n", "\x16\x03\x01",
        "PUT /collect HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: "
        "1\r\n\r\n"}) {
    const FileDescriptor client = connect();
    const std::string response = ask(client, std::string(request) + get("/hello"));
    EXPECT_THAT(response, StartsWith("HTTP/1.1 400 Bad Request\r\n"));
    EXPECT_THAT(response, HasSubstr("Connection: close\r\n"));
    EXPECT_TRUE(std::string::npos == response.find("hello"));
    client.get();
  }
  EXPECT_EQ(application_.requests, 0);
}

TEST_F(EngineTest, BodiesAreCollectedUpToTheirLimit) {
  const FileDescriptor client = connect();
  EXPECT_THAT(ask(client, put("/collect", "Content-Length: 2\r\n") + "ab"), HasSubstr("got ab"));
  EXPECT_THAT(ask(client, put("/collect", "Transfer-Encoding: chunked\r\n") +
                              "1\r\na\r\n2\r\nbc\r\n0\r\n\r\n"),
              HasSubstr("got abc"));
  EXPECT_THAT(ask(client, put("/collect", "")), HasSubstr("got "));
  EXPECT_THAT(ask(client, put("/collect", "Content-Length: 1001\r\n")),
              StartsWith("HTTP/1.1 413 "));
  const FileDescriptor other = connect();
  EXPECT_THAT(
      ask(other, put("/collect", "Transfer-Encoding: chunked\r\n") + "3e9\r\n" + pattern(1001)),
      StartsWith("HTTP/1.1 413 "));
  EXPECT_EQ(application_.gone.size(), 2U);
}

TEST_F(EngineTest, ContinueIsSaidOnlyWhenTheBodyIsWanted) {
  const FileDescriptor client = connect();
  const std::string fields = "Content-Length: 2\r\nExpect: 100-continue\r\n";
  EXPECT_EQ(ask(client, put("/collect", fields)), "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_THAT(ask(client, "ab"), HasSubstr("got ab"));
  const std::string refused = ask(client, put("/refused", fields));
  EXPECT_THAT(refused, StartsWith("HTTP/1.1 401 "));
  EXPECT_THAT(refused, HasSubstr("Connection: close"));
}

TEST_F(EngineTest, AShortBodyThatIsNotWantedIsDropped) {
  const FileDescriptor client = connect();
  const std::string response =
      ask(client, put("/refused", "Content-Length: 5\r\n") + "GET /" + get("/hello"));
  EXPECT_THAT(response, StartsWith("HTTP/1.1 401 "));
  EXPECT_EQ(body_of(response).substr(0, 2), "no");
  EXPECT_THAT(response, HasSubstr("hello"));
}

TEST_F(EngineTest, UploadsAreWrittenAtTheirOffset) {
  application_.upload_offset = 7;
  const std::string content = pattern(3'000'000);
  const FileDescriptor client = connect();
  send(client, put("/upload", "Content-Length: 3000000\r\n"));
  std::size_t at = 0;
  while (at < content.size()) {
    const ssize_t sent =
        ::send(client.get(), content.data() + at, content.size() - at, MSG_NOSIGNAL);
    if (sent > 0) at += static_cast<std::size_t>(sent);
    turn();
  }
  EXPECT_EQ(body_of(receive(client, 20)), "end 0 size 3000000");
  EXPECT_EQ(content_of(application_.upload.get()).substr(7), content);
  EXPECT_EQ(body_of(ask(client, get("/hello"))), "hello");
}

TEST_F(EngineTest, ChunkedUploadsAndEmptyOnesWork) {
  const FileDescriptor client = connect();
  send(client, put("/upload", "Transfer-Encoding: chunked\r\n") + "5\r\nhello\r\n0\r\n\r\n");
  EXPECT_EQ(body_of(receive(client, 20)), "end 0 size 5");
  send(client, put("/upload", "Content-Length: 0\r\n"));
  EXPECT_EQ(body_of(receive(client, 20)), "end 0 size 0");
}

TEST_F(EngineTest, ChecksumsAreJudged) {
  const FileDescriptor client = connect();
  // SHA-1 of "hello"
  const std::string sum =
      "Upload-Checksum: sha1 qvTGHdzF6KLavt4PO0gs2a6pQ00=\r\nContent-Length: 5\r\n";
  send(client, put("/upload", sum) + "hello");
  EXPECT_EQ(body_of(receive(client, 20)), "end 0 size 5");
  send(client, put("/upload", sum) + "hellO");
  EXPECT_EQ(body_of(receive(client, 20)), "end 4 size 0");
}

TEST_F(EngineTest, AnUploadCutShortIsKeptAsFarAsItCame) {
  FileDescriptor client = connect();
  send(client, put("/upload", "Content-Length: 100\r\n") + "0123456789");
  turn(2);
  client.reset();
  for (int i = 0; i < 50 && application_.received.empty(); ++i) engine_->run_once(milliseconds(5));
  ASSERT_EQ(application_.received.size(), 1U);
  EXPECT_EQ(application_.received[0].end, Received::End::cut_short);
  EXPECT_EQ(application_.received[0].size_bytes, 10U);
  EXPECT_EQ(content_of(application_.upload.get()), "0123456789");
}

TEST_F(EngineTest, AHalfClosedClientIsStillAnswered) {
  const FileDescriptor client = connect();
  send(client, get("/file"));
  ::shutdown(client.get(), SHUT_WR);
  EXPECT_EQ(body_of(receive(client)), application_.file_content);
  EXPECT_TRUE(closed_);
}

TEST_F(EngineTest, TooLargeAnUploadEndsAtItsLimit) {
  application_.upload_max = 4;
  const FileDescriptor client = connect();
  send(client, put("/upload", "Content-Length: 10\r\n") + "0123456789");
  const std::string response = receive(client, 20);
  EXPECT_EQ(body_of(response), "end 2 size 4");
  EXPECT_THAT(response, HasSubstr("Connection: close"));
  EXPECT_EQ(content_of(application_.upload.get()), "0123");
}

TEST_F(EngineTest, AFullDiskIsToldAndWhatCameBeforeCounts) {
  // A limit on the size of files stands in for a full disk: the write after it fails.
  const rlimit small{1000, RLIM_INFINITY};
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  ::signal(SIGXFSZ, SIG_IGN);
  const FileDescriptor client = connect();
  ::setrlimit(RLIMIT_FSIZE, &small);
  send(client, put("/upload", "Content-Length: 5000\r\n") + pattern(5000));
  const std::string response = receive(client, 20);
  ::setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_EQ(body_of(response), "end 3 size 1000");
}

TEST_F(EngineTest, AnswersMayComeLaterOrNotBeWantedAnyMore) {
  FileDescriptor client = connect();
  EXPECT_EQ(ask(client, get("/later")), "");
  engine_->answer(application_.last, text_reply("at last"));
  EXPECT_EQ(body_of(receive(client)), "at last");
  EXPECT_EQ(ask(client, get("/later")), "");
  client.reset();
  turn(3);
  ASSERT_EQ(application_.gone.size(), 1U);
  EXPECT_EQ(application_.gone[0], application_.last);
  engine_->answer(application_.last, text_reply("nobody"));
  engine_->answer(RequestId{~std::uint64_t{0}}, text_reply("nobody"));
  EXPECT_EQ(engine_->connections(), 0U);
}

TEST_F(EngineTest, AbortCutsADownload) {
  application_.file_content = pattern(5'000'000);
  const FileDescriptor client = connect();
  send(client, get("/file"));
  turn();
  engine_->abort(application_.last);
  EXPECT_LT(receive(client).size(), 5'000'000U);
  EXPECT_TRUE(closed_);
}

TEST_F(EngineTest, SlowHeadsAreCutHoweverTheyTrickle) {
  const FileDescriptor client = connect();
  send(client, "GET /hello HTTP/1.1\r\n");
  for (int i = 0; i < 11; ++i) {
    send(client, "X: y\r\n");
    pass(milliseconds(1000));
  }
  receive(client);
  EXPECT_TRUE(closed_);
  EXPECT_EQ(application_.requests, 0);
}

TEST_F(EngineTest, IdleConnectionsAreClosedInTheEnd) {
  const FileDescriptor client = connect();
  ask(client, get("/hello"));
  pass(milliseconds(74'000));
  EXPECT_EQ(engine_->connections(), 1U);
  pass(milliseconds(2'000));
  EXPECT_EQ(engine_->connections(), 0U);
}

TEST_F(EngineTest, BodiesThatTrickleAreCutAndKept) {
  const FileDescriptor client = connect();
  send(client, put("/upload", "Content-Length: 1000000\r\n"));
  for (int i = 0; i < 17; ++i) {
    ::send(client.get(), "x", 1, MSG_NOSIGNAL);
    pass(milliseconds(1000));
  }
  for (int i = 0; i < 50 && application_.received.empty(); ++i) engine_->run_once(milliseconds(5));
  ASSERT_EQ(application_.received.size(), 1U);
  EXPECT_EQ(application_.received[0].end, Received::End::cut_short);
  EXPECT_GT(application_.received[0].size_bytes, 10U);
}

TEST_F(EngineTest, ReadersThatStallAreCut) {
  application_.file_content = pattern(5'000'000);
  const FileDescriptor client = connect();
  send(client, get("/file"));
  pass(milliseconds(100));
  EXPECT_EQ(engine_->connections(), 1U);
  pass(milliseconds(15'000));
  pass(milliseconds(15'000));
  EXPECT_EQ(engine_->connections(), 0U);
}

TEST_F(EngineTest, IdleConnectionsMakeRoomUnderPressure) {
  Settings settings;
  settings.connections_max = 3;
  start(settings);
  const FileDescriptor one = connect();
  const FileDescriptor two = connect();
  const FileDescriptor busy = connect();
  ask(busy, get("/later"));
  pass(milliseconds(3'100));
  EXPECT_EQ(engine_->connections(), 1U);
}

TEST_F(EngineTest, AnIpv6NetworkIsOneClientThatMayHaveSoManyConnections) {
  Settings settings;
  settings.connections_per_client_max = 3;
  start(settings);
  std::vector<FileDescriptor> taken;
  for (unsigned char host = 1; host <= 3; ++host) taken.push_back(connect_from(address(1, host)));
  EXPECT_FALSE(connect_from(address(1, 9)).is_open());
  EXPECT_TRUE(connect_from(address(2, 9)).is_open());
  taken.pop_back();
  turn(5);
  EXPECT_TRUE(connect_from(address(1, 9)).is_open());
}

TEST_F(EngineTest, BehindAProxyTheClientIsWhomItNames) {
  Settings settings;
  settings.is_behind_proxy = true;
  settings.connections_per_client_max = 1;
  start(settings);
  const FileDescriptor one = connect_from(address(1, 1));
  const FileDescriptor two = connect_from(address(1, 1));
  ASSERT_TRUE(two.is_open()) << "the proxy's connections are not one client's";
  ask(two, get("/hello", "X-Forwarded-For: 2001:db8::7\r\n"));
  EXPECT_EQ(application_.asker.address[1], std::byte{1});
  EXPECT_EQ(application_.asker.address[15], std::byte{7});
}

// What clients make the server keep has a bound, shared: they get 503, a newcomer does not.
class EngineMemoryTest : public EngineTest {
 protected:
  EngineMemoryTest() {
    Settings settings;
    settings.kept_bytes_max = std::size_t{1} << 20;
    start(settings);
  }
  // Of one client, each sending this much and no more.
  std::vector<FileDescriptor> attack(unsigned char network, int connections,
                                     const std::string& sent) {
    std::vector<FileDescriptor> all;
    for (int i = 0; i < connections; ++i) {
      all.push_back(connect_from(address(network, static_cast<unsigned char>(i))));
      send(all.back(), sent);
      turn(2);
    }
    return all;
  }
};

TEST_F(EngineMemoryTest, OfBodies) {
  const std::string part = put("/collect-much", "Content-Length: 100000\r\n") + pattern(90'000);
  const auto attackers = attack(1, 50, part);
  EXPECT_LE(engine_->kept_bytes(), std::size_t{1} << 19);
  EXPECT_THAT(receive(attackers.back()), StartsWith("HTTP/1.1 503 "));
  const FileDescriptor honest = connect_from(address(2, 1));
  EXPECT_THAT(ask(honest, part + pattern(10'000)), StartsWith("HTTP/1.1 200 "));
}

TEST_F(EngineMemoryTest, OfHeads) {
  const std::string part = get("/hello", "X-Long: " + std::string(14'000, 'x')).substr(0, 14'000);
  const auto attackers = attack(1, 100, part);
  EXPECT_LE(engine_->kept_bytes(), std::size_t{1} << 19);
  EXPECT_LT(engine_->connections(), 100U);
  const FileDescriptor honest = connect_from(address(2, 1));
  EXPECT_THAT(ask(honest, get("/hello")), StartsWith("HTTP/1.1 200 "));
}

TEST_F(EngineMemoryTest, OfAnswersThatAreNotRead) {
  send_buffer_size_ = 8192;
  std::vector<FileDescriptor> attackers;
  for (int i = 0; i < 50; ++i) {
    attackers.push_back(connect_from(address(1, static_cast<unsigned char>(i))));
    send(attackers.back(), get("/much"));
    turn(2);
  }
  EXPECT_LE(engine_->kept_bytes(), std::size_t{1} << 19);
  EXPECT_THAT(receive(attackers.back()), StartsWith("HTTP/1.1 503 "));
  const FileDescriptor honest = connect_from(address(2, 1));
  EXPECT_THAT(ask(honest, get("/much")), StartsWith("HTTP/1.1 200 "));
}

TEST_F(EngineMemoryTest, IsFreeAgainWhenTheyAreGone) {
  {
    const auto bodies =
        attack(1, 5, put("/collect-much", "Content-Length: 100000\r\n") + pattern(90'000));
    const auto heads =
        attack(2, 5, get("/hello", "X-Long: " + std::string(14'000, 'x')).substr(0, 14'000));
    EXPECT_GT(engine_->kept_bytes(), 100'000U);
  }
  turn(3);
  EXPECT_EQ(engine_->kept_bytes(), 0U);
  const FileDescriptor honest = connect_from(address(1, 1));
  for (int i = 0; i < 3; ++i) {
    ask(honest, put("/collect-much", "Content-Length: 100000\r\n") + pattern(100'000));
    ask(honest, get("/much"));
  }
  EXPECT_EQ(engine_->kept_bytes(), 0U);
}

TEST_F(EngineTest, StoppingFinishesWhatIsUnderWay) {
  const FileDescriptor idle = connect();
  const FileDescriptor busy = connect();
  ask(idle, get("/hello"));
  EXPECT_EQ(ask(busy, get("/later")), "");
  engine_->stop();
  turn(3);
  receive(idle);
  EXPECT_TRUE(closed_);
  EXPECT_FALSE(engine_->is_finished());
  engine_->answer(application_.last, text_reply("done"));
  EXPECT_EQ(body_of(receive(busy)), "done");
  EXPECT_TRUE(closed_);
}

TEST_F(EngineTest, FiveHundredUploadsAtOnce) {
  std::vector<FileDescriptor> clients;
  for (int i = 0; i < 500; ++i) {
    clients.push_back(connect());
    send(clients.back(), put("/upload", "Content-Length: 20000\r\n") + pattern(10'000));
  }
  turn(10);
  for (const FileDescriptor& client : clients) send(client, pattern(10'000));
  for (int i = 0; i < 2000 && application_.received.size() < 500; ++i)
    engine_->run_once(milliseconds(1));
  ASSERT_EQ(application_.received.size(), 500U);
  for (const Received& received : application_.received) {
    EXPECT_EQ(received.end, Received::End::complete);
    EXPECT_EQ(received.size_bytes, 20'000U);
  }
}

TEST_F(EngineTest, FiveHundredDownloadsAtOnceAreWhole) {
  application_.file_content = pattern(300'000);
  std::vector<FileDescriptor> clients;
  std::vector<std::string> got(500);
  for (int i = 0; i < 500; ++i) {
    clients.push_back(connect());
    send(clients.back(), get("/file", "Connection: close\r\n"));
  }
  for (int round = 0; round < 1000 && engine_->connections() > 0; ++round) {
    turn();
    for (std::size_t i = 0; i < clients.size(); ++i) {
      std::array<char, 65536> part;
      const ssize_t size = ::recv(clients[i].get(), part.data(), part.size(), 0);
      if (size > 0) got[i].append(part.data(), static_cast<std::size_t>(size));
      if (size == 0) clients[i].reset();
    }
  }
  for (const std::string& response : got) EXPECT_EQ(body_of(response), application_.file_content);
}

// A TLS client over the test's end of a socket pair.
class TlsClient {
 public:
  TlsClient(FileDescriptor socket, const tls::SelfMade& made)
      : socket_(std::move(socket)),
        context_(tls::Context::client_trusting(base::bytes_of(made.certificate_pem)).value()),
        session_(tls::Session::connect(context_, "localhost").value()),
        output_(storage_) {}

  void write(std::string_view text) { pending_.append(text); }
  // Moves what can be moved; appends what was read to `got`.
  void step() {
    const auto status = session_.handshake(output_);
    failed |= status == tls::Session::Status::failed;
    if (status == tls::Session::Status::done) {
      const auto written = session_.write(base::bytes_of(pending_), output_);
      pending_.erase(0, written.size);
      read();
    }
    while (!output_.empty()) {
      const ssize_t sent =
          ::send(socket_.get(), output_.pending().data(), output_.pending().size(), MSG_NOSIGNAL);
      if (sent <= 0) break;
      output_.consume(static_cast<std::size_t>(sent));
    }
    if (session_.has_unread()) return;
    const ssize_t size = ::recv(socket_.get(), cipher_.data(), cipher_.size(), 0);
    if (size == 0) closed = true;
    if (size > 0) session_.feed(base::ByteView(cipher_).first(static_cast<std::size_t>(size)));
    if (size > 0) session_.park();
  }
  std::string got;
  bool failed = false;
  bool closed = false;

 private:
  void read() {
    std::array<char, 65536> plain;
    const auto moved = session_.read(std::as_writable_bytes(std::span(plain)), output_);
    got.append(plain.data(), moved.size);
    closed |= moved.status == tls::Session::Status::closed;
  }
  FileDescriptor socket_;
  tls::Context context_;
  tls::Session session_;
  base::Bytes storage_ = base::Bytes(200'000);
  base::Bytes cipher_ = base::Bytes(100'000);
  tls::Output output_;
  std::string pending_;
};

TEST_F(EngineTest, TlsCarriesRequestsFilesAndUploads) {
  TlsClient client(connect(http::Channel::tls), made_);
  client.write(get("/hello"));
  for (int i = 0; i < 20; ++i) {
    client.step();
    turn();
  }
  EXPECT_EQ(body_of(client.got), "hello");
  EXPECT_THAT(client.got, HasSubstr("Strict-Transport-Security"));
  client.got.clear();
  client.write(get("/file"));
  for (int i = 0; i < 200; ++i) {
    client.step();
    turn();
  }
  EXPECT_EQ(body_of(client.got), application_.file_content);
  client.got.clear();
  client.write(put("/upload", "Content-Length: 500000\r\n") + pattern(500'000) + get("/hello"));
  for (int i = 0; i < 200; ++i) {
    client.step();
    engine_->run_once(milliseconds(1));
  }
  EXPECT_THAT(client.got, HasSubstr("end 0 size 500000"));
  EXPECT_THAT(client.got, HasSubstr("hello"));
  EXPECT_EQ(content_of(application_.upload.get()), pattern(500'000));
}

TEST_F(EngineTest, PlainTextOnATlsListenerGetsNothing) {
  const FileDescriptor client = connect(http::Channel::tls);
  const std::string response = ask(client, get("/hello"));
  EXPECT_EQ(application_.requests, 0);
  EXPECT_EQ(response.find("HTTP"), std::string::npos);
}

TEST_F(EngineTest, HandshakesThatStallAreCut) {
  const FileDescriptor client = connect(http::Channel::tls);
  send(client, std::string_view("\x16\x03\x01\x02", 4));
  turn();
  pass(milliseconds(10'100));
  EXPECT_EQ(engine_->connections(), 0U);
}

TEST_F(EngineTest, ANewCertificateServesNewConnections) {
  TlsClient before(connect(http::Channel::tls), made_);
  before.write(get("/hello"));
  for (int i = 0; i < 20; ++i) {
    before.step();
    turn();
  }
  const tls::SelfMade next = tls::make_certificate("localhost", 30).value();
  engine_->set_certificate(tls::Context::server(base::bytes_of(next.certificate_pem),
                                                base::bytes_of(next.private_key_pem))
                               .value());
  TlsClient after(connect(http::Channel::tls), next);
  TlsClient old(connect(http::Channel::tls), made_);
  after.write(get("/hello"));
  old.write(get("/hello"));
  before.got.clear();
  before.write(get("/hello"));
  for (int i = 0; i < 20; ++i) {
    before.step();
    after.step();
    old.step();
    turn();
  }
  EXPECT_EQ(body_of(before.got), "hello");
  EXPECT_EQ(body_of(after.got), "hello");
  EXPECT_TRUE(old.failed);
}

}  // namespace
}  // namespace sealift::server::front
