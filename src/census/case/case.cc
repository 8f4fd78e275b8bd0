#include "census/case/case.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/file_descriptor.h"
#include "census/case/case_put.h"
#include "census/kinds/dates.h"

namespace sealift::census {
namespace {

constexpr std::int64_t kVersion = 4;
constexpr std::string_view kFileName = "/case.sqlite";

constexpr Sql kSchema = R"sql(
CREATE TABLE IF NOT EXISTS top(
  id INTEGER PRIMARY KEY,
  path TEXT NOT NULL UNIQUE,
  size_bytes INTEGER NOT NULL,
  scans_done INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS file(
  id INTEGER PRIMARY KEY,
  top INTEGER NOT NULL REFERENCES top(id) ON DELETE CASCADE,
  path TEXT NOT NULL,
  format TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  status INTEGER NOT NULL,
  reason TEXT NOT NULL,
  dated TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS file_path ON file(path);
CREATE INDEX IF NOT EXISTS file_top ON file(top);
CREATE TABLE IF NOT EXISTS record(
  id INTEGER PRIMARY KEY,
  role INTEGER NOT NULL,
  work_data INTEGER NOT NULL,
  uncertain INTEGER NOT NULL,
  minor INTEGER,
  deceased INTEGER,
  content BLOB NOT NULL
) STRICT;
CREATE TRIGGER IF NOT EXISTS file_gone AFTER DELETE ON file BEGIN
  DELETE FROM record WHERE id BETWEEN old.id << 32 AND (old.id << 32) + 4294967295;
END;
CREATE TABLE IF NOT EXISTS person(
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  doubts INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS doubted_value(
  value TEXT PRIMARY KEY,
  doubts INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS person_record(
  person INTEGER NOT NULL,
  position INTEGER NOT NULL,
  record INTEGER NOT NULL UNIQUE,
  PRIMARY KEY(person, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS merge(
  id INTEGER PRIMARY KEY,
  record_a INTEGER NOT NULL,
  record_b INTEGER NOT NULL,
  bits REAL NOT NULL,
  grounds INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS merge_record ON merge(record_a);
CREATE TABLE IF NOT EXISTS decision(
  path_a TEXT NOT NULL, ordinal_a INTEGER NOT NULL,
  path_b TEXT NOT NULL, ordinal_b INTEGER NOT NULL,
  verdict INTEGER NOT NULL,
  PRIMARY KEY(path_a, ordinal_a, path_b, ordinal_b)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS copy(
  path TEXT PRIMARY KEY,
  original TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS setting(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
)sql";

std::string newest_date_in(std::string_view path) {
  std::string newest;
  for (std::size_t i = 0; i + 10 <= path.size(); ++i) {
    const bool starts = i == 0 || path[i - 1] == '/';
    const bool ends = i + 10 == path.size() || path[i + 10] == '/';
    if (!starts || !ends) continue;
    if (parse_iso_date(path.substr(i, 10)) && path.substr(i, 10) > newest)
      newest = path.substr(i, 10);
  }
  return newest;
}

// Nobody else on the machine may look into a case, or put one in its place.
base::Result<void> check_private(const std::string& folder) {
  struct stat status {};
  if (lstat(folder.c_str(), &status) != 0)
    return base::fail(base::ErrorCode::not_found, "there is no case in that folder");
  if (!S_ISDIR(status.st_mode))
    return base::fail(base::ErrorCode::io, "the case's folder is a link or a file, not a folder");
  if ((status.st_mode & 0077U) != 0)
    return base::fail(base::ErrorCode::forbidden,
                      "others may enter the case's folder: chmod 700 it, or name a new one");
  return {};
}

// SQLite makes its file with the rights that everyone's files have, and others beside it with the
// rights of that one.
base::Result<void> make_private_file(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (descriptor < 0) return tl::unexpected(base::error_of_errno(errno, "making the case's file"));
  const bool narrowed = fchmod(descriptor, 0600) == 0;
  close(descriptor);
  if (!narrowed) return base::fail(base::ErrorCode::forbidden, "the case's file is not yours");
  return {};
}

}  // namespace

Case::Case(Database database) : database_(std::move(database)) {}
Case::Case(Case&&) noexcept = default;
Case& Case::operator=(Case&&) noexcept = default;
Case::~Case() = default;

base::Result<Case> Case::create(const std::string& folder) {
  if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
    return tl::unexpected(base::error_of_errno(errno, "making the case's folder"));
  SEALIFT_TRY_VOID(check_private(folder));
  SEALIFT_TRY_VOID(make_private_file(folder + std::string(kFileName)));
  SEALIFT_TRY(Database database,
              Database::open(folder + std::string(kFileName), Database::Mode::create));
  Case made(std::move(database));
  SEALIFT_TRY_VOID(made.prepare());
  return made;
}

base::Result<Case> Case::open(const std::string& folder) {
  SEALIFT_TRY_VOID(check_private(folder));
  SEALIFT_TRY(Database database,
              Database::open(folder + std::string(kFileName), Database::Mode::write));
  Case opened(std::move(database));
  SEALIFT_TRY_VOID(opened.prepare());
  return opened;
}

base::Result<void> Case::prepare() {
  SEALIFT_TRY_VOID(database_.execute(
      "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
      "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-65536; PRAGMA trusted_schema=OFF"));
  SEALIFT_TRY(Statement version, database_.prepare("PRAGMA user_version"));
  SEALIFT_TRY(const bool has_row, version.step());
  const std::int64_t found = has_row ? version.integer(0) : 0;
  version.reset();
  if (found > kVersion)
    return base::fail(base::ErrorCode::unsupported, "the case was made by a newer version");
  if (found != 0 && found != kVersion)
    return base::fail(base::ErrorCode::unsupported,
                      "the case was made by an older version: scan into a new folder");
  if (found != kVersion) {
    SEALIFT_TRY_VOID(database_.execute(kSchema));
    SEALIFT_TRY_VOID(database_.execute("PRAGMA user_version=4"));
  }
  SEALIFT_TRY(CaseStatements statements, CaseStatements::prepare(database_));
  statements_ = std::make_unique<CaseStatements>(std::move(statements));
  return {};
}

base::Result<bool> Case::has(const std::string& path, CasePass pass, std::uint64_t size_bytes) {
  SEALIFT_TRY(Statement find,
              database_.prepare("SELECT size_bytes, scans_done FROM top WHERE path=?"));
  find.bind(path);
  SEALIFT_TRY(const bool found, find.step());
  if (!found || find.integer(0) != static_cast<std::int64_t>(size_bytes)) return false;
  if (find.integer(1) == kBeingRead) return false;
  return pass == CasePass::documents || find.integer(1) != 0;
}

base::Result<bool> Case::waits_for_scans(const std::string& path) {
  SEALIFT_TRY(Statement find,
              database_.prepare("SELECT 1 FROM top JOIN file ON file.top=top.id "
                                "WHERE top.path=? AND scans_done=0 AND reason=? LIMIT 1"));
  find.bind(path).bind(kWaitsForScans);
  return find.step();
}

base::Result<void> Case::keep_only(const std::vector<std::string>& paths) {
  SEALIFT_TRY(Transaction transaction, Transaction::begin(database_));
  std::vector<std::string> gone;
  SEALIFT_TRY(Statement all, database_.prepare("SELECT path FROM top ORDER BY path"));
  for (;;) {
    SEALIFT_TRY(const bool more, all.step());
    if (!more) break;
    if (std::string path = all.text(0); !std::ranges::binary_search(paths, path))
      gone.push_back(std::move(path));
  }
  SEALIFT_TRY(Statement drop, database_.prepare("DELETE FROM top WHERE path=?"));
  for (const std::string& path : gone) SEALIFT_TRY_VOID(drop.bind(path).run());
  return transaction.commit();
}

base::Result<void> Case::put_copies(const std::vector<CaseCopy>& copies) {
  SEALIFT_TRY(Transaction transaction, Transaction::begin(database_));
  SEALIFT_TRY_VOID(database_.execute("DELETE FROM copy"));
  SEALIFT_TRY(Statement add, database_.prepare("INSERT INTO copy VALUES(?,?)"));
  for (const CaseCopy& copy : copies)
    SEALIFT_TRY_VOID(add.bind(copy.path).bind(copy.original).run());
  return transaction.commit();
}

base::Result<void> Case::set_as_of(const std::string& iso_date) {
  SEALIFT_TRY(Statement set, database_.prepare("INSERT OR REPLACE INTO setting VALUES('as_of',?)"));
  return set.bind(iso_date).run();
}

base::Result<std::string> Case::as_of() {
  SEALIFT_TRY(Statement get, database_.prepare("SELECT value FROM setting WHERE key='as_of'"));
  SEALIFT_TRY(const bool is_set, get.step());
  if (is_set) return get.text(0);
  std::string newest;
  SEALIFT_TRY(Statement dates, database_.prepare("SELECT path, dated FROM file"));
  for (;;) {
    SEALIFT_TRY(const bool more, dates.step());
    if (!more) return newest;
    newest = std::max({newest, newest_date_in(dates.text(0)), dates.text(1)});
  }
}

base::Result<void> Case::decide(const RecordKey& a, const RecordKey& b, Verdict verdict) {
  SEALIFT_TRY(Statement find, database_.prepare("SELECT 1 FROM file JOIN record ON "
                                                "record.id=(file.id<<32)+? WHERE file.path=?"));
  for (const RecordKey* record : {&a, &b}) {
    SEALIFT_TRY(const bool found,
                find.bind(std::int64_t{record->ordinal}).bind(record->path).step());
    if (!found) return base::fail(base::ErrorCode::not_found, "the case has no such record");
    find.reset();
  }
  SEALIFT_TRY(Statement add,
              database_.prepare("INSERT OR REPLACE INTO decision VALUES(?,?,?,?,?)"));
  const RecordKey& first = std::min(a, b);
  const RecordKey& second = std::max(a, b);
  add.bind(first.path)
      .bind(std::int64_t{first.ordinal})
      .bind(second.path)
      .bind(std::int64_t{second.ordinal});
  return add.bind(static_cast<std::int64_t>(verdict)).run();
}

}  // namespace sealift::census
