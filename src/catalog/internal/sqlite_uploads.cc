#include "catalog/internal/sqlite_records.h"

namespace sealift::catalog::internal {
namespace {

constexpr Sql kCreate{
    "INSERT INTO uploads(id, parcel, part, blob, key, length_bytes, offset_bytes, created, "
    "expires, session) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT DO NOTHING"};
constexpr Sql kFindLive{
    "SELECT u.id, u.parcel, u.part, u.blob, u.key, u.length_bytes, u.offset_bytes, b.length_bytes, "
    "u.created, u.expires, u.session FROM uploads u JOIN blobs b ON b.id = u.blob "
    "JOIN parcels p ON p.id = u.parcel JOIN accounts a ON a.id = p.owner "
    "WHERE u.id = ?1 AND u.expires > ?2 AND p.expires > ?2 AND a.state = 1"};
constexpr Sql kOfParcel{
    "SELECT u.id, u.parcel, u.part, u.blob, u.key, u.length_bytes, u.offset_bytes, b.length_bytes, "
    "u.created, u.expires, u.session FROM uploads u JOIN blobs b ON b.id = u.blob "
    "WHERE u.parcel = ?1 ORDER BY u.part"};
constexpr Sql kOpenOf{
    "SELECT count(*) FROM uploads u JOIN parcels p ON p.id = u.parcel "
    "WHERE p.owner = ?1 AND p.request IS NULL"};
constexpr Sql kOpenOfRequest{
    "SELECT count(*) FROM uploads u JOIN parcels p ON p.id = u.parcel WHERE p.request = ?1"};
constexpr Sql kExists{"SELECT count(*) FROM uploads WHERE id = ?1"};
constexpr Sql kAdvance{
    "UPDATE uploads SET offset_bytes = ?3, expires = ?4 "
    "WHERE id = ?1 AND offset_bytes = ?2 AND ?3 BETWEEN offset_bytes AND length_bytes"};
constexpr Sql kPostpone{"UPDATE uploads SET expires = max(expires, ?2) WHERE id = ?1"};
constexpr Sql kPostponeParcel{
    "UPDATE parcels SET expires = max(expires, ?2) "
    "WHERE id = (SELECT parcel FROM uploads WHERE id = ?1) AND state = 1"};
constexpr Sql kKeepLogin{
    "UPDATE sessions SET last_seen = max(last_seen, ?2) WHERE expires > ?2 AND "
    "last_seen + idle_ms_max > ?2 AND id = (SELECT session FROM uploads WHERE id = ?1)"};
constexpr Sql kFinish{"DELETE FROM uploads WHERE id = ?1 AND offset_bytes = length_bytes"};
constexpr Sql kTerminate{"DELETE FROM uploads WHERE id = ?1 RETURNING blob"};
constexpr Sql kForgetPart{"DELETE FROM parts WHERE blob = ?1"};
constexpr Sql kDoom{"UPDATE blobs SET doomed = 1 WHERE id = ?1"};
constexpr Sql kLetFinish{
    "INSERT INTO finishers(parcel, key, session, until) "
    "SELECT ?1, ?2, ?3, ?4 WHERE EXISTS (SELECT 1 FROM sessions WHERE id = ?3) "
    "ON CONFLICT(parcel) DO UPDATE SET key = ?2, session = ?3, until = ?4"};
constexpr Sql kFinisherOf{
    "SELECT f.parcel, f.key, f.session, f.until FROM finishers f "
    "JOIN parcels p ON p.id = f.parcel JOIN accounts a ON a.id = p.owner "
    "WHERE f.parcel = ?1 AND f.until > ?2 AND p.expires > ?2 AND p.state IN (1, 2) "
    "AND p.hand_in_key IS NULL AND a.state = 1"};
constexpr Sql kDue{"SELECT id FROM uploads WHERE expires <= ?1 ORDER BY expires LIMIT ?2"};

Upload read_upload(Row& row) {
  Upload upload;
  row.into(upload.id, upload.parcel, upload.part, upload.blob, upload.key, upload.length_bytes,
           upload.offset_bytes, upload.charged_bytes, upload.created, upload.expires,
           upload.session);
  return upload;
}

Finisher read_finisher(Row& row) {
  Finisher finisher;
  row.into(finisher.parcel, finisher.key, finisher.session, finisher.until);
  return finisher;
}

class SqliteUploads final : public Uploads {
 public:
  explicit SqliteUploads(SqliteDatabase& database) : database_(database) {}

  base::Result<Insert> create(const Upload& upload) override {
    return insert_of(database_.run(kCreate, upload.id, upload.parcel, upload.part, upload.blob,
                                   upload.key, upload.length_bytes, upload.offset_bytes,
                                   upload.created, upload.expires, upload.session));
  }
  base::Result<std::optional<Upload>> find_live(const UploadId& id,
                                                base::UnixTime now) const override {
    return database_.first(kFindLive, read_upload, id, now);
  }
  base::Result<std::vector<Upload>> of_parcel(const ParcelId& parcel) const override {
    return database_.all(kOfParcel, read_upload, parcel);
  }
  base::Result<std::uint64_t> open_of(const AccountId& owner) const override {
    return database_.only<std::uint64_t>(kOpenOf, owner);
  }
  base::Result<std::uint64_t> open_of(const RequestId& request) const override {
    return database_.only<std::uint64_t>(kOpenOfRequest, request);
  }
  base::Result<Change> postpone(const UploadId& id, base::UnixTime expires) override {
    SEALIFT_TRY_VOID(database_.run(kPostponeParcel, id, expires));
    return change_of(database_.run(kPostpone, id, expires));
  }
  base::Result<Change> advance(const UploadId& id, const Advance& step) override {
    return change_or_stale(
        database_, database_.run(kAdvance, id, step.from_bytes, step.to_bytes, step.expires),
        kExists, id);
  }
  base::Result<void> keep_login(const UploadId& id, base::UnixTime now) override {
    return nothing_of(database_.run(kKeepLogin, id, now));
  }
  base::Result<Change> finish(const UploadId& id) override {
    return change_or_stale(database_, database_.run(kFinish, id), kExists, id);
  }
  base::Result<Change> terminate(const UploadId& id) override {
    SEALIFT_TRY(const auto blob, database_.first(kTerminate, value_of<BlobId>, id));
    if (!blob) return Change::absent;
    SEALIFT_TRY_VOID(database_.run(kForgetPart, *blob));
    return change_of(database_.run(kDoom, *blob));
  }
  base::Result<void> let_finish(const Finisher& finisher) override {
    return nothing_of(
        database_.run(kLetFinish, finisher.parcel, finisher.key, finisher.session, finisher.until));
  }
  base::Result<std::optional<Finisher>> finisher_of(const ParcelId& parcel,
                                                    base::UnixTime now) const override {
    return database_.first(kFinisherOf, read_finisher, parcel, now);
  }
  base::Result<std::vector<UploadId>> expire_due(base::UnixTime now,
                                                 std::uint32_t rows_max) override {
    SEALIFT_TRY(std::vector<UploadId> due, database_.all(kDue, value_of<UploadId>, now, rows_max));
    for (const UploadId& id : due) SEALIFT_TRY_VOID(terminate(id));
    return due;
  }

 private:
  SqliteDatabase& database_;
};

}  // namespace

std::unique_ptr<Uploads> sqlite_uploads(SqliteDatabase& database) {
  return std::make_unique<SqliteUploads>(database);
}

}  // namespace sealift::catalog::internal
