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
constexpr Sql kBroken{"SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"};
constexpr Sql kDangling{"SELECT count(*) FROM pragma_foreign_key_check"};
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
  std::unique_ptr<Acts> acts_ = internal::sqlite_acts(*database_);
  std::unique_ptr<Proposals> proposals_ = internal::sqlite_proposals(*database_);
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
  std::unique_ptr<Marks> marks_ = internal::sqlite_marks(*database_);
  Records records_{Borrowed<Accounts>(*accounts_),
                   Borrowed<Enrolments>(*enrolments_),
                   Borrowed<Slots>(*slots_),
                   Borrowed<Sessions>(*sessions_),
                   Borrowed<Directory>(*directory_),
                   Borrowed<Parcels>(*parcels_),
                   Borrowed<Blobs>(*blobs_),
                   Borrowed<Uploads>(*uploads_),
                   Borrowed<Links>(*links_),
                   Borrowed<Openings>(*openings_),
                   Borrowed<FileRequests>(*requests_),
                   Borrowed<Outbox>(*outbox_),
                   Borrowed<Delays>(*delays_),
                   Borrowed<Lockdowns>(*lockdowns_),
                   Borrowed<Recoveries>(*recoveries_),
                   Borrowed<Policies>(*policies_),
                   Borrowed<Custody>(*custody_),
                   Borrowed<Marks>(*marks_),
                   Borrowed<Acts>(*acts_),
                   Borrowed<Proposals>(*proposals_)};
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

// A connection that reads, and the snapshot that it may hold.
class Reader {
 public:
  explicit Reader(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}

  // A snapshot serves many reads: taking and giving up one costs as much as a small read. It ends
  // with the first commit of any process. `commits` was read before: what is held is as new or
  // newer.
  base::Result<void> hold(std::uint32_t commits) {
    if (holds_ && commits_ != commits) let_go();
    if (holds_) return {};
    SEALIFT_TRY_VOID(connection_->database().run(kBeginRead));
    holds_ = true;
    commits_ = commits;
    return {};
  }
  void let_go() {
    if (std::exchange(holds_, false)) static_cast<void>(connection_->database().run(kRollback));
  }
  // Whether what it holds is no more than `commits` commits.
  bool is_of(std::uint32_t commits) const { return commits_ == commits; }
  const Records& records() { return connection_->records(); }

 private:
  std::unique_ptr<Connection> connection_;
  bool holds_ = false;
  std::uint32_t commits_ = 0;
};

class SqliteCatalog final : public Catalog {
 public:
  SqliteCatalog(std::string path, std::unique_ptr<Connection> writer, base::UnixTime latest,
                const volatile std::uint32_t* commits)
      : path_(std::move(path)),
        writer_(std::move(writer)),
        latest_(latest),
        latest_kept_(latest),
        commits_(commits) {}

  std::vector<base::Result<void>> transact_batch(std::span<const Work> batch) override {
    const std::scoped_lock lock(writing_);
    let_snapshots_go();  // the write-ahead log begins anew only while nobody reads it
    std::vector<base::Result<void>> outcomes;
    outcomes.reserve(batch.size());
    auto done = run_batch(batch, outcomes, Savepoints::none);
    if (done && *done == Batch::has_failed) {
      outcomes.clear();
      done = run_batch(batch, outcomes, Savepoints::each);
    }
    if (!done) outcomes.assign(batch.size(), tl::unexpected(done.error()));
    let_snapshots_go();
    return outcomes;
  }

  base::Result<void> read_work(const ReadWork& work) override {
    const std::uint32_t commits = commits_of_all();
    SEALIFT_TRY(std::unique_ptr<Reader> reader, take_reader());
    base::Result<void> outcome = reader->hold(commits);
    if (outcome) outcome = work(reader->records());
    const std::scoped_lock lock(pooling_);
    // An idle reader holds nothing older than the newest commit, and nothing during a scrub: that
    // waits for every snapshot, and no commit comes meanwhile that would end one.
    if (!outcome || is_scrubbing_ || !reader->is_of(commits_of_all())) reader->let_go();
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
    set_scrubbing(true);
    const auto is_busy = writer_->database().first(kCheckpoint, internal::value_of<bool>);
    set_scrubbing(false);
    if (!is_busy) return tl::unexpected(is_busy.error());
    if (is_busy->value_or(true)) return base::fail(base::ErrorCode::io, "catalog: busy");
    return {};
  }

  base::Result<bool> is_sound() override {
    SEALIFT_TRY(const auto reader, SqliteDatabase::open(path_, Access::read));
    SEALIFT_TRY(const auto broken, reader->only<std::uint64_t>(kBroken));
    SEALIFT_TRY(const auto dangling, reader->only<std::uint64_t>(kDangling));
    return broken + dangling == 0;
  }

  base::Result<void> back_up_to(const std::string& path) override {
    SEALIFT_TRY(const auto reader, SqliteDatabase::open(path_, Access::read));
    return reader->back_up_to(path);
  }

 private:
  // A work that fails has to leave no trace, and its neighbours have to stay. That is seldom: so a
  // batch runs without savepoints first, which cost as much as a small work, and again with them
  // when one has failed.
  enum class Savepoints { none, each };
  enum class Batch { done, has_failed };
  base::Result<Batch> run_batch(std::span<const Work> batch,
                                std::vector<base::Result<void>>& outcomes, Savepoints savepoints) {
    if (batch.empty()) return Batch::done;
    SqliteDatabase& database = writer_->database();
    SEALIFT_TRY(Transaction transaction, Transaction::begin(database, kBegin));
    bool has_changes = false;
    for (const Work& work : batch) {
      if (savepoints == Savepoints::each) SEALIFT_TRY_VOID(database.run(kSavepoint));
      outcomes.push_back(work(writer_->records()));
      const bool is_good = outcomes.back().has_value();
      has_changes = has_changes || is_good;
      if (savepoints == Savepoints::each) {
        if (!is_good) SEALIFT_TRY_VOID(database.run(kRollbackWork));
        SEALIFT_TRY_VOID(database.run(kRelease));
      } else if (!is_good && batch.size() > 1) {
        return Batch::has_failed;
      }
    }
    if (has_changes) SEALIFT_TRY_VOID(transaction.commit());
    return Batch::done;
  }

  std::uint32_t commits_of_all() const { return __atomic_load_n(commits_, __ATOMIC_ACQUIRE); }

  // Of the readers that are idle; the others do it when they are done.
  void let_snapshots_go() {
    const std::scoped_lock lock(pooling_);
    for (const auto& reader : readers_) reader->let_go();
  }

  void set_scrubbing(bool is_scrubbing) {
    {
      const std::scoped_lock lock(pooling_);
      is_scrubbing_ = is_scrubbing;
    }
    let_snapshots_go();
  }

  base::Result<std::unique_ptr<Reader>> take_reader() {
    {
      const std::scoped_lock lock(pooling_);
      if (!readers_.empty()) {
        std::unique_ptr<Reader> reader = std::move(readers_.back());
        readers_.pop_back();
        return reader;
      }
    }
    SEALIFT_TRY(auto connection, Connection::open(path_, Access::read));
    return std::make_unique<Reader>(std::move(connection));
  }

  const std::string path_;
  std::mutex writing_;
  std::unique_ptr<Connection> writer_;           // guarded by writing_
  base::UnixTime latest_;                        // guarded by writing_
  base::UnixTime latest_kept_;                   // guarded by writing_
  const volatile std::uint32_t* const commits_;  // of writer_'s database
  std::mutex pooling_;
  std::vector<std::unique_ptr<Reader>> readers_;  // idle ones; guarded by pooling_
  bool is_scrubbing_ = false;                     // guarded by pooling_
};

}  // namespace

base::Result<std::unique_ptr<Catalog>> open_sqlite_catalog(const std::string& path) {
  SEALIFT_TRY(auto writer, Connection::open(path, Access::write));
  SEALIFT_TRY_VOID(internal::migrate(writer->database()));
  SEALIFT_TRY(const auto latest, writer->database().only<base::UnixTime>(kLatest));
  SEALIFT_TRY(const auto commits, writer->database().commit_counter());
  return std::make_unique<SqliteCatalog>(path, std::move(writer), latest, commits);
}

}  // namespace sealift::catalog
