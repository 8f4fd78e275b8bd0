// Connection: one client's connection: TLS or plain, requests in, responses out.
//
//   handshake -> head <-> asked -> collecting -> asked -> sending -> head ...
//                          |  \-> receiving -> syncing -> asked
//                          \-> discarding -> sending           sending -> lingering -> gone
//
// A turn does what can be done without waiting, up to a budget, so that one busy connection does
// not hold up the others. Between turns an idle connection holds no buffer. Requests that follow
// each other in the input are answered in order, their responses collected into one send.
// Used by the engine alone, in its thread.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "http/chunked.h"
#include "http/request_head.h"
#include "server/figures.h"
#include "server/front/application.h"
#include "server/front/buffers.h"
#include "server/front/settings.h"
#include "server/front/shares.h"
#include "server/front/upload.h"
#include "tls/session.h"

namespace sealift::server::front {

// What all connections of an engine use. Outlives them.
struct Shared {
  const Settings& settings;
  const http::HostNames& host_names;
  Application& application;
  Scratch& scratch;
  BufferPool& pool;
  DiskWorker& disk;
  Shares& kept_bytes;
  std::string date{};                // of http_date, for this turn
  std::string head_text{};           // a response's head, while it is written
  std::chrono::milliseconds now{0};  // monotonic, for this turn
  bool is_stopping = false;
  std::uint64_t requests = 0;
  FrontFigures* figures = nullptr;  // where answers are counted, if anywhere
};

class Connection {
 public:
  Connection(Shared& shared, std::uint32_t slot, base::FileDescriptor socket, const Peer& peer,
             std::optional<tls::Session> session);

  enum class Next { wait, more, gone };

  // What the kernel said about the socket (EPOLLIN, EPOLLOUT, ...).
  void note_events(std::uint32_t events);
  // Does what can be done now. `more`: it wants another turn soon.
  Next turn();

  // The application's answer to the current request. The next turn acts on it.
  void answer(Answer answer);
  // The current request's upload is durable, or failed to be.
  void finish_upload(const Received& received);
  // A body is asked for once; whatever is behind the application may break that rule.
  bool takes_answer(const Answer& answer, RequestId id) const {
    const bool is_for_body = answer.index() >= 2;
    return id == request_ && state_ == State::asked && !transfer_->answer &&
           !(is_for_body && transfer_->has_asked_for_body);
  }
  bool awaits_upload(RequestId id) const { return id == request_ && state_ == State::syncing; }
  bool owns(RequestId id) const { return id == request_; }

  // Called when deadline() has passed. `gone` when that ends the connection.
  Next expire();
  std::chrono::milliseconds deadline() const { return deadline_; }
  bool is_idle() const { return state_ == State::head; }
  // Waiting since when: for closing idle connections early when there are too many.
  std::chrono::milliseconds idle_since() const { return idle_since_; }
  // The connection ends without another turn: tells the application what it has to know.
  void abandon();

  const Peer& peer() const { return peer_; }
  std::uint32_t slot() const { return slot_; }

 private:
  enum class State : std::uint8_t {
    handshake,
    head,
    asked,
    collecting,
    receiving,
    syncing,
    discarding,
    sending,
    lingering,
    gone
  };
  // What a step of a turn came to.
  enum class Step : std::uint8_t { again, need_input, need_room, need_answer, gone };

  Step step();
  Step step_handshake();
  Step step_head();
  Step step_body();
  Step step_sending();
  Step step_lingering();

  // input (connection_input.cc)
  bool fill_input();
  std::size_t read_plain(base::MutableByteView into);
  bool receive_cipher();
  void keep_input();
  enum class BodyStatus : std::uint8_t { data, need_input, end, malformed };
  struct BodyPart {
    BodyStatus status;
    base::ByteView data;
  };
  BodyPart next_body_part();

  // requests
  void begin_request(const http::RequestHead& head);
  void refuse(const http::Refusal& refusal);
  void act_on_answer();
  void begin_answer(Answer& answer);
  void begin_response(Answer& answer);
  void begin_body(Answer& answer);
  void take_body(base::ByteView data);
  void end_body(Received::End end);
  void end_response();
  void count_answer(http::Status status);
  bool is_answer_awaited() const { return state_ == State::asked || state_ == State::syncing; }

  // output (connection_output.cc)
  void hold_buffer();
  Step fill_from_bytes();
  Step fill_from_file();
  Step send_from_file();
  bool flush();
  void begin_lingering();
  bool settle();

  // What is kept in memory: input between turns, and what a request takes besides.
  bool may_keep_input();
  bool may_keep(std::size_t size);
  std::size_t kept_of_request() const;

  void set_deadline(std::chrono::milliseconds from_now);
  void begin_window();

  Shared& shared_;
  const std::uint32_t slot_;
  base::FileDescriptor socket_;
  Peer peer_;
  std::optional<tls::Session> session_;

  State state_ = State::head;
  bool readable_ = true;
  bool writable_ = true;
  bool hung_up_ = false;  // the kernel said that the peer closed or failed: reading shows which
  bool input_ended_ = false;
  bool wants_continue_ = false;
  bool is_head_request_ = false;
  bool is_head_begun_ = false;  // part of a head is there, its clock runs
  bool has_failed_ = false;     // the socket is of no more use
  bool is_close_sent_ = false;  // TLS's closing alert, or there is none to send
  bool is_write_shut_ = false;
  http::Persistence persistence_ = http::Persistence::keep_alive;
  http::BodyFraming framing_ = http::BodyFraming::none;
  RequestId request_;
  RequestClass request_class_ = RequestClass::web;
  std::chrono::milliseconds asked_at_{0};

  base::ByteView input_;  // unread plaintext: a view of the scratch during a turn, then of kept_
  base::Bytes kept_;
  Share kept_share_;            // of kept_ and what TLS keeps, the peer's
  Share request_share_;         // of the transfer's bytes, the client's
  std::size_t reply_size_ = 0;  // of a reply that is on its way out
  ClientKey client_{};          // of the request: the peer, or whom a proxy names
  Buffer buffer_;
  tls::Output output_;  // over buffer_

  // Present while a body or a response is under way.
  struct Transfer {
    std::optional<Answer> answer;
    std::uint64_t body_left = 0;  // with BodyFraming::sized
    bool has_asked_for_body = false;
    http::ChunkedDecoder chunked;
    base::Bytes collected;
    std::size_t collect_max = 0;
    std::shared_ptr<Upload> upload;
    base::Bytes bytes;  // head and body of a response, sent up to `bytes_sent`
    std::size_t bytes_sent = 0;
    base::FileDescriptor file;
    std::uint64_t file_offset = 0;
    std::uint64_t file_left = 0;
    bool sends_file = false;  // the application is told when it is over
  };
  std::unique_ptr<Transfer> transfer_;

  std::chrono::milliseconds deadline_{0};
  std::chrono::milliseconds idle_since_{0};
  std::uint64_t window_bytes_ = 0;  // moved since the window began
  std::size_t turn_bytes_ = 0;
};

}  // namespace sealift::server::front
