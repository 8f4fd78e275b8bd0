// A case: everything that a census knows of one pile of files, in one SQLite file
// (docs/formats/case.md).
//
// It grows while files arrive: put() adds one top-level file with all that is nested in it, at once
// or in parts; one whose end is missing is read again, so a scan that is killed resumes where it
// stopped. resolve() makes people of the
// records. All reading is in the order of paths, whatever the order of arrival. Not thread-safe.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "census/case/case_sql.h"
#include "census/people/people.h"
#include "census/people/resolve.h"
#include "census/records/record_file.h"

namespace sealift::census {

enum class CasePass : std::uint8_t { documents = 1, scans = 2 };

struct CaseFile {
  std::string path;
  std::string format;
  std::uint64_t size_bytes = 0;
  document::FileStatus status = document::FileStatus::read;
  std::string reason;
  std::uint64_t records = 0;
  std::string same_as{};  // the path of an identical file that was read in its stead; "": none
};

// A file that is byte for byte another one.
struct CaseCopy {
  std::string path;
  std::string original;
};

// One merge, in words for a person: which records, and on what grounds.
struct CaseMerge {
  RecordKey a, b;
  double bits = 0;
  std::uint16_t grounds = 0;
};

enum class Verdict : std::uint8_t { together = 1, apart = 2 };

struct CaseStatements;  // case_put.h

class Case {
 public:
  // The folder is made when it is missing; one that others may enter is refused. Errors: io,
  // forbidden, damaged, unsupported (of a newer version).
  static base::Result<Case> create(const std::string& folder);
  // Errors: not_found (no case there), forbidden, io, damaged, unsupported.
  static base::Result<Case> open(const std::string& folder);

  // Has this top-level file been put, with this size?
  base::Result<bool> has(const std::string& path, CasePass pass, std::uint64_t size_bytes);

  // Does a file in this top-level file still wait for its pictures of text to be read?
  base::Result<bool> waits_for_scans(const std::string& path);

  // Adds what one pass found in a top-level file. A second put of the documents replaces the first;
  // scans add to what the documents gave. Errors: io, no_space.
  base::Result<void> put(const std::string& path, CasePass pass, std::uint64_t size_bytes,
                         const std::vector<FileRecords>& files);

  // The same for documents in parts, so that a long file is never in memory as a whole: any number
  // of parts, then the end. Without its end the file counts as not read, and has() says so.
  struct TopFile {
    std::string path;
    std::uint64_t size_bytes = 0;
    std::int64_t id = 0;                                 // 0: nothing is put yet
    std::unordered_map<std::string, std::int64_t> open;  // files within that have not ended
  };
  base::Result<void> put_part(TopFile& top, const std::vector<FileRecords>& files);
  base::Result<void> put_end(TopFile& top, const std::vector<FileRecords>& files);

  // Drops top-level files that are not in `paths` (sorted): the pile has changed.
  base::Result<void> keep_only(const std::vector<std::string>& paths);

  // What is the same as what: replaces what was put before.
  base::Result<void> put_copies(const std::vector<CaseCopy>& copies);

  base::Result<void> set_as_of(const std::string& iso_date);
  // The date on which ages count: as set, else the newest date of mails and folder names, else "".
  base::Result<std::string> as_of();

  // Makes the people anew from all records and decisions. Gives how many.
  base::Result<std::uint64_t> resolve(const ResolveOptions& options);

  // The same in two steps, for a case that grows meanwhile on another connection: the first reads
  // what is there, the second writes and wants no other writer beside it.
  struct Resolved {
    Resolution resolution;
    std::vector<std::int64_t> record_ids;
  };
  base::Result<Resolved> find_people(const ResolveOptions& options);
  base::Result<std::uint64_t> keep_people(const Resolved& people);

  // Somebody's judgement of two records; counts from the next resolve(). Errors: not_found (one of
  // them is not in the case), io, no_space.
  base::Result<void> decide(const RecordKey& a, const RecordKey& b, Verdict verdict);

  // In the order of their first records. The callback returns false to stop.
  base::Result<void> for_each_person(const std::function<bool(const Person&)>& take);
  // A copy has the status of its original.
  base::Result<void> for_each_file(const std::function<bool(const CaseFile&)>& take);
  base::Result<std::vector<CaseMerge>> merges_of(const Person& person);

  Case(Case&&) noexcept;
  Case& operator=(Case&&) noexcept;
  ~Case();

 private:
  explicit Case(Database database);
  base::Result<void> prepare();
  base::Result<void> put_scans(const std::string& path, const std::vector<FileRecords>& files);
  base::Result<void> put_documents(TopFile& top, const std::vector<FileRecords>& files);
  base::Result<std::int64_t> put_document(TopFile& top, const FileRecords& file);
  base::Result<void> put_record(std::int64_t file, std::uint32_t first_ordinal,
                                const Record& record);
  base::Result<void> write_people(const Resolution& resolution,
                                  const std::vector<std::int64_t>& record_ids);
  base::Result<void> for_each_record(
      const std::function<base::Result<void>(std::int64_t, const Record&)>& take);
  base::Result<std::unordered_map<std::string, Doubts>> doubted_values();
  base::Result<std::vector<std::string>> guardians_of(const std::vector<Record>& records,
                                                      const std::vector<std::int64_t>& ids,
                                                      const std::string& self);

  Database database_;
  std::unique_ptr<CaseStatements> statements_;
};

}  // namespace sealift::census
