// From a request to the frame that asks the vault: form judged, nothing decided. Pure.
#pragma once

#include <variant>

#include "http/request_head.h"
#include "http/router.h"
#include "server/frames.h"
#include "server/front/application.h"
#include "server/front/vault_link.h"

namespace sealift::server::front {

// Whom a proxy in front of the server names as its client: the last address of X-Forwarded-For,
// which is the proxy's own word; what stands before it is not. `peer` where there is none.
Peer forwarded_peer(const http::RequestHead& head, const Peer& peer);

std::variant<AskFrame, http::Refusal> make_ask(const FrontRoute& route,
                                               const http::RouteMatch& match,
                                               const http::RequestHead& head, const Peer& peer);

}  // namespace sealift::server::front
