#include "catalog/internal/sqlite_records.h"

namespace sealift::catalog::internal {
namespace {

#define SELECT_REQUEST                                                                       \
  "SELECT seq, id, owner, generation, verifier, sealed_title, size_bytes_max, parcels_max, " \
  "parcels_used, created, expires, closed FROM requests "
constexpr Sql kCreate{
    "INSERT INTO requests(id, owner, generation, verifier, sealed_title, size_bytes_max, "
    "parcels_max, created, expires) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) "
    "ON CONFLICT(id) DO NOTHING"};
constexpr Sql kFind{SELECT_REQUEST "WHERE id = ?1"};
constexpr Sql kList{SELECT_REQUEST "WHERE owner = ?1 AND seq < ?2 ORDER BY seq DESC LIMIT ?3"};
constexpr Sql kUse{
    "UPDATE requests SET parcels_used = parcels_used + 1 "
    "WHERE id = ?1 AND closed IS NULL AND expires > ?2 "
    "AND (parcels_max IS NULL OR parcels_used < parcels_max) "
    "AND EXISTS (SELECT 1 FROM accounts a WHERE a.id = requests.owner AND a.state = 1) "
    "AND NOT EXISTS (SELECT 1 FROM lockdowns WHERE reopened IS NULL)"};
constexpr Sql kExists{"SELECT count(*) FROM requests WHERE id = ?1"};
constexpr Sql kClose{
    "UPDATE requests SET closed = ?3 WHERE owner = ?1 AND id = ?2 AND closed IS NULL"};
constexpr Sql kOwns{"SELECT count(*) FROM requests WHERE owner = ?1 AND id = ?2"};

FileRequest read_request(Row& row) {
  FileRequest request;
  row.into(request.cursor, request.id, request.owner, request.generation, request.verifier,
           request.sealed_title, request.size_bytes_max, request.parcels_max, request.parcels_used,
           request.created, request.expires, request.closed);
  return request;
}

class SqliteFileRequests final : public FileRequests {
 public:
  explicit SqliteFileRequests(SqliteDatabase& database) : database_(database) {}

  base::Result<Insert> create(const FileRequest& request) override {
    return insert_of(database_.run(kCreate, request.id, request.owner, request.generation,
                                   request.verifier, request.sealed_title, request.size_bytes_max,
                                   request.parcels_max, request.created, request.expires));
  }
  base::Result<std::optional<FileRequest>> find(const RequestId& id) const override {
    return database_.first(kFind, read_request, id);
  }
  base::Result<std::vector<FileRequest>> list(const AccountId& owner,
                                              const Page& page) const override {
    return database_.all(kList, read_request, owner, before_of(page), page.rows_max);
  }
  base::Result<Change> use(const RequestId& id, base::UnixTime now) override {
    return change_or_stale(database_, database_.run(kUse, id, now), kExists, id);
  }
  base::Result<Change> close(const AccountId& owner, const RequestId& id,
                             base::UnixTime now) override {
    return change_or_stale(database_, database_.run(kClose, owner, id, now), kOwns, owner, id);
  }

 private:
  SqliteDatabase& database_;
};

}  // namespace

std::unique_ptr<FileRequests> sqlite_requests(SqliteDatabase& database) {
  return std::make_unique<SqliteFileRequests>(database);
}

}  // namespace sealift::catalog::internal
