// Profile: what the client keeps between calls, in one folder of its owner's ($SEALIFT_HOME, or
// ~/.config/sealift), readable by nobody else.
//
//   login.json          which server, how it is trusted, whose account, the session's token
//   identity.txt        the account's keys (client/account/account_keys.h); stock age takes it with
//   -i pins/<hash>.json    what was seen of one server; the hash is of its address
//   pins/<hash>.trust.json how its certificate was trusted at the last login, where the system's
//                       authorities were not enough
//   lock                held while one of them is changed
//
// The keys lie here so that receiving doesn't ask for the password each time, as SSH keys and age
// identities do; logging out removes them and the token. Pins stay: forgetting them is what an
// attacker would want. Each file appears whole or not at all. One thread at a time; other processes
// may use the folder meanwhile.
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/file_descriptor.h"
#include "client/account/account_keys.h"
#include "client/account/pins.h"
#include "client/api/account_bodies.h"
#include "client/http_client.h"
#include "client/http_settings.h"

namespace sealift::client {

struct Login {
  ServerAddress server;
  Trust trust{};
  api::AccountId account{};
  parcel::Address address;
  api::SessionId session{};
  api::Token token{};
  // Of a login, not of an API token.
  std::optional<api::FixedBase64<32>> key{};
  base::UnixTime expires{};
};

class Profile {
 public:
  // Makes the folder when it isn't there. Errors: forbidden (others may read what is in it), io.
  static base::Result<Profile> open(const std::string& folder);

  // nullopt: nobody is logged in. Errors: malformed, forbidden, io.
  base::Result<std::optional<Login>> login() const;
  base::Result<AccountKeys> keys() const;
  // Both appear, the login last.
  base::Result<void> save_login(const Login& login, const AccountKeys& keys) const;
  base::Result<void> save_keys(const AccountKeys& keys) const;
  base::Result<void> forget_login() const;

  // How the last login to it trusted its certificate; by the system's authorities if there was
  // none.
  base::Result<Trust> trust(const ServerAddress& server) const;
  base::Result<Pins> pins(const ServerAddress& server) const;
  // Merged with what another process saved meanwhile, under the lock. Errors: damaged (the two
  // contradict: nothing was saved), io.
  base::Result<void> save_pins(const ServerAddress& server, const Pins& pins) const;

  // Until it is destroyed, other processes wait with their changes.
  base::Result<base::FileDescriptor> lock() const;

  const std::string& folder() const { return folder_; }

 private:
  explicit Profile(std::string folder) : folder_(std::move(folder)) {}
  std::string path_of(const ServerAddress& server, std::string_view suffix) const;
  base::Result<void> save_trust(const ServerAddress& server, const Trust& trust) const;

  std::string folder_;
};

// What the login's requests go with.
Credential credential_of(const Login& login);
std::string encode_login(const Login& login);
// Errors: malformed.
base::Result<Login> decode_login(base::ByteView json);

}  // namespace sealift::client
