// Step 2 of the schema: parcels, their bytes, and who opens them.
// What each table is for: docs/formats/catalog.md. Once released, a step is never edited.
#pragma once

#include "catalog/internal/sql.h"

namespace sealift::catalog::internal {

inline constexpr Sql kSchemaOfParcels{R"sql(
CREATE TABLE blobs(
  id BLOB PRIMARY KEY CHECK(length(id) = 16),
  charged BLOB NOT NULL REFERENCES accounts(id),
  length_bytes INTEGER NOT NULL CHECK(length_bytes >= 0),
  doomed INTEGER NOT NULL DEFAULT 0 CHECK(doomed IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE INDEX blobs_doomed ON blobs(id) WHERE doomed = 1;
CREATE TABLE requests(
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id BLOB NOT NULL UNIQUE CHECK(length(id) = 16),
  owner BLOB NOT NULL REFERENCES accounts(id),
  generation INTEGER NOT NULL,
  verifier BLOB NOT NULL CHECK(length(verifier) = 32),
  sealed_title BLOB NOT NULL,
  size_bytes_max INTEGER NOT NULL,
  parcels_max INTEGER,
  parcels_used INTEGER NOT NULL DEFAULT 0,
  created INTEGER NOT NULL,
  expires INTEGER NOT NULL,
  closed INTEGER
) STRICT;
CREATE INDEX requests_by_owner ON requests(owner, seq);
CREATE TABLE parcels(
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id BLOB NOT NULL UNIQUE CHECK(length(id) = 16),
  owner BLOB NOT NULL REFERENCES accounts(id),
  request BLOB REFERENCES requests(id),
  hand_in_key BLOB CHECK(length(hand_in_key) = 32),
  sealed_by INTEGER NOT NULL,
  receipt INTEGER NOT NULL,
  state INTEGER NOT NULL CHECK(state IN (1, 2, 3, 4)),
  revision INTEGER NOT NULL DEFAULT 1,
  created INTEGER NOT NULL,
  whole_at INTEGER,
  ended_at INTEGER,
  expires INTEGER NOT NULL,
  warned INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX parcels_by_owner ON parcels(owner, seq);
CREATE INDEX parcels_by_request ON parcels(request);
CREATE INDEX parcels_by_expiry ON parcels(expires) WHERE state <= 2;
CREATE INDEX parcels_by_end ON parcels(ended_at) WHERE state > 2;
CREATE TABLE parts(
  parcel BLOB NOT NULL REFERENCES parcels(id) ON DELETE CASCADE,
  part INTEGER NOT NULL CHECK(part IN (1, 2, 3)),
  header BLOB NOT NULL,
  blob BLOB REFERENCES blobs(id),
  payload BLOB NOT NULL,
  payload_bytes INTEGER NOT NULL CHECK(payload_bytes >= 0),
  PRIMARY KEY(parcel, part)
) STRICT;
CREATE INDEX parts_by_blob ON parts(blob) WHERE blob IS NOT NULL;
CREATE TABLE grants(
  parcel BLOB NOT NULL REFERENCES parcels(id) ON DELETE CASCADE,
  account BLOB NOT NULL REFERENCES accounts(id),
  generation INTEGER NOT NULL,
  opens_max INTEGER,
  opens_used INTEGER NOT NULL DEFAULT 0,
  created INTEGER NOT NULL,
  revoked INTEGER,
  PRIMARY KEY(parcel, account)
) STRICT, WITHOUT ROWID;
CREATE INDEX grants_by_account ON grants(account, parcel);
CREATE TABLE uploads(
  id BLOB PRIMARY KEY CHECK(length(id) = 16),
  parcel BLOB NOT NULL REFERENCES parcels(id) ON DELETE CASCADE,
  part INTEGER NOT NULL,
  blob BLOB NOT NULL UNIQUE REFERENCES blobs(id),
  key BLOB NOT NULL CHECK(length(key) = 32),
  length_bytes INTEGER NOT NULL,
  offset_bytes INTEGER NOT NULL CHECK(offset_bytes BETWEEN 0 AND length_bytes),
  created INTEGER NOT NULL,
  expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX uploads_by_parcel ON uploads(parcel);
CREATE INDEX uploads_by_expiry ON uploads(expires);
CREATE TABLE links(
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id BLOB NOT NULL UNIQUE CHECK(length(id) = 16),
  parcel BLOB NOT NULL REFERENCES parcels(id) ON DELETE CASCADE,
  verifier BLOB NOT NULL CHECK(length(verifier) = 32),
  wrapped_half BLOB NOT NULL,
  passphrase INTEGER NOT NULL,
  opens_max INTEGER,
  opens_used INTEGER NOT NULL DEFAULT 0,
  created INTEGER NOT NULL,
  expires INTEGER NOT NULL,
  revoked INTEGER
) STRICT;
CREATE INDEX links_by_parcel ON links(parcel);
CREATE INDEX links_with_half ON links(expires) WHERE length(wrapped_half) > 0;
CREATE TABLE openings(
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id BLOB NOT NULL UNIQUE CHECK(length(id) = 16),
  ticket BLOB NOT NULL UNIQUE CHECK(length(ticket) = 32),
  parcel BLOB NOT NULL REFERENCES parcels(id) ON DELETE CASCADE,
  link BLOB REFERENCES links(id) ON DELETE CASCADE,
  account BLOB REFERENCES accounts(id),
  opened INTEGER NOT NULL,
  expires INTEGER NOT NULL,
  CHECK((link IS NULL) <> (account IS NULL))
) STRICT;
CREATE INDEX openings_by_parcel ON openings(parcel);
CREATE INDEX openings_by_link ON openings(link);
CREATE TABLE receipts(
  opening BLOB PRIMARY KEY REFERENCES openings(id) ON DELETE CASCADE,
  id BLOB NOT NULL UNIQUE CHECK(length(id) = 16),
  signed_receipt BLOB NOT NULL,
  event BLOB NOT NULL CHECK(length(event) = 16),
  received INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
)sql"};

}  // namespace sealift::catalog::internal
