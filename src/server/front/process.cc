#include "server/front/process.h"

#include <openssl/ssl.h>
#include <poll.h>
#include <sys/stat.h>

#include <algorithm>
#include <optional>

#include "base/clock.h"
#include "base/limits.h"
#include "server/front/engine.h"
#include "server/sandbox/sandbox.h"
#include "server/supervisor/supervisor.h"

namespace sealift::server::front {
namespace {

using base::FileDescriptor;
using base::Result;

Result<base::Bytes> read_whole(const FileDescriptor& file) {
  struct stat status {};
  if (::fstat(file.get(), &status) != 0 || status.st_size > limits::kPemSizeMax) {
    return base::fail(base::ErrorCode::limit, "certificate file");
  }
  base::Bytes bytes(static_cast<std::size_t>(std::max<off_t>(status.st_size, 0)));
  SEALIFT_TRY(const std::size_t size, base::pread_full(file.get(), bytes, 0));
  bytes.resize(size);
  return bytes;
}

Result<tls::Context> context_of(const ControlMessage& message) {
  SEALIFT_TRY(const base::Bytes chain, read_whole(message.descriptors[0]));
  SEALIFT_TRY(base::Bytes key, read_whole(message.descriptors[1]));
  auto context = tls::Context::server(chain, key);
  std::fill(key.begin(), key.end(), std::byte{0});
  return context;
}

// The certificate that the supervisor sends to every new front.
Result<tls::Context> first_certificate(int control, std::chrono::milliseconds wait_max) {
  pollfd wait{control, POLLIN, 0};
  ::poll(&wait, 1, static_cast<int>(wait_max.count()));
  SEALIFT_TRY(const auto message, receive_control(control));
  if (!message || message->kind != ControlMessage::Kind::certificate) {
    return base::fail(base::ErrorCode::usage, "no certificate");
  }
  return context_of(*message);
}

bool needs_certificate(const FrontPlan& plan) {
  return std::any_of(plan.listeners.begin(), plan.listeners.end(),
                     [](const ListeningSocket& one) { return one.channel == http::Channel::tls; });
}

// A renewed certificate that is broken changes nothing: the old one goes on.
void take_control(int control, Engine& engine, bool& is_finishing) {
  while (true) {
    const auto message = receive_control(control);
    if (!message) {
      is_finishing = true;
      return;
    }
    if (!*message) return;
    if ((*message)->kind != ControlMessage::Kind::certificate) continue;
    auto context = context_of(**message);
    if (context) engine.set_certificate(*std::move(context));
  }
}

int serve(Engine& engine, VaultLink& link, const FrontPlan& plan, const bool& is_finishing,
          const base::Clock& clock) {
  const auto turn = [&](std::chrono::milliseconds wait_max) {
    engine.run_once(wait_max);
    link.flush();
  };
  while (!is_finishing && !link.is_broken()) turn(std::chrono::seconds(1));
  engine.stop();
  const auto deadline = clock.monotonic() + plan.finish_timeout;
  while (!engine.is_finished() && clock.monotonic() < deadline) {
    turn(std::chrono::milliseconds(100));
  }
  return link.is_broken() ? 1 : 0;
}

}  // namespace

int run_front(const FrontPlan& plan, FileDescriptor to_vault, FileDescriptor control) {
  // What OpenSSL reads from files, it reads before there are none.
  if (OPENSSL_init_ssl(0, nullptr) != 1) return 1;
  std::optional<tls::Context> certificate;
  if (needs_certificate(plan)) {
    auto first = first_certificate(control.get(), plan.certificate_timeout);
    if (!first) return 1;
    certificate = *std::move(first);
  }
  Rights rights;
  rights.accepts = true;
  if (!confine(rights) || !prove_confined(rights)) return kExitNotConfined;

  const base::SystemClock clock;
  auto web = WebFiles::load(plan.web_files);
  if (!web) return 1;
  VaultLink link(plan.routes, FrameChannel(std::move(to_vault), Sender::vault), *std::move(web));
  auto engine = Engine::create(plan.settings, link, clock);
  if (!engine || !link.attach(**engine)) return 1;
  if (plan.figures != nullptr) (*engine)->count_into(plan.figures->front());
  if (certificate) (*engine)->set_certificate(*std::move(certificate));
  for (const ListeningSocket& one : plan.listeners) {
    if (!(*engine)->listen(FileDescriptor(one.fd), one.channel)) return 1;
  }
  bool is_finishing = false;
  const auto on_control = [&] { take_control(control.get(), **engine, is_finishing); };
  if (!(*engine)->watch(control.get(), on_control)) return 1;
  return serve(**engine, link, plan, is_finishing, clock);
}

}  // namespace sealift::server::front
