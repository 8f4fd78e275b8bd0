// People: what the records of one person say together.
//
// Writings of one value are one element with all its evidence; what OCR misread is dropped where
// the same is read elsewhere. Pure functions, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "census/people/doubts.h"
#include "census/records/record.h"

namespace sealift::census {

enum class PersonKind : std::uint8_t {
  affected = 0,      // some element besides a name is exposed
  name_only = 1,     // named, and nothing else is known
  work_contact = 2,  // staff, with work contact data alone
};

std::string_view to_string(PersonKind kind);

struct Evidence {
  std::string path;
  std::string locator;

  bool operator==(const Evidence&) const = default;
  // NOLINTNEXTLINE(modernize-use-nullptr): a false alarm of clang-tidy 14
  auto operator<=>(const Evidence&) const = default;
};

struct PersonElement {
  ElementType type = ElementType::name;
  std::string value;
  std::vector<Evidence> evidence;  // sorted, without repeats
  Doubts doubts = 0;               // of its being this person's
  float probability = 1;

  bool is_sure() const { return probability >= kSure; }
  bool operator==(const PersonElement&) const = default;
};

struct Person {
  std::string id;
  PersonKind kind = PersonKind::affected;
  Doubts doubts = 0;  // of their being somebody, and nobody else of the case
  float probability = 1;
  std::vector<std::string> names;  // the fullest first
  std::optional<std::string> birth_date;
  std::optional<bool> minor, deceased;
  std::vector<PersonElement> elements;  // by type, then value; names among them
  std::vector<std::string> guardians;   // ids
  std::vector<RecordKey> records;       // in canonical order

  bool is_sure() const { return probability >= kSure; }
  bool operator==(const Person&) const = default;
};

// What all people of the case together say of one of them.
struct KnownDoubts {
  Doubts of_person = 0;
  const std::unordered_map<std::string, Doubts>* of_values = nullptr;  // by key_of_value
};

// Everything but the guardians. `records` are one person's, in canonical order, at least one;
// `as_of` is the ISO date on which ages count, "" when it is not known. Where birth dates differ
// there is none, and a person is a minor only where all of them say so.
Person person_of_records(const std::vector<Record>& records, std::string_view as_of,
                         const KnownDoubts& known = {});

// Ids are stable: made from the place of the person's first record.
std::string person_id(const RecordKey& first_record);

}  // namespace sealift::census
