// SyslogSender: hands messages to one syslog server, from a thread of its own.
//
//   unix:PATH   datagrams, as /dev/log takes them
//   udp:HOST    datagrams (RFC 5426)       tcp:HOST   octet counting (RFC 6587)
//   tls:HOST    the same inside TLS (RFC 5425); the server has to prove its name
//
// A server that is away is tried again, after longer and longer pauses; meanwhile messages wait in
// memory up to a limit, and past that the oldest are dropped and counted. A stream that the server
// closed is noticed before the next message is written to it.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "base/bytes.h"
#include "base/result.h"

namespace sealift::server {

enum class SyslogWay : std::uint8_t { unix_socket, udp, tcp, tls };

struct SyslogPlan {
  SyslogWay way = SyslogWay::unix_socket;
  std::string path;  // of the Unix socket
  std::string host;  // a name or a numeric address
  std::uint16_t port = 0;
  std::string certificates_path;  // PEM of who may vouch for the server; "": the system's
  friend bool operator==(const SyslogPlan&, const SyslogPlan&) = default;

  // "unix:/dev/log", "udp:HOST[:PORT]", "tcp:...", "tls:..."; ports are 514, 601 and 6514 unless
  // given. Errors: malformed.
  static base::Result<SyslogPlan> parse(std::string_view text);
  // Whether lines stay on the machine, or are protected on their way.
  bool is_private() const;
};

// Connections to the server; one at a time.
class SyslogWire {
 public:
  virtual ~SyslogWire() = default;
  // Errors: io (not reached, or gone).
  virtual base::Result<void> connect() = 0;
  // Whole or not at all, as far as this end can tell. After an error, connect() again.
  virtual base::Result<void> send(std::string_view message) = 0;
  virtual void close() = 0;
  // From another thread, for good: what waits for the server fails now.
  virtual void abandon() = 0;
};
// Reads the certificates now: later there may be no files. Errors: those of reading; malformed.
base::Result<std::unique_ptr<SyslogWire>> make_syslog_wire(const SyslogPlan& plan);

struct SyslogSettings {
  std::size_t bytes_max = std::size_t{4} << 20;
  std::chrono::milliseconds pause_min{500};
  std::chrono::milliseconds pause_max{30'000};
};

// All from one thread.
class SyslogSender {
 public:
  SyslogSender(std::unique_ptr<SyslogWire> wire, const SyslogSettings& settings = {});
  SyslogSender(const SyslogSender&) = delete;
  SyslogSender& operator=(const SyslogSender&) = delete;
  // Sends what waits as long as the server takes it, at most so long, and ends the thread within
  // about as long again; nothing is sent after it. False: the thread is still asking a name server,
  // which nothing interrupts, and this object has to stay until the process ends.
  bool finish(std::chrono::milliseconds wait_max);
  ~SyslogSender();

  void put(std::string message);
  // Messages that were dropped, since the last call.
  std::uint64_t take_dropped();
  // Whether the server became unreachable since the last call; and why.
  std::string take_trouble();
  std::size_t waiting();

 private:
  void run();
  bool deliver(std::unique_lock<std::mutex>& lock);

  const std::unique_ptr<SyslogWire> wire_;
  const SyslogSettings settings_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::string> messages_;  // these are guarded by mutex_
  std::size_t bytes_ = 0;
  std::uint64_t dropped_ = 0;
  std::string trouble_;
  bool stop_ = false;
  bool is_sending_ = false;  // one that isn't in messages_
  bool is_ended_ = false;
  std::thread thread_;
};

}  // namespace sealift::server
