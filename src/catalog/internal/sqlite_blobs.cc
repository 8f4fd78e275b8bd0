#include "catalog/internal/sqlite_records.h"

namespace sealift::catalog::internal {
namespace {

constexpr Sql kKnown{"SELECT count(*) FROM blobs WHERE id = ?1"};
constexpr Sql kAccountExists{"SELECT count(*) FROM accounts WHERE id = ?1 AND state = 1"};
constexpr Sql kCharge{
    "UPDATE accounts SET used_bytes = used_bytes + ?2 "
    "WHERE id = ?1 AND state = 1 AND used_bytes + ?2 <= ?3"};
constexpr Sql kAdd{"INSERT INTO blobs(id, charged, length_bytes) VALUES(?1, ?2, ?3)"};
constexpr Sql kCharged{"SELECT charged, length_bytes FROM blobs WHERE id = ?1"};
constexpr Sql kLengthen{"UPDATE blobs SET length_bytes = ?2 WHERE id = ?1"};
constexpr Sql kDoom{"UPDATE blobs SET doomed = 1 WHERE id = ?1"};
constexpr Sql kDoomed{"SELECT id FROM blobs WHERE doomed = 1 LIMIT ?1"};
constexpr Sql kForget{
    "DELETE FROM blobs WHERE id = ?1 AND doomed = 1 RETURNING charged, length_bytes"};
constexpr Sql kGiveBack{"UPDATE accounts SET used_bytes = max(0, used_bytes - ?2) WHERE id = ?1"};

#define SELECT_WHOLE                                                                            \
  "SELECT b.id, b.length_bytes, b.digest, p.parcel FROM blobs b LEFT JOIN parts p ON p.blob = " \
  "b.id "
#define IS_WHOLE "b.doomed = 0 AND NOT EXISTS (SELECT 1 FROM uploads u WHERE u.blob = b.id) "
constexpr Sql kWhole{SELECT_WHOLE "WHERE (?1 IS NULL OR b.id > ?1) AND " IS_WHOLE
                                  "ORDER BY b.id LIMIT ?2"};
constexpr Sql kIsWhole{"SELECT count(*) FROM blobs b WHERE b.id = ?1 AND " IS_WHOLE};
constexpr Sql kUndigested{SELECT_WHOLE "WHERE b.digest IS NULL AND " IS_WHOLE "LIMIT ?1"};
constexpr Sql kSetDigest{"UPDATE blobs SET digest = ?2 WHERE id = ?1 AND digest IS NULL"};

WholeBlob read_whole(Row& row) {
  WholeBlob blob;
  row.into(blob.id, blob.length_bytes, blob.digest, blob.parcel);
  return blob;
}

struct Charge {
  AccountId account;
  std::uint64_t length_bytes = 0;
};

Charge read_charge(Row& row) {
  Charge charge;
  row.into(charge.account, charge.length_bytes);
  return charge;
}

class SqliteBlobs final : public Blobs {
 public:
  explicit SqliteBlobs(SqliteDatabase& database) : database_(database) {}

  base::Result<Reserve> reserve(const NewBlob& blob) override {
    SEALIFT_TRY(const bool is_taken, is_known(blob.id));
    if (is_taken) return Reserve::taken;
    SEALIFT_TRY(const auto accounts, database_.only<std::uint64_t>(kAccountExists, blob.charged));
    if (accounts == 0) return Reserve::no_account;
    SEALIFT_TRY(const auto charged,
                database_.run(kCharge, blob.charged, blob.length_bytes, blob.quota_bytes_max));
    if (charged == 0) return Reserve::over_quota;
    SEALIFT_TRY_VOID(database_.run(kAdd, blob.id, blob.charged, blob.length_bytes));
    return Reserve::reserved;
  }
  base::Result<Reserve> charge(const BlobId& id, std::uint64_t length_bytes,
                               std::uint64_t quota_bytes_max) override {
    SEALIFT_TRY(const auto before, database_.first(kCharged, read_charge, id));
    if (!before) return Reserve::taken;
    if (length_bytes <= before->length_bytes) return Reserve::reserved;
    SEALIFT_TRY(const auto charged,
                database_.run(kCharge, before->account, length_bytes - before->length_bytes,
                              quota_bytes_max));
    if (charged == 0) return Reserve::over_quota;
    SEALIFT_TRY_VOID(database_.run(kLengthen, id, length_bytes));
    return Reserve::reserved;
  }
  base::Result<bool> is_known(const BlobId& id) const override {
    return database_.only<bool>(kKnown, id);
  }
  base::Result<std::vector<WholeBlob>> whole(const std::optional<BlobId>& after,
                                             std::uint32_t rows_max) const override {
    return database_.all(kWhole, read_whole, after, rows_max);
  }
  base::Result<bool> is_whole(const BlobId& id) const override {
    return database_.only<bool>(kIsWhole, id);
  }
  base::Result<std::vector<WholeBlob>> undigested(std::uint32_t rows_max) const override {
    return database_.all(kUndigested, read_whole, rows_max);
  }
  base::Result<Change> set_digest(const BlobId& id, const BlobDigest& digest) override {
    return change_or_stale(database_, database_.run(kSetDigest, id, digest), kKnown, id);
  }
  base::Result<Change> doom(const BlobId& id) override {
    return change_of(database_.run(kDoom, id));
  }
  base::Result<std::vector<BlobId>> doomed(std::uint32_t rows_max) const override {
    return database_.all(kDoomed, value_of<BlobId>, rows_max);
  }
  base::Result<Change> removed(const BlobId& id) override {
    SEALIFT_TRY(const auto charge, database_.first(kForget, read_charge, id));
    if (!charge) {
      SEALIFT_TRY(const bool is_there, is_known(id));
      return is_there ? Change::stale : Change::absent;
    }
    SEALIFT_TRY_VOID(database_.run(kGiveBack, charge->account, charge->length_bytes));
    return Change::done;
  }

 private:
  SqliteDatabase& database_;
};

}  // namespace

std::unique_ptr<Blobs> sqlite_blobs(SqliteDatabase& database) {
  return std::make_unique<SqliteBlobs>(database);
}

}  // namespace sealift::catalog::internal
