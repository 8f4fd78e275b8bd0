// Step 6 of the schema: recoveries in shares.
// What each table is for: docs/formats/catalog.md. Once released, a step is never edited.
#pragma once

#include "catalog/internal/sql.h"

namespace sealift::catalog::internal {

inline constexpr Sql kSchemaOfShares{R"sql(
ALTER TABLE recoveries ADD COLUMN recipient TEXT NOT NULL DEFAULT '';
ALTER TABLE recovery_approvals ADD COLUMN wrapped_share BLOB NOT NULL DEFAULT x'';
CREATE TABLE recovery_halves(
  slot BLOB PRIMARY KEY REFERENCES slots(id) ON DELETE CASCADE,
  threshold INTEGER NOT NULL CHECK(threshold > 1),
  wrapped BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE recovery_shares(
  slot BLOB NOT NULL REFERENCES slots(id) ON DELETE CASCADE,
  officer BLOB NOT NULL REFERENCES accounts(id),
  wrapped BLOB NOT NULL,
  PRIMARY KEY(slot, officer)
) STRICT, WITHOUT ROWID;
)sql"};

}  // namespace sealift::catalog::internal
