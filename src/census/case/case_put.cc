#include "census/case/case_put.h"

#include <utility>

#include "census/records/record_content.h"

namespace sealift::census {
namespace {

constexpr std::string_view kNotEnded = "its reading has not ended";

void bind_flag(Statement& statement, std::optional<bool> flag) {
  if (flag) {
    statement.bind(std::int64_t{*flag});
  } else {
    statement.bind_null();
  }
}

// A row that the statement makes or changes: its id; nothing when there is none.
base::Result<std::optional<std::int64_t>> id_of_run(Statement& statement) {
  SEALIFT_TRY(const bool found, statement.step());
  std::optional<std::int64_t> id;
  if (found) id = statement.integer(0);
  SEALIFT_TRY_VOID(statement.run());
  return id;
}

}  // namespace

base::Result<CaseStatements> CaseStatements::prepare(Database& database) {
  SEALIFT_TRY(Statement add_file,
              database.prepare("INSERT INTO file(top,path,format,size_bytes,status,reason,dated) "
                               "VALUES(?,?,?,?,?,?,?) RETURNING id"));
  SEALIFT_TRY(Statement end_file,
              database.prepare("UPDATE file SET status=?, reason=?, dated=? WHERE id=?"));
  SEALIFT_TRY(
      Statement scanned_file,
      database.prepare("UPDATE file SET status=?, reason=? WHERE top=? AND path=? RETURNING id"));
  SEALIFT_TRY(
      Statement next_ordinal,
      database.prepare("SELECT coalesce(max(id)+1,0) FROM record WHERE id BETWEEN ? AND ?"));
  SEALIFT_TRY(Statement add_record, database.prepare("INSERT INTO record VALUES(?,?,?,?,?,?,?)"));
  return CaseStatements{std::move(add_file),     std::move(end_file),   std::move(scanned_file),
                        std::move(next_ordinal), std::move(add_record), {}};
}

base::Result<void> Case::put(const std::string& path, CasePass pass, std::uint64_t size_bytes,
                             const std::vector<FileRecords>& files) {
  if (pass == CasePass::scans) return put_scans(path, files);
  TopFile top;
  top.path = path;
  top.size_bytes = size_bytes;
  return put_end(top, files);
}

base::Result<void> Case::put_part(TopFile& top, const std::vector<FileRecords>& files) {
  SEALIFT_TRY(Transaction transaction, Transaction::begin(database_));
  SEALIFT_TRY_VOID(put_documents(top, files));
  return transaction.commit();
}

base::Result<void> Case::put_end(TopFile& top, const std::vector<FileRecords>& files) {
  SEALIFT_TRY(Transaction transaction, Transaction::begin(database_));
  SEALIFT_TRY_VOID(put_documents(top, files));
  SEALIFT_TRY(Statement done, database_.prepare("UPDATE top SET scans_done=0 WHERE id=?"));
  SEALIFT_TRY_VOID(done.bind(top.id).run());
  return transaction.commit();
}

base::Result<void> Case::put_documents(TopFile& top, const std::vector<FileRecords>& files) {
  if (top.id == 0) {
    SEALIFT_TRY(Statement drop, database_.prepare("DELETE FROM top WHERE path=?"));
    SEALIFT_TRY_VOID(drop.bind(top.path).run());
    SEALIFT_TRY(Statement add,
                database_.prepare(
                    "INSERT INTO top(path,size_bytes,scans_done) VALUES(?,?,?) RETURNING id"));
    add.bind(top.path).bind(static_cast<std::int64_t>(top.size_bytes)).bind(kBeingRead);
    SEALIFT_TRY(const auto id, id_of_run(add));
    top.id = id.value_or(0);
  }
  for (const FileRecords& file : files) {
    SEALIFT_TRY(const std::int64_t id, put_document(top, file));
    for (const Record& record : file.records) SEALIFT_TRY_VOID(put_record(id, 0, record));
  }
  return {};
}

base::Result<std::int64_t> Case::put_document(TopFile& top, const FileRecords& file) {
  const auto known = top.open.find(file.path);
  if (known == top.open.end()) {
    const auto status = file.ended ? file.status : document::FileStatus::partial;
    Statement& add = statements_->add_file;
    add.bind(top.id).bind(file.path).bind(file.format);
    add.bind(static_cast<std::int64_t>(file.size_bytes)).bind(static_cast<std::int64_t>(status));
    add.bind(file.ended ? std::string_view(file.reason) : kNotEnded).bind(file.dated);
    SEALIFT_TRY(const auto id, id_of_run(add));
    if (!file.ended) top.open.emplace(file.path, id.value_or(0));
    return id.value_or(0);
  }
  const std::int64_t id = known->second;
  if (!file.ended) return id;
  Statement& end = statements_->end_file;
  end.bind(static_cast<std::int64_t>(file.status)).bind(file.reason).bind(file.dated).bind(id);
  SEALIFT_TRY_VOID(end.run());
  top.open.erase(known);
  return id;
}

base::Result<void> Case::put_scans(const std::string& path, const std::vector<FileRecords>& files) {
  SEALIFT_TRY(Transaction transaction, Transaction::begin(database_));
  SEALIFT_TRY(Statement done,
              database_.prepare("UPDATE top SET scans_done=1 WHERE path=? RETURNING id"));
  SEALIFT_TRY(const auto top, id_of_run(done.bind(path)));
  if (!top) return base::fail(base::ErrorCode::conflict, "scans of a file that was not read");
  for (const FileRecords& file : files) {
    Statement& scanned = statements_->scanned_file;
    scanned.bind(static_cast<std::int64_t>(file.status))
        .bind(file.reason)
        .bind(*top)
        .bind(file.path);
    SEALIFT_TRY(const auto id, id_of_run(scanned));
    if (!id) return base::fail(base::ErrorCode::conflict, "a scan in a file that was not read");
    Statement& next = statements_->next_ordinal;
    SEALIFT_TRY(const auto first,
                id_of_run(next.bind(first_record_id(*id)).bind(last_record_id(*id))));
    for (const Record& record : file.records)
      SEALIFT_TRY_VOID(put_record(*id, ordinal_of_record(first.value_or(0)), record));
  }
  return transaction.commit();
}

base::Result<void> Case::put_record(std::int64_t file, std::uint32_t first_ordinal,
                                    const Record& record) {
  pack_content(record, first_ordinal, statements_->content);
  Statement& add = statements_->add_record;
  add.bind(first_record_id(file) + first_ordinal + record.ordinal);
  add.bind(static_cast<std::int64_t>(record.role))
      .bind(std::int64_t{record.work_data})
      .bind(std::int64_t{record.uncertain});
  bind_flag(add, record.minor);
  bind_flag(add, record.deceased);
  return add.bind_borrowed(statements_->content).run();
}

}  // namespace sealift::census
