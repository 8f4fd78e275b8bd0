// The half of a case that makes people of records and reads them back.
#include <algorithm>
#include <unordered_map>

#include "census/case/case.h"
#include "census/case/case_put.h"
#include "census/records/record_content.h"

namespace sealift::census {
namespace {

std::optional<bool> flag_of(const Statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return row.integer(column) != 0;
}

// A row of id, role, work_data, uncertain, minor, deceased, content. Errors: damaged.
base::Result<Record> record_of(const Statement& row, const std::string& path) {
  Record record;
  record.path = path;
  record.ordinal = ordinal_of_record(row.integer(0));
  record.role = static_cast<Role>(row.integer(1));
  record.work_data = row.integer(2) != 0;
  record.uncertain = row.integer(3) != 0;
  record.minor = flag_of(row, 4);
  record.deceased = flag_of(row, 5);
  if (!unpack_content(row.bytes(6), record))
    return base::fail(base::ErrorCode::damaged, "a record of the case is damaged");
  return record;
}

}  // namespace

base::Result<void> Case::for_each_record(
    const std::function<base::Result<void>(std::int64_t, const Record&)>& take) {
  SEALIFT_TRY(Statement files, database_.prepare("SELECT id,path FROM file ORDER BY path,id"));
  SEALIFT_TRY(
      Statement records,
      database_.prepare("SELECT id,role,work_data,uncertain,minor,deceased,content FROM record "
                        "WHERE id BETWEEN ? AND ? ORDER BY id"));
  for (;;) {
    SEALIFT_TRY(const bool more_files, files.step());
    if (!more_files) return {};
    const std::int64_t file = files.integer(0);
    const std::string path = files.text(1);
    records.bind(first_record_id(file)).bind(last_record_id(file));
    for (;;) {
      SEALIFT_TRY(const bool more, records.step());
      if (!more) break;
      SEALIFT_TRY(const Record record, record_of(records, path));
      SEALIFT_TRY_VOID(take(records.integer(0), record));
    }
    records.reset();
  }
}

base::Result<std::uint64_t> Case::resolve(const ResolveOptions& options) {
  SEALIFT_TRY(const Resolved people, find_people(options));
  return keep_people(people);
}

base::Result<Case::Resolved> Case::find_people(const ResolveOptions& options) {
  Resolver resolver;
  SEALIFT_TRY(
      Statement decisions,
      database_.prepare(
          "SELECT path_a,ordinal_a,path_b,ordinal_b,verdict FROM decision ORDER BY 1,2,3,4"));
  for (;;) {
    SEALIFT_TRY(const bool more, decisions.step());
    if (!more) break;
    const RecordKey a{decisions.text(0), static_cast<std::uint32_t>(decisions.integer(1))};
    const RecordKey b{decisions.text(2), static_cast<std::uint32_t>(decisions.integer(3))};
    if (decisions.integer(4) == static_cast<std::int64_t>(Verdict::together)) {
      resolver.decide_together(a, b);
    } else {
      resolver.decide_apart(a, b);
    }
  }
  std::vector<std::int64_t> ids;
  SEALIFT_TRY_VOID(
      for_each_record([&](std::int64_t id, const Record& record) -> base::Result<void> {
        resolver.add(record);
        ids.push_back(id);
        return {};
      }));
  return Resolved{resolver.resolve(options), std::move(ids)};
}

base::Result<std::uint64_t> Case::keep_people(const Resolved& people) {
  SEALIFT_TRY(Transaction transaction, Transaction::begin(database_));
  SEALIFT_TRY_VOID(write_people(people.resolution, people.record_ids));
  SEALIFT_TRY_VOID(transaction.commit());
  return people.resolution.people;
}

base::Result<void> Case::write_people(const Resolution& resolution,
                                      const std::vector<std::int64_t>& record_ids) {
  SEALIFT_TRY_VOID(
      database_.execute("DELETE FROM person; DELETE FROM person_record; DELETE FROM merge;"
                        "DELETE FROM doubted_value"));
  SEALIFT_TRY(Statement link, database_.prepare("INSERT INTO person_record VALUES(?,?,?)"));
  SEALIFT_TRY(Statement place, database_.prepare("SELECT path FROM file WHERE id=?"));
  SEALIFT_TRY(Statement add, database_.prepare("INSERT INTO person VALUES(?,?,?)"));
  std::vector<std::int64_t> positions(resolution.people, 0);
  std::unordered_map<std::string, int> taken;
  for (std::size_t i = 0; i < record_ids.size(); ++i) {
    const std::uint32_t person = resolution.person_of_record[i];
    if (positions[person] == 0) {
      SEALIFT_TRY(const bool found, place.bind(file_of_record(record_ids[i])).step());
      std::string id = found ? person_id({place.text(0), ordinal_of_record(record_ids[i])}) : "";
      place.reset();
      if (const int before = taken[id]++; before > 0) id += "-" + std::to_string(before + 1);
      add.bind(std::int64_t{person}).bind(id);
      SEALIFT_TRY_VOID(add.bind(std::int64_t{resolution.doubts.of_people[person]}).run());
    }
    SEALIFT_TRY_VOID(
        link.bind(std::int64_t{person}).bind(positions[person]++).bind(record_ids[i]).run());
  }
  SEALIFT_TRY(
      Statement merge,
      database_.prepare("INSERT INTO merge(record_a,record_b,bits,grounds) VALUES(?,?,?,?)"));
  for (const Merge& m : resolution.merges) {
    merge.bind(record_ids[m.record_a])
        .bind(record_ids[m.record_b])
        .bind_real(static_cast<double>(m.bits));
    SEALIFT_TRY_VOID(merge.bind(std::int64_t{m.grounds}).run());
  }
  SEALIFT_TRY(Statement doubt, database_.prepare("INSERT INTO doubted_value VALUES(?,?)"));
  for (const auto& [value, doubts] : resolution.doubts.of_values)
    SEALIFT_TRY_VOID(doubt.bind(value).bind(std::int64_t{doubts}).run());
  return {};
}

base::Result<std::unordered_map<std::string, Doubts>> Case::doubted_values() {
  std::unordered_map<std::string, Doubts> doubted;
  SEALIFT_TRY(Statement rows, database_.prepare("SELECT value,doubts FROM doubted_value"));
  for (;;) {
    SEALIFT_TRY(const bool more, rows.step());
    if (!more) return doubted;
    doubted.emplace(rows.text(0), static_cast<Doubts>(rows.integer(1)));
  }
}

base::Result<std::vector<std::string>> Case::guardians_of(const std::vector<Record>& records,
                                                          const std::vector<std::int64_t>& ids,
                                                          const std::string& self) {
  std::vector<std::string> guardians;
  SEALIFT_TRY(Statement find, database_.prepare("SELECT p.id FROM person_record m JOIN person p ON "
                                                "p.number=m.person WHERE m.record=?"));
  for (std::size_t i = 0; i < records.size(); ++i) {
    for (const Relation& relation : records[i].relations) {
      if (relation.kind != Relation::Kind::guardian) continue;
      find.bind(first_record_id(file_of_record(ids[i])) + relation.other);
      SEALIFT_TRY(const bool found, find.step());
      if (std::string id = found ? find.text(0) : self; id != self)
        guardians.push_back(std::move(id));
      find.reset();
    }
  }
  std::ranges::sort(guardians);
  guardians.erase(std::unique(guardians.begin(), guardians.end()), guardians.end());
  return guardians;
}

base::Result<void> Case::for_each_person(const std::function<bool(const Person&)>& take) {
  SEALIFT_TRY(const std::string ages_on, as_of());
  SEALIFT_TRY(const auto doubted, doubted_values());
  SEALIFT_TRY(
      Statement rows,
      database_.prepare(
          "SELECT r.id,r.role,r.work_data,r.uncertain,r.minor,r.deceased,r.content,p.number,p.id,"
          "f.path,p.doubts FROM person p JOIN person_record m ON m.person=p.number JOIN record r "
          "ON "
          "r.id=m.record JOIN file f ON f.id=r.id>>32 ORDER BY p.number,m.position"));
  std::vector<Record> records;
  std::vector<std::int64_t> ids;
  std::string person_name;
  std::int64_t number = -1;
  Doubts doubts = 0;
  const auto finish = [&]() -> base::Result<bool> {
    if (records.empty()) return true;
    Person person = person_of_records(records, ages_on, {doubts, &doubted});
    person.id = person_name;
    SEALIFT_TRY(person.guardians, guardians_of(records, ids, person.id));
    records.clear();
    ids.clear();
    return take(person);
  };
  for (;;) {
    SEALIFT_TRY(const bool more, rows.step());
    if (!more || rows.integer(7) != number) {
      SEALIFT_TRY(const bool go_on, finish());
      if (!more || !go_on) return {};
      number = rows.integer(7);
      person_name = rows.text(8);
      doubts = static_cast<Doubts>(rows.integer(10));
    }
    SEALIFT_TRY(Record record, record_of(rows, rows.text(9)));
    records.push_back(std::move(record));
    ids.push_back(rows.integer(0));
  }
}

base::Result<void> Case::for_each_file(const std::function<bool(const CaseFile&)>& take) {
  // A copy stands for the file that it is the same as, and for all that is nested in it.
  SEALIFT_TRY(
      Statement rows,
      database_.prepare(
          "SELECT path,format,size_bytes,status,reason,"
          "(SELECT count(*) FROM record WHERE record.id BETWEEN file.id<<32 "
          "AND (file.id<<32)+4294967295),'',file.id FROM file "
          "UNION ALL SELECT copy.path,file.format,file.size_bytes,file.status,file.reason,0,"
          "copy.original,file.id FROM copy JOIN file ON file.path=copy.original ORDER BY 1,8"));
  for (;;) {
    SEALIFT_TRY(const bool more, rows.step());
    if (!more) return {};
    CaseFile file;
    file.path = rows.text(0);
    file.format = rows.text(1);
    file.size_bytes = static_cast<std::uint64_t>(rows.integer(2));
    file.status = static_cast<document::FileStatus>(rows.integer(3));
    file.reason = rows.text(4);
    file.records = static_cast<std::uint64_t>(rows.integer(5));
    file.same_as = rows.text(6);
    if (!take(file)) return {};
  }
}

base::Result<std::vector<CaseMerge>> Case::merges_of(const Person& person) {
  std::vector<CaseMerge> merges;
  SEALIFT_TRY(Statement find,
              database_.prepare(
                  "SELECT fa.path,g.record_a,fb.path,g.record_b,g.bits,g.grounds FROM person p "
                  "JOIN person_record m ON m.person=p.number JOIN merge g ON g.record_a=m.record "
                  "JOIN file fa ON fa.id=g.record_a>>32 JOIN file fb ON fb.id=g.record_b>>32 "
                  "WHERE p.id=? ORDER BY g.id"));
  find.bind(person.id);
  for (;;) {
    SEALIFT_TRY(const bool more, find.step());
    if (!more) return merges;
    CaseMerge merge;
    merge.a = {find.text(0), ordinal_of_record(find.integer(1))};
    merge.b = {find.text(2), ordinal_of_record(find.integer(3))};
    merge.bits = find.real(4);
    merge.grounds = static_cast<std::uint16_t>(find.integer(5));
    merges.push_back(std::move(merge));
  }
}

}  // namespace sealift::census
