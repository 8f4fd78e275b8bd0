// VaultLink: the application of a front process: requests become frames to the vault, its frames
// become answers.
//
// It knows the routes, the form of each request and the web client's files, and nothing else: not
// what an operation does, nor who may. What is wrong in form is answered here; all else is the
// vault's to decide. When the vault is gone every request is answered with 503, and is_broken()
// tells the process to end: the supervisor starts a new pair.
//
// Back pressure: what is asked of the vault at once is bounded, and shared fairly between clients;
// a request past that gets 503 and Retry-After, and costs the vault nothing. What the vault itself
// asked for (Received, Gone) always goes out: there is no more of it than there were answers.
#pragma once

#include <map>
#include <set>
#include <span>
#include <string>

#include "http/router.h"
#include "server/frame_channel.h"
#include "server/front/engine.h"
#include "server/front/shares.h"
#include "server/front/web_files.h"

namespace sealift::server::front {

// What a request of this route looks like.
enum class Form : std::uint8_t {
  plain,       // no body that matters
  json,        // a JSON body, handed over as it is
  octets,      // a small body of bytes, handed over as it is
  tus,         // tus without a body: HEAD, DELETE
  tus_create,  // POST: a new upload, described by a JSON body
  tus_append,  // PATCH: more bytes
};

struct FrontRoute {
  http::Route route;  // route.operation: the number that the vault knows the operation by
  Form form = Form::plain;
  std::size_t body_size_max = limits::kJsonBodySizeMax;  // of a body that is handed over
};

// Asks of the vault at once: more than any number of honest clients has under way, and a fraction
// of what a queue of them costs. Clients divide both among them.
inline constexpr std::size_t kAsksMax = 4096;
inline constexpr std::size_t kAskedBytesMax = std::size_t{64} << 20;

class VaultLink final : public Application {
 public:
  // `routes` outlives the link.
  VaultLink(std::span<const FrontRoute> routes, FrameChannel channel, WebFiles web = {},
            std::size_t asks_max = kAsksMax);

  // Begins to listen to the vault. `engine` is the one that this is the application of.
  base::Result<void> attach(Engine& engine);
  bool is_broken() const { return is_broken_; }
  // What the channel did not take before; the process calls it every turn.
  void flush();

  void on_request(RequestId id, const http::RequestHead& head, const Peer& peer) override;
  void on_body(RequestId id, base::ByteView body) override;
  void on_received(RequestId id, const Received& received) override;
  void on_gone(RequestId id) override;

 private:
  void on_frames();
  void on_frame(ReceivedMessage message);
  void send(const Frame& frame);
  void refuse(RequestId id, const http::Refusal& refusal, http::MethodSet allow = 0);
  void refuse_for_now(RequestId id);
  void ask(RequestId id, const AskFrame& frame);
  void is_answered(RequestId id);
  void break_off();

  // A request that the vault has or will have to answer.
  struct Asked {
    ClientKey client{};
    std::size_t body_size = 0;
    bool is_counted = true;  // in both shares, until the vault's first answer, whoever is gone
  };
  void give_back(const Asked& asked);

  std::span<const FrontRoute> routes_;
  std::vector<http::Route> table_;  // of routes_, operations replaced by indexes
  FrameChannel channel_;
  const WebFiles web_;
  Shares in_flight_;                   // asks, those whose body is on its way too
  Shares body_bytes_{kAskedBytesMax};  // of asks that the vault did not answer
  Engine* engine_ = nullptr;
  std::map<RequestId, AskFrame> awaiting_body_;
  std::map<RequestId, Asked> asked_;  // of the vault, not answered
  std::set<RequestId> sending_;       // answered by a file that is on its way out
  bool is_broken_ = false;
};

}  // namespace sealift::server::front
