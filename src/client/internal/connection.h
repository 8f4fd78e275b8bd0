// Connection: one stream to a server, plain or TLS, with timeouts.
//
// Bytes go from the caller's memory to the socket, and from the socket into the caller's memory;
// with TLS, records lie between the two. Belongs to one thread.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <span>

#include "base/bytes.h"
#include "base/result.h"
#include "client/http_settings.h"
#include "tls/context.h"

namespace sealift::client {

class Connection {
 public:
  // `context` is borrowed, and there when the address demands TLS.
  // Errors: io (nobody answers in time), forbidden (the certificate is not one that is trusted, or
  // a proxy wants a login), malformed (HTTPS_PROXY).
  static base::Result<Connection> open(const HttpSettings& settings, const tls::Context* context);

  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;
  ~Connection();

  enum class Written { all, answered_early };
  // All of `pieces`; or up to where the server began to answer instead of reading on.
  // Errors: io.
  base::Result<Written> write(std::span<const base::ByteView> pieces);

  // At least one byte; 0 when the server closed in order. Errors: io.
  base::Result<std::size_t> read(base::MutableByteView into);

  // What is read from now on: the head of an answer, which has to be whole in time; or a body, of
  // which something has to come all the time.
  void expect_answer();
  void expect_body();

  // Whether it can carry another request: open, and nothing unasked for has come.
  bool is_idle();

 private:
  struct State;
  explicit Connection(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace sealift::client
