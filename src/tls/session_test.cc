#include "tls/session.h"

#include <gtest/gtest.h>

#include <array>

namespace sealift::tls {
namespace {

constexpr std::size_t kOutputSize = 4 * (kRecordSize + kRecordOverhead);

// A server's and a client's session, and the bytes on their way between them.
struct Pair {
  static Context server_context(const SelfMade& made) {
    return std::move(Context::server(base::bytes_of(made.certificate_pem),
                                     base::bytes_of(made.private_key_pem)))
        .value();
  }
  explicit Pair(const std::string& name = "localhost")
      : made(make_certificate("localhost", 30).value()),
        server_side(server_context(made)),
        client_side(Context::client_trusting(base::bytes_of(made.certificate_pem)).value()),
        server(Session::accept(server_side).value()),
        client(Session::connect(client_side, name).value()),
        to_client(to_client_storage),
        to_server(to_server_storage) {}

  static base::Bytes take(Output& output) {
    base::Bytes bytes = base::copy_of(output.pending());
    output.consume(bytes.size());
    return bytes;
  }
  static void feed(Session& session, base::Bytes& bytes) {
    if (session.has_unread()) return;
    session.feed(bytes);
    session.park();
    bytes.clear();
  }
  // Runs both handshakes until both are done or one failed.
  std::array<Session::Status, 2> handshake() {
    auto of_client = Session::Status::want_input;
    auto of_server = Session::Status::want_input;
    for (int round = 0; round < 10; ++round) {
      of_client = client.handshake(to_server);
      base::Bytes bytes = take(to_server);
      if (!bytes.empty()) feed(server, bytes);
      of_server = server.handshake(to_client);
      bytes = take(to_client);
      if (!bytes.empty()) feed(client, bytes);
      if (of_client == Session::Status::failed || of_server == Session::Status::failed) break;
    }
    // What the server sends beyond the handshake (a ticket) is taken in by reading.
    std::array<std::byte, 1> none;
    if (of_client == Session::Status::done) client.read(none, to_server);
    return {of_client, of_server};
  }

  SelfMade made;
  Context server_side;
  Context client_side;
  Session server;
  Session client;
  base::Bytes to_client_storage = base::Bytes(kOutputSize);
  base::Bytes to_server_storage = base::Bytes(kOutputSize);
  Output to_client;
  Output to_server;
};

using Status = Session::Status;

TEST(TlsSessionTest, ManyRecordsLeaveInOneOutput) {
  Pair pair;
  EXPECT_EQ(pair.handshake(), (std::array{Status::done, Status::done}));
  base::Bytes content(3 * kRecordSize + 100);
  for (std::size_t i = 0; i < content.size(); ++i) content[i] = static_cast<std::byte>(i * 7);
  const Session::Moved written = pair.server.write(content, pair.to_client);
  EXPECT_EQ(written.status, Status::done);
  EXPECT_EQ(written.size, content.size());
  const base::Bytes cipher = Pair::take(pair.to_client);
  EXPECT_GT(cipher.size(), content.size());

  base::Bytes read(content.size() + 1);
  std::size_t at = 0;
  pair.client.feed(base::ByteView(cipher).first(kRecordSize + 5));
  at += pair.client.read(base::MutableByteView(read).subspan(at), pair.to_server).size;
  EXPECT_FALSE(pair.client.has_unread());
  pair.client.feed(base::ByteView(cipher).subspan(kRecordSize + 5));
  while (at < content.size()) {
    const Session::Moved moved =
        pair.client.read(base::MutableByteView(read).subspan(at), pair.to_server);
    ASSERT_EQ(moved.status, Status::done);
    at += moved.size;
  }
  read.resize(at);
  EXPECT_EQ(read, content);
  EXPECT_EQ(pair.client.read(base::MutableByteView(content), pair.to_server).status,
            Status::want_input);
}

TEST(TlsSessionTest, WriteTakesOnlyWhatFits) {
  Pair pair;
  pair.handshake();
  const base::Bytes content(100 * kRecordSize);
  const Session::Moved written = pair.server.write(content, pair.to_client);
  EXPECT_EQ(written.size, 4 * kRecordSize);
  EXPECT_EQ(pair.server.write(content, pair.to_client).status, Status::want_room);
}

TEST(TlsSessionTest, AnotherNameIsRefused) {
  Pair pair("example.org");
  EXPECT_EQ(pair.handshake()[0], Status::failed);
}

TEST(TlsSessionTest, AnotherCertificateIsRefused) {
  Pair pair;
  const SelfMade other = make_certificate("localhost", 30).value();
  pair.client_side = Context::client_trusting(base::bytes_of(other.certificate_pem)).value();
  pair.client = Session::connect(pair.client_side, "localhost").value();
  EXPECT_EQ(pair.handshake()[0], Status::failed);
}

TEST(TlsSessionTest, OnlyThePinnedCertificateIsTaken) {
  Pair pair;
  const auto pin_to = [&](const SelfMade& made) {
    const auto pinned = fingerprint_of(base::bytes_of(made.certificate_pem)).value();
    pair.client_side = Context::client_pinning(pinned).value();
    pair.server = Session::accept(pair.server_side).value();
    pair.client = Session::connect(pair.client_side, "any.example.org").value();
  };
  pin_to(pair.made);
  EXPECT_EQ(pair.handshake(), (std::array{Status::done, Status::done})) << "whatever its name";
  pin_to(make_certificate("localhost", 30).value());
  EXPECT_EQ(pair.handshake()[0], Status::failed);
  EXPECT_EQ(pair.client.certificate_problem(), Session::CertificateProblem::not_pinned);
  EXPECT_EQ(pair.client.shown_certificate(),
            fingerprint_of(base::bytes_of(pair.made.certificate_pem)).value());
}

TEST(TlsSessionTest, AddressesAreCheckedToo) {
  const SelfMade made = make_certificate("127.0.0.1", 30).value();
  Pair pair;
  pair.server_side = Pair::server_context(made);
  pair.server = Session::accept(pair.server_side).value();
  pair.client_side = Context::client_trusting(base::bytes_of(made.certificate_pem)).value();
  pair.client = Session::connect(pair.client_side, "127.0.0.1").value();
  EXPECT_EQ(pair.handshake(), (std::array{Status::done, Status::done}));
}

TEST(TlsSessionTest, DamagedRecordsEndTheSession) {
  Pair pair;
  pair.handshake();
  const base::Bytes content(1000);
  pair.server.write(content, pair.to_client);
  base::Bytes cipher = Pair::take(pair.to_client);
  cipher[cipher.size() / 2] ^= std::byte{1};
  base::Bytes read(2000);
  pair.client.feed(cipher);
  EXPECT_EQ(pair.client.read(read, pair.to_server).status, Status::failed);
  pair.client.park();
  EXPECT_EQ(pair.client.read(read, pair.to_server).status, Status::failed);
}

TEST(TlsSessionTest, ClosingIsTold) {
  Pair pair;
  pair.handshake();
  pair.server.close(pair.to_client);
  base::Bytes cipher = Pair::take(pair.to_client);
  Pair::feed(pair.client, cipher);
  base::Bytes read(10);
  EXPECT_EQ(pair.client.read(read, pair.to_server).status, Status::closed);
}

TEST(TlsContextTest, KeyAndCertificateBelongTogether) {
  const SelfMade one = make_certificate("a", 1).value();
  const SelfMade other = make_certificate("a", 1).value();
  EXPECT_TRUE(
      Context::server(base::bytes_of(one.certificate_pem), base::bytes_of(one.private_key_pem)));
  for (const auto& [chain, key] : {std::pair{one.certificate_pem, other.private_key_pem},
                                   {one.private_key_pem, one.private_key_pem},
                                   {std::string(), one.private_key_pem},
                                   {one.certificate_pem, std::string("-----BEGIN")}}) {
    const auto context = Context::server(base::bytes_of(chain), base::bytes_of(key));
    ASSERT_FALSE(context);
    EXPECT_EQ(context.error().code, base::ErrorCode::malformed);
  }
  EXPECT_FALSE(Context::client_trusting(base::bytes_of("none")));
}

}  // namespace
}  // namespace sealift::tls
