// Openings: the act of taking a parcel, by link or by grant, counted exactly.
//
// Looking is not taking: only `redeem` and `open` change anything. Each gives the bearer a ticket
// (256 random bits, here its hash), good for a while, so that a download that broke off is resumed
// without counting again. A receipt is signed by the recipient's client after the last chunk.
#pragma once

#include <vector>

#include "catalog/parcels.h"

namespace sealift::catalog {

struct NewOpening {
  OpeningId id{};
  TokenHash ticket{};
  base::UnixTime now{};
  base::UnixTime expires{};  // of the ticket
};

struct Opening {
  OpeningId id{};
  ParcelId parcel{};
  std::optional<LinkId> link{};        // one of the two
  std::optional<AccountId> account{};  //
  base::UnixTime opened{};
  base::UnixTime expires{};
  Cursor cursor{};
};

struct Receipt {
  ReceiptId id{};
  OpeningId opening{};
  base::Bytes signed_receipt{};
  EventId event{};
  base::UnixTime received{};
};

class Openings {
 public:
  virtual ~Openings() = default;

  // The link's half, wrapped, and one opening used; or nullopt and nothing changed: no such link,
  // used up, revoked, expired, its parcel not whole, its owner not active, or locked down. However
  // many ask at once, a link of k openings is redeemed k times.
  virtual base::Result<std::optional<base::Bytes>> redeem(const LinkId& link,
                                                          const NewOpening& opening) = 0;
  // The same for a recipient's grant. True: opened.
  virtual base::Result<bool> open(const ParcelId& parcel, const AccountId& account,
                                  const NewOpening& opening) = 0;
  // nullopt as soon as anything that `redeem` or `open` asked for ceases to hold.
  virtual base::Result<std::optional<Opening>> find_live(const TokenHash& ticket,
                                                         base::UnixTime now) const = 0;
  // Newest first.
  virtual base::Result<std::vector<Opening>> list(const ParcelId& parcel,
                                                  const Page& page) const = 0;

  // No ticket of the account's is good any more.
  virtual base::Result<std::uint64_t> end_all_of(const AccountId& account, base::UnixTime now) = 0;

  // taken: this opening has its receipt.
  virtual base::Result<Insert> add_receipt(const Receipt& receipt) = 0;
  virtual base::Result<std::optional<Receipt>> receipt(const OpeningId& opening) const = 0;
};

}  // namespace sealift::catalog
