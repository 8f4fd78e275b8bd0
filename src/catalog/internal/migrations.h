// Migrations: the schema's history. Forward only; each step is one transaction that also writes the
// new version, so a kill leaves one version or the next.
#pragma once

#include "catalog/internal/sqlite_database.h"

namespace sealift::catalog::internal {

// The version that this build writes. A step, once released, is never edited.
inline constexpr std::uint32_t kSchemaVersion = 7;

// Brings the database to `target`, from whichever older version it has. Several processes may do it
// at once. Errors: unsupported (a newer Sealift has written it), those of SqliteDatabase.
base::Result<void> migrate(SqliteDatabase& database, std::uint32_t target = kSchemaVersion);

// 0: nothing there yet.
base::Result<std::uint32_t> schema_version(SqliteDatabase& database);

}  // namespace sealift::catalog::internal
