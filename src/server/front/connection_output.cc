// Connection's output: responses into the buffer, the buffer onto the socket.
#include <sys/sendfile.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/check.h"
#include "server/front/connection.h"

namespace sealift::server::front {
namespace {

constexpr std::uint64_t kSendFileStep = std::uint64_t{2} << 20;

}  // namespace

void Connection::hold_buffer() {
  if (buffer_.is_held()) return;
  buffer_ = shared_.pool.acquire();
  output_ = tls::Output(buffer_.bytes());
}

void Connection::begin_response(Answer& answer) {
  Transfer& transfer = *transfer_;
  auto* reply = std::get_if<Reply>(&answer);
  auto* file = std::get_if<SendFile>(&answer);
  SEALIFT_CHECK(reply || file);
  http::ResponseHead& head = reply ? reply->head : file->head;
  const bool has_body = !is_head_request_ && !http::has_no_body(head.status);
  if (reply && !(reply->body.empty() && is_head_request_)) {
    head.content_size_bytes = reply->body.size();
  }
  count_answer(head.status);
  shared_.head_text.clear();
  http::write_response_head(head, {shared_.date, persistence_, peer_.channel}, shared_.head_text);
  transfer.bytes = base::copy_of(base::bytes_of(shared_.head_text));
  transfer.bytes_sent = 0;
  transfer.file_left = 0;
  transfer.sends_file = file != nullptr;
  if (reply && has_body) base::append(transfer.bytes, reply->body);
  if (file && has_body) {
    transfer.file = std::move(file->file);
    transfer.file_offset = file->offset;
    transfer.file_left = head.content_size_bytes;
  }
  state_ = State::sending;
  begin_window();
}

// Of the turn's clock: what a request takes within one turn doesn't show.
void Connection::count_answer(http::Status status) {
  if (shared_.figures == nullptr) return;
  shared_.figures->count(request_class_, static_cast<std::uint16_t>(status),
                         shared_.now - asked_at_);
}

Connection::Step Connection::step_sending() {
  hold_buffer();
  if (transfer_->bytes_sent < transfer_->bytes.size()) return fill_from_bytes();
  if (transfer_->file_left > 0) return session_ ? fill_from_file() : send_from_file();
  end_response();
  return Step::again;
}

Connection::Step Connection::fill_from_bytes() {
  Transfer& transfer = *transfer_;
  const base::ByteView rest = base::ByteView(transfer.bytes).subspan(transfer.bytes_sent);
  if (!session_) {
    const std::size_t size = output_.append(rest);
    transfer.bytes_sent += size;
    return size == 0 ? Step::need_room : Step::again;
  }
  const tls::Session::Moved moved = session_->write(rest, output_);
  if (moved.status == tls::Session::Status::failed) return Step::gone;
  transfer.bytes_sent += moved.size;
  return moved.size == 0 ? Step::need_room : Step::again;
}

Connection::Step Connection::fill_from_file() {
  Transfer& transfer = *transfer_;
  const std::size_t room = output_.room() / kRecord * tls::kRecordSize;
  // Many records or none: a buffer that is nearly full goes out before it is filled again.
  if (room < 4 * tls::kRecordSize && !output_.empty()) return Step::need_room;
  const std::size_t wanted =
      static_cast<std::size_t>(std::min<std::uint64_t>({transfer.file_left, room, kScratchSize}));
  const base::MutableByteView plain = shared_.scratch.file().first(wanted);
  const auto read = base::pread_full(transfer.file.get(), plain, transfer.file_offset);
  // A file shorter than promised: cutting the connection is all that tells the client.
  if (!read || *read != wanted) return Step::gone;
  const tls::Session::Moved moved = session_->write(plain, output_);
  if (moved.size != wanted) return Step::gone;
  transfer.file_offset += wanted;
  transfer.file_left -= wanted;
  turn_bytes_ += wanted;
  return Step::again;
}

Connection::Step Connection::send_from_file() {
  Transfer& transfer = *transfer_;
  if (!output_.empty() && !flush()) return Step::gone;
  if (!output_.empty() || !writable_) return Step::need_room;
  auto offset = static_cast<off_t>(transfer.file_offset);
  const auto wanted = static_cast<std::size_t>(std::min(transfer.file_left, kSendFileStep));
  const ssize_t sent = ::sendfile(socket_.get(), transfer.file.get(), &offset, wanted);
  if (sent < 0) {
    if (errno == EINTR) return Step::again;
    if (errno != EAGAIN) return Step::gone;
    writable_ = false;
    return Step::need_room;
  }
  if (sent == 0) return Step::gone;  // shorter than promised
  const auto size = static_cast<std::uint64_t>(sent);
  transfer.file_offset += size;
  transfer.file_left -= size;
  window_bytes_ += size;
  turn_bytes_ += static_cast<std::size_t>(size);
  if (size < wanted) writable_ = false;  // the socket is full, as in flush()
  return Step::again;
}

bool Connection::flush() {
  const bool is_more = state_ == State::sending && !session_ && transfer_->file_left > 0;
  while (!output_.empty() && writable_) {
    const base::ByteView bytes = output_.pending();
    const ssize_t sent =
        ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | (is_more ? MSG_MORE : 0));
    if (sent < 0) {
      if (errno == EINTR) continue;
      if (errno != EAGAIN) return false;
      writable_ = false;
      break;
    }
    const auto size = static_cast<std::size_t>(sent);
    output_.consume(size);
    window_bytes_ += size;
    // Less than given: the socket is full, and room in it is told as a new event.
    if (size < bytes.size()) writable_ = false;
  }
  return true;
}

void Connection::end_response() {
  if (std::exchange(transfer_->sends_file, false)) shared_.application.on_gone(request_);
  transfer_->bytes = {};
  transfer_->file.reset();
  if (persistence_ == http::Persistence::close) {
    begin_lingering();
    return;
  }
  state_ = State::head;
  idle_since_ = shared_.now;
  set_deadline(shared_.settings.idle_timeout);
}

// A socket closed with unread input resets the connection, and the response may be lost with it.
// So: say that nothing more comes, then read on until the client has closed too.
void Connection::begin_lingering() {
  state_ = State::lingering;
  begin_window();
}

Connection::Step Connection::step_lingering() {
  if (!output_.empty()) return Step::need_room;
  if (session_ && !std::exchange(is_close_sent_, true)) {
    hold_buffer();
    session_->close(output_);
    if (!output_.empty()) return Step::need_room;
  }
  if (!std::exchange(is_write_shut_, true)) {
    ::shutdown(socket_.get(), SHUT_WR);
    set_deadline(shared_.settings.linger_timeout);
  }
  if (input_ended_) return Step::gone;
  input_ = {};
  if (!readable_) return Step::need_input;
  const base::MutableByteView into = shared_.scratch.cipher();
  const ssize_t size = ::recv(socket_.get(), into.data(), into.size(), 0);
  if (size > 0) {
    turn_bytes_ += static_cast<std::size_t>(size);
    return Step::again;
  }
  if (size < 0 && errno == EINTR) return Step::again;
  if (size == 0 || errno != EAGAIN) return Step::gone;
  readable_ = false;
  return Step::need_input;
}

// False: there is no room for what the client sent.
bool Connection::settle() {
  keep_input();
  if (output_.empty()) {
    output_ = {};
    buffer_.release();
    if (state_ == State::head) reply_size_ = 0;
  }
  if (state_ == State::head && input_.empty()) transfer_.reset();
  (void)may_keep(kept_of_request());
  return may_keep_input();
}

}  // namespace sealift::server::front
