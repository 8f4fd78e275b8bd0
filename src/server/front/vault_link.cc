#include "server/front/vault_link.h"

#include <utility>

#include "server/front/ask.h"
#include "server/front/refusal_body.h"

namespace sealift::server::front {

namespace {

bool collects_body(Form form) {
  return form == Form::json || form == Form::octets || form == Form::tus_create;
}

}  // namespace

VaultLink::VaultLink(std::span<const FrontRoute> routes, FrameChannel channel, WebFiles web,
                     std::size_t asks_max)
    : routes_(routes), channel_(std::move(channel)), web_(std::move(web)), in_flight_(asks_max) {
  for (std::size_t i = 0; i < routes.size(); ++i) {
    table_.push_back(
        {routes[i].route.method, routes[i].route.pattern, static_cast<std::uint16_t>(i)});
  }
}

base::Result<void> VaultLink::attach(Engine& engine) {
  engine_ = &engine;
  return engine.watch(channel_.fd(), [this] { on_frames(); });
}

void VaultLink::refuse(RequestId id, const http::Refusal& refusal, http::MethodSet allow) {
  Reply reply;
  reply.head.status = refusal.status;
  reply.head.media_type = http::MediaType::json;
  reply.head.allow = allow;
  reply.body = base::copy_of(base::bytes_of(refusal_body(refusal)));
  engine_->answer(id, std::move(reply));
}

// Nothing is wrong but the moment.
void VaultLink::refuse_for_now(RequestId id) {
  Reply reply;
  reply.head.status = http::Status::unavailable;
  reply.head.media_type = http::MediaType::json;
  reply.head.retry_after_seconds = 1;
  reply.body = base::copy_of(base::bytes_of(
      refusal_body({http::Status::unavailable, "The server is busy. Try again in a moment."})));
  engine_->answer(id, std::move(reply));
}

void VaultLink::on_request(RequestId id, const http::RequestHead& head, const Peer& peer) {
  const http::RouteOutcome outcome = http::find_route(table_, head.method, head.path);
  if (const auto* refused = std::get_if<http::MethodRefused>(&outcome)) {
    return refuse(id, {http::Status::method_not_allowed, "method"}, refused->allowed);
  }
  const auto* match = std::get_if<http::RouteMatch>(&outcome);
  if (!match) {
    if (auto answer = web_.answer(head)) {
      engine_->answer(id, *std::move(answer));
      return;
    }
    if (auto answer = web_.answer_person(head)) {
      engine_->answer(id, *std::move(answer));
      return;
    }
    return refuse(id, {http::Status::not_found, "no such operation"});
  }
  const FrontRoute& route = routes_[match->operation];
  auto made = make_ask(route, *match, head, peer);
  if (const auto* refusal = std::get_if<http::Refusal>(&made)) return refuse(id, *refusal);
  if (is_broken_) return refuse(id, {http::Status::unavailable, "unavailable"});
  AskFrame& ask = std::get<AskFrame>(made);
  ask.request = id.value;
  if (!in_flight_.take(client_of(ask.peer), 1)) return refuse_for_now(id);
  if (collects_body(route.form)) {
    awaiting_body_.emplace(id, std::move(ask));
    engine_->answer(id, CollectBody{route.body_size_max});
    return;
  }
  this->ask(id, ask);
}

void VaultLink::ask(RequestId id, const AskFrame& frame) {
  asked_.emplace(id, Asked{client_of(frame.peer), frame.body.size()});
  send(frame);
}

// By the vault, for the first time: its queue has room for another.
void VaultLink::is_answered(RequestId id) {
  const auto node = asked_.extract(id);
  if (!node.empty()) give_back(node.mapped());
}

void VaultLink::give_back(const Asked& asked) {
  if (!asked.is_counted) return;
  in_flight_.give_back(asked.client, 1);
  body_bytes_.give_back(asked.client, asked.body_size);
}

void VaultLink::on_body(RequestId id, base::ByteView body) {
  auto node = awaiting_body_.extract(id);
  if (node.empty()) return;
  AskFrame& frame = node.mapped();
  if (!body_bytes_.take(client_of(frame.peer), body.size())) {
    in_flight_.give_back(client_of(frame.peer), 1);
    return refuse_for_now(id);
  }
  frame.body = base::copy_of(body);
  ask(id, frame);
}

void VaultLink::on_received(RequestId id, const Received& received) {
  // Told even when the connection is gone: the vault keeps what came.
  asked_.emplace(id, Asked{.is_counted = false});
  send(ReceivedFrame{id.value, static_cast<std::uint8_t>(received.end), received.size_bytes});
}

void VaultLink::on_gone(RequestId id) {
  const auto waiting = awaiting_body_.extract(id);
  if (!waiting.empty()) in_flight_.give_back(client_of(waiting.mapped().peer), 1);
  // The vault has the ask in its queue all the same: it counts until it is answered.
  if (asked_.contains(id) || sending_.erase(id) > 0) send(GoneFrame{id.value});
}

void VaultLink::send(const Frame& frame) {
  if (is_broken_) {
    // An answer that only the vault could have given.
    if (const auto* ask = std::get_if<AskFrame>(&frame)) {
      is_answered(RequestId{ask->request});
      refuse(RequestId{ask->request}, {http::Status::unavailable, "unavailable"});
    } else if (const auto* received = std::get_if<ReceivedFrame>(&frame)) {
      is_answered(RequestId{received->request});
      refuse(RequestId{received->request}, {http::Status::unavailable, "unavailable"});
    }
    return;
  }
  if (!channel_.send(frame)) break_off();
}

void VaultLink::on_frames() {
  while (!is_broken_) {
    auto message = channel_.receive();
    if (!message) return break_off();
    if (!*message) break;
    on_frame(**std::move(message));
  }
  flush();
}

void VaultLink::flush() {
  if (!is_broken_ && channel_.has_unsent() && !channel_.flush()) break_off();
}

void VaultLink::on_frame(ReceivedMessage message) {
  if (auto* reply = std::get_if<ReplyFrame>(&message.frame)) {
    is_answered(RequestId{reply->request});
    engine_->answer(RequestId{reply->request},
                    Reply{std::move(reply->head), std::move(reply->body)});
  } else if (auto* file = std::get_if<SendFrame>(&message.frame)) {
    const RequestId id{file->request};
    is_answered(id);
    sending_.insert(id);
    if (!engine_->answer(
            id, SendFile{std::move(file->head), std::move(message.descriptor), file->offset})) {
      on_gone(id);
    }
  } else if (auto* target = std::get_if<ReceiveFrame>(&message.frame)) {
    const RequestId id{target->request};
    is_answered(id);
    if (!engine_->answer(id, ReceiveBody{std::move(message.descriptor), target->offset,
                                         target->size_max, std::move(target->checksum)})) {
      // The client left before its body was wanted: nothing came.
      send(ReceivedFrame{id.value, static_cast<std::uint8_t>(Received::End::cut_short), 0});
    }
  } else if (const auto* cut = std::get_if<CutFrame>(&message.frame)) {
    engine_->abort(RequestId{cut->request});
  }
}

void VaultLink::break_off() {
  if (std::exchange(is_broken_, true)) return;
  for (const auto& [id, asked] : std::exchange(asked_, {})) {
    give_back(asked);
    refuse(id, {http::Status::unavailable, "unavailable"});
  }
}

}  // namespace sealift::server::front
