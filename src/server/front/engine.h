// Engine: listeners, connections and time, in one thread: the front role's event loop.
//
// Readiness comes from epoll, edge-triggered, one registration a connection for its whole life: a
// system call is dear where the kernel is guarded. One engine a process, one process a core; they
// share the listening sockets. docs/decisions/0035-own-event-loop.md says why it is not Asio.
//
// Everything here belongs to the thread that calls run_once().
#pragma once

#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/file_descriptor.h"
#include "base/result.h"
#include "server/front/application.h"
#include "server/front/connection.h"
#include "server/front/settings.h"
#include "tls/context.h"

namespace sealift::server::front {

class Engine {
 public:
  // `application` and `clock` outlive the engine. Errors: io.
  static base::Result<std::unique_ptr<Engine>> create(Settings settings, Application& application,
                                                      const base::Clock& clock);
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  ~Engine();

  // Accepts from a listening socket, which other processes may listen on as well. Errors: io.
  base::Result<void> listen(base::FileDescriptor listener, http::Channel channel);
  // Takes over a connected, non-blocking socket. Errors: io, usage (TLS without a certificate),
  // limit (the client has as many as it may).
  base::Result<void> adopt(base::FileDescriptor socket, const Peer& peer);
  // Where answers and refused connections are counted; outlives the engine.
  void count_into(FrontFigures& figures) { shared_.figures = &figures; }
  // For connections from now on; those that are there keep what they began with.
  void set_certificate(tls::Context context);

  // Calls `on_ready` whenever `fd` is readable. It stays the caller's and outlives the engine.
  base::Result<void> watch(int fd, std::function<void()> on_ready);

  // The answer to a request that the application was asked for. A request that is gone is ignored;
  // its descriptors are closed. False when it was.
  bool answer(RequestId id, Answer answer);
  // Ends a request at once, whatever it is doing: its connection is cut. For access taken back.
  void abort(RequestId id);

  // Waits for events, at most so long, and handles them.
  void run_once(std::chrono::milliseconds wait_max);

  // No new connections; idle ones are closed, requests under way are finished.
  void stop();
  // Cuts what is left. Uploads are made durable as far as they came.
  void cut_all();
  bool is_finished() const { return shared_.is_stopping && live_ == 0 && disk_.unfinished() == 0; }

  std::size_t connections() const { return live_; }
  std::size_t kept_bytes() const { return kept_bytes_.taken(); }
  std::uint64_t requests() const { return shared_.requests; }

 private:
  Engine(Settings settings, Application& application, const base::Clock& clock);
  struct Listener {
    base::FileDescriptor socket;
    http::Channel channel = http::Channel::plain;
  };
  struct Watch {
    int fd = -1;
    std::function<void()> on_ready;
  };

  base::Result<void> add(int fd, std::uint32_t events, std::uint64_t key);
  void handle(std::uint64_t key, std::uint32_t events);
  void accept_one(const Listener& listener);
  void pause_listeners();
  void resume_listeners();
  Connection* find(RequestId id);
  void run_turn(Connection& connection);
  void want_turn(Connection& connection);
  void end(Connection& connection);
  void take_finished_uploads();
  void note_time();
  void sweep();

  const Settings settings_;
  const http::HostNames host_names_;
  const base::Clock& clock_;
  base::FileDescriptor epoll_;
  Scratch scratch_;
  BufferPool pool_;
  DiskWorker disk_;
  Shares kept_bytes_;
  Shared shared_;
  std::optional<tls::Context> tls_;
  std::vector<Listener> listeners_;
  std::vector<Watch> watches_;
  bool are_listeners_paused_ = false;

  std::vector<std::unique_ptr<Connection>> slots_;
  std::vector<std::uint32_t> free_slots_;
  std::vector<std::unique_ptr<Connection>> ended_;  // freed when the turn of the loop is over
  std::vector<std::uint32_t> ready_;                // want another turn
  std::size_t live_ = 0;
  std::unordered_map<ClientKey, std::uint32_t, ClientKeyHash> by_client_;
  std::chrono::milliseconds last_sweep_{0};
  base::UnixTime dated_{};
  const Connection* running_ = nullptr;  // whose turn it is
};

}  // namespace sealift::server::front
