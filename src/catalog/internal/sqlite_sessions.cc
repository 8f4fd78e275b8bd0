#include "catalog/internal/sqlite_records.h"

namespace sealift::catalog::internal {
namespace {

#define SESSION_COLUMNS                                                                    \
  "s.id, s.account, s.kind, s.scopes, s.sealed_label, s.created, s.last_seen, s.expires, " \
  "s.idle_ms_max, s.is_bound"
constexpr Sql kAdd{
    "INSERT INTO sessions(token, id, account, kind, scopes, sealed_label, created, last_seen, "
    "expires, idle_ms_max, is_bound) "
    "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) "
    "ON CONFLICT DO NOTHING"};
constexpr Sql kFindLive{
    "SELECT " SESSION_COLUMNS
    ", a.administrator, a.recovery_officer, a.language "
    "FROM sessions s JOIN accounts a ON a.id = s.account "
    "WHERE s.token = ?1 AND s.expires > ?2 AND s.last_seen + s.idle_ms_max > ?2 AND a.state = 1"};
constexpr Sql kTouch{"UPDATE sessions SET last_seen = max(last_seen, ?2) WHERE id = ?1"};
constexpr Sql kList{"SELECT " SESSION_COLUMNS
                    " FROM sessions s WHERE s.account = ?1 ORDER BY s.created DESC, s.id"};
constexpr Sql kEnd{"DELETE FROM sessions WHERE account = ?1 AND id = ?2"};
constexpr Sql kEndAllOf{"DELETE FROM sessions WHERE account = ?1 AND id IS NOT ?2"};
constexpr Sql kEndAll{"DELETE FROM sessions"};
// What a login left to its uploads to finish ends with it, unless its end is only that of its time.
constexpr Sql kEndFinishers{"DELETE FROM finishers WHERE session = ?1"};
constexpr Sql kEndFinishersOf{
    "DELETE FROM finishers WHERE session IS NOT ?2 "
    "AND parcel IN (SELECT id FROM parcels WHERE owner = ?1)"};
constexpr Sql kEndAllFinishers{"DELETE FROM finishers"};
constexpr Sql kRemoveExpired{
    "DELETE FROM sessions WHERE expires <= ?1 OR last_seen + idle_ms_max <= ?1"};

Session read_session(Row& row) {
  Session session;
  row.into(session.id, session.account, session.kind, session.scopes, session.sealed_label,
           session.created, session.last_seen, session.expires, session.idle_ms_max,
           session.is_bound);
  return session;
}

LiveSession read_live(Row& row) {
  LiveSession live;
  live.session = read_session(row);
  row.into(live.roles.administrator, live.roles.recovery_officer, live.language);
  return live;
}

class SqliteSessions final : public Sessions {
 public:
  explicit SqliteSessions(SqliteDatabase& database) : database_(database) {}

  base::Result<Insert> add(const Session& session, const TokenHash& token) override {
    return insert_of(database_.run(kAdd, token, session.id, session.account, session.kind,
                                   session.scopes, session.sealed_label, session.created,
                                   session.last_seen, session.expires, session.idle_ms_max,
                                   session.is_bound));
  }
  base::Result<std::optional<LiveSession>> find_live(const TokenHash& token,
                                                     base::UnixTime now) const override {
    return database_.first(kFindLive, read_live, token, now);
  }
  base::Result<void> touch(const SessionId& id, base::UnixTime now) override {
    return nothing_of(database_.run(kTouch, id, now));
  }
  base::Result<std::vector<Session>> list(const AccountId& account) const override {
    return database_.all(kList, read_session, account);
  }
  base::Result<Change> end(const AccountId& account, const SessionId& id) override {
    SEALIFT_TRY(const std::uint64_t ended, database_.run(kEnd, account, id));
    if (ended > 0) SEALIFT_TRY_VOID(database_.run(kEndFinishers, id));
    return change_of(ended);
  }
  base::Result<std::uint64_t> end_all_of(const AccountId& account,
                                         const std::optional<SessionId>& except) override {
    SEALIFT_TRY_VOID(database_.run(kEndFinishersOf, account, except));
    return database_.run(kEndAllOf, account, except);
  }
  base::Result<std::uint64_t> end_all() override {
    SEALIFT_TRY_VOID(database_.run(kEndAllFinishers));
    return database_.run(kEndAll);
  }
  base::Result<std::uint64_t> remove_expired(base::UnixTime now) override {
    return database_.run(kRemoveExpired, now);
  }

 private:
  SqliteDatabase& database_;
};

}  // namespace

std::unique_ptr<Sessions> sqlite_sessions(SqliteDatabase& database) {
  return std::make_unique<SqliteSessions>(database);
}

}  // namespace sealift::catalog::internal
