// Accounts: who may use the server, in which role, and how much room they take.
//
// The address is here twice, and never readable: as a keyed hash to find it by, and wrapped by the
// vault's key to write mail to. See ids.h and docs/formats/catalog.md.
#pragma once

#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "catalog/ids.h"

namespace sealift::catalog {

enum class AccountState : std::uint8_t {
  active = 1,
  suspended = 2,  // can't log in; its parcels are served to nobody
  closed = 3,     // as suspended, for good
};

enum class Language : std::uint8_t { english = 1, french = 2 };

struct Roles {
  bool administrator = false;
  bool recovery_officer = false;
  friend bool operator==(const Roles&, const Roles&) = default;
};

struct Account {
  AccountId id{};
  AddressLookup lookup{};
  base::Bytes sealed_address{};
  Roles roles{};
  AccountState state = AccountState::active;
  Language language = Language::english;
  std::optional<std::uint64_t> quota_bytes_max{};  // nullopt: as the policy says
  std::uint64_t used_bytes = 0;                    // of all blobs and parts charged to it
  base::UnixTime created{};
  Cursor cursor{};
};

struct NewAccount {
  AccountId id{};
  AddressLookup lookup{};
  base::Bytes sealed_address{};
  Roles roles{};
  Language language = Language::english;
  base::UnixTime created{};
};

struct AccountTotals {
  std::uint64_t active = 0;
  std::uint64_t suspended = 0;
  std::uint64_t closed = 0;
  std::uint64_t used_bytes = 0;  // of all of them
};

class Accounts {
 public:
  virtual ~Accounts() = default;

  // taken: the address has an account, open or closed.
  virtual base::Result<Insert> add(const NewAccount& account) = 0;
  virtual base::Result<std::optional<Account>> find(const AccountId& id) const = 0;
  virtual base::Result<std::optional<Account>> find_by_address(
      const AddressLookup& lookup) const = 0;
  virtual base::Result<std::vector<Account>> list(const Page& page) const = 0;
  virtual base::Result<std::uint64_t> active_administrators() const = 0;
  // Suspended ones too: who suspends the others isn't the only one.
  virtual base::Result<std::uint64_t> administrators() const = 0;
  virtual base::Result<AccountTotals> totals() const = 0;
  virtual base::Result<std::vector<AccountId>> active_recovery_officers() const = 0;

  // stale: a closed account stays closed.
  virtual base::Result<Change> set_state(const AccountId& id, AccountState state) = 0;
  virtual base::Result<Change> set_roles(const AccountId& id, Roles roles) = 0;
  virtual base::Result<Change> set_language(const AccountId& id, Language language) = 0;
  virtual base::Result<Change> set_quota(const AccountId& id,
                                         std::optional<std::uint64_t> bytes_max) = 0;
  // After the vault's key has changed.
  virtual base::Result<Change> rewrap_address(const AccountId& id,
                                              base::ByteView sealed_address) = 0;
};

}  // namespace sealift::catalog
