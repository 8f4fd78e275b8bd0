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

VaultLink::VaultLink(std::span<const FrontRoute> routes, FrameChannel channel, Proxied proxied,
                     WebFiles web)
    : routes_(routes), channel_(std::move(channel)), proxied_(proxied), web_(std::move(web)) {
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
    return refuse(id, {http::Status::not_found, "There is no such thing."});
  }
  const FrontRoute& route = routes_[match->operation];
  auto made =
      make_ask(route, *match, head, proxied_ == Proxied::yes ? forwarded_peer(head, peer) : peer);
  if (const auto* refusal = std::get_if<http::Refusal>(&made)) return refuse(id, *refusal);
  if (is_broken_) return refuse(id, {http::Status::unavailable, "unavailable"});
  AskFrame& ask = std::get<AskFrame>(made);
  ask.request = id.value;
  if (collects_body(route.form)) {
    awaiting_body_.emplace(id, std::move(ask));
    engine_->answer(id, CollectBody{limits::kJsonBodySizeMax});
    return;
  }
  asked_.insert(id);
  send(ask);
}

void VaultLink::on_body(RequestId id, base::ByteView body) {
  auto node = awaiting_body_.extract(id);
  if (node.empty()) return;
  node.mapped().body = base::copy_of(body);
  asked_.insert(id);
  send(node.mapped());
}

void VaultLink::on_received(RequestId id, const Received& received) {
  // Told even when the connection is gone: the vault keeps what came.
  send(ReceivedFrame{id.value, static_cast<std::uint8_t>(received.end), received.size_bytes});
}

void VaultLink::on_gone(RequestId id) {
  awaiting_body_.erase(id);
  if (asked_.erase(id) + sending_.erase(id) > 0) send(GoneFrame{id.value});
}

void VaultLink::send(const Frame& frame) {
  if (is_broken_) {
    // An answer that only the vault could have given.
    if (const auto* ask = std::get_if<AskFrame>(&frame)) {
      asked_.erase(RequestId{ask->request});
      refuse(RequestId{ask->request}, {http::Status::unavailable, "unavailable"});
    } else if (const auto* received = std::get_if<ReceivedFrame>(&frame)) {
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
  if (!is_broken_ && !channel_.flush()) break_off();
}

void VaultLink::on_frame(ReceivedMessage message) {
  if (auto* reply = std::get_if<ReplyFrame>(&message.frame)) {
    asked_.erase(RequestId{reply->request});
    engine_->answer(RequestId{reply->request},
                    Reply{std::move(reply->head), std::move(reply->body)});
  } else if (auto* file = std::get_if<SendFrame>(&message.frame)) {
    const RequestId id{file->request};
    asked_.erase(id);
    sending_.insert(id);
    if (!engine_->answer(
            id, SendFile{std::move(file->head), std::move(message.descriptor), file->offset})) {
      on_gone(id);
    }
  } else if (auto* target = std::get_if<ReceiveFrame>(&message.frame)) {
    const RequestId id{target->request};
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
  for (const RequestId id : std::exchange(asked_, {})) {
    refuse(id, {http::Status::unavailable, "unavailable"});
  }
}

}  // namespace sealift::server::front
