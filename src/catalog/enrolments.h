// Enrolments: one-time links by which an invited person makes an account.
#pragma once

#include <vector>

#include "catalog/accounts.h"

namespace sealift::catalog {

struct Enrolment {
  EnrolmentId id{};
  TokenHash token{};
  AddressLookup lookup{};
  base::Bytes sealed_address{};
  Roles roles{};
  std::optional<AccountId> invited_by{};  // nullopt: from the machine's own command line
  base::UnixTime created{};
  base::UnixTime expires{};
};

class Enrolments {
 public:
  virtual ~Enrolments() = default;

  // An earlier link for the same address stops working.
  virtual base::Result<void> add(const Enrolment& enrolment) = 0;
  // Looks without taking. nullopt: never there, taken, withdrawn or expired: the same to callers.
  virtual base::Result<std::optional<Enrolment>> find_live(const TokenHash& token,
                                                           base::UnixTime now) const = 0;
  // Gives the enrolment to exactly one caller, ever.
  virtual base::Result<std::optional<Enrolment>> take(const TokenHash& token,
                                                      base::UnixTime now) = 0;
  virtual base::Result<std::vector<Enrolment>> list_live(base::UnixTime now) const = 0;
  virtual base::Result<Change> withdraw(const EnrolmentId& id) = 0;
  virtual base::Result<std::uint64_t> remove_expired(base::UnixTime now) = 0;
};

}  // namespace sealift::catalog
