// The aggregates over one SQLite connection. Each borrows the connection, which outlives it.
#pragma once

#include <memory>

#include "catalog/catalog.h"
#include "catalog/internal/sqlite_database.h"

namespace sealift::catalog::internal {

std::unique_ptr<Accounts> sqlite_accounts(SqliteDatabase& database);
std::unique_ptr<Enrolments> sqlite_enrolments(SqliteDatabase& database);
std::unique_ptr<Slots> sqlite_slots(SqliteDatabase& database);
std::unique_ptr<Acts> sqlite_acts(SqliteDatabase& database);
std::unique_ptr<Sessions> sqlite_sessions(SqliteDatabase& database);
std::unique_ptr<Directory> sqlite_directory(SqliteDatabase& database);
std::unique_ptr<Parcels> sqlite_parcels(SqliteDatabase& database);
std::unique_ptr<Blobs> sqlite_blobs(SqliteDatabase& database);
std::unique_ptr<Uploads> sqlite_uploads(SqliteDatabase& database);
std::unique_ptr<Links> sqlite_links(SqliteDatabase& database);
std::unique_ptr<Openings> sqlite_openings(SqliteDatabase& database);
std::unique_ptr<FileRequests> sqlite_requests(SqliteDatabase& database);
std::unique_ptr<Outbox> sqlite_outbox(SqliteDatabase& database);
std::unique_ptr<Delays> sqlite_delays(SqliteDatabase& database);
std::unique_ptr<Lockdowns> sqlite_lockdowns(SqliteDatabase& database);
std::unique_ptr<Recoveries> sqlite_recoveries(SqliteDatabase& database);
std::unique_ptr<Policies> sqlite_policies(SqliteDatabase& database);
std::unique_ptr<Custody> sqlite_custody(SqliteDatabase& database);
std::unique_ptr<Proposals> sqlite_proposals(SqliteDatabase& database);
std::unique_ptr<Marks> sqlite_marks(SqliteDatabase& database);

// What the aggregates' files share.

inline base::Result<Insert> insert_of(base::Result<std::uint64_t> changed) {
  if (!changed) return tl::unexpected(std::move(changed).error());
  return *changed == 0 ? Insert::taken : Insert::added;
}

// For changes that only fail to find their row.
inline base::Result<Change> change_of(base::Result<std::uint64_t> changed) {
  if (!changed) return tl::unexpected(std::move(changed).error());
  return *changed == 0 ? Change::absent : Change::done;
}

// For conditional changes: nothing changed because there is no row, or because it is in another
// state? `exists` counts the rows that the change was about.
template <typename... Keys>
base::Result<Change> change_or_stale(SqliteDatabase& database, base::Result<std::uint64_t> changed,
                                     Sql exists, const Keys&... keys) {
  if (!changed) return tl::unexpected(std::move(changed).error());
  if (*changed != 0) return Change::done;
  SEALIFT_TRY(const std::uint64_t rows, database.only<std::uint64_t>(exists, keys...));
  return rows == 0 ? Change::absent : Change::stale;
}

// Cursors start below this.
inline Cursor before_of(const Page& page) {
  return page.before.value_or(Cursor{std::numeric_limits<std::int64_t>::max()});
}

inline base::Result<void> nothing_of(const base::Result<std::uint64_t>& changed) {
  if (!changed) return tl::unexpected(changed.error());
  return {};
}

template <typename Value>
Value value_of(Row& row) {
  return row.next<Value>();
}

}  // namespace sealift::catalog::internal
