// ServerSession: a verb's connection to the server that somebody logged in to.
//
//   auto session = ServerSession::open(environment);
//   session->api().call(...);
//   ... session->save_pins();          // what was seen of the server, before the verb ends
//
// Belongs to the verb's thread.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "cli/verb.h"
#include "client/account/acting.h"
#include "client/account/key_finder.h"
#include "client/account/profile.h"
#include "client/api/api.h"

namespace sealift::cli {

// Sleeps, for clients that try again.
void wait_ms(std::chrono::milliseconds time);
// Of a client that waits and repeats as a person's would.
client::HttpSettings settings_for(const Environment& environment, client::ServerAddress server,
                                  client::Trust trust);

class ServerSession {
 public:
  // Errors: unauthorized (nobody is logged in, or the login is over), and those of the profile.
  static tl::expected<ServerSession, Failure> open(const Environment& environment);

  const client::Login& login() const { return login_; }
  const client::Profile& profile() const { return profile_; }
  const client::api::Api& api() const { return *api_; }
  client::Pins& pins() { return pins_; }
  // Another connection to the same server, for work beside this one.
  base::Result<client::HttpClient> connect() const;
  // For what the account's owner signs. Borrows this session, which stays where it is from then on.
  base::Result<client::Acting*> acting();
  // Asks for `row` as the owner; what was seen of the chain is kept.
  template <typename Asked, typename Answer, typename... Path>
  base::Result<Answer> act(const client::api::Call<Asked, Answer, Path...>& row,
                           const std::type_identity_t<Asked>& asked = {},
                           const std::type_identity_t<Path>&... path) {
    SEALIFT_TRY(client::Acting* const acting, this->acting());
    auto answer = acting->call(row, asked, path...);
    if (answer) SEALIFT_TRY_VOID(save_pins());
    return answer;
  }
  base::Result<client::AccountKeys> keys() const { return profile_.keys(); }
  // Says on standard error whose keys were followed by newer ones.
  base::Result<void> save_pins() const;

 private:
  ServerSession(const Environment& environment, client::Profile profile, client::Login login,
                client::Pins pins, client::HttpClient http);

  const Environment* environment_;
  client::Profile profile_;
  client::Login login_;
  client::Pins pins_;
  mutable std::map<std::string, client::KeyPin> told_;  // of correspondents, as last said
  std::unique_ptr<client::HttpClient> http_;
  std::unique_ptr<client::api::Api> api_;
  std::unique_ptr<client::AccountKeys> keys_;  // for acting_
  std::unique_ptr<client::Acting> acting_;
};

// An error of a call as the verb's failure, with a hint where one helps.
Failure call_failure(base::Error error);

// The same of a call about one parcel.
Failure parcel_failure(base::Error error);

template <typename T>
tl::expected<T, Failure> or_failure(base::Result<T> result) {
  if (result) return *std::move(result);
  return tl::unexpected(call_failure(std::move(result).error()));
}
inline Outcome or_failure(base::Result<void> result) {
  if (result) return {};
  return tl::unexpected(call_failure(std::move(result).error()));
}
template <typename T>
tl::expected<T, Failure> or_parcel_failure(base::Result<T> result) {
  if (result) return *std::move(result);
  return tl::unexpected(parcel_failure(std::move(result).error()));
}

}  // namespace sealift::cli
