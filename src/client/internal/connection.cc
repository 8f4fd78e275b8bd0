#include "client/internal/connection.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "base/check.h"
#include "base/file_descriptor.h"
#include "base/hex.h"
#include "base/refusal.h"
#include "client/internal/dialing.h"
#include "tls/session.h"

namespace sealift::client {
namespace {

using base::ErrorCode;
using base::FileDescriptor;
using base::Result;
using Milliseconds = std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

// Large enough that a system call carries many records of 16 KiB.
constexpr std::size_t kBufferSize = 16 * (tls::kRecordSize + tls::kRecordOverhead);
constexpr std::size_t kPiecesMax = 64;

tl::unexpected<base::Error> io(std::string text) {
  return base::fail(ErrorCode::io, std::move(text));
}

}  // namespace

struct Connection::State {
  explicit State(const HttpSettings& settings)
      : address(settings.address),
        pinned(settings.trust.pinned),
        idle_timeout(settings.idle_timeout_ms),
        answer_timeout(settings.answer_timeout_ms) {}

  const ServerAddress address;
  const std::optional<tls::CertificateFingerprint> pinned;
  const Milliseconds idle_timeout;
  const Milliseconds answer_timeout;
  FileDescriptor fd;
  // While something is waited for that has to be there by then, however it trickles in.
  std::optional<Clock::time_point> until;
  std::string_view silence = "server_silent";  // what it is called when nothing comes
  // With TLS:
  std::optional<tls::Session> session;
  base::Bytes input;
  base::Bytes output_storage;
  tls::Output output;
  // Plaintext that came while we were writing.
  base::Bytes ahead;
  std::size_t ahead_taken = 0;
  bool is_closed = false;  // by the server, in order

  void expect(std::string_view what, Milliseconds timeout) {
    silence = what;
    until = Clock::now() + timeout;
  }
  Milliseconds left() const {
    return std::max(Milliseconds(0),
                    std::chrono::duration_cast<Milliseconds>(*until - Clock::now()));
  }
  Result<void> handshake();
  tl::unexpected<base::Error> refuse_certificate() const;
  tl::unexpected<base::Error> refuse_other_certificate() const;
  Result<std::size_t> receive(base::MutableByteView into);
  Result<void> fill();
  Result<Written> send_plain(std::span<const base::ByteView> pieces);
  Result<Written> send_sealed(std::span<const base::ByteView> pieces);
  Result<Written> flush();
  Result<Written> room_or_answer();
  Result<bool> read_ahead();
  Result<std::size_t> read_sealed(base::MutableByteView into);
};

Connection::Connection(std::unique_ptr<State> state) : state_(std::move(state)) {}
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;
Connection::~Connection() = default;

Result<Connection> Connection::open(const HttpSettings& settings, const tls::Context* context) {
  const ServerAddress& address = settings.address;
  auto state = std::make_unique<State>(settings);
  SEALIFT_TRY(state->fd, dial(settings));
  if (address.channel() == Channel::tls) {
    SEALIFT_CHECK(context != nullptr);
    SEALIFT_TRY(tls::Session session, tls::Session::connect(*context, address.host()));
    state->session.emplace(std::move(session));
    state->input.resize(kBufferSize);
    state->output_storage.resize(kBufferSize);
    state->output = tls::Output(state->output_storage);
    state->expect("server_no_handshake", settings.answer_timeout_ms);
    SEALIFT_TRY_VOID(state->handshake());
    state->until.reset();
  }
  return Connection(std::move(state));
}

// Why, as exactly as the library knows it: what helps is something else each time.
tl::unexpected<base::Error> Connection::State::refuse_certificate() const {
  using Problem = tls::Session::CertificateProblem;
  const std::vector<base::Fact> host = {{"host", host_word(address)}};
  switch (session->certificate_problem()) {
    case Problem::none:
      return base::refuse("tls_failed", host);
    case Problem::other_name:
      return base::refuse("certificate_of_another", host);
    case Problem::expired:
      return base::refuse("certificate_expired", host);
    case Problem::not_yet_valid:
      return base::refuse("certificate_too_new", host);
    case Problem::not_pinned:
      return refuse_other_certificate();
    case Problem::unknown_authority:
      break;
  }
  return base::refuse("certificate_unknown", host);
}

// Both, so that a person can compare them with what they were told.
tl::unexpected<base::Error> Connection::State::refuse_other_certificate() const {
  const auto shown = session->shown_certificate();
  SEALIFT_CHECK(pinned.has_value());
  return base::refuse("certificate_not_pinned",
                      {{"host", host_word(address)},
                       {"shown", shown ? base::hex_encode(*shown) : std::string("none")},
                       {"pinned", base::hex_encode(*pinned)}});
}

void Connection::expect_answer() { state_->expect("server_silent", state_->answer_timeout); }

void Connection::expect_body() {
  state_->silence = "server_stalled";
  state_->until.reset();
}

Result<void> Connection::State::handshake() {
  using Status = tls::Session::Status;
  while (true) {
    const Status status = session->handshake(output);
    SEALIFT_TRY(const Written ignored, flush());
    static_cast<void>(ignored);
    if (status == Status::done) return {};
    if (status == Status::failed) return refuse_certificate();
    if (status == Status::closed) return io("the server closed the connection");
    if (status == Status::want_input) SEALIFT_TRY_VOID(fill());
  }
}

// At least one byte, waiting for it; 0 at the end.
Result<std::size_t> Connection::State::receive(base::MutableByteView into) {
  while (true) {
    const ssize_t got = ::recv(fd.get(), into.data(), into.size(), 0);
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno == EINTR) continue;
    if (errno != EAGAIN) return io("the connection broke");
    const Milliseconds patience = until ? std::min(idle_timeout, left()) : idle_timeout;
    SEALIFT_TRY(const bool ready, wait_for(fd.get(), POLLIN, patience));
    if (!ready) return silent(silence, address, until ? answer_timeout : idle_timeout);
  }
}

// Ciphertext for the session. The end of the stream without TLS's own end is a cut connection.
Result<void> Connection::State::fill() {
  SEALIFT_TRY(const std::size_t size, receive(input));
  if (size == 0) return io("the connection was cut");
  session->feed(base::ByteView(input).first(size));
  return {};
}

Result<std::size_t> Connection::State::read_sealed(base::MutableByteView into) {
  using Status = tls::Session::Status;
  while (true) {
    const auto moved = session->read(into, output);
    if (!output.empty()) SEALIFT_TRY_VOID(flush());
    switch (moved.status) {
      case Status::done:
        return moved.size;
      case Status::closed:
        is_closed = true;
        return 0;
      case Status::failed:
        return io("the connection broke");
      case Status::want_room:
        break;
      case Status::want_input:
        SEALIFT_TRY_VOID(fill());
    }
  }
}

Result<std::size_t> Connection::read(base::MutableByteView into) {
  State& state = *state_;
  SEALIFT_CHECK(!into.empty());
  if (state.ahead_taken < state.ahead.size()) {
    const std::size_t size = std::min(into.size(), state.ahead.size() - state.ahead_taken);
    std::memcpy(into.data(), state.ahead.data() + state.ahead_taken, size);
    state.ahead_taken += size;
    return size;
  }
  if (state.is_closed) return 0;
  if (state.session) return state.read_sealed(into);
  SEALIFT_TRY(const std::size_t size, state.receive(into));
  state.is_closed = size == 0;
  return size;
}

// Takes in what has come already, without waiting. True: plaintext, or the end of it.
Result<bool> Connection::State::read_ahead() {
  std::array<std::byte, 4096> plain;
  if (!session) {
    const ssize_t got = ::recv(fd.get(), plain.data(), plain.size(), MSG_DONTWAIT);
    if (got > 0) base::append(ahead, base::ByteView(plain).first(static_cast<std::size_t>(got)));
    is_closed = is_closed || got == 0;
    return got >= 0;
  }
  if (!session->has_unread()) {
    const ssize_t got = ::recv(fd.get(), input.data(), input.size(), MSG_DONTWAIT);
    if (got == 0) is_closed = true;
    if (got <= 0) return got == 0;
    session->feed(base::ByteView(input).first(static_cast<std::size_t>(got)));
  }
  const auto moved = session->read(plain, output);
  if (moved.status == tls::Session::Status::failed) return io("the connection broke");
  is_closed = is_closed || moved.status == tls::Session::Status::closed;
  base::append(ahead, base::ByteView(plain).first(moved.size));
  return moved.size > 0 || is_closed;
}

// Until the socket takes more, or the server says something.
Result<Connection::Written> Connection::State::room_or_answer() {
  pollfd wanted{fd.get(), POLLIN | POLLOUT, 0};
  const int ready = ::poll(&wanted, 1, static_cast<int>(idle_timeout.count()));
  if (ready < 0 && errno != EINTR)
    return tl::unexpected(base::error_of_errno(errno, "waiting for the server"));
  if (ready == 0) return silent("server_takes_nothing", address, idle_timeout);
  if ((wanted.revents & POLLIN) == 0) return Written::all;
  SEALIFT_TRY(const bool answered, read_ahead());
  return answered ? Written::answered_early : Written::all;
}

Result<Connection::Written> Connection::State::send_plain(std::span<const base::ByteView> pieces) {
  std::size_t skipped = 0;  // of the first piece
  while (!pieces.empty()) {
    std::array<iovec, kPiecesMax> parts{};
    std::size_t count = 0;
    for (; count < std::min(pieces.size(), kPiecesMax); ++count) {
      const base::ByteView piece = pieces[count].subspan(count == 0 ? skipped : 0);
      parts.at(count) = {const_cast<std::byte*>(piece.data()), piece.size()};
    }
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = count;
    const ssize_t sent = ::sendmsg(fd.get(), &message, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && errno != EAGAIN) {
      SEALIFT_TRY(const bool answered, read_ahead());
      if (answered && !ahead.empty()) return Written::answered_early;
      return io("the connection broke");
    }
    if (sent < 0) {
      SEALIFT_TRY(const Written written, room_or_answer());
      if (written == Written::answered_early) return written;
      continue;
    }
    skipped += static_cast<std::size_t>(sent);
    while (!pieces.empty() && skipped >= pieces.front().size()) {
      skipped -= pieces.front().size();
      pieces = pieces.subspan(1);
    }
  }
  return Written::all;
}

Result<Connection::Written> Connection::State::flush() {
  const base::ByteView pending = output.pending();
  if (pending.empty()) return Written::all;
  SEALIFT_TRY(const Written written, send_plain(std::span(&pending, 1)));
  output.consume(pending.size());
  return written;
}

Result<Connection::Written> Connection::State::send_sealed(std::span<const base::ByteView> pieces) {
  using Status = tls::Session::Status;
  for (base::ByteView piece : pieces) {
    while (!piece.empty()) {
      const auto moved = session->write(piece, output);
      if (moved.status == Status::failed || moved.status == Status::closed)
        return io("the connection broke");
      piece = piece.subspan(moved.size);
      if (moved.status == Status::done) continue;
      if (moved.status == Status::want_input) {
        SEALIFT_TRY_VOID(fill());
        continue;
      }
      SEALIFT_TRY(const Written written, flush());
      if (written == Written::answered_early) return written;
    }
  }
  return flush();
}

Result<Connection::Written> Connection::write(std::span<const base::ByteView> pieces) {
  return state_->session ? state_->send_sealed(pieces) : state_->send_plain(pieces);
}

bool Connection::is_idle() {
  const auto something = state_->read_ahead();
  return something.has_value() && !*something && !state_->is_closed && state_->ahead.empty();
}

}  // namespace sealift::client
