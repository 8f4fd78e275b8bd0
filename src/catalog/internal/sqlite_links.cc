#include "catalog/internal/sqlite_records.h"

namespace sealift::catalog::internal {
namespace {

#define SELECT_LINK                                                                         \
  "SELECT id, parcel, verifier, wrapped_half, passphrase, opens_max, opens_used, created, " \
  "expires, revoked FROM links "
constexpr Sql kAdd{
    "INSERT INTO links(id, parcel, verifier, wrapped_half, passphrase, opens_max, created, "
    "expires) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT(id) DO NOTHING"};
constexpr Sql kFind{SELECT_LINK "WHERE id = ?1"};
constexpr Sql kList{SELECT_LINK "WHERE parcel = ?1 ORDER BY seq"};
constexpr Sql kRevoke{
    "UPDATE links SET revoked = ?3, wrapped_half = x'' "
    "WHERE id = ?2 AND parcel = ?1 AND revoked IS NULL"};
constexpr Sql kExists{"SELECT count(*) FROM links WHERE id = ?2 AND parcel = ?1"};
constexpr Sql kDestroyDue{
    "UPDATE links SET wrapped_half = x'' WHERE length(wrapped_half) > 0 AND (expires <= ?1 "
    "OR (opens_used >= opens_max AND NOT EXISTS "
    "(SELECT 1 FROM openings o WHERE o.link = links.id AND o.expires > ?1)))"};
constexpr Sql kDestroyAll{"UPDATE links SET wrapped_half = x'' WHERE length(wrapped_half) > 0"};

Link read_link(Row& row) {
  Link link;
  row.into(link.id, link.parcel, link.verifier, link.wrapped_half, link.passphrase, link.opens_max,
           link.opens_used, link.created, link.expires, link.revoked);
  return link;
}

class SqliteLinks final : public Links {
 public:
  explicit SqliteLinks(SqliteDatabase& database) : database_(database) {}

  base::Result<Insert> add(const Link& link) override {
    return insert_of(database_.run(kAdd, link.id, link.parcel, link.verifier, link.wrapped_half,
                                   link.passphrase, link.opens_max, link.created, link.expires));
  }
  base::Result<std::optional<Link>> find(const LinkId& id) const override {
    return database_.first(kFind, read_link, id);
  }
  base::Result<std::vector<Link>> list(const ParcelId& parcel) const override {
    return database_.all(kList, read_link, parcel);
  }
  base::Result<Change> revoke(const ParcelId& parcel, const LinkId& id,
                              base::UnixTime now) override {
    return change_or_stale(database_, database_.run(kRevoke, parcel, id, now), kExists, parcel, id);
  }
  base::Result<std::uint64_t> destroy_due_halves(base::UnixTime now) override {
    return database_.run(kDestroyDue, now);
  }
  base::Result<std::uint64_t> destroy_all_halves() override { return database_.run(kDestroyAll); }

 private:
  SqliteDatabase& database_;
};

}  // namespace

std::unique_ptr<Links> sqlite_links(SqliteDatabase& database) {
  return std::make_unique<SqliteLinks>(database);
}

}  // namespace sealift::catalog::internal
