#include "server/front/connection.h"

#include <sys/epoll.h>

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "server/front/ask.h"
#include "server/front/refusal_body.h"

namespace sealift::server::front {
namespace {

// A turn ends after about so many bytes; a request counts as some, so that a flood of small ones
// ends it too.
constexpr std::size_t kTurnBytesMax = std::size_t{4} << 20;
constexpr std::size_t kRequestCost = std::size_t{16} << 10;
constexpr unsigned kSlotShift = 40;
// What any connection may keep without asking: the number of connections bounds it.
constexpr std::size_t kKeptFreely = std::size_t{4} << 10;

const http::Refusal kBusy{http::Status::unavailable, "The server is busy. Try again in a moment."};

std::size_t counted(std::size_t size) { return size <= kKeptFreely ? 0 : size; }

}  // namespace

Connection::Connection(Shared& shared, std::uint32_t slot, base::FileDescriptor socket,
                       const Peer& peer, std::optional<tls::Session> session)
    : shared_(shared),
      slot_(slot),
      socket_(std::move(socket)),
      peer_(peer),
      session_(std::move(session)),
      state_(session_ ? State::handshake : State::head),
      kept_share_(shared.kept_bytes),
      request_share_(shared.kept_bytes),
      idle_since_(shared.now) {
  set_deadline(shared_.settings.head_timeout);
}

void Connection::note_events(std::uint32_t events) {
  if ((events & EPOLLIN) != 0) readable_ = true;
  if ((events & EPOLLOUT) != 0) writable_ = true;
  // After a half-close what was sent before it is still read; the read that gives 0 ends it.
  if ((events & EPOLLRDHUP) != 0) readable_ = hung_up_ = true;
  if ((events & (EPOLLERR | EPOLLHUP)) != 0) {
    readable_ = writable_ = hung_up_ = true;
    if (is_answer_awaited()) has_failed_ = true;  // nobody is there to take the answer
  }
}

Connection::Next Connection::turn() {
  if (has_failed_) return Next::gone;
  turn_bytes_ = 0;
  Next next = Next::wait;
  while (true) {
    if (turn_bytes_ > kTurnBytesMax) {
      next = Next::more;
      break;
    }
    const Step done = step();
    if (done == Step::again) continue;
    if (done == Step::gone || !flush()) return Next::gone;
    if (done == Step::need_room && output_.empty() && writable_) continue;
    break;
  }
  if (!flush() || !settle()) return Next::gone;
  return next;
}

Connection::Step Connection::step() {
  switch (state_) {
    case State::handshake:
      return step_handshake();
    case State::head:
      return step_head();
    case State::collecting:
    case State::receiving:
    case State::discarding:
      return step_body();
    case State::asked:
      if (!transfer_->answer) return Step::need_answer;
      act_on_answer();
      return Step::again;
    case State::syncing:
      return Step::need_answer;
    case State::sending:
      return step_sending();
    case State::lingering:
      return step_lingering();
    case State::gone:
      break;
  }
  return Step::gone;
}

Connection::Step Connection::step_handshake() {
  hold_buffer();
  switch (session_->handshake(output_)) {
    case tls::Session::Status::done:
      state_ = State::head;
      return Step::again;
    case tls::Session::Status::want_input:
      if (receive_cipher()) return Step::again;
      return input_ended_ ? Step::gone : Step::need_input;
    case tls::Session::Status::want_room:
      return Step::need_room;
    case tls::Session::Status::closed:
    case tls::Session::Status::failed:
      break;
  }
  is_close_sent_ = true;  // an alert may be in the output; nothing follows it
  begin_lingering();
  return Step::again;
}

Connection::Step Connection::step_head() {
  if (!input_.empty() || fill_input()) {
    const http::RequestOutcome outcome = http::parse_request_head(base::text_of(input_));
    if (const auto* head = std::get_if<http::RequestHead>(&outcome)) {
      input_ = input_.subspan(head->size_bytes);
      turn_bytes_ += kRequestCost;
      begin_request(*head);
      return Step::again;
    }
    if (const auto* refusal = std::get_if<http::Refusal>(&outcome)) {
      is_head_request_ = false;
      request_class_ = RequestClass::web;
      asked_at_ = shared_.now;
      refuse(*refusal);
      return Step::again;
    }
    if (fill_input()) return Step::again;
  }
  if (input_ended_ || (shared_.is_stopping && input_.empty())) {
    begin_lingering();
    return Step::again;
  }
  if (!input_.empty() && !is_head_begun_) {
    is_head_begun_ = true;
    set_deadline(shared_.settings.head_timeout);
  }
  return Step::need_input;
}

Connection::Step Connection::step_body() {
  const BodyPart part = next_body_part();
  switch (part.status) {
    case BodyStatus::data:
      window_bytes_ += part.data.size();
      turn_bytes_ += part.data.size();
      take_body(part.data);
      return Step::again;
    case BodyStatus::need_input:
      if (fill_input()) return Step::again;
      if (!input_ended_) return Step::need_input;
      end_body(Received::End::cut_short);
      return state_ == State::gone ? Step::gone : Step::again;
    case BodyStatus::end:
      end_body(Received::End::complete);
      return Step::again;
    case BodyStatus::malformed:
      break;
  }
  if (state_ == State::receiving) {
    end_body(Received::End::cut_short);
    return Step::again;
  }
  if (state_ == State::collecting) shared_.application.on_gone(request_);
  refuse({http::Status::bad_request, "malformed chunked body"});
  return Step::again;
}

void Connection::begin_request(const http::RequestHead& head) {
  request_ = RequestId{(std::uint64_t{slot_} << kSlotShift) | ++shared_.requests};
  request_class_ = class_of_path(head.path);
  asked_at_ = shared_.now;
  if (!transfer_) transfer_ = std::make_unique<Transfer>();
  *transfer_ = Transfer{};
  transfer_->body_left = head.body_size_bytes;
  is_head_begun_ = false;
  framing_ = head.framing;
  wants_continue_ = head.expects_continue;
  is_head_request_ = head.method == http::Method::head;
  persistence_ = shared_.is_stopping ? http::Persistence::close : head.persistence;
  state_ = State::asked;
  set_deadline(shared_.settings.answer_timeout);
  if (!shared_.host_names.contains(head.host)) {
    refuse({http::Status::misdirected_request, "this server has another name"});
    return;
  }
  const Peer asker = shared_.settings.is_behind_proxy ? forwarded_peer(head, peer_) : peer_;
  client_ = client_of(asker.address);
  shared_.application.on_request(request_, head, asker);
}

// TLS keeps as much as it was given and did not decrypt; both wait for the application's answer.
bool Connection::may_keep_input() {
  const std::size_t unread = session_ ? session_->unread_size() : 0;
  return kept_share_.hold(client_of(peer_.address), counted(kept_.size() + unread));
}

std::size_t Connection::kept_of_request() const {
  const std::size_t held = transfer_ ? transfer_->collected.size() + transfer_->bytes.size() : 0;
  return std::max(held, reply_size_);
}

bool Connection::may_keep(std::size_t size) { return request_share_.hold(client_, counted(size)); }

// Ends the request with a status of the engine's own, and the connection after it: what follows in
// the input can't be trusted to be a request.
void Connection::refuse(const http::Refusal& refusal) {
  if (!transfer_) transfer_ = std::make_unique<Transfer>();
  persistence_ = http::Persistence::close;
  Reply reply;
  reply.head.status = refusal.status;
  reply.head.media_type = http::MediaType::json;
  if (refusal.status == http::Status::unavailable) reply.head.retry_after_seconds = 1;
  reply.body = base::copy_of(base::bytes_of(refusal_body(refusal)));
  Answer answer = std::move(reply);
  begin_response(answer);
}

// An answer that there is no room for while it goes out is another one: not now.
void Connection::begin_answer(Answer& answer) {
  const auto* reply = std::get_if<Reply>(&answer);
  if (reply && !may_keep(reply->body.size())) return refuse(kBusy);
  reply_size_ = reply ? reply->body.size() : 0;
  begin_response(answer);
}

void Connection::answer(Answer answer) {
  SEALIFT_CHECK(state_ == State::asked && !transfer_->answer);
  transfer_->answer = std::move(answer);
}

void Connection::act_on_answer() {
  Answer answer = *std::exchange(transfer_->answer, std::nullopt);
  const bool is_body_wanted =
      std::holds_alternative<CollectBody>(answer) || std::holds_alternative<ReceiveBody>(answer);
  if (is_body_wanted) {
    begin_body(answer);
    return;
  }
  if (framing_ == http::BodyFraming::none) {
    begin_answer(answer);
    return;
  }
  // The body is not wanted. A short one is dropped, so that the connection can be used again.
  const bool is_short = framing_ == http::BodyFraming::sized && !wants_continue_ &&
                        transfer_->body_left <= limits::kFrontDiscardSizeMax;
  if (is_short) {
    transfer_->answer = std::move(answer);
    state_ = State::discarding;
    begin_window();
    return;
  }
  persistence_ = http::Persistence::close;
  begin_answer(answer);
}

void Connection::begin_body(Answer& answer) {
  SEALIFT_CHECK(!std::exchange(transfer_->has_asked_for_body, true));
  begin_window();
  if (auto* collect = std::get_if<CollectBody>(&answer)) {
    transfer_->collect_max = collect->size_max;
    state_ = State::collecting;
    if (framing_ == http::BodyFraming::sized && transfer_->body_left > collect->size_max) {
      shared_.application.on_gone(request_);
      refuse({http::Status::content_too_large, "body too large"});
      return;
    }
  } else {
    transfer_->upload = std::make_shared<Upload>(request_, std::get<ReceiveBody>(std::move(answer)),
                                                 transfer_->body_left);
    state_ = State::receiving;
  }
  // A client that sends without waiting gets no interim answer (RFC 9110 section 10.1.1).
  if (!std::exchange(wants_continue_, false) || !input_.empty()) return;
  static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  hold_buffer();
  if (session_) {
    session_->write(base::bytes_of(kContinue), output_);
  } else {
    output_.append(base::bytes_of(kContinue));
  }
}

void Connection::take_body(base::ByteView data) {
  if (state_ == State::collecting) {
    if (data.size() > transfer_->collect_max - transfer_->collected.size()) {
      shared_.application.on_gone(request_);
      refuse({http::Status::content_too_large, "body too large"});
      return;
    }
    if (!may_keep(transfer_->collected.size() + data.size())) {
      shared_.application.on_gone(request_);
      refuse(kBusy);
      return;
    }
    base::append(transfer_->collected, data);
  }
  if (state_ == State::receiving) {
    // What ended it is in the upload's result; the rest of the body is not read.
    if (!transfer_->upload->write(data, shared_.disk, transfer_->upload)) {
      end_body(Received::End::failed);
    }
  }
}

void Connection::end_body(Received::End end) {
  if (end == Received::End::complete) {
    framing_ = http::BodyFraming::none;
  } else {
    persistence_ = http::Persistence::close;
  }
  set_deadline(shared_.settings.answer_timeout);
  if (state_ == State::receiving) {
    transfer_->upload->end(end);
    shared_.disk.make_durable(transfer_->upload);
    state_ = State::syncing;
    return;
  }
  if (end != Received::End::complete) {
    if (state_ == State::collecting) shared_.application.on_gone(request_);
    state_ = State::gone;
    return;
  }
  const bool is_collected = state_ == State::collecting;
  state_ = State::asked;
  if (is_collected) {
    const base::Bytes body = std::exchange(transfer_->collected, {});
    shared_.application.on_body(request_, body);
  }
}

void Connection::finish_upload(const Received& received) {
  SEALIFT_CHECK(state_ == State::syncing);
  transfer_->upload.reset();
  state_ = State::asked;
  // Where the body did not end, what follows is not a request.
  if (framing_ != http::BodyFraming::none) persistence_ = http::Persistence::close;
  framing_ = http::BodyFraming::none;
  shared_.application.on_received(request_, received);
}

Connection::Next Connection::expire() {
  const bool is_moving = state_ == State::receiving || state_ == State::collecting ||
                         state_ == State::discarding || state_ == State::sending;
  if (!is_moving || window_bytes_ < shared_.settings.window_bytes_min) return Next::gone;
  begin_window();
  return Next::wait;
}

void Connection::abandon() {
  const State last = std::exchange(state_, State::gone);
  if (last == State::receiving) {
    transfer_->upload->end(Received::End::cut_short);
    shared_.disk.make_durable(transfer_->upload);
  }
  const bool is_asked = last == State::asked && !transfer_->answer;
  const bool is_answered = last == State::asked && transfer_->answer &&
                           std::holds_alternative<SendFile>(*transfer_->answer);
  const bool was_sending = is_answered || (last == State::sending && transfer_->sends_file);
  if (is_asked || was_sending || last == State::collecting) {
    shared_.application.on_gone(request_);
  }
}

void Connection::set_deadline(std::chrono::milliseconds from_now) {
  deadline_ = shared_.now + from_now;
}

void Connection::begin_window() {
  window_bytes_ = 0;
  set_deadline(shared_.settings.window);
}

}  // namespace sealift::server::front
