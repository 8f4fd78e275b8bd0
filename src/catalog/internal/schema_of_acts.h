// Step 5 of the schema: what accounts' owners signed, logins whose requests prove a key, and what
// makes a parcel whole after its sender's login.
// What each table is for: docs/formats/catalog.md. Once released, a step is never edited.
#pragma once

#include "catalog/internal/sql.h"

namespace sealift::catalog::internal {

inline constexpr Sql kSchemaOfActs{R"sql(
ALTER TABLE sessions ADD COLUMN is_bound INTEGER NOT NULL DEFAULT 0 CHECK(is_bound IN (0, 1));
CREATE TABLE account_acts(
  account BLOB NOT NULL REFERENCES accounts(id),
  revision INTEGER NOT NULL CHECK(revision > 0),
  generation INTEGER NOT NULL CHECK(generation > 0),
  operation TEXT NOT NULL,
  target BLOB NOT NULL CHECK(length(target) IN (0, 16)),
  body BLOB NOT NULL CHECK(length(body) = 32),
  previous BLOB NOT NULL CHECK(length(previous) = 32),
  slots BLOB NOT NULL CHECK(length(slots) = 32),
  challenge BLOB NOT NULL CHECK(length(challenge) = 32),
  signature BLOB NOT NULL CHECK(length(signature) = 64),
  digest BLOB NOT NULL CHECK(length(digest) = 32),
  happened INTEGER NOT NULL,
  PRIMARY KEY(account, revision)
) STRICT, WITHOUT ROWID;
CREATE TABLE finishers(
  parcel BLOB PRIMARY KEY REFERENCES parcels(id) ON DELETE CASCADE,
  key BLOB NOT NULL CHECK(length(key) = 32),
  session BLOB NOT NULL CHECK(length(session) = 16),
  until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX finishers_by_session ON finishers(session);
)sql"};

}  // namespace sealift::catalog::internal
