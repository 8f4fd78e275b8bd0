// Acts: what accounts' owners signed (parcel/account_act.h), as a chain without gaps for each
// account. Only ever added; the owner's devices follow the chain from what they saw last.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "catalog/ids.h"

namespace sealift::catalog {

struct Act {
  AccountId account{};
  Revision revision{};
  Generation generation{};  // of the key that signed
  std::string operation{};  // of the API
  base::Bytes target{};     // an id, or empty
  base::Bytes body{};       // digests of 32 bytes from here on
  base::Bytes previous{};
  base::Bytes slots{};
  base::Bytes challenge{};
  base::Bytes signature{};
  base::Bytes digest{};  // of its text; the next one's `previous`
  base::UnixTime happened{};
};

class Acts {
 public:
  virtual ~Acts() = default;

  // stale: `act.revision` is not the one after the last.
  virtual base::Result<Change> add(const Act& act) = 0;
  virtual base::Result<std::optional<Act>> last(const AccountId& account) const = 0;
  // Newest first; the page's cursor is a revision.
  virtual base::Result<std::vector<Act>> list(const AccountId& account, const Page& page) const = 0;
};

}  // namespace sealift::catalog
