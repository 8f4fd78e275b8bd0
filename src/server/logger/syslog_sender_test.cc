#include "server/logger/syslog_sender.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <vector>

#include "base/file_descriptor.h"

namespace sealift::server {
namespace {

using std::chrono::milliseconds;

// A server that is away for a while, and then goes away amid.
struct Server {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::string> received;
  int away = 0;          // so many connections fail
  int breaks_after = 0;  // so many messages; 0: never
  int connections = 0;

  bool wait_for(std::size_t count) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, std::chrono::seconds(10),
                            [&] { return received.size() >= count; });
  }
};

class FakeWire final : public SyslogWire {
 public:
  explicit FakeWire(Server& server) : server_(server) {}
  base::Result<void> connect() override {
    const std::scoped_lock lock(server_.mutex);
    ++server_.connections;
    server_.changed.notify_all();
    if (server_.away-- > 0) return base::fail(base::ErrorCode::io, "away");
    return {};
  }
  base::Result<void> send(std::string_view message) override {
    const std::scoped_lock lock(server_.mutex);
    if (server_.breaks_after > 0 && --server_.breaks_after == 0) {
      return base::fail(base::ErrorCode::io, "gone");
    }
    server_.received.emplace_back(message);
    server_.changed.notify_all();
    return {};
  }
  void close() override {}
  void abandon() override {}

 private:
  Server& server_;
};

// Takes nothing, until it is abandoned.
class DeafWire final : public SyslogWire {
 public:
  base::Result<void> connect() override { return {}; }
  base::Result<void> send(std::string_view) override {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(30), [this] { return is_abandoned_; });
    return base::fail(base::ErrorCode::io, "takes nothing");
  }
  void close() override {}
  void abandon() override {
    const std::scoped_lock lock(mutex_);
    is_abandoned_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_abandoned_ = false;
};

constexpr SyslogSettings kFast{1000, milliseconds(1), milliseconds(2)};

TEST(SyslogSenderTest, WhatIsPutWhileTheServerIsAwayArrivesInOrder) {
  Server server;
  server.away = 3;
  SyslogSender sender(std::make_unique<FakeWire>(server), kFast);
  for (int i = 0; i < 10; ++i) sender.put(std::to_string(i));
  ASSERT_TRUE(server.wait_for(10));
  EXPECT_EQ(sender.take_trouble(), "away");
  EXPECT_EQ(sender.take_trouble(), "") << "said once";
  sender.finish(milliseconds(1000));
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(server.received.at(static_cast<std::size_t>(i)), std::to_string(i));
  EXPECT_EQ(sender.take_dropped(), 0u);
}

TEST(SyslogSenderTest, AMessageThatBrokeOffIsSentAgain) {
  Server server;
  server.breaks_after = 2;
  SyslogSender sender(std::make_unique<FakeWire>(server), kFast);
  for (const char* each : {"a", "b", "c"}) sender.put(each);
  ASSERT_TRUE(server.wait_for(3));
  sender.finish(milliseconds(1000));
  EXPECT_EQ(server.received, (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(server.connections, 2);
}

TEST(SyslogSenderTest, PastItsLimitTheOldestAreDroppedAndCounted) {
  Server server;
  server.away = 1'000'000;
  SyslogSender sender(std::make_unique<FakeWire>(server), kFast);
  for (int i = 0; i < 50; ++i) sender.put(std::string(100, 'x'));
  EXPECT_EQ(sender.take_dropped(), 40u);
  EXPECT_EQ(sender.take_dropped(), 0u);
}

TEST(SyslogSenderTest, AServerThatTakesNothingHoldsNoStopUpAndWhatItDidNotTakeIsCounted) {
  SyslogSender sender(std::make_unique<DeafWire>(), kFast);
  for (int i = 0; i < 7; ++i) sender.put("line");
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_TRUE(sender.finish(milliseconds(50)));
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(5));
  EXPECT_EQ(sender.waiting(), 7u);
}

// A server that accepts and never reads: the kernel takes what its buffers hold, and no more.
TEST(SyslogSenderTest, AStreamThatNobodyReadsIsGivenUpAtTheStop) {
  const base::FileDescriptor listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* const generic = static_cast<sockaddr*>(static_cast<void*>(&address));
  ASSERT_EQ(::bind(listener.get(), generic, size), 0);
  ASSERT_EQ(::listen(listener.get(), 4), 0);
  ASSERT_EQ(::getsockname(listener.get(), generic, &size), 0);
  const auto plan = SyslogPlan::parse("tcp:127.0.0.1:" + std::to_string(ntohs(address.sin_port)));
  ASSERT_TRUE(plan);
  constexpr SyslogSettings kLarge{std::size_t{64} << 20, milliseconds(1), milliseconds(2)};
  SyslogSender sender(*make_syslog_wire(*plan), kLarge);
  for (int i = 0; i < 32 * 1024; ++i) sender.put(std::string(1000, 'x'));
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_TRUE(sender.finish(milliseconds(500)));
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(4));
  EXPECT_GT(sender.waiting(), 1000u);
}

TEST(SyslogPlanTest, EachWay) {
  const auto unix_socket = SyslogPlan::parse("unix:/dev/log");
  ASSERT_TRUE(unix_socket);
  EXPECT_EQ(unix_socket->path, "/dev/log");
  const struct {
    const char* text;
    SyslogWay way;
    const char* host;
    std::uint16_t port;
    bool is_private;
  } all[] = {
      {"udp:logs.example.org", SyslogWay::udp, "logs.example.org", 514, false},
      {"udp:127.0.0.1:5514", SyslogWay::udp, "127.0.0.1", 5514, true},
      {"tcp:[::1]:9", SyslogWay::tcp, "::1", 9, true},
      {"tcp:logs.example.org", SyslogWay::tcp, "logs.example.org", 601, false},
      {"tls:[2001:db8::1]", SyslogWay::tls, "2001:db8::1", 6514, true},
      {"tls:logs.example.org:1", SyslogWay::tls, "logs.example.org", 1, true},
      {"udp:localhost", SyslogWay::udp, "localhost", 514, true},
  };
  for (const auto& each : all) {
    const auto plan = SyslogPlan::parse(each.text);
    ASSERT_TRUE(plan) << each.text;
    EXPECT_EQ(plan->way, each.way);
    EXPECT_EQ(plan->host, each.host);
    EXPECT_EQ(plan->port, each.port);
    EXPECT_EQ(plan->is_private(), each.is_private) << each.text;
  }
}

TEST(SyslogPlanTest, WhatIsNoneIsRefused) {
  for (const char* text : {"", "unix:", "unix:dev/log", "udp:", "udp::514", "tcp:host:0",
                           "tcp:host:", "tcp:host:70000", "tls:[::1", "tls:[::1]x", "http:host",
                           "host:514", "udp:ho st", "udp:-x", "tcp:a:1:2"}) {
    EXPECT_FALSE(SyslogPlan::parse(text)) << text;
  }
}

}  // namespace
}  // namespace sealift::server
