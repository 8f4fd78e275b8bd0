// KnownPeople: addresses of the accounts that this client knows: itself, and whose keys it judged.
// What a server says of a sender that is not here is shown as the server's word.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "cli/phrase.h"
#include "cli/server_session.h"

namespace sealift::cli {

class KnownPeople {
 public:
  KnownPeople(ServerSession& session, base::Language language) : language_(language) {
    for (const auto& [address, pin] : session.pins().keys) addresses_[pin.account] = address;
    addresses_[session.login().account] = session.login().address.text();
  }
  std::optional<std::string> find(const client::api::AccountId& account) const {
    const auto found = addresses_.find(account);
    return found == addresses_.end() ? std::nullopt : std::optional(found->second);
  }
  // For people: the address, or as much of the account's id as tells it from others.
  std::string name(const client::api::AccountId& account) const {
    return find(account).value_or(
        phrase(language_, "account {account}", account.text().substr(0, 8)));
  }

 private:
  const base::Language language_;
  std::map<client::api::AccountId, std::string> addresses_;
};

}  // namespace sealift::cli
