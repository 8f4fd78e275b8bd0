// The half of a case that makes people of records and reads them back.
#include <algorithm>
#include <unordered_map>

#include "census/case.h"

namespace sealift::census {
namespace {

std::optional<bool> flag_of(const Statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return row.integer(column) != 0;
}

// The columns of kRecordColumns, from 1.
Record record_of(const Statement& row) {
  Record record;
  record.path = row.text(1);
  record.ordinal = static_cast<std::uint32_t>(row.integer(2));
  record.role = static_cast<Role>(row.integer(3));
  record.work_data = row.integer(4) != 0;
  record.uncertain = row.integer(5) != 0;
  record.minor = flag_of(row, 6);
  record.deceased = flag_of(row, 7);
  return record;
}

base::Result<void> read_elements(Statement& elements, std::int64_t id, Record& record) {
  elements.bind(id);
  for (;;) {
    SEALIFT_TRY(const bool more, elements.step());
    if (!more) break;
    Element element;
    element.type = static_cast<ElementType>(elements.integer(0));
    element.value = elements.text(1);
    element.locator = elements.text(2);
    element.confidence = static_cast<float>(elements.real(3));
    element.day_month_unsure = elements.integer(4) != 0;
    element.recognised = elements.integer(5) != 0;
    record.elements.push_back(std::move(element));
  }
  elements.reset();
  return {};
}

constexpr Sql kElements =
    "SELECT type,value,locator,confidence,day_month_unsure,recognised FROM element WHERE record=? "
    "ORDER BY position";

}  // namespace

base::Result<void> Case::for_each_record(
    const std::function<base::Result<void>(std::int64_t, const Record&)>& take) {
  SEALIFT_TRY(Statement all,
              database_.prepare(
                  "SELECT r.id,f.path,r.ordinal,r.role,r.work_data,r.uncertain,r.minor,r.deceased "
                  "FROM file f JOIN record r ON r.file=f.id ORDER BY f.path,f.id,r.ordinal"));
  SEALIFT_TRY(Statement elements, database_.prepare(kElements));
  SEALIFT_TRY(
      Statement relations,
      database_.prepare("SELECT kind,other FROM relation WHERE record=? ORDER BY kind,other"));
  for (;;) {
    SEALIFT_TRY(const bool more, all.step());
    if (!more) return {};
    const std::int64_t id = all.integer(0);
    Record record = record_of(all);
    SEALIFT_TRY_VOID(read_elements(elements, id, record));
    relations.bind(id);
    for (;;) {
      SEALIFT_TRY(const bool related, relations.step());
      if (!related) break;
      record.relations.push_back({static_cast<Relation::Kind>(relations.integer(0)),
                                  static_cast<std::uint32_t>(relations.integer(1))});
    }
    relations.reset();
    SEALIFT_TRY_VOID(take(id, record));
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
      database_.execute("DELETE FROM person; DELETE FROM person_record; DELETE FROM merge"));
  SEALIFT_TRY(Statement link, database_.prepare("INSERT INTO person_record VALUES(?,?,?)"));
  SEALIFT_TRY(Statement place,
              database_.prepare(
                  "SELECT f.path,r.ordinal FROM record r JOIN file f ON f.id=r.file WHERE r.id=?"));
  SEALIFT_TRY(Statement add, database_.prepare("INSERT INTO person VALUES(?,?)"));
  std::vector<std::int64_t> positions(resolution.people, 0);
  std::unordered_map<std::string, int> taken;
  for (std::size_t i = 0; i < record_ids.size(); ++i) {
    const std::uint32_t person = resolution.person_of_record[i];
    if (positions[person] == 0) {
      SEALIFT_TRY(const bool found, place.bind(record_ids[i]).step());
      std::string id =
          found ? person_id({place.text(0), static_cast<std::uint32_t>(place.integer(1))}) : "";
      place.reset();
      if (const int before = taken[id]++; before > 0) id += "-" + std::to_string(before + 1);
      SEALIFT_TRY_VOID(add.bind(std::int64_t{person}).bind(id).run());
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
  return {};
}

base::Result<std::vector<std::string>> Case::guardians_of(const std::vector<std::int64_t>& records,
                                                          const std::string& self) {
  std::vector<std::string> ids;
  SEALIFT_TRY(Statement find,
              database_.prepare("SELECT p.id FROM relation l JOIN record r ON r.id=l.record JOIN "
                                "record o ON o.file=r.file AND o.ordinal=l.other "
                                "JOIN person_record m ON m.record=o.id JOIN person p ON "
                                "p.number=m.person WHERE l.record=? AND l.kind=0"));
  for (const std::int64_t record : records) {
    find.bind(record);
    for (;;) {
      SEALIFT_TRY(const bool more, find.step());
      if (!more) break;
      if (std::string id = find.text(0); id != self) ids.push_back(std::move(id));
    }
    find.reset();
  }
  std::ranges::sort(ids);
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

base::Result<void> Case::for_each_person(const std::function<bool(const Person&)>& take) {
  SEALIFT_TRY(const std::string ages_on, as_of());
  SEALIFT_TRY(
      Statement rows,
      database_.prepare(
          "SELECT "
          "r.id,f.path,r.ordinal,r.role,r.work_data,r.uncertain,r.minor,r.deceased,p.number,p.id "
          "FROM person p JOIN person_record m ON m.person=p.number JOIN record r ON r.id=m.record "
          "JOIN file f ON f.id=r.file ORDER BY p.number,m.position"));
  SEALIFT_TRY(Statement elements, database_.prepare(kElements));
  std::vector<Record> records;
  std::vector<std::int64_t> ids;
  std::string person_name;
  std::int64_t number = -1;
  const auto finish = [&]() -> base::Result<bool> {
    if (records.empty()) return true;
    Person person = person_of_records(records, ages_on);
    person.id = person_name;
    SEALIFT_TRY(person.guardians, guardians_of(ids, person.id));
    records.clear();
    ids.clear();
    return take(person);
  };
  for (;;) {
    SEALIFT_TRY(const bool more, rows.step());
    if (!more || rows.integer(8) != number) {
      SEALIFT_TRY(const bool go_on, finish());
      if (!more || !go_on) return {};
      number = rows.integer(8);
      person_name = rows.text(9);
    }
    records.push_back(record_of(rows));
    ids.push_back(rows.integer(0));
    SEALIFT_TRY_VOID(read_elements(elements, ids.back(), records.back()));
  }
}

base::Result<void> Case::for_each_file(const std::function<bool(const CaseFile&)>& take) {
  SEALIFT_TRY(Statement rows,
              database_.prepare("SELECT path,format,size_bytes,status,reason,(SELECT count(*) FROM "
                                "record WHERE file=file.id) "
                                "FROM file ORDER BY path,id"));
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
    if (!take(file)) return {};
  }
}

base::Result<std::vector<CaseMerge>> Case::merges_of(const Person& person) {
  std::vector<CaseMerge> merges;
  SEALIFT_TRY(Statement find,
              database_.prepare(
                  "SELECT fa.path,a.ordinal,fb.path,b.ordinal,g.bits,g.grounds FROM person p "
                  "JOIN person_record m ON m.person=p.number JOIN merge g ON g.record_a=m.record "
                  "JOIN record a ON a.id=g.record_a JOIN file fa ON fa.id=a.file "
                  "JOIN record b ON b.id=g.record_b JOIN file fb ON fb.id=b.file WHERE p.id=? "
                  "ORDER BY g.id"));
  find.bind(person.id);
  for (;;) {
    SEALIFT_TRY(const bool more, find.step());
    if (!more) return merges;
    CaseMerge merge;
    merge.a = {find.text(0), static_cast<std::uint32_t>(find.integer(1))};
    merge.b = {find.text(2), static_cast<std::uint32_t>(find.integer(3))};
    merge.bits = find.real(4);
    merge.grounds = static_cast<std::uint16_t>(find.integer(5));
    merges.push_back(std::move(merge));
  }
}

}  // namespace sealift::census
