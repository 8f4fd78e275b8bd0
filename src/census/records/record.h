// Records: what one place in one file says about one human being.
//
// A table row, a filled-in form, a letter's addressee, a mail's sender, a name in a sentence with
// what is said of it: each becomes a record. Reading (record_*.h, table_*.h, form_*.h) makes them
// file by file; resolving (resolve.h) decides which records are the same person. Plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "census/kinds/element_type.h"

namespace sealift::census {

// What a record's person is to the document. The numbers stand in cases: never renumber.
enum class Role : std::uint8_t {
  subject = 0,  // the document is about this person, or tells something of them
  student = 1,
  patient = 2,
  employee = 3,
  applicant = 4,
  owner = 5,     // of a property or account
  child = 6,     // named as somebody's child
  guardian = 7,  // parent or guardian of another record of the same file
  spouse = 8,
  emergency_contact = 9,
  staff = 10,      // sender, recipient, author, teacher, crew: here because of their work
  mentioned = 11,  // named, and nothing else is said
};

inline constexpr std::size_t kRoles = 12;

// "student", "emergency contact"
std::string_view to_string(Role role);

// A value of one kind and the place where it stands.
struct Element {
  ElementType type = ElementType::name;
  std::string value;     // normalised
  std::string locator;   // e.g. "page=2", "sheet=Sheet1;cell=B4"; a place a person can open
  float confidence = 1;  // 0..1
  bool day_month_unsure = false;  // a birth date whose day and month may be swapped
  bool recognised = false;        // read by OCR: characters may be wrong

  bool operator==(const Element&) const = default;
};

// From one record to another of the same file.
struct Relation {
  enum class Kind : std::uint8_t {
    guardian = 0,      // `other` is this person's parent or guardian
    household = 1,     // spouse, co-owner, sibling: another person of the same household
    other_person = 2,  // nothing but that they are two
  };
  Kind kind = Kind::other_person;
  std::uint32_t other = 0;  // Record::ordinal

  bool operator==(const Relation&) const = default;
};

struct Record {
  std::string path;           // of the file
  std::uint32_t ordinal = 0;  // within the file, from 0
  Role role = Role::subject;
  bool work_data =
      false;  // its elements are work contact data of staff, not somebody's private data
  bool uncertain = false;     // made from weak evidence alone: joins people, makes none
  std::optional<bool> minor;  // as the document tells (grade, "your son"); birth dates count apart
  std::optional<bool> deceased;
  std::vector<Element> elements;  // in reading order; names among them
  std::vector<Relation> relations;

  bool operator==(const Record&) const = default;
};

// Where a record stands in the canonical order of all records.
struct RecordKey {
  std::string path;
  std::uint32_t ordinal = 0;

  bool operator==(const RecordKey&) const = default;
  // NOLINTNEXTLINE(modernize-use-nullptr): a false alarm of clang-tidy 14
  auto operator<=>(const RecordKey&) const = default;
};

}  // namespace sealift::census
