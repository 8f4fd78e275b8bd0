#include "server/logger/syslog_sender.h"

#include <gtest/gtest.h>

#include <vector>

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

 private:
  Server& server_;
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
