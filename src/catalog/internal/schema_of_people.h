// Step 1 of the schema: accounts and how they get in.
// What each table is for: docs/formats/catalog.md. Once released, a step is never edited.
#pragma once

#include "catalog/internal/sql.h"

namespace sealift::catalog::internal {

inline constexpr Sql kSchemaOfPeople{R"sql(
CREATE TABLE accounts(
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id BLOB NOT NULL UNIQUE CHECK(length(id) = 16),
  lookup BLOB NOT NULL UNIQUE CHECK(length(lookup) = 32),
  sealed_address BLOB NOT NULL,
  administrator INTEGER NOT NULL CHECK(administrator IN (0, 1)),
  recovery_officer INTEGER NOT NULL CHECK(recovery_officer IN (0, 1)),
  state INTEGER NOT NULL CHECK(state IN (1, 2, 3)),
  language INTEGER NOT NULL,
  quota_bytes_max INTEGER CHECK(quota_bytes_max >= 0),
  used_bytes INTEGER NOT NULL DEFAULT 0 CHECK(used_bytes >= 0),
  created INTEGER NOT NULL
) STRICT;
CREATE TABLE enrolments(
  id BLOB PRIMARY KEY CHECK(length(id) = 16),
  token BLOB NOT NULL UNIQUE CHECK(length(token) = 32),
  lookup BLOB NOT NULL UNIQUE CHECK(length(lookup) = 32),
  sealed_address BLOB NOT NULL,
  administrator INTEGER NOT NULL CHECK(administrator IN (0, 1)),
  recovery_officer INTEGER NOT NULL CHECK(recovery_officer IN (0, 1)),
  invited_by BLOB REFERENCES accounts(id),
  created INTEGER NOT NULL,
  expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX enrolments_by_expiry ON enrolments(expires);
CREATE TABLE slots(
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id BLOB NOT NULL UNIQUE CHECK(length(id) = 16),
  account BLOB NOT NULL REFERENCES accounts(id),
  kind INTEGER NOT NULL,
  generation INTEGER NOT NULL CHECK(generation > 0),
  wrapped BLOB NOT NULL,
  sealed_label BLOB NOT NULL,
  revision INTEGER NOT NULL DEFAULT 1,
  created INTEGER NOT NULL
) STRICT;
CREATE INDEX slots_by_account ON slots(account);
CREATE TABLE verifiers(
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id BLOB NOT NULL UNIQUE CHECK(length(id) = 16),
  account BLOB NOT NULL REFERENCES accounts(id),
  slot BLOB REFERENCES slots(id) ON DELETE CASCADE,
  kind INTEGER NOT NULL,
  lookup BLOB UNIQUE CHECK(length(lookup) = 32),
  public_parameters BLOB NOT NULL,
  wrapped BLOB NOT NULL,
  created INTEGER NOT NULL
) STRICT;
CREATE INDEX verifiers_by_account ON verifiers(account, kind);
CREATE INDEX verifiers_by_slot ON verifiers(slot);
CREATE TABLE sessions(
  token BLOB PRIMARY KEY CHECK(length(token) = 32),
  id BLOB NOT NULL UNIQUE CHECK(length(id) = 16),
  account BLOB NOT NULL REFERENCES accounts(id),
  kind INTEGER NOT NULL,
  scopes INTEGER NOT NULL,
  sealed_label BLOB NOT NULL,
  created INTEGER NOT NULL,
  last_seen INTEGER NOT NULL,
  expires INTEGER NOT NULL,
  idle_ms_max INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_account ON sessions(account);
CREATE INDEX sessions_by_expiry ON sessions(expires);
CREATE TABLE directory(
  account BLOB NOT NULL REFERENCES accounts(id),
  generation INTEGER NOT NULL CHECK(generation > 0),
  recipient TEXT NOT NULL,
  signing_key BLOB NOT NULL,
  endorsement BLOB NOT NULL,
  event BLOB NOT NULL CHECK(length(event) = 16),
  created INTEGER NOT NULL,
  salt BLOB NOT NULL CHECK(length(salt) = 32),
  previous BLOB NOT NULL CHECK(length(previous) = 32),
  how INTEGER NOT NULL,
  PRIMARY KEY(account, generation)
) STRICT, WITHOUT ROWID;
CREATE TABLE directory_changes(
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  place BLOB NOT NULL CHECK(length(place) = 32),
  how INTEGER NOT NULL,
  generation INTEGER NOT NULL CHECK(generation > 0),
  commitment BLOB NOT NULL CHECK(length(commitment) = 32),
  happened INTEGER NOT NULL,
  authenticator BLOB NOT NULL,
  log_index INTEGER UNIQUE CHECK(log_index > 0),
  refused INTEGER NOT NULL DEFAULT 0 CHECK(refused IN (0, 1))
) STRICT;
CREATE INDEX directory_changes_queued ON directory_changes(seq) WHERE log_index IS NULL AND refused = 0;
CREATE TABLE delays(
  kind INTEGER NOT NULL,
  key BLOB NOT NULL CHECK(length(key) = 32),
  failures INTEGER NOT NULL,
  last INTEGER NOT NULL,
  PRIMARY KEY(kind, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX delays_by_age ON delays(last);
CREATE TABLE policy(
  only INTEGER PRIMARY KEY CHECK(only = 1),
  revision INTEGER NOT NULL,
  parcel_lifetime_ms_default INTEGER NOT NULL,
  parcel_lifetime_ms_max INTEGER NOT NULL,
  parcel_size_bytes_max INTEGER NOT NULL,
  account_quota_bytes_max INTEGER NOT NULL,
  link_opens_max INTEGER,
  links INTEGER NOT NULL,
  link_passphrase INTEGER NOT NULL,
  record_retention_ms INTEGER NOT NULL,
  session_lifetime_ms_max INTEGER NOT NULL,
  session_idle_ms_max INTEGER NOT NULL,
  recovery_delay_ms_min INTEGER NOT NULL,
  lockdown_halves INTEGER NOT NULL
) STRICT;
CREATE TABLE policy_domains(domain TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE clock(only INTEGER PRIMARY KEY CHECK(only = 1), latest INTEGER NOT NULL) STRICT;
INSERT INTO clock VALUES(1, 0);
)sql"};

}  // namespace sealift::catalog::internal
