// Outbox: mail to be sent. Written in the transaction of what it tells of, so that neither is
// without the other; sent at least once.
//
// A mail is the number of a compiled template and parameters that the vault has wrapped (the
// address among them). It never holds a secret, a file name or a note.
#pragma once

#include <vector>

#include "catalog/accounts.h"

namespace sealift::catalog {

// Never renumber.
enum class MailTemplate : std::uint8_t {
  invited = 1,
  parcel_waiting = 2,
  parcel_opened = 3,
  parcel_expiring = 4,
  handed_in = 5,
  recovery_asked = 6,
  recovery_released = 7,
  key_changed = 8,
  locked_down = 9,
  reopened = 10,
  proposal_made = 11,
  proposal_confirmed = 12,
  proposal_withdrawn = 13,
  proposal_done = 14,
};

struct Mail {
  MailId id{};
  MailTemplate letter = MailTemplate::parcel_waiting;
  Language language = Language::english;
  base::Bytes wrapped_parameters{};
  std::uint32_t attempts = 0;  // begun so far; set by the catalog
  base::UnixTime created{};
  base::UnixTime due{};
};

class Outbox {
 public:
  virtual ~Outbox() = default;

  virtual base::Result<Insert> add(const Mail& mail) = 0;
  // Mails that are due, oldest first, each counted as begun and not due again before `lease`: a
  // mailer that dies loses none.
  virtual base::Result<std::vector<Mail>> claim(base::UnixTime now, base::UnixTime lease,
                                                std::uint32_t rows_max) = 0;
  virtual base::Result<Change> sent(const MailId& id) = 0;
  virtual base::Result<Change> retry_at(const MailId& id, base::UnixTime due) = 0;
  // Given up: kept without parameters, for the count.
  virtual base::Result<Change> give_up(const MailId& id) = 0;

  struct Counts {
    std::uint64_t waiting = 0;
    std::uint64_t given_up = 0;
  };
  virtual base::Result<Counts> counts() const = 0;
};

}  // namespace sealift::catalog
