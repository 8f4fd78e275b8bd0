#include "catalog/internal/sqlite_records.h"

namespace sealift::catalog::internal {
namespace {

// What must hold of the parcel `p` and its owner `a` whenever anything of it is given out.
#define IS_SERVED(now)               \
  "p.state = 2 AND p.expires > " now \
  " AND a.state = 1"                 \
  " AND NOT EXISTS (SELECT 1 FROM lockdowns WHERE reopened IS NULL)"

// The limit is judged and counted by one statement, so that no two callers can both take the last.
constexpr Sql kRedeem{
    "UPDATE links SET opens_used = opens_used + 1 "
    "WHERE id = ?1 AND revoked IS NULL AND expires > ?2 AND length(wrapped_half) > 0 "
    "AND (opens_max IS NULL OR opens_used < opens_max) "
    "AND EXISTS (SELECT 1 FROM parcels p JOIN accounts a ON a.id = p.owner "
    "WHERE p.id = links.parcel AND " IS_SERVED("?2") ") RETURNING parcel, wrapped_half"};
constexpr Sql kOpen{
    "UPDATE grants SET opens_used = opens_used + 1 "
    "WHERE parcel = ?1 AND account = ?2 AND revoked IS NULL "
    "AND (opens_max IS NULL OR opens_used < opens_max) "
    "AND EXISTS (SELECT 1 FROM accounts r WHERE r.id = ?2 AND r.state = 1) "
    "AND EXISTS (SELECT 1 FROM parcels p JOIN accounts a ON a.id = p.owner "
    "WHERE p.id = ?1 AND " IS_SERVED("?3") ")"};
constexpr Sql kAdd{
    "INSERT INTO openings(id, ticket, parcel, link, account, opened, expires) "
    "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)"};
#define SELECT_OPENING "SELECT o.id, o.parcel, o.link, o.account, o.opened, o.expires, o.seq "
constexpr Sql kFindLive{
    SELECT_OPENING
    "FROM openings o JOIN parcels p ON p.id = o.parcel JOIN accounts a ON a.id = p.owner "
    "WHERE o.ticket = ?1 AND o.expires > ?2 AND " IS_SERVED("?2") " AND (EXISTS "
    "(SELECT 1 FROM links l WHERE l.id = o.link AND l.revoked IS NULL AND l.expires > ?2) "
    "OR EXISTS (SELECT 1 FROM grants g JOIN accounts r ON r.id = g.account "
    "WHERE g.parcel = o.parcel AND g.account = o.account AND g.revoked IS NULL "
    "AND r.state = 1))"};
constexpr Sql kList{SELECT_OPENING
                    "FROM openings o WHERE o.parcel = ?1 AND o.seq < ?2 ORDER BY o.seq DESC "
                    "LIMIT ?3"};
constexpr Sql kEndAllOf{"UPDATE openings SET expires = ?2 WHERE account = ?1 AND expires > ?2"};
constexpr Sql kAddReceipt{
    "INSERT INTO receipts(opening, id, signed_receipt, event, received) "
    "VALUES(?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING"};
constexpr Sql kReceipt{
    "SELECT id, opening, signed_receipt, event, received FROM receipts WHERE opening = ?1"};

struct Redeemed {
  ParcelId parcel;
  base::Bytes wrapped_half;
};

Redeemed read_redeemed(Row& row) {
  Redeemed redeemed;
  row.into(redeemed.parcel, redeemed.wrapped_half);
  return redeemed;
}

Opening read_opening(Row& row) {
  Opening opening;
  row.into(opening.id, opening.parcel, opening.link, opening.account, opening.opened,
           opening.expires, opening.cursor);
  return opening;
}

Receipt read_receipt(Row& row) {
  Receipt receipt;
  row.into(receipt.id, receipt.opening, receipt.signed_receipt, receipt.event, receipt.received);
  return receipt;
}

class SqliteOpenings final : public Openings {
 public:
  explicit SqliteOpenings(SqliteDatabase& database) : database_(database) {}

  base::Result<std::optional<base::Bytes>> redeem(const LinkId& link,
                                                  const NewOpening& opening) override {
    SEALIFT_TRY(auto redeemed, database_.first(kRedeem, read_redeemed, link, opening.now));
    if (!redeemed) return std::nullopt;
    SEALIFT_TRY_VOID(add(opening, redeemed->parcel, link, std::nullopt));
    return std::move(redeemed->wrapped_half);
  }
  base::Result<bool> open(const ParcelId& parcel, const AccountId& account,
                          const NewOpening& opening) override {
    SEALIFT_TRY(const auto opened, database_.run(kOpen, parcel, account, opening.now));
    if (opened == 0) return false;
    SEALIFT_TRY_VOID(add(opening, parcel, std::nullopt, account));
    return true;
  }
  base::Result<std::optional<Opening>> find_live(const TokenHash& ticket,
                                                 base::UnixTime now) const override {
    return database_.first(kFindLive, read_opening, ticket, now);
  }
  base::Result<std::vector<Opening>> list(const ParcelId& parcel, const Page& page) const override {
    return database_.all(kList, read_opening, parcel, before_of(page), page.rows_max);
  }

  base::Result<std::uint64_t> end_all_of(const AccountId& account, base::UnixTime now) override {
    return database_.run(kEndAllOf, account, now);
  }

  base::Result<Insert> add_receipt(const Receipt& receipt) override {
    return insert_of(database_.run(kAddReceipt, receipt.opening, receipt.id, receipt.signed_receipt,
                                   receipt.event, receipt.received));
  }
  base::Result<std::optional<Receipt>> receipt(const OpeningId& opening) const override {
    return database_.first(kReceipt, read_receipt, opening);
  }

 private:
  base::Result<std::uint64_t> add(const NewOpening& opening, const ParcelId& parcel,
                                  const std::optional<LinkId>& link,
                                  const std::optional<AccountId>& account) {
    return database_.run(kAdd, opening.id, opening.ticket, parcel, link, account, opening.now,
                         opening.expires);
  }

  SqliteDatabase& database_;
};

}  // namespace

std::unique_ptr<Openings> sqlite_openings(SqliteDatabase& database) {
  return std::make_unique<SqliteOpenings>(database);
}

}  // namespace sealift::catalog::internal
