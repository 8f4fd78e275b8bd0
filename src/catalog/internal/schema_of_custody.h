// Step 3 of the schema: what happened, what is to be told, and acts that take several people.
// What each table is for: docs/formats/catalog.md. Once released, a step is never edited.
#pragma once

#include "catalog/internal/sql.h"

namespace sealift::catalog::internal {

inline constexpr Sql kSchemaOfCustody{R"sql(
CREATE TABLE custody(
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id BLOB NOT NULL UNIQUE CHECK(length(id) = 16),
  salt BLOB NOT NULL,
  event BLOB NOT NULL,
  account BLOB CHECK(length(account) = 16),
  parcel BLOB CHECK(length(parcel) = 16),
  happened INTEGER NOT NULL,
  log_index INTEGER UNIQUE CHECK(log_index >= 0),
  authenticator BLOB NOT NULL,
  refused INTEGER NOT NULL DEFAULT 0 CHECK(refused IN (0, 1))
) STRICT;
CREATE INDEX custody_queued ON custody(seq) WHERE log_index IS NULL AND refused = 0;
CREATE INDEX custody_by_account ON custody(account, seq) WHERE account IS NOT NULL;
CREATE INDEX custody_by_parcel ON custody(parcel, seq) WHERE parcel IS NOT NULL;
CREATE TABLE outbox(
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id BLOB NOT NULL UNIQUE CHECK(length(id) = 16),
  letter INTEGER NOT NULL,
  language INTEGER NOT NULL,
  wrapped_parameters BLOB NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  created INTEGER NOT NULL,
  due INTEGER
) STRICT;
CREATE INDEX outbox_by_due ON outbox(due) WHERE due IS NOT NULL;
CREATE TABLE lockdowns(
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id BLOB NOT NULL UNIQUE CHECK(length(id) = 16),
  locked_by BLOB REFERENCES accounts(id),
  locked INTEGER NOT NULL,
  reopened INTEGER
) STRICT;
CREATE UNIQUE INDEX lockdowns_current ON lockdowns((1)) WHERE reopened IS NULL;
CREATE TABLE lockdown_approvals(
  lockdown BLOB NOT NULL REFERENCES lockdowns(id),
  account BLOB NOT NULL REFERENCES accounts(id),
  approved INTEGER NOT NULL,
  PRIMARY KEY(lockdown, account)
) STRICT, WITHOUT ROWID;
CREATE TABLE recoveries(
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id BLOB NOT NULL UNIQUE CHECK(length(id) = 16),
  account BLOB NOT NULL REFERENCES accounts(id),
  asked_by BLOB NOT NULL REFERENCES accounts(id),
  state INTEGER NOT NULL CHECK(state IN (1, 2, 3)),
  created INTEGER NOT NULL,
  not_before INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX recoveries_waiting ON recoveries(account) WHERE state = 1;
CREATE TABLE recovery_approvals(
  recovery BLOB NOT NULL REFERENCES recoveries(id),
  officer BLOB NOT NULL REFERENCES accounts(id),
  approved INTEGER NOT NULL,
  PRIMARY KEY(recovery, officer)
) STRICT, WITHOUT ROWID;
)sql"};

}  // namespace sealift::catalog::internal
