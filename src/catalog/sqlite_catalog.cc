#include "catalog/sqlite_catalog.h"

#include <mutex>

#include "catalog/internal/migrations.h"
#include "catalog/internal/sqlite_records.h"

namespace sealift::catalog {
namespace {

using internal::Access;
using internal::Sql;
using internal::SqliteDatabase;

constexpr Sql kBegin{"BEGIN IMMEDIATE"};
constexpr Sql kBeginRead{"BEGIN"};
constexpr Sql kCommit{"COMMIT"};
constexpr Sql kRollback{"ROLLBACK"};
constexpr Sql kSavepoint{"SAVEPOINT work"};
constexpr Sql kRelease{"RELEASE work"};
constexpr Sql kRollbackWork{"ROLLBACK TO work"};
constexpr Sql kLatest{"SELECT latest FROM clock"};
constexpr Sql kSetLatest{"UPDATE clock SET latest = max(latest, ?1)"};
constexpr Sql kCheckpoint{"PRAGMA wal_checkpoint(TRUNCATE)"};

constexpr std::chrono::milliseconds kClockStep = std::chrono::minutes(1);

// One connection and the aggregates over it.
class Connection {
 public:
  static base::Result<std::unique_ptr<Connection>> open(const std::string& path, Access access) {
    SEALIFT_TRY(auto database, SqliteDatabase::open(path, access));
    return std::unique_ptr<Connection>(new Connection(std::move(database)));
  }

  SqliteDatabase& database() { return *database_; }
  Records& records() { return records_; }

 private:
  explicit Connection(std::unique_ptr<SqliteDatabase> database) : database_(std::move(database)) {}

  std::unique_ptr<SqliteDatabase> database_;
  std::unique_ptr<Accounts> accounts_ = internal::sqlite_accounts(*database_);
  std::unique_ptr<Enrolments> enrolments_ = internal::sqlite_enrolments(*database_);
  std::unique_ptr<Slots> slots_ = internal::sqlite_slots(*database_);
  std::unique_ptr<Sessions> sessions_ = internal::sqlite_sessions(*database_);
  std::unique_ptr<Directory> directory_ = internal::sqlite_directory(*database_);
  std::unique_ptr<Parcels> parcels_ = internal::sqlite_parcels(*database_);
  std::unique_ptr<Blobs> blobs_ = internal::sqlite_blobs(*database_);
  std::unique_ptr<Uploads> uploads_ = internal::sqlite_uploads(*database_);
  std::unique_ptr<Links> links_ = internal::sqlite_links(*database_);
  std::unique_ptr<Openings> openings_ = internal::sqlite_openings(*database_);
  std::unique_ptr<FileRequests> requests_ = internal::sqlite_requests(*database_);
  std::unique_ptr<Outbox> outbox_ = internal::sqlite_outbox(*database_);
  std::unique_ptr<Delays> delays_ = internal::sqlite_delays(*database_);
  std::unique_ptr<Lockdowns> lockdowns_ = internal::sqlite_lockdowns(*database_);
  std::unique_ptr<Recoveries> recoveries_ = internal::sqlite_recoveries(*database_);
  std::unique_ptr<Policies> policies_ = internal::sqlite_policies(*database_);
  std::unique_ptr<Custody> custody_ = internal::sqlite_custody(*database_);
  Records records_{Borrowed<Accounts>(*accounts_),     Borrowed<Enrolments>(*enrolments_),
                   Borrowed<Slots>(*slots_),           Borrowed<Sessions>(*sessions_),
                   Borrowed<Directory>(*directory_),   Borrowed<Parcels>(*parcels_),
                   Borrowed<Blobs>(*blobs_),           Borrowed<Uploads>(*uploads_),
                   Borrowed<Links>(*links_),           Borrowed<Openings>(*openings_),
                   Borrowed<FileRequests>(*requests_), Borrowed<Outbox>(*outbox_),
                   Borrowed<Delays>(*delays_),         Borrowed<Lockdowns>(*lockdowns_),
                   Borrowed<Recoveries>(*recoveries_), Borrowed<Policies>(*policies_),
                   Borrowed<Custody>(*custody_)};
};

// A transaction that is rolled back unless it was committed.
class Transaction {
 public:
  static base::Result<Transaction> begin(SqliteDatabase& database, Sql how) {
    SEALIFT_TRY_VOID(database.run(how));
    return Transaction(database);
  }
  Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction() {
    if (database_ != nullptr) static_cast<void>(database_->run(kRollback));
  }

  base::Result<void> commit() {
    SEALIFT_TRY_VOID(database_->run(kCommit));
    database_ = nullptr;
    return {};
  }

 private:
  explicit Transaction(SqliteDatabase& database) : database_(&database) {}
  SqliteDatabase* database_;
};

class SqliteCatalog final : public Catalog {
 public:
  SqliteCatalog(std::string path, std::unique_ptr<Connection> writer, base::UnixTime latest)
      : path_(std::move(path)), writer_(std::move(writer)), latest_(latest), latest_kept_(latest) {}

  std::vector<base::Result<void>> transact_batch(std::span<const Work> batch) override {
    const std::scoped_lock lock(writing_);
    std::vector<base::Result<void>> outcomes;
    outcomes.reserve(batch.size());
    if (auto done = run_batch(batch, outcomes); !done)
      outcomes.assign(batch.size(), tl::unexpected(done.error()));
    return outcomes;
  }

  base::Result<void> read_work(const ReadWork& work) override {
    SEALIFT_TRY(std::unique_ptr<Connection> reader, take_reader());
    auto outcome = run_read(*reader, work);
    const std::scoped_lock lock(pooling_);
    readers_.push_back(std::move(reader));
    return outcome;
  }

  base::Result<base::UnixTime> advance_clock(base::UnixTime now) override {
    const std::scoped_lock lock(writing_);
    latest_ = std::max(latest_, now);
    if (latest_ - latest_kept_ >= kClockStep) {
      SEALIFT_TRY_VOID(writer_->database().run(kSetLatest, latest_));
      latest_kept_ = latest_;
    }
    return latest_;
  }

  base::Result<void> scrub() override {
    const std::scoped_lock lock(writing_);
    SEALIFT_TRY(const auto is_busy,
                writer_->database().first(kCheckpoint, internal::value_of<bool>));
    if (is_busy.value_or(true)) return base::fail(base::ErrorCode::io, "catalog: busy");
    return {};
  }

  base::Result<void> back_up_to(const std::string& path) override {
    SEALIFT_TRY(const auto reader, SqliteDatabase::open(path_, Access::read));
    return reader->back_up_to(path);
  }

 private:
  base::Result<void> run_batch(std::span<const Work> batch,
                               std::vector<base::Result<void>>& outcomes) {
    if (batch.empty()) return {};
    SqliteDatabase& database = writer_->database();
    SEALIFT_TRY(Transaction transaction, Transaction::begin(database, kBegin));
    bool has_changes = false;
    for (const Work& work : batch) {
      if (batch.size() > 1) SEALIFT_TRY_VOID(database.run(kSavepoint));
      outcomes.push_back(work(writer_->records()));
      has_changes = has_changes || outcomes.back().has_value();
      if (batch.size() == 1) continue;
      if (!outcomes.back()) SEALIFT_TRY_VOID(database.run(kRollbackWork));
      SEALIFT_TRY_VOID(database.run(kRelease));
    }
    if (!has_changes) return {};
    return transaction.commit();
  }

  static base::Result<void> run_read(Connection& reader, const ReadWork& work) {
    SEALIFT_TRY(const Transaction snapshot, Transaction::begin(reader.database(), kBeginRead));
    return work(reader.records());
  }

  base::Result<std::unique_ptr<Connection>> take_reader() {
    {
      const std::scoped_lock lock(pooling_);
      if (!readers_.empty()) {
        std::unique_ptr<Connection> reader = std::move(readers_.back());
        readers_.pop_back();
        return reader;
      }
    }
    return Connection::open(path_, Access::read);
  }

  const std::string path_;
  std::mutex writing_;
  std::unique_ptr<Connection> writer_;  // guarded by writing_
  base::UnixTime latest_;               // guarded by writing_
  base::UnixTime latest_kept_;          // guarded by writing_
  std::mutex pooling_;
  std::vector<std::unique_ptr<Connection>> readers_;  // idle ones; guarded by pooling_
};

}  // namespace

base::Result<std::unique_ptr<Catalog>> open_sqlite_catalog(const std::string& path) {
  SEALIFT_TRY(auto writer, Connection::open(path, Access::write));
  SEALIFT_TRY_VOID(internal::migrate(writer->database()));
  SEALIFT_TRY(const auto latest, writer->database().only<base::UnixTime>(kLatest));
  return std::make_unique<SqliteCatalog>(path, std::move(writer), latest);
}

}  // namespace sealift::catalog
