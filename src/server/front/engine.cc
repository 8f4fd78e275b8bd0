#include "server/front/engine.h"

#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

#include "base/check.h"

namespace sealift::server::front {
namespace {

using base::ErrorCode;
using base::Result;

// Keys of epoll events: a kind and an index.
constexpr std::uint64_t kKindShift = 32;
enum class Kind : std::uint64_t { connection, listener, watch, disk };
std::uint64_t key_of(Kind kind, std::size_t index) {
  return (static_cast<std::uint64_t>(kind) << kKindShift) | index;
}

constexpr unsigned kSlotShift = 40;
constexpr std::chrono::milliseconds kSweepEvery{500};
constexpr std::size_t kEventsMax = 256;

PeerAddress address_of(const sockaddr_storage& from) {
  PeerAddress address{};
  if (from.ss_family == AF_INET6) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, &from, sizeof(v6));
    std::memcpy(address.data(), &v6.sin6_addr, address.size());
  } else if (from.ss_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &from, sizeof(v4));
    address[10] = address[11] = std::byte{0xff};
    std::memcpy(address.data() + 12, &v4.sin_addr, 4);
  }
  return address;
}

}  // namespace

Engine::Engine(Settings settings, Application& application, const base::Clock& clock)
    : settings_(std::move(settings)),
      host_names_(settings_.host_names),
      clock_(clock),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      kept_bytes_(settings_.kept_bytes_max),
      shared_{settings_, host_names_, application, scratch_, pool_, disk_, kept_bytes_} {
  note_time();
  last_sweep_ = shared_.now;
}

Engine::~Engine() { cut_all(); }

Result<std::unique_ptr<Engine>> Engine::create(Settings settings, Application& application,
                                               const base::Clock& clock) {
  std::unique_ptr<Engine> engine(new Engine(std::move(settings), application, clock));
  if (!engine->epoll_.is_open()) return base::fail(ErrorCode::io, "epoll");
  SEALIFT_TRY_VOID(engine->add(engine->disk_.event_fd(), EPOLLIN, key_of(Kind::disk, 0)));
  return engine;
}

Result<void> Engine::add(int fd, std::uint32_t events, std::uint64_t key) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = key;
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0) {
    return tl::unexpected(base::error_of_errno(errno, "epoll"));
  }
  return {};
}

Result<void> Engine::listen(base::FileDescriptor listener, http::Channel channel) {
  // Of the processes that share a listener, one is woken for a connection.
  SEALIFT_TRY_VOID(
      add(listener.get(), EPOLLIN | EPOLLEXCLUSIVE, key_of(Kind::listener, listeners_.size())));
  listeners_.push_back({std::move(listener), channel});
  return {};
}

Result<void> Engine::watch(int fd, std::function<void()> on_ready) {
  SEALIFT_TRY_VOID(add(fd, EPOLLIN, key_of(Kind::watch, watches_.size())));
  watches_.push_back({fd, std::move(on_ready)});
  return {};
}

void Engine::set_certificate(tls::Context context) { tls_ = std::move(context); }

// Behind a proxy every connection is the proxy's: there, what its clients ask and keep is bounded.
Result<void> Engine::adopt(base::FileDescriptor socket, const Peer& peer) {
  const auto known = by_client_.find(client_of(peer.address));
  const bool is_counted = known != by_client_.end() && !settings_.is_behind_proxy;
  if (is_counted && known->second >= settings_.connections_per_client_max) {
    return base::fail(ErrorCode::limit, "connections of a client");
  }
  std::optional<tls::Session> session;
  if (peer.channel == http::Channel::tls) {
    if (!tls_) return base::fail(ErrorCode::usage, "no certificate");
    SEALIFT_TRY(session, tls::Session::accept(*tls_));
  }
  if (free_slots_.empty()) {
    free_slots_.push_back(static_cast<std::uint32_t>(slots_.size()));
    slots_.emplace_back();
  }
  Peer seen = peer;
  if (settings_.is_behind_proxy) seen.channel = http::Channel::tls;
  const std::uint32_t slot = free_slots_.back();
  SEALIFT_TRY_VOID(
      add(socket.get(), EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, key_of(Kind::connection, slot)));
  free_slots_.pop_back();
  slots_[slot] =
      std::make_unique<Connection>(shared_, slot, std::move(socket), seen, std::move(session));
  ++live_;
  ++by_client_[client_of(peer.address)];
  return {};
}

void Engine::accept_one(const Listener& listener) {
  sockaddr_storage from{};
  socklen_t size = sizeof(from);
  auto* address = static_cast<sockaddr*>(static_cast<void*>(&from));
  base::FileDescriptor socket(
      ::accept4(listener.socket.get(), address, &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!socket.is_open()) {
    // Out of descriptors or memory: wait until something ends, instead of being told without end.
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      pause_listeners();
    }
    return;
  }
  const Peer peer{address_of(from), listener.channel};
  // What can't be taken in is closed: the client sees it and may try again.
  if (!adopt(std::move(socket), peer) && shared_.figures != nullptr) {
    ++shared_.figures->connections_refused;
  }
  if (live_ >= settings_.connections_max) pause_listeners();
}

void Engine::pause_listeners() {
  if (std::exchange(are_listeners_paused_, true)) return;
  for (const Listener& listener : listeners_) {
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, listener.socket.get(), nullptr);
  }
}

void Engine::resume_listeners() {
  if (shared_.is_stopping || !std::exchange(are_listeners_paused_, false)) return;
  for (std::size_t i = 0; i < listeners_.size(); ++i) {
    (void)add(listeners_[i].socket.get(), EPOLLIN | EPOLLEXCLUSIVE, key_of(Kind::listener, i));
  }
}

Connection* Engine::find(RequestId id) {
  const auto slot = static_cast<std::size_t>(id.value >> kSlotShift);
  Connection* connection = slot < slots_.size() ? slots_[slot].get() : nullptr;
  return connection && connection->owns(id) ? connection : nullptr;
}

bool Engine::answer(RequestId id, Answer answer) {
  Connection* connection = find(id);
  if (!connection || !connection->takes_answer(answer, id)) return false;
  connection->answer(std::move(answer));
  want_turn(*connection);
  return true;
}

void Engine::abort(RequestId id) {
  Connection* connection = find(id);
  if (connection && !connection->is_idle()) end(*connection);
}

// A connection whose turn it is sees its answer anyway.
void Engine::want_turn(Connection& connection) {
  if (&connection != running_) ready_.push_back(connection.slot());
}

void Engine::run_turn(Connection& connection) {
  running_ = &connection;
  const Connection::Next next = connection.turn();
  running_ = nullptr;
  switch (next) {
    case Connection::Next::wait:
      break;
    case Connection::Next::more:
      want_turn(connection);
      break;
    case Connection::Next::gone:
      end(connection);
      break;
  }
}

// The connection's memory stays until the loop's turn is over: it may be the one that is running.
void Engine::end(Connection& connection) {
  const std::uint32_t slot = connection.slot();
  std::unique_ptr<Connection> owned = std::move(slots_[slot]);
  if (!owned) return;
  owned->abandon();
  const auto known = by_client_.find(client_of(owned->peer().address));
  if (--known->second == 0) by_client_.erase(known);
  --live_;
  ended_.push_back(std::move(owned));
}

void Engine::handle(std::uint64_t key, std::uint32_t events) {
  const auto index = static_cast<std::size_t>(key & 0xffffffffU);
  switch (static_cast<Kind>(key >> kKindShift)) {
    case Kind::connection:
      if (Connection* connection = slots_[index].get()) {
        connection->note_events(events);
        run_turn(*connection);
      }
      break;
    case Kind::listener:
      accept_one(listeners_[index]);
      break;
    case Kind::watch:
      watches_[index].on_ready();
      break;
    case Kind::disk:
      take_finished_uploads();
      break;
  }
}

void Engine::take_finished_uploads() {
  for (const DiskWorker::Finished& done : disk_.finished()) {
    const RequestId id = done.upload->request();
    const Received received = done.upload->result(done.sync_errno);
    Connection* connection = find(id);
    if (connection && connection->awaits_upload(id)) {
      connection->finish_upload(received);
      want_turn(*connection);
    } else {
      shared_.application.on_received(id, received);
    }
  }
}

void Engine::note_time() {
  shared_.now = clock_.monotonic();
  const base::UnixTime now = clock_.now();
  if (std::chrono::floor<std::chrono::seconds>(now) ==
          std::chrono::floor<std::chrono::seconds>(dated_) &&
      !shared_.date.empty()) {
    return;
  }
  dated_ = now;
  shared_.date = http::http_date(now);
}

void Engine::run_once(std::chrono::milliseconds wait_max) {
  std::array<epoll_event, kEventsMax> events;
  const auto wait = ready_.empty() ? std::min(wait_max, kSweepEvery) : std::chrono::milliseconds(0);
  const int count = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()),
                                 static_cast<int>(wait.count()));
  note_time();
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    handle(event.data.u64, event.events);
  }
  // Each connection that wanted another turn gets one; what it asks for now is for the next round.
  for (const std::uint32_t slot : std::exchange(ready_, {})) {
    if (slots_[slot]) run_turn(*slots_[slot]);
  }
  if (shared_.now - last_sweep_ >= kSweepEvery) sweep();
  for (const std::unique_ptr<Connection>& connection : ended_) {
    free_slots_.push_back(connection->slot());
  }
  const bool is_roomier = !ended_.empty();
  ended_.clear();
  if (is_roomier && live_ < settings_.connections_max) resume_listeners();
}

void Engine::sweep() {
  last_sweep_ = shared_.now;
  const bool is_under_pressure = live_ >= settings_.connections_max;
  for (std::size_t slot = 0; slot < slots_.size(); ++slot) {
    Connection* connection = slots_[slot].get();
    if (!connection) continue;
    const bool is_pressed =
        is_under_pressure && connection->is_idle() &&
        shared_.now - connection->idle_since() >= settings_.timeout_under_pressure;
    const bool is_due = connection->deadline() <= shared_.now;
    if (is_pressed || (is_due && connection->expire() == Connection::Next::gone)) end(*connection);
  }
  if (!is_under_pressure) resume_listeners();
}

void Engine::stop() {
  if (std::exchange(shared_.is_stopping, true)) return;
  pause_listeners();
  listeners_.clear();
  for (const std::unique_ptr<Connection>& connection : slots_) {
    if (connection) want_turn(*connection);
  }
}

void Engine::cut_all() {
  for (const std::unique_ptr<Connection>& connection : slots_) {
    if (connection) end(*connection);
  }
  ended_.clear();
}

}  // namespace sealift::server::front
