#include "catalog/internal/sqlite_records.h"

namespace sealift::catalog::internal {
namespace {

#define PARCEL_COLUMNS                                                                            \
  "p.seq, p.id, p.owner, p.request, p.hand_in_key, p.sealed_by, p.receipt, p.state, p.revision, " \
  "p.created, p.whole_at, p.ended_at, p.expires"
constexpr Sql kCreate{
    "INSERT INTO parcels(id, owner, request, hand_in_key, sealed_by, receipt, state, created, "
    "expires) VALUES(?1, ?2, ?3, ?4, ?5, ?6, 1, ?7, ?8) ON CONFLICT(id) DO NOTHING"};
constexpr Sql kFind{"SELECT " PARCEL_COLUMNS " FROM parcels p WHERE p.id = ?1"};
constexpr Sql kExists{"SELECT count(*) FROM parcels WHERE id = ?1"};
constexpr Sql kTotals{
    "SELECT count(*) FILTER (WHERE state = 1), count(*) FILTER (WHERE state = 2), "
    "count(*) FILTER (WHERE state > 2) FROM parcels"};
constexpr Sql kOpenOf{"SELECT count(*) FROM parcels WHERE request = ?1 AND state = 1"};
constexpr Sql kPostpone{
    "UPDATE parcels SET expires = max(expires, ?2) WHERE id = ?1 AND state = 1"};
constexpr Sql kChangeExpiry{
    "UPDATE parcels SET warned = CASE WHEN ?2 > expires THEN 0 ELSE warned END, expires = ?2 "
    "WHERE id = ?1 AND state <= 2 AND expires > ?3"};
// Before the parcel's own.
constexpr Sql kChangeLinksExpiry{
    "UPDATE links SET expires = ?2 WHERE parcel = ?1 AND expires = "
    "(SELECT expires FROM parcels WHERE id = ?1 AND state <= 2 AND expires > ?3)"};
constexpr Sql kSentBy{"SELECT " PARCEL_COLUMNS
                      " FROM parcels p WHERE p.owner = ?1 AND p.seq < ?2 "
                      "ORDER BY p.seq DESC LIMIT ?3"};
constexpr Sql kReceivedBy{
    "SELECT " PARCEL_COLUMNS
    " FROM grants g JOIN parcels p ON p.id = g.parcel JOIN accounts a ON a.id = p.owner "
    "WHERE g.account = ?1 AND g.revoked IS NULL AND p.state = 2 AND p.expires > ?2 "
    "AND a.state = 1 AND p.seq < ?3 ORDER BY p.seq DESC LIMIT ?4"};

constexpr Sql kIsUploading{"SELECT count(*) FROM parcels WHERE id = ?1 AND state = 1"};
constexpr Sql kEarlierBlob{
    "SELECT blob FROM parts WHERE parcel = ?1 AND part = ?2 AND blob IS NOT NULL"};
constexpr Sql kEndUploadOf{"DELETE FROM uploads WHERE blob = ?1"};
constexpr Sql kDoomBlob{"UPDATE blobs SET doomed = 1 WHERE id = ?1"};
// What stands in the catalog itself is charged as a blob is.
constexpr Sql kChargePart{
    "UPDATE accounts SET used_bytes = max(0, used_bytes + ?3 - coalesce("
    "(SELECT length(payload) FROM parts WHERE parcel = ?1 AND part = ?2), 0)) "
    "WHERE id = (SELECT owner FROM parcels WHERE id = ?1)"};
constexpr Sql kGiveBackParts{
    "UPDATE accounts SET used_bytes = max(0, used_bytes - "
    "(SELECT coalesce(sum(length(payload)), 0) FROM parts WHERE parcel = ?1)) "
    "WHERE id = (SELECT owner FROM parcels WHERE id = ?1)"};
constexpr Sql kPutPart{
    "INSERT INTO parts(parcel, part, header, blob, payload, payload_bytes) "
    "VALUES(?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT(parcel, part) DO UPDATE SET "
    "header = excluded.header, blob = excluded.blob, payload = excluded.payload, "
    "payload_bytes = excluded.payload_bytes"};
constexpr Sql kPart{
    "SELECT part, header, blob, payload, payload_bytes FROM parts "
    "WHERE parcel = ?1 AND part = ?2 AND length(header) > 0"};
constexpr Sql kPayloadBytes{"SELECT coalesce(sum(payload_bytes), 0) FROM parts WHERE parcel = ?1"};
constexpr Sql kComplete{
    "UPDATE parcels SET state = 2, whole_at = ?2 WHERE id = ?1 AND state = 1 AND expires > ?2 "
    "AND (SELECT count(*) FROM parts WHERE parcel = ?1 AND part IN (1, 2)) = 2 "
    "AND NOT EXISTS (SELECT 1 FROM uploads WHERE parcel = ?1)"};
constexpr Sql kNextRevision{
    "UPDATE parcels SET revision = revision + 1 WHERE id = ?1 AND revision = ?2 AND state = 2"};
constexpr Sql kReplaceHeader{"UPDATE parts SET header = ?3 WHERE parcel = ?1 AND part = ?2"};

constexpr Sql kGrant{
    "INSERT INTO grants(parcel, account, generation, opens_max, created) "
    "VALUES(?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING"};
constexpr Sql kGrants{
    "SELECT parcel, account, generation, opens_max, opens_used, created, revoked FROM grants "
    "WHERE parcel = ?1 ORDER BY created, account"};
constexpr Sql kRevoke{
    "UPDATE grants SET revoked = ?3 WHERE parcel = ?1 AND account = ?2 AND revoked IS NULL"};
constexpr Sql kGrantExists{"SELECT count(*) FROM grants WHERE parcel = ?1 AND account = ?2"};

constexpr Sql kEnd{
    "UPDATE parcels SET state = ?2, ended_at = ?3 WHERE id = ?1 AND state IN (1, 2)"};
// A hand-in that was never whole has used up nothing of its request.
constexpr Sql kGiveBackHandIn{
    "UPDATE requests SET parcels_used = max(0, parcels_used - 1) "
    "WHERE id = (SELECT request FROM parcels WHERE id = ?1 AND whole_at IS NULL)"};
constexpr Sql kDoomAll{
    "UPDATE blobs SET doomed = 1 WHERE id IN "
    "(SELECT blob FROM parts WHERE parcel = ?1 UNION SELECT blob FROM uploads WHERE parcel = ?1)"};
constexpr Sql kEndUploads{"DELETE FROM uploads WHERE parcel = ?1"};
constexpr Sql kDestroyParts{
    "UPDATE parts SET header = x'', payload = x'', blob = NULL WHERE parcel = ?1"};
constexpr Sql kDestroyHalves{"UPDATE links SET wrapped_half = x'' WHERE parcel = ?1"};
constexpr Sql kDue{
    "SELECT id FROM parcels WHERE state <= 2 AND expires <= ?1 ORDER BY expires LIMIT ?2"};
constexpr Sql kTakeExpiring{
    "UPDATE parcels SET warned = 1 WHERE seq IN (SELECT seq FROM parcels "
    "WHERE state <= 2 AND state = 2 AND warned = 0 AND expires < ?1 ORDER BY expires LIMIT ?2) "
    "RETURNING id"};
constexpr Sql kRemoveEnded{
    "DELETE FROM parcels WHERE seq IN "
    "(SELECT seq FROM parcels p WHERE state > 2 AND ended_at < ?1 AND NOT EXISTS "
    "(SELECT 1 FROM custody c WHERE c.parcel = p.id AND c.log_index IS NULL) "
    "ORDER BY ended_at LIMIT ?2) RETURNING id"};

Parcel read_parcel(Row& row) {
  Parcel parcel;
  row.into(parcel.cursor, parcel.id, parcel.owner, parcel.request, parcel.hand_in_key,
           parcel.sealed_by, parcel.receipt, parcel.state, parcel.revision, parcel.created,
           parcel.whole_at, parcel.ended_at, parcel.expires);
  return parcel;
}

SealedPart read_part(Row& row) {
  SealedPart part;
  row.into(part.part, part.header, part.blob, part.payload, part.payload_bytes);
  return part;
}

Grant read_grant(Row& row) {
  Grant grant;
  row.into(grant.parcel, grant.account, grant.generation, grant.opens_max, grant.opens_used,
           grant.created, grant.revoked);
  return grant;
}

ParcelTotals read_totals(Row& row) {
  ParcelTotals totals;
  row.into(totals.uploading, totals.whole, totals.ended);
  return totals;
}

class SqliteParcels final : public Parcels {
 public:
  explicit SqliteParcels(SqliteDatabase& database) : database_(database) {}

  base::Result<Insert> create(const Parcel& parcel) override {
    return insert_of(database_.run(kCreate, parcel.id, parcel.owner, parcel.request,
                                   parcel.hand_in_key, parcel.sealed_by, parcel.receipt,
                                   parcel.created, parcel.expires));
  }
  base::Result<std::optional<Parcel>> find(const ParcelId& id) const override {
    return database_.first(kFind, read_parcel, id);
  }
  base::Result<std::uint64_t> open_of(const RequestId& request) const override {
    return database_.only<std::uint64_t>(kOpenOf, request);
  }
  base::Result<Change> postpone(const ParcelId& id, base::UnixTime expires) override {
    return change_or_stale(database_, database_.run(kPostpone, id, expires), kExists, id);
  }
  base::Result<Change> change_expiry(const ParcelId& id, base::UnixTime expires,
                                     base::UnixTime now) override {
    SEALIFT_TRY_VOID(database_.run(kChangeLinksExpiry, id, expires, now));
    return change_or_stale(database_, database_.run(kChangeExpiry, id, expires, now), kExists, id);
  }
  base::Result<ParcelTotals> totals() const override {
    SEALIFT_TRY(const auto totals, database_.first(kTotals, read_totals));
    if (!totals) return base::fail(base::ErrorCode::internal, "catalog: no row");
    return *totals;
  }
  base::Result<std::vector<Parcel>> sent_by(const AccountId& owner,
                                            const Page& page) const override {
    return database_.all(kSentBy, read_parcel, owner, before_of(page), page.rows_max);
  }
  base::Result<std::vector<Parcel>> received_by(const AccountId& account, base::UnixTime now,
                                                const Page& page) const override {
    return database_.all(kReceivedBy, read_parcel, account, now, before_of(page), page.rows_max);
  }

  base::Result<Change> put_part(const ParcelId& id, const SealedPart& part) override {
    SEALIFT_TRY(const bool is_uploading, database_.only<bool>(kIsUploading, id));
    if (!is_uploading) return absent_or_stale(id);
    SEALIFT_TRY(const auto earlier, database_.first(kEarlierBlob, value_of<BlobId>, id, part.part));
    if (earlier && earlier != part.blob) {
      SEALIFT_TRY_VOID(database_.run(kEndUploadOf, *earlier));
      SEALIFT_TRY_VOID(database_.run(kDoomBlob, *earlier));
    }
    const std::uint64_t charged_bytes = part.payload.size();
    SEALIFT_TRY_VOID(database_.run(kChargePart, id, part.part, charged_bytes));
    SEALIFT_TRY_VOID(database_.run(kPutPart, id, part.part, part.header, part.blob, part.payload,
                                   part.payload_bytes));
    return Change::done;
  }
  base::Result<std::optional<SealedPart>> part(const ParcelId& id, Part part) const override {
    return database_.first(kPart, read_part, id, part);
  }
  base::Result<std::uint64_t> payload_bytes(const ParcelId& id) const override {
    return database_.only<std::uint64_t>(kPayloadBytes, id);
  }
  base::Result<Change> complete(const ParcelId& id, base::UnixTime now) override {
    return change_or_stale(database_, database_.run(kComplete, id, now), kExists, id);
  }
  base::Result<Change> replace_headers(const ParcelId& id, Revision expected,
                                       const std::vector<NewHeader>& headers) override {
    SEALIFT_TRY(
        const Change change,
        change_or_stale(database_, database_.run(kNextRevision, id, expected), kExists, id));
    if (change != Change::done) return change;
    for (const NewHeader& header : headers) {
      SEALIFT_TRY(const auto replaced,
                  database_.run(kReplaceHeader, id, header.part, header.header));
      if (replaced == 0) return base::fail(base::ErrorCode::conflict, "catalog: no such part");
    }
    return Change::done;
  }

  base::Result<Insert> grant(const Grant& grant) override {
    return insert_of(database_.run(kGrant, grant.parcel, grant.account, grant.generation,
                                   grant.opens_max, grant.created));
  }
  base::Result<std::vector<Grant>> grants(const ParcelId& id) const override {
    return database_.all(kGrants, read_grant, id);
  }
  base::Result<Change> revoke(const ParcelId& id, const AccountId& account,
                              base::UnixTime now) override {
    return change_or_stale(database_, database_.run(kRevoke, id, account, now), kGrantExists, id,
                           account);
  }

  base::Result<Change> recall(const ParcelId& id, base::UnixTime now) override {
    return end(id, ParcelState::recalled, now);
  }
  base::Result<std::vector<ParcelId>> expire_due(base::UnixTime now,
                                                 std::uint32_t rows_max) override {
    SEALIFT_TRY(std::vector<ParcelId> due, database_.all(kDue, value_of<ParcelId>, now, rows_max));
    for (const ParcelId& id : due) SEALIFT_TRY_VOID(end(id, ParcelState::expired, now));
    return due;
  }
  base::Result<std::vector<ParcelId>> take_expiring(base::UnixTime soon,
                                                    std::uint32_t rows_max) override {
    return database_.all(kTakeExpiring, value_of<ParcelId>, soon, rows_max);
  }
  base::Result<std::vector<ParcelId>> remove_ended(base::UnixTime ended_before,
                                                   std::uint32_t rows_max) override {
    return database_.all(kRemoveEnded, value_of<ParcelId>, ended_before, rows_max);
  }

 private:
  base::Result<Change> absent_or_stale(const ParcelId& id) {
    return change_or_stale(database_, std::uint64_t{0}, kExists, id);
  }
  base::Result<Change> end(const ParcelId& id, ParcelState state, base::UnixTime now) {
    SEALIFT_TRY(const auto ended, database_.run(kEnd, id, state, now));
    if (ended == 0) return absent_or_stale(id);
    SEALIFT_TRY_VOID(database_.run(kGiveBackHandIn, id));
    SEALIFT_TRY_VOID(database_.run(kDoomAll, id));
    SEALIFT_TRY_VOID(database_.run(kEndUploads, id));
    SEALIFT_TRY_VOID(database_.run(kGiveBackParts, id));
    SEALIFT_TRY_VOID(database_.run(kDestroyParts, id));
    SEALIFT_TRY_VOID(database_.run(kDestroyHalves, id));
    return Change::done;
  }

  SqliteDatabase& database_;
};

}  // namespace

std::unique_ptr<Parcels> sqlite_parcels(SqliteDatabase& database) {
  return std::make_unique<SqliteParcels>(database);
}

}  // namespace sealift::catalog::internal
