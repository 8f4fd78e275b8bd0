// Posting letters: the outbox's side of mail. A letter is written in the transaction of what it
// tells of; the courier hands it to the mailer. Any thread.
#pragma once

#include "parcel/address.h"
#include "server/vault/handler.h"

namespace sealift::server::vault {

struct Letter {
  catalog::MailTemplate text = catalog::MailTemplate::parcel_waiting;
  catalog::AccountId to{};
  std::optional<catalog::AccountId> who{};  // who did what it tells of
  base::UnixTime when{};                    // it happened, or will
};

// What writing letters takes. Borrowed.
struct PostOffice {
  const VaultKeys& keys;
  crypto::Random& random;
  bool has_mail_server = false;  // else nothing is put into the outbox
};
inline PostOffice post_office(const Services& services) {
  return {services.keys, services.random, services.settings.has_mail_server};
}

// Nothing happens without a mail server, or when the account is closed. Errors: damaged.
base::Result<void> post_letter(const PostOffice& office, catalog::Records& records,
                               const Letter& letter, base::UnixTime now);
inline base::Result<void> post_letter(const Services& services, catalog::Records& records,
                                      const Letter& letter, base::UnixTime now) {
  return post_letter(post_office(services), records, letter, now);
}

// The same letter to many. in_charge: administrators, who can act on it, and officers, whose duty
// it touches.
enum class Readers : std::uint8_t { in_charge, everybody };
struct Announcement {
  catalog::MailTemplate text = catalog::MailTemplate::locked_down;
  Readers readers = Readers::in_charge;
  std::optional<catalog::AccountId> who{};
  base::UnixTime when{};
};
// Errors: damaged.
base::Result<void> post_announcement(const PostOffice& office, catalog::Records& records,
                                     const Announcement& announcement, base::UnixTime now);

// To somebody who has no account yet. Errors: internal.
base::Result<void> post_invitation(Services& services, catalog::Records& records,
                                   const parcel::Address& address, base::UnixTime expires,
                                   base::UnixTime now);

}  // namespace sealift::server::vault
