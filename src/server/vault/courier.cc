#include "server/vault/courier.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

namespace sealift::server::vault {
namespace {

using base::FileDescriptor;
using base::Result;
using std::chrono::milliseconds;

constexpr milliseconds kPauseMin = std::chrono::minutes(1);
constexpr milliseconds kPauseMax = std::chrono::hours(4);
constexpr std::uint32_t kAttemptsMax = 25;  // within three days
constexpr milliseconds kLease = std::chrono::minutes(10);
constexpr std::size_t kUnderWayMax = 8;
constexpr int kPollMs = 1'000;

}  // namespace

std::optional<milliseconds> pause_after(std::uint32_t attempts) {
  if (attempts >= kAttemptsMax) return std::nullopt;
  constexpr std::uint32_t kDoublingsMax = 8;
  const std::uint32_t doublings = std::min(attempts == 0 ? 0 : attempts - 1, kDoublingsMax);
  return std::min(kPauseMax, kPauseMin * (1U << doublings));
}

Result<std::unique_ptr<Courier>> Courier::start(Services& services,
                                                std::function<base::UnixTime()> now) {
  FileDescriptor wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!wake.is_open()) return tl::unexpected(base::error_of_errno(errno, "eventfd"));
  std::unique_ptr<Courier> made(new Courier(services, std::move(now), std::move(wake)));
  made->thread_ = std::thread([courier = made.get()] { courier->run(); });
  return made;
}

Courier::~Courier() {
  is_stopping_ = true;
  ::eventfd_write(wake_.get(), 1);
  thread_.join();
}

void Courier::attach(FileDescriptor channel) {
  {
    const std::lock_guard lock(mutex_);
    next_channel_ = std::move(channel);
  }
  ::eventfd_write(wake_.get(), 1);
}

void Courier::run() {
  while (!is_stopping_) {
    take_channel();
    if (channel_.is_open()) {
      take_outcomes();
      hand_out();
    }
    wait();
  }
}

void Courier::take_channel() {
  FileDescriptor next;
  {
    const std::lock_guard lock(mutex_);
    next = std::move(next_channel_);
  }
  if (!next.is_open()) return;
  lose_channel();
  channel_ = std::move(next);
}

// What the mailer had is due again at once: whether it was sent nobody knows.
void Courier::lose_channel() {
  channel_.reset();
  for (const auto& under_way : under_way_) {
    const base::UnixTime due = now_() + pause_after(under_way.second).value_or(kPauseMax);
    static_cast<void>(commit(services_, [&](catalog::Records& records) {
      return records.outbox->retry_at(under_way.first, due);
    }));
  }
  under_way_.clear();
}

// A catalog that fails now is asked again at the next turn: nothing is lost by waiting.
void Courier::hand_out() {
  if (under_way_.size() >= kUnderWayMax) return;
  const auto counts = services_.catalog.read(
      [](const catalog::Records& records) { return records.outbox->counts(); });
  if (!counts || counts->waiting <= under_way_.size()) return;
  const auto claimed = commit(services_, [&](catalog::Records& records) {
    const auto room = static_cast<std::uint32_t>(kUnderWayMax - under_way_.size());
    return records.outbox->claim(now_(), now_() + kLease, room);
  });
  if (!claimed) return;
  for (const catalog::Mail& mail : *claimed) {
    under_way_[mail.id] = mail.attempts;
    if (!post(mail)) settle({mail.id, MailOutcome::refused});
  }
}

// False: the letter cannot be read (the vault's key has changed), now or ever.
bool Courier::post(const catalog::Mail& mail) {
  const auto plain = services_.keys.unwrap(WrapFor::mail, mail.id.view(), mail.wrapped_parameters);
  if (!plain) return false;
  auto details = decode_letter_details(plain->view());
  if (!details) return false;
  const base::Bytes frame = encode_post({mail.id, mail.letter, mail.language, *std::move(details)});
  if (::send(channel_.get(), frame.data(), frame.size(), MSG_NOSIGNAL | MSG_DONTWAIT) < 0) {
    settle({mail.id, MailOutcome::later});
  }
  return true;
}

void Courier::take_outcomes() {
  std::array<std::byte, 64> buffer{};
  while (channel_.is_open()) {
    const ssize_t size = ::recv(channel_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
    const auto frame =
        size <= 0 ? base::fail(base::ErrorCode::io, "mailer is gone")
                  : decode_outcome(base::ByteView(buffer).first(static_cast<std::size_t>(size)));
    if (!frame) return lose_channel();
    settle(*frame);
  }
}

void Courier::settle(const OutcomeFrame& frame) {
  const auto found = under_way_.find(frame.mail);
  if (found == under_way_.end()) return;
  const std::uint32_t attempts = found->second;
  const auto pause = pause_after(attempts);
  under_way_.erase(found);
  const bool is_given_up = frame.outcome == MailOutcome::refused || !pause;
  if (frame.outcome != MailOutcome::sent && services_.observer != nullptr) {
    services_.observer->mail_failed(base::hex_encode(frame.mail.view()), attempts, is_given_up);
  }
  static_cast<void>(commit(services_, [&](catalog::Records& records) {
    if (frame.outcome == MailOutcome::sent) return records.outbox->sent(frame.mail);
    if (is_given_up) return records.outbox->give_up(frame.mail);
    return records.outbox->retry_at(frame.mail, now_() + *pause);
  }));
}

void Courier::wait() const {
  std::array<pollfd, 2> waits{{{wake_.get(), POLLIN, 0}, {channel_.get(), POLLIN, 0}}};
  ::poll(waits.data(), channel_.is_open() ? 2 : 1, kPollMs);
  eventfd_t count = 0;
  ::eventfd_read(wake_.get(), &count);
}

}  // namespace sealift::server::vault
