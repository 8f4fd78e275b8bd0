#include "catalog/internal/sqlite_records.h"

namespace sealift::catalog::internal {
namespace {

#define SELECT_EVENT \
  "SELECT seq, id, salt, event, account, parcel, happened, log_index, authenticator FROM custody "
#define MATCHES_TIME "happened >= ?2 AND happened < ?3 AND seq < ?4 ORDER BY seq DESC LIMIT ?5"
constexpr Sql kAdd{
    "INSERT INTO custody(id, salt, event, account, parcel, happened, authenticator) "
    "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT(id) DO NOTHING"};
constexpr Sql kFind{SELECT_EVENT "WHERE id = ?1"};
constexpr Sql kAt{SELECT_EVENT "WHERE log_index = ?1"};
constexpr Sql kListAll{SELECT_EVENT "WHERE ?1 IS NULL AND " MATCHES_TIME};
constexpr Sql kListByAccount{SELECT_EVENT "WHERE account = ?1 AND " MATCHES_TIME};
constexpr Sql kListByParcel{SELECT_EVENT
                            "WHERE parcel = ?1 AND (?6 IS NULL OR account = ?6) AND " MATCHES_TIME};
constexpr Sql kListConcerned{SELECT_EVENT
                             "WHERE (account = ?1 OR parcel IN (SELECT id FROM parcels WHERE owner "
                             "= ?1)) AND " MATCHES_TIME};
constexpr Sql kQueued{SELECT_EVENT "WHERE log_index IS NULL AND refused = 0 ORDER BY seq LIMIT ?1"};
constexpr Sql kRefuse{"UPDATE custody SET refused = 1 WHERE id = ?1 AND log_index IS NULL"};
constexpr Sql kLogged{"UPDATE custody SET log_index = ?2 WHERE id = ?1 AND log_index IS NULL"};
constexpr Sql kLoggedCount{"SELECT coalesce(max(log_index) + 1, 0) FROM custody"};
constexpr Sql kRequeue{"UPDATE custody SET log_index = NULL WHERE log_index >= ?1"};
constexpr Sql kErase{
    "UPDATE custody SET salt = x'', event = x'', account = NULL, parcel = NULL "
    "WHERE id = ?1 AND log_index IS NOT NULL"};
constexpr Sql kEraseOf{
    "UPDATE custody SET salt = x'', event = x'', account = NULL, parcel = NULL "
    "WHERE account = ?1 AND log_index IS NOT NULL"};
constexpr Sql kEraseOfParcel{
    "UPDATE custody SET salt = x'', event = x'', account = NULL, parcel = NULL "
    "WHERE parcel = ?1 AND log_index IS NOT NULL"};
constexpr Sql kExists{"SELECT count(*) FROM custody WHERE id = ?1"};

CustodyEvent read_event(Row& row) {
  CustodyEvent event;
  row.into(event.cursor, event.id, event.salt, event.event, event.account, event.parcel,
           event.happened, event.log_index, event.authenticator);
  return event;
}

class SqliteCustody final : public Custody {
 public:
  explicit SqliteCustody(SqliteDatabase& database) : database_(database) {}

  base::Result<Insert> add(const CustodyEvent& event) override {
    return insert_of(database_.run(kAdd, event.id, event.salt, event.event, event.account,
                                   event.parcel, event.happened, event.authenticator));
  }
  base::Result<std::optional<CustodyEvent>> find(const EventId& id) const override {
    return database_.first(kFind, read_event, id);
  }
  base::Result<std::optional<CustodyEvent>> at(LogIndex index) const override {
    return database_.first(kAt, read_event, index);
  }
  base::Result<std::vector<CustodyEvent>> list(const CustodyFilter& filter,
                                               const Page& page) const override {
    if (filter.concerned) {
      SEALIFT_CHECK(!filter.parcel && !filter.account);
      return database_.all(kListConcerned, read_event, filter.concerned, filter.from, filter.until,
                           before_of(page), page.rows_max);
    }
    if (filter.parcel)
      return database_.all(kListByParcel, read_event, filter.parcel, filter.from, filter.until,
                           before_of(page), page.rows_max, filter.account);
    return database_.all(filter.account ? kListByAccount : kListAll, read_event, filter.account,
                         filter.from, filter.until, before_of(page), page.rows_max);
  }
  base::Result<std::vector<CustodyEvent>> queued(std::uint32_t rows_max) const override {
    return database_.all(kQueued, read_event, rows_max);
  }
  base::Result<Change> logged(const EventId& id, LogIndex index) override {
    return change_or_stale(database_, database_.run(kLogged, id, index), kExists, id);
  }
  base::Result<std::uint64_t> logged_count() const override {
    return database_.only<std::uint64_t>(kLoggedCount);
  }
  base::Result<std::uint64_t> requeue(LogIndex from) override {
    return database_.run(kRequeue, from);
  }
  base::Result<Change> refuse(const EventId& id) override {
    return change_or_stale(database_, database_.run(kRefuse, id), kExists, id);
  }
  base::Result<Change> erase(const EventId& id) override {
    return change_or_stale(database_, database_.run(kErase, id), kExists, id);
  }
  base::Result<std::uint64_t> erase_of(const AccountId& account) override {
    return database_.run(kEraseOf, account);
  }
  base::Result<std::uint64_t> erase_of(const ParcelId& parcel) override {
    return database_.run(kEraseOfParcel, parcel);
  }

 private:
  SqliteDatabase& database_;
};

}  // namespace

std::unique_ptr<Custody> sqlite_custody(SqliteDatabase& database) {
  return std::make_unique<SqliteCustody>(database);
}

}  // namespace sealift::catalog::internal
