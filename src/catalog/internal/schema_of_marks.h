// Step 4 of the schema: what a backup, a restore and a check of the disk compare with; and which
// login an upload keeps in use.
// What each table is for: docs/formats/catalog.md. Once released, a step is never edited.
#pragma once

#include "catalog/internal/sql.h"

namespace sealift::catalog::internal {

inline constexpr Sql kSchemaOfMarks{R"sql(
ALTER TABLE blobs ADD COLUMN digest BLOB CHECK(length(digest) = 32);
CREATE INDEX blobs_undigested ON blobs(id) WHERE digest IS NULL;
ALTER TABLE uploads ADD COLUMN session BLOB CHECK(length(session) = 16);
CREATE TABLE marks(
  mark INTEGER PRIMARY KEY,
  value BLOB NOT NULL
) STRICT;
)sql"};

}  // namespace sealift::catalog::internal
