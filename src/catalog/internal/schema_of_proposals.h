// Step 7 of the schema: changes that wait for another administrator and a delay.
// What each table is for: docs/formats/catalog.md. Once released, a step is never edited.
#pragma once

#include "catalog/internal/sql.h"

namespace sealift::catalog::internal {

inline constexpr Sql kSchemaOfProposals{R"sql(
ALTER TABLE policy ADD COLUMN proposal_delay_ms_min INTEGER NOT NULL DEFAULT 259200000;
CREATE TABLE proposals(
  seq INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE CHECK(length(id) = 16),
  kind INTEGER NOT NULL,
  account BLOB NOT NULL CHECK(length(account) = 16),
  change BLOB NOT NULL,
  proposed_by BLOB NOT NULL REFERENCES accounts(id),
  proposed INTEGER NOT NULL,
  confirmed_by BLOB REFERENCES accounts(id),
  not_before INTEGER,
  state INTEGER NOT NULL,
  ended INTEGER
) STRICT;
CREATE UNIQUE INDEX proposals_waiting ON proposals(kind, account) WHERE state = 1;
CREATE INDEX proposals_of_account ON proposals(account, ended) WHERE state = 2;
)sql"};

}  // namespace sealift::catalog::internal
