// A front process without its process: engine, link, and a vault played by the test.
#include "server/front/vault_link.h"

#include "server/front/ask.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "server/front/ask.h"

namespace sealift::server::front {
namespace {

using base::FileDescriptor;
using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::StartsWith;

constexpr FrontRoute kRoutes[] = {
    {{http::Method::get, "/api/parcels/{id}", 41}, Form::plain},
    {{http::Method::post, "/api/parcels", 42}, Form::json},
    {{http::Method::post, "/api/uploads", 43}, Form::tus_create},
    {{http::Method::patch, "/api/uploads/{id}", 44}, Form::tus_append},
    {{http::Method::head, "/api/uploads/{id}", 45}, Form::tus},
};
const std::string kToken(43, 'k');

class VaultLinkTest : public testing::Test {
 protected:
  explicit VaultLinkTest(std::size_t asks_max = kAsksMax) {
    auto pair = FrameChannel::make_pair().value();
    vault_.emplace(std::move(pair[1]), Sender::front);
    link_.emplace(kRoutes, FrameChannel(std::move(pair[0]), Sender::vault), WebFiles(), asks_max);
    Settings settings;
    settings.host_names = {"localhost"};
    engine_ = Engine::create(settings, *link_, clock_).value();
    EXPECT_TRUE(link_->attach(*engine_));
    std::array<int, 2> ends{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()), 0);
    EXPECT_TRUE(engine_->adopt(FileDescriptor(ends[0]), Peer{}));
    client_ = FileDescriptor(ends[1]);
  }

  void turn(int times = 5) {
    for (int i = 0; i < times; ++i) engine_->run_once(milliseconds(1));
  }
  void send(const std::string& text) {
    ASSERT_EQ(::send(client_.get(), text.data(), text.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(text.size()));
    turn();
  }
  std::string response() {
    turn(20);
    std::string text(100'000, '\0');
    const ssize_t size = ::recv(client_.get(), text.data(), text.size(), 0);
    text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    return text;
  }
  template <typename T>
  T next() {
    turn();
    auto message = vault_->receive().value();
    if (!message) message = vault_->receive().value();  // what was taken before is over
    EXPECT_TRUE(message && std::holds_alternative<T>(message->frame));
    return message && std::holds_alternative<T>(message->frame) ? std::get<T>(message->frame) : T{};
  }
  static std::string request(const std::string& line, const std::string& fields,
                             const std::string& body = "") {
    return line + " HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n" + body;
  }

  base::ManualClock clock_{base::UnixTime(milliseconds(0))};
  std::optional<FrameChannel> vault_;
  std::optional<VaultLink> link_;
  std::unique_ptr<Engine> engine_;
  FileDescriptor client_;
};

TEST_F(VaultLinkTest, AsksWithTypedFieldsAndAnswers) {
  send(request("GET /api/parcels/0af3",
               "Authorization: Bearer " + kToken + "\r\nRange: bytes=5-\r\nIf-Range: \"0a\"\r\n"));
  const auto ask = next<AskFrame>();
  EXPECT_EQ(ask.operation, 41);
  EXPECT_EQ(ask.names[0], "0af3");
  EXPECT_EQ(ask.credential_kind, CredentialKind::bearer);
  EXPECT_EQ(ask.credential, kToken);
  EXPECT_EQ(ask.range->first, 5U);
  EXPECT_EQ(ask.if_range, "0a");
  ReplyFrame reply{ask.request, {}, base::copy_of(base::bytes_of("{}"))};
  reply.head.media_type = http::MediaType::json;
  ASSERT_TRUE(vault_->send(reply));
  EXPECT_THAT(response(), StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST_F(VaultLinkTest, FormIsJudgedHereAndTheVaultNotAsked) {
  for (const auto& [text, status] : std::initializer_list<std::pair<std::string, std::string>>{
           {request("GET /nothing", ""), "404"},
           {request("GET /api/parcels/%2e%2e", ""), "404"},
           {request("DELETE /api/parcels/0a", ""), "405"},
           {request("GET /api/parcels/0a", "Range: bytes=1-2,4-5\r\n"), "400"},
           {request("POST /api/parcels", "Content-Length: 2\r\n", "{}"), "415"},
           {request("POST /api/uploads", "Upload-Length: 5\r\n"), "400"},
           {request("HEAD /api/uploads/0a", "Tus-Resumable: 0.2\r\n"), "412"},
           {request("PATCH /api/uploads/0a", "Tus-Resumable: 1.0.0\r\nContent-Length: 1\r\n", "x"),
            "415"}}) {
    send(text);
    EXPECT_THAT(response(), StartsWith("HTTP/1.1 " + status)) << text;
  }
  EXPECT_FALSE(vault_->receive().value());
}

TEST_F(VaultLinkTest, AnOperationThatThisVersionLacksIsNamedAsThat) {
  send(request("GET /api/v2/parcels", ""));
  EXPECT_THAT(response(),
              HasSubstr("{\"code\":\"not_found\",\"reason\":\"no_operation\",\"facts\":{},"));
}

TEST_F(VaultLinkTest, JsonBodiesGoWithTheAsk) {
  send(request("POST /api/parcels",
               "Content-Type: application/json; charset=utf-8\r\nCookie: session=" + kToken +
                   "\r\nContent-Length: 7\r\n",
               "{\"a\":1}"));
  const auto ask = next<AskFrame>();
  EXPECT_EQ(base::text_of(ask.body), "{\"a\":1}");
  EXPECT_EQ(ask.credential_kind, CredentialKind::none) << "a cookie proves nothing";
}

TEST(ForwardedPeerTest, OnlyTheProxysOwnWordCounts) {
  const Peer proxy{{std::byte{9}}, http::Channel::plain};
  const auto seen = [&](std::string_view value) {
    http::RequestHead head;
    head.fields.put(http::FieldName::x_forwarded_for, value);
    return forwarded_peer(head, proxy).address;
  };
  PeerAddress v4{};
  v4[10] = v4[11] = std::byte{0xff};
  v4[12] = std::byte{192};
  v4[14] = std::byte{2};
  v4[15] = std::byte{7};
  EXPECT_EQ(seen("192.0.2.7"), v4);
  EXPECT_EQ(seen("198.51.100.1, 192.0.2.7"), v4);
  EXPECT_EQ(seen("::ffff:192.0.2.7"), v4);
  for (const std::string_view nothing : {"", "unknown", "192.0.2.7:80", "192.0.2.7, ", "1.2.3"}) {
    EXPECT_EQ(seen(nothing), proxy.address) << nothing;
  }
}

TEST_F(VaultLinkTest, UploadsGoPastTheVaultByDescriptor) {
  send(request("PATCH /api/uploads/0a",
               "Tus-Resumable: 1.0.0\r\nUpload-Offset: 3\r\nContent-Type: "
               "application/offset+octet-stream\r\nContent-Length: 5\r\n",
               "hello"));
  const auto ask = next<AskFrame>();
  EXPECT_EQ(ask.upload_offset, 3U);
  EXPECT_EQ(ask.content_length, 5U);
  EXPECT_TRUE(ask.body.empty());
  const FileDescriptor file(::memfd_create("blob", MFD_CLOEXEC));
  ASSERT_TRUE(vault_->send(ReceiveFrame{ask.request, 3, 100, std::nullopt},
                           FileDescriptor(::dup(file.get()))));
  turn(30);
  const auto received = next<ReceivedFrame>();
  EXPECT_EQ(received.end, 0);
  EXPECT_EQ(received.size_bytes, 5U);
  base::Bytes content(8);
  EXPECT_EQ(base::pread_full(file.get(), content, 0).value(), 8U);
  EXPECT_EQ(base::text_of(content).substr(3), "hello");
  ReplyFrame reply{ask.request, {}, {}};
  reply.head.status = http::Status::no_content;
  reply.head.upload_offset = 8;
  ASSERT_TRUE(vault_->send(reply));
  EXPECT_THAT(response(), HasSubstr("Upload-Offset: 8\r\n"));
}

TEST_F(VaultLinkTest, AClientThatLeftIsToldToTheVault) {
  send(request("GET /api/parcels/0a", ""));
  const auto ask = next<AskFrame>();
  client_.reset();
  EXPECT_EQ(next<GoneFrame>().request, ask.request);
  // Too late for an answer: a descriptor to write to comes back unused, the rest is dropped.
  ASSERT_TRUE(vault_->send(ReceiveFrame{ask.request, 0, 9, std::nullopt},
                           FileDescriptor(::memfd_create("x", MFD_CLOEXEC))));
  EXPECT_EQ(next<ReceivedFrame>().size_bytes, 0U);
}

TEST_F(VaultLinkTest, ACutEndsADownload) {
  send(request("GET /api/parcels/0a", ""));
  const auto ask = next<AskFrame>();
  const FileDescriptor file(::memfd_create("x", MFD_CLOEXEC));
  ASSERT_EQ(::ftruncate(file.get(), 50'000'000), 0);
  SendFrame answer{ask.request, {}, 0};
  answer.head.content_size_bytes = 50'000'000;
  ASSERT_TRUE(vault_->send(answer, FileDescriptor(::dup(file.get()))));
  turn();
  ASSERT_TRUE(vault_->send(CutFrame{ask.request}));
  turn();
  EXPECT_EQ(engine_->connections(), 0U);
}

class FloodTest : public VaultLinkTest {
 protected:
  static constexpr std::size_t kAtOnce = 64;
  FloodTest() : VaultLinkTest(kAtOnce) {}

  // A client of its own network; what it asks is sent, and nothing is read yet.
  FileDescriptor connect(unsigned network) {
    std::array<int, 2> ends{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()), 0);
    Peer peer;
    peer.address[0] = std::byte{0x20};
    peer.address[7] = static_cast<std::byte>(network);
    EXPECT_TRUE(engine_->adopt(FileDescriptor(ends[0]), peer));
    return FileDescriptor(ends[1]);
  }
  FileDescriptor ask_from(unsigned network) {
    FileDescriptor client = connect(network);
    const std::string text = request("GET /api/parcels/0a", "");
    EXPECT_GT(::send(client.get(), text.data(), text.size(), MSG_NOSIGNAL), 0);
    return client;
  }
  static std::string read(const FileDescriptor& client) {
    std::string text(10'000, '\0');
    const ssize_t size = ::recv(client.get(), text.data(), text.size(), 0);
    text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    return text;
  }
  // The vault answers whatever is asked, until there is nothing.
  void answer_all() {
    for (int quiet = 0; quiet < 3; ++quiet) {
      while (true) {
        auto message = vault_->receive();
        ASSERT_TRUE(message) << "the front broke the channel off";
        if (!*message) break;
        quiet = 0;
        const auto* ask = std::get_if<AskFrame>(&(*message)->frame);
        if (ask) {
          ASSERT_TRUE(vault_->send(ReplyFrame{ask->request, {}, {}}));
        }
        turn(1);
      }
      turn(3);
      link_->flush();
    }
  }
};

// Connections of four networks with one request each, while the vault is at something else.
TEST_F(FloodTest, PastWhatTheVaultTakesEachRequestIsRefusedForItself) {
  constexpr int kConnections = 400;
  std::vector<FileDescriptor> clients;
  for (int i = 0; i < kConnections; ++i) {
    clients.push_back(ask_from(static_cast<unsigned>(1 + i % 4)));
  }
  turn(20);
  ASSERT_FALSE(link_->is_broken());
  const FileDescriptor honest = ask_from(99);
  turn(3);
  answer_all();
  ASSERT_FALSE(link_->is_broken());
  turn(50);
  EXPECT_THAT(read(honest), StartsWith("HTTP/1.1 200 ")) << "there is room for a newcomer";
  int served = 0;
  int refused = 0;
  for (const FileDescriptor& client : clients) {
    const std::string text = read(client);
    served += text.rfind("HTTP/1.1 200 ", 0) == 0 ? 1 : 0;
    if (text.rfind("HTTP/1.1 503 ", 0) != 0) continue;
    ++refused;
    EXPECT_THAT(text, HasSubstr("Retry-After: 1\r\n"));
  }
  EXPECT_EQ(served + refused, kConnections);
  EXPECT_GT(served, 40);
  EXPECT_GT(refused, 300);
}

// Who asks and leaves at once holds its place until the vault has answered nobody.
TEST_F(FloodTest, LeavingDoesNotMakeRoomInTheVaultsQueue) {
  for (int i = 0; i < 500; ++i) {
    const FileDescriptor gone = ask_from(1);
    turn(1);
  }
  turn(10);
  ASSERT_FALSE(link_->is_broken());
  std::size_t asks = 0;
  while (true) {
    auto message = vault_->receive();
    ASSERT_TRUE(message);
    if (!*message) {
      turn(2);
      link_->flush();
      message = vault_->receive();
      if (!message || !*message) break;
    }
    asks += std::holds_alternative<AskFrame>((*message)->frame) ? 1 : 0;
  }
  EXPECT_LE(asks, kAtOnce / 2);
}

TEST_F(VaultLinkTest, ABodyIsTakenUpToItsOperationsSize) {
  static constexpr FrontRoute kLogin[] = {{{http::Method::post, "/login", 7}, Form::json, 100}};
  auto pair = FrameChannel::make_pair().value();
  VaultLink link(kLogin, FrameChannel(std::move(pair[0]), Sender::vault));
  Settings settings;
  settings.host_names = {"localhost"};
  const auto engine = Engine::create(settings, link, clock_).value();
  ASSERT_TRUE(link.attach(*engine));
  std::array<int, 2> ends{};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()), 0);
  ASSERT_TRUE(engine->adopt(FileDescriptor(ends[0]), Peer{}));
  const FileDescriptor client(ends[1]);
  const std::string text =
      request("POST /login", "Content-Type: application/json\r\nContent-Length: 101\r\n", "{");
  ASSERT_GT(::send(client.get(), text.data(), text.size(), 0), 0);
  for (int i = 0; i < 5; ++i) engine->run_once(milliseconds(1));
  std::string got(10'000, '\0');
  got.resize(static_cast<std::size_t>(
      std::max<ssize_t>(0, ::recv(client.get(), got.data(), got.size(), 0))));
  EXPECT_THAT(got, StartsWith("HTTP/1.1 413 "));
}

TEST_F(VaultLinkTest, WithoutAVaultRequestsAreAnsweredUnavailable) {
  send(request("GET /api/parcels/0a", ""));
  vault_.reset();
  EXPECT_THAT(response(), StartsWith("HTTP/1.1 503 "));
  EXPECT_TRUE(link_->is_broken());
  send(request("GET /api/parcels/0a", ""));
  EXPECT_THAT(response(), StartsWith("HTTP/1.1 503 "));
}

TEST_F(VaultLinkTest, AVaultThatBreaksTheRulesIsBrokenOff) {
  send(request("GET /api/parcels/0a", ""));
  next<AskFrame>();
  ASSERT_GT(::send(vault_->fd(), "nonsense", 8, 0), 0);
  EXPECT_THAT(response(), StartsWith("HTTP/1.1 503 "));
  EXPECT_TRUE(link_->is_broken());
}

TEST(AskTest, MalformedCredentialsAreNone) {
  for (const std::string& value :
       {"Bearer " + std::string(42, 'a'), std::string("Bearer "), "Basic " + kToken,
        "Bearer  " + kToken, "Bearer " + std::string(42, 'a') + "="}) {
    http::RequestHead head;
    head.fields.put(http::FieldName::authorization, value);
    const auto ask = std::get<AskFrame>(make_ask(kRoutes[0], http::RouteMatch{}, head, Peer{}));
    EXPECT_EQ(ask.credential_kind, CredentialKind::none) << value;
  }
}

}  // namespace
}  // namespace sealift::server::front
