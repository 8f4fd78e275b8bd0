#include "server/vault/observer.h"

#include <arpa/inet.h>

#include <algorithm>
#include <optional>

#include "base/hex.h"
#include "server/client_of.h"
#include "server/log_line.h"

namespace sealift::server::vault {
namespace {

constexpr std::chrono::milliseconds kWindow{60'000};
constexpr std::uint32_t kLinesAWindow = 10;
constexpr std::size_t kPseudonymBytes = 8;

std::optional<ThrottleClass> class_of(Rate rate) {
  switch (rate) {
    case Rate::ordinary:
      return ThrottleClass::ordinary;
    case Rate::guessing:
      return ThrottleClass::guessing;
    case Rate::costly:
      return ThrottleClass::costly;
    case Rate::recorded:
      return ThrottleClass::recorded;
    case Rate::free:
    case Rate::stream:
      return std::nullopt;
  }
  return std::nullopt;
}

std::string_view kind_of(catalog::DelayKind kind) {
  switch (kind) {
    case catalog::DelayKind::link:
      return "link";
    case catalog::DelayKind::request:
      return "request";
    case catalog::DelayKind::enrolment:
      return "enrolment";
    default:
      return "account";
  }
}

std::string address_text(const std::array<std::byte, 16>& peer) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  ::inet_ntop(AF_INET6, peer.data(), text.data(), text.size());
  constexpr std::string_view kMapped = "::ffff:";
  const std::string_view whole(text.data());
  return std::string(whole.starts_with(kMapped) ? whole.substr(kMapped.size()) : whole);
}

}  // namespace

Observer::~Observer() {
  for (auto& [what, window] : windows_) tell(what, window);
}

std::string Observer::pseudonym(std::string_view label, base::ByteView subject) const {
  const auto hash = keys_.decoy(label, subject);
  return base::hex_encode(base::ByteView(hash).first(kPseudonymBytes));
}

bool Observer::may_say(LogEvent event, std::string_view what) {
  const std::chrono::milliseconds now = clock_.monotonic();
  const std::string key = std::string(row_of(event).name).append(" ").append(what);
  const std::scoped_lock lock(mutex_);
  auto [at, is_new] = windows_.try_emplace(key);
  Window& window = at->second;
  if (is_new) window = {event, now, 0, 0};
  if (now - window.begun >= kWindow) {
    tell(key, window);
    window = {event, now, 0, 0};
  }
  if (window.lines < kLinesAWindow) {
    ++window.lines;
    return true;
  }
  ++window.untold;
  return false;
}

void Observer::tell(const std::string& what, Window& window) {
  if (window.untold == 0) return;
  const std::string count = std::to_string(window.untold);
  const std::string class_of_it = what.substr(what.find(' ') + 1);
  log_line(LogEvent::repeated,
           {{"of", row_of(window.event).name}, {"class", class_of_it}, {"count", count}});
  window.untold = 0;
}

void Observer::tell_repeated() {
  const std::chrono::milliseconds now = clock_.monotonic();
  const std::scoped_lock lock(mutex_);
  for (auto at = windows_.begin(); at != windows_.end();) {
    if (now - at->second.begun < kWindow) {
      ++at;
      continue;
    }
    tell(at->first, at->second);
    at = windows_.erase(at);
  }
}

void Observer::attempt_failed(const Attempt& attempt) {
  const bool is_login = attempt.kind == catalog::DelayKind::account;
  ++(is_login ? figures_.logins_failed : figures_.proofs_failed);
  const LogEvent event = is_login ? LogEvent::login_failed : LogEvent::proof_failed;
  if (!may_say(event, kind_of(attempt.kind))) return;
  const std::string subject = pseudonym("log/subject", attempt.subject);
  const std::string client = pseudonym("log/client", client_of(attempt.peer));
  const std::string address = address_text(attempt.peer);
  if (names_ == LoginNames::pseudonyms) {
    log_line(event, {{"kind", kind_of(attempt.kind)}, {"account", subject}, {"client", client}});
    return;
  }
  log_line(event, {{"kind", kind_of(attempt.kind)},
                   {"account", subject},
                   {"client", client},
                   {"account_address", attempt.name},
                   {"client_address", address}});
}

void Observer::throttled(const Operation& operation) {
  const auto found = class_of(operation.rate);
  if (!found) return;
  ++figures_.throttled.at(static_cast<std::size_t>(*found));
  if (!may_say(LogEvent::throttled, class_name(*found))) return;
  log_line(LogEvent::throttled, {{"class", class_name(*found)}, {"operation", operation.name}});
}

void Observer::disk_full(std::string_view operation) {
  ++figures_.disk_full;
  if (!may_say(LogEvent::disk_full, "disk")) return;
  log_line(LogEvent::disk_full, {{"operation", operation}, {"status", "507"}});
}

void Observer::blob_missing(const store::BlobId& blob) {
  ++figures_.blobs_missing;
  if (!may_say(LogEvent::blob_missing, "blob")) return;
  log_line(LogEvent::blob_missing, {{"blob", blob.text()}});
}

void Observer::mail_failed(std::string_view mail, std::uint32_t attempts, bool is_given_up) {
  ++figures_.mails_failed;
  const LogEvent event = is_given_up ? LogEvent::mail_given_up : LogEvent::mail_not_sent;
  if (!may_say(event, "mail")) return;
  const std::string count = std::to_string(attempts);
  log_line(event, {{"mail", mail}, {"attempts", count}});
}

}  // namespace sealift::server::vault
