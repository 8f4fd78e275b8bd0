// Entering: enrolling with a link, and logging in, with a server that isn't believed.
//
// Neither sends the password or anything that opens a slot. What the server says of how passwords
// become keys is judged (parcel/login_parameters.h) and compared with what was pinned; the keys out
// of a slot are compared with what was pinned of one's own account. Nothing is saved here.
#pragma once

#include <string>
#include <vector>

#include "client/account/account_keys.h"
#include "client/account/acting.h"
#include "client/account/own_recovery.h"
#include "client/account/paper_key.h"
#include "client/account/pins.h"
#include "client/account/unlocking.h"
#include "client/api/api.h"

namespace sealift::client {

//   link = server "/e#" token [ "." fingerprint ]    the organisation's key (organisation.h)
struct EnrolmentLink {
  api::Token token;
  std::string organisation;  // 32 hexadecimal digits, or ""
};
// An enrolment link, or what follows its "#". `server`: the link's has to be that one, where it
// names one. Errors: malformed, conflict (another server's link).
base::Result<EnrolmentLink> parse_enrolment_link(std::string_view link,
                                                 const ServerAddress& server);

struct Entered {
  api::Begun begun;
  AccountKeys keys;
};

struct Enrolled {
  Entered entered;
  PaperKey paper_key;
  bool has_recovery = false;  // officers were given shares
};

// What the link is for, before anybody chooses a password. Errors: not_found (used up or expired).
base::Result<api::EnrolmentOffer> look_at_enrolment(const api::Api& api, const api::Token& token);

struct EnrolmentChoice {
  api::Token token;
  api::Language language = api::Language::en;
  base::ByteView password{};
  base::ByteView recovered{};  // keys file of the account that the address has already
  // Who together can unlock the account: judged (client/account/officers.h) and shown before. Fewer
  // than it takes get no shares.
  std::vector<Officer> officers{};
  unsigned threshold = 2;  // of them
};
// Errors: as the calls have them; unsupported (a cost that is refused); damaged (the answer is not
// about what was asked for); usage (the address has an account and no keys of it were given, or the
// other way round).
base::Result<Enrolled> enrol(const api::Api& api, const api::EnrolmentOffer& offer,
                             const EnrolmentChoice& choice, Pins& pins, crypto::Random& random);

// Errors: unauthorized (a wrong address or password), damaged (salt, cost or keys are not those
// seen before; or no slot opens), unsupported, limit (too often).
base::Result<Entered> log_in(const api::Api& api, const parcel::Address& address,
                             base::ByteView password, Pins& pins);
base::Result<Entered> log_in(const api::Api& api, const parcel::Address& address,
                             const PaperKey& paper_key, Pins& pins);

// What a login's requests go with.
Credential credential_of(const api::Begun& begun);

// A new paper key in the place of the old ones. Where the password is older, it logs in a day
// later.
base::Result<PaperKey> renew_paper_key(Acting& acting, const AccountKeys& keys,
                                       crypto::Random& random);

// `present` is what logged in: the old password, or the paper key. Every other way in ends: slots,
// logins and tokens; a new paper key takes the place of the old one. At a server of 0.1.0, slots
// stay as they are.
struct PasswordChanged {
  std::optional<PaperKey> paper_key{};
  std::vector<api::Slot> ended{};
};
base::Result<PasswordChanged> change_password(Acting& acting, const api::Api& api,
                                              const AccountKeys& keys, const Unlocking& present,
                                              base::ByteView new_password, Pins& pins,
                                              crypto::Random& random);
// How the account's password becomes a key, judged and compared with the pin.
base::Result<parcel::LoginParameters> login_parameters(const api::Api& api,
                                                       const parcel::Address& address, Pins& pins);

}  // namespace sealift::client
