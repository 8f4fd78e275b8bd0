// A case: everything that a census knows of one pile of files, in one SQLite file
// (docs/formats/case.md).
//
// It grows while files arrive: put() adds one top-level file with all that is nested in it, whole
// or not at all, so a scan that is killed resumes where it stopped. resolve() makes people of the
// records. All reading is in the order of paths, whatever the order of arrival. Not thread-safe.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "census/case_sql.h"
#include "census/people.h"
#include "census/record_file.h"
#include "census/resolve.h"

namespace sealift::census {

// The reason of a file whose pictures of text the first pass left for the second.
inline constexpr std::string_view kWaitsForScans = "pictures of text wait for recognition";

enum class CasePass : std::uint8_t { documents = 1, scans = 2 };

struct CaseFile {
  std::string path;
  std::string format;
  std::uint64_t size_bytes = 0;
  document::FileStatus status = document::FileStatus::read;
  std::string reason;
  std::uint64_t records = 0;
};

// One merge, in words for a person: which records, and on what grounds.
struct CaseMerge {
  RecordKey a, b;
  double bits = 0;
  std::uint16_t grounds = 0;
};

enum class Verdict : std::uint8_t { together = 1, apart = 2 };

class Case {
 public:
  // The folder is made when it is missing. Errors: io, damaged, unsupported (of a newer version).
  static base::Result<Case> create(const std::string& folder);
  // Errors: not_found (no case there), io, damaged, unsupported.
  static base::Result<Case> open(const std::string& folder);

  // Has this top-level file been put, with this size?
  base::Result<bool> has(const std::string& path, CasePass pass, std::uint64_t size_bytes);

  // Does a file in this top-level file still wait for its pictures of text to be read?
  base::Result<bool> waits_for_scans(const std::string& path);

  // Adds what one pass found in a top-level file. A second put of the documents replaces the first;
  // scans add to what the documents gave. Errors: io, no_space.
  base::Result<void> put(const std::string& path, CasePass pass, std::uint64_t size_bytes,
                         const std::vector<FileRecords>& files);

  // Drops top-level files that are not in `paths` (sorted): the pile has changed.
  base::Result<void> keep_only(const std::vector<std::string>& paths);

  base::Result<void> set_as_of(const std::string& iso_date);
  // The date on which ages count: as set, else the newest date of mails and folder names, else "".
  base::Result<std::string> as_of();

  // Makes the people anew from all records and decisions. Gives how many.
  base::Result<std::uint64_t> resolve(const ResolveOptions& options);

  // Somebody's judgement of two records; counts from the next resolve().
  base::Result<void> decide(const RecordKey& a, const RecordKey& b, Verdict verdict);

  // In the order of their first records. The callback returns false to stop.
  base::Result<void> for_each_person(const std::function<bool(const Person&)>& take);
  base::Result<void> for_each_file(const std::function<bool(const CaseFile&)>& take);
  base::Result<std::vector<CaseMerge>> merges_of(const Person& person);

 private:
  explicit Case(Database database);
  base::Result<void> prepare();
  base::Result<void> put_file(std::int64_t top, const FileRecords& file, CasePass pass);
  base::Result<void> put_record(std::int64_t file, std::uint32_t first_ordinal,
                                const Record& record);
  base::Result<void> write_people(const Resolution& resolution,
                                  const std::vector<std::int64_t>& record_ids);
  base::Result<void> for_each_record(
      const std::function<base::Result<void>(std::int64_t, const Record&)>& take);
  base::Result<std::vector<std::string>> guardians_of(const std::vector<std::int64_t>& records,
                                                      const std::string& self);

  Database database_;
};

}  // namespace sealift::census
