#include "cli/server_session.h"

#include <algorithm>
#include <iostream>
#include <thread>

#include "base/base64.h"
#include "cli/phrase.h"
#include "crypto/random.h"

namespace sealift::cli {

using base::ErrorCode;

namespace {

std::string make_repeat_key() {
  crypto::SystemRandom random;
  std::string text = base::base64_encode(random.array<32>(), base::Padding::none);
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  return text;
}

}  // namespace

void wait_ms(std::chrono::milliseconds time) { std::this_thread::sleep_for(time); }

client::HttpSettings settings_for(const Environment& environment, client::ServerAddress server,
                                  client::Trust trust) {
  client::HttpSettings settings{.address = std::move(server),
                                .trust = std::move(trust),
                                .proxy = {.https_proxy = environment.https_proxy,
                                          .no_proxy = environment.no_proxy,
                                          .variable = environment.https_proxy_variable},
                                .wait = wait_ms,
                                .now = [] { return base::SystemClock().now(); },
                                .make_repeat_key = make_repeat_key};
  if (environment.timeout) {
    settings.connect_timeout_ms = *environment.timeout;
    settings.idle_timeout_ms = *environment.timeout;
    settings.answer_timeout_ms = *environment.timeout;
  }
  return settings;
}

Failure call_failure(base::Error error) {
  std::string hint;
  if (base::refusal_of(error)) return error;  // the table's hint
  if (error.code == ErrorCode::unauthorized) hint = "log in with `sealift login`";
  if (error.code == ErrorCode::damaged)
    hint = "the server contradicts what it said before: call the people who run it";
  return {std::move(error), std::move(hint)};
}

Failure parcel_failure(base::Error error) {
  const bool is_missing = error.code == ErrorCode::not_found && !base::refusal_of(error);
  Failure failure = call_failure(std::move(error));
  if (is_missing) failure.hint = "it may have been recalled or have expired, or it isn't yours";
  return failure;
}

ServerSession::ServerSession(const Environment& environment, client::Profile profile,
                             client::Login login, client::Pins pins, client::HttpClient http)
    : environment_(&environment),
      profile_(std::move(profile)),
      login_(std::move(login)),
      pins_(std::move(pins)),
      told_(pins_.keys),
      http_(std::make_unique<client::HttpClient>(std::move(http))),
      api_(std::make_unique<client::api::Api>(*http_, client::credential_of(login_))) {}

tl::expected<ServerSession, Failure> ServerSession::open(const Environment& environment) {
  auto profile = or_failure(client::Profile::open(environment.profile_folder));
  if (!profile) return tl::unexpected(std::move(profile).error());
  auto login = or_failure(profile->login());
  if (!login) return tl::unexpected(std::move(login).error());
  // By a clock that is up to a day wrong: the server knows better whether a login is over.
  if (!*login || (*login)->expires + std::chrono::hours(24) <= environment.clock.now())
    return tl::unexpected(Failure(base::refuse("not_logged_in").value()));
  auto pins = or_failure(profile->pins((*login)->server));
  if (!pins) return tl::unexpected(std::move(pins).error());
  auto http = or_failure(
      client::HttpClient::make(settings_for(environment, (*login)->server, (*login)->trust)));
  if (!http) return tl::unexpected(std::move(http).error());
  return ServerSession(environment, *std::move(profile), **std::move(login), *std::move(pins),
                       *std::move(http));
}

base::Result<client::Acting*> ServerSession::acting() {
  if (!acting_) {
    SEALIFT_TRY(auto keys, profile_.keys());
    keys_ = std::make_unique<client::AccountKeys>(std::move(keys));
    acting_ = std::make_unique<client::Acting>(*api_, *keys_, login_.account, pins_);
  }
  return acting_.get();
}

namespace {

// A change of keys that is endorsed is followed; the person hears of it all the same.
void tell_of_new_keys(const std::string& address, const client::KeyPin& before,
                      const client::KeyPin& now, base::Language language) {
  const std::string fingerprint = client::fingerprint_text(now.recipient);
  std::cerr << (before.endorsing_key
                    ? phrase(language,
                             "sealift: {address} has new keys, endorsed by the old ones and by a "
                             "paper key; fingerprint: {fingerprint}",
                             address, fingerprint)
                    : phrase(language,
                             "sealift: warning: {address} has new keys, endorsed by the old ones "
                             "alone: compare the fingerprint by telephone: {fingerprint}",
                             address, fingerprint))
            << "\n";
}

}  // namespace

base::Result<void> ServerSession::save_pins() const {
  SEALIFT_TRY_VOID(profile_.save_pins(login_.server, pins_));
  for (const auto& [address, now] : pins_.keys) {
    const auto before = told_.find(address);
    const bool is_new = before != told_.end() && before->second.generation < now.generation;
    if (is_new && address != login_.address.text())
      tell_of_new_keys(address, before->second, now, environment_->language);
  }
  told_ = pins_.keys;
  return {};
}

base::Result<client::HttpClient> ServerSession::connect() const {
  return client::HttpClient::make(settings_for(*environment_, login_.server, login_.trust));
}

}  // namespace sealift::cli
