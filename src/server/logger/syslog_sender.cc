#include "server/logger/syslog_sender.h"

#include <arpa/inet.h>

#include <algorithm>
#include <utility>

#include "http/field.h"
#include "parcel/address.h"

namespace sealift::server {
namespace {

using base::ErrorCode;
using base::Result;
using std::chrono::milliseconds;

struct Word {
  std::string_view prefix;
  SyslogWay way;
  std::uint16_t port;
};
constexpr Word kWords[] = {
    {"udp:", SyslogWay::udp, 514},
    {"tcp:", SyslogWay::tcp, 601},
    {"tls:", SyslogWay::tls, 6514},
};

bool is_numeric(const std::string& host) {
  in6_addr unused{};
  return ::inet_pton(AF_INET, host.c_str(), &unused) == 1 ||
         ::inet_pton(AF_INET6, host.c_str(), &unused) == 1;
}

tl::unexpected<base::Error> malformed() {
  return base::fail(ErrorCode::malformed,
                    "syslog takes unix:PATH, udp:HOST:PORT, tcp:HOST:PORT or tls:HOST:PORT");
}

}  // namespace

Result<SyslogPlan> SyslogPlan::parse(std::string_view text) {
  SyslogPlan plan;
  constexpr std::string_view kUnix = "unix:";
  if (text.starts_with(kUnix)) {
    plan.path = text.substr(kUnix.size());
    constexpr std::size_t kPathSizeMax = 100;  // sun_path of sockaddr_un
    if (plan.path.empty() || plan.path[0] != '/' || plan.path.size() > kPathSizeMax)
      return malformed();
    return plan;
  }
  const auto* const word =
      std::ranges::find_if(kWords, [&](const Word& each) { return text.starts_with(each.prefix); });
  if (word == std::end(kWords)) return malformed();
  plan.way = word->way;
  plan.port = word->port;
  std::string_view host = text.substr(word->prefix.size());
  const bool has_brackets = host.starts_with('[');
  const std::size_t end = has_brackets ? host.find(']') : host.find(':');
  if (has_brackets && end == std::string_view::npos) return malformed();
  const std::string_view rest =
      end == std::string_view::npos ? "" : host.substr(end + (has_brackets ? 1 : 0));
  plan.host = has_brackets ? host.substr(1, end - 1) : host.substr(0, end);
  if (!rest.empty()) {
    const auto port = http::parse_decimal(rest.substr(1), 65535);
    if (rest.front() != ':' || !port || *port == 0) return malformed();
    plan.port = static_cast<std::uint16_t>(*port);
  }
  if (!is_numeric(plan.host) && !parcel::is_domain(plan.host) && plan.host != "localhost")
    return malformed();
  return plan;
}

bool SyslogPlan::is_private() const {
  return way == SyslogWay::unix_socket || way == SyslogWay::tls || host == "localhost" ||
         host == "::1" || (is_numeric(host) && host.starts_with("127."));
}

SyslogSender::SyslogSender(std::unique_ptr<SyslogWire> wire, const SyslogSettings& settings)
    : wire_(std::move(wire)), settings_(settings), thread_([this] { run(); }) {}

SyslogSender::~SyslogSender() {
  if (!finish(milliseconds(0))) thread_.join();
}

void SyslogSender::put(std::string message) {
  {
    const std::scoped_lock lock(mutex_);
    bytes_ += message.size();
    messages_.push_back(std::move(message));
    while (bytes_ > settings_.bytes_max && messages_.size() > 1) {
      bytes_ -= messages_.front().size();
      messages_.pop_front();
      ++dropped_;
    }
  }
  wake_.notify_all();
}

std::uint64_t SyslogSender::take_dropped() {
  const std::scoped_lock lock(mutex_);
  return std::exchange(dropped_, 0);
}

std::string SyslogSender::take_trouble() {
  const std::scoped_lock lock(mutex_);
  return std::exchange(trouble_, {});
}

std::size_t SyslogSender::waiting() {
  const std::scoped_lock lock(mutex_);
  return messages_.size();
}

// A server that takes everything is waited for until it has closed its end, too.
bool SyslogSender::finish(milliseconds wait_max) {
  if (!thread_.joinable()) return true;
  std::unique_lock lock(mutex_);
  wake_.wait_for(lock, wait_max, [this] { return messages_.empty() && !is_sending_; });
  stop_ = true;
  wake_.notify_all();
  const bool is_taken = messages_.empty() && !is_sending_;
  if (is_taken) wake_.wait_for(lock, wait_max, [this] { return is_ended_; });
  if (!is_ended_) wire_->abandon();
  wake_.wait_for(lock, wait_max, [this] { return is_ended_; });
  if (!is_ended_) return false;
  lock.unlock();
  thread_.join();
  return true;
}

// Takes one message out, and puts it back in front when it wasn't sent.
bool SyslogSender::deliver(std::unique_lock<std::mutex>& lock) {
  std::string message = std::move(messages_.front());
  messages_.pop_front();
  bytes_ -= message.size();
  is_sending_ = true;
  lock.unlock();
  const auto sent = wire_->send(message);
  if (!sent) wire_->close();
  lock.lock();
  is_sending_ = false;
  if (sent) {
    wake_.notify_all();
    return true;
  }
  bytes_ += message.size();
  messages_.push_front(std::move(message));
  return false;
}

void SyslogSender::run() {
  milliseconds pause{0};
  bool is_connected = false;
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return stop_ || !messages_.empty(); });
    if (stop_) break;
    if (!is_connected) {
      lock.unlock();
      const auto connected = wire_->connect();
      lock.lock();
      is_connected = connected.has_value();
      if (!connected) {
        if (pause.count() == 0) trouble_ = connected.error().text;
        pause = std::clamp(2 * pause, settings_.pause_min, settings_.pause_max);
        wake_.wait_for(lock, pause, [this] { return stop_; });
        continue;
      }
      pause = milliseconds(0);
    }
    is_connected = deliver(lock);
  }
  lock.unlock();
  wire_->close();
  lock.lock();
  is_ended_ = true;
  wake_.notify_all();
}

}  // namespace sealift::server
