// Connection's input: bytes from the socket, decrypted where there is TLS, cut into bodies.
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "server/front/connection.h"

namespace sealift::server::front {
namespace {

// While no body is read, no more than this is taken in at once: it bounds what a client can make
// the server keep while it waits for answers.
constexpr std::size_t kQuietReadSize = std::size_t{32} << 10;

// recv() without waiting. 0: nothing now, or the input has ended.
std::size_t receive(int socket, base::MutableByteView into, bool& readable, bool& ended) {
  while (true) {
    const ssize_t size = ::recv(socket, into.data(), into.size(), 0);
    if (size > 0) return static_cast<std::size_t>(size);
    if (size < 0 && errno == EINTR) continue;
    readable = false;
    ended = size == 0 || errno != EAGAIN;
    return 0;
  }
}

}  // namespace

bool Connection::receive_cipher() {
  if (!readable_) return false;
  const bool is_body = state_ == State::receiving;
  const base::MutableByteView into =
      shared_.scratch.cipher().first(is_body ? kScratchSize : kQuietReadSize);
  const std::size_t size = receive(socket_.get(), into, readable_, input_ended_);
  if (size == 0) return false;
  // Less than asked for: the socket is empty, and what comes next is told as a new event.
  if (size < into.size() && !hung_up_) readable_ = false;
  session_->feed(into.first(size));
  return true;
}

std::size_t Connection::read_plain(base::MutableByteView into) {
  if (!session_) {
    if (!readable_) return 0;
    const std::size_t size = receive(socket_.get(), into, readable_, input_ended_);
    if (size > 0 && size < into.size() && !hung_up_) readable_ = false;
    return size;
  }
  while (!input_ended_) {
    const tls::Session::Moved moved = session_->read(into, output_);
    switch (moved.status) {
      case tls::Session::Status::done:
        return moved.size;
      case tls::Session::Status::want_input:
        if (!receive_cipher()) return 0;
        break;
      case tls::Session::Status::want_room:
        // An answer of TLS's own needs a place. With a full buffer it waits for the next turn.
        if (buffer_.is_held()) return 0;
        hold_buffer();
        break;
      case tls::Session::Status::closed:
      case tls::Session::Status::failed:
        input_ended_ = true;
        break;
    }
  }
  return 0;
}

bool Connection::fill_input() {
  const bool is_body = state_ == State::receiving;
  const base::MutableByteView plain =
      shared_.scratch.plain().first(is_body ? kScratchSize : kQuietReadSize);
  const std::size_t kept = input_.size();
  if (kept >= plain.size()) return false;
  if (kept > 0) std::memmove(plain.data(), input_.data(), kept);
  const std::size_t size = read_plain(plain.subspan(kept));
  input_ = plain.first(kept + size);
  return size > 0;
}

void Connection::keep_input() {
  if (input_.empty()) {
    kept_ = {};
    input_ = {};
  } else if (input_.data() < kept_.data() || input_.data() >= kept_.data() + kept_.size()) {
    kept_ = base::copy_of(input_);
    input_ = kept_;
  }
  if (session_ && session_->has_unread()) session_->park();
}

Connection::BodyPart Connection::next_body_part() {
  if (framing_ == http::BodyFraming::none) return {BodyStatus::end, {}};
  if (framing_ == http::BodyFraming::sized) {
    if (transfer_->body_left == 0) return {BodyStatus::end, {}};
    if (input_.empty()) return {BodyStatus::need_input, {}};
    const std::size_t size =
        static_cast<std::size_t>(std::min<std::uint64_t>(transfer_->body_left, input_.size()));
    const base::ByteView data = input_.first(size);
    input_ = input_.subspan(size);
    transfer_->body_left -= size;
    return {BodyStatus::data, data};
  }
  const http::ChunkedDecoder::Step step = transfer_->chunked.next(input_);
  input_ = input_.subspan(step.size_taken);
  switch (step.status) {
    case http::ChunkedDecoder::Status::data:
      return {BodyStatus::data, step.data};
    case http::ChunkedDecoder::Status::end:
      return {BodyStatus::end, {}};
    case http::ChunkedDecoder::Status::need_input:
      return {BodyStatus::need_input, {}};
    case http::ChunkedDecoder::Status::refused:
      break;
  }
  return {BodyStatus::malformed, {}};
}

}  // namespace sealift::server::front
