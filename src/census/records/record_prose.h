// Running text to records: who is named, and which of the values found are whose.
//
// A value belongs to the nearest name before it in its sentence, brackets kept apart ("A (parent of
// B, born ...) wants a call at ..."); to the reader where the text says "you"; to the paragraph's
// topic; to whom the file as a whole is about. Names in signatures, greetings and lists of those
// present are staff. A name met again, in part or in full, is the same person throughout the file.
// One ProseReader per file; used by one thread.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "census/kinds/finding.h"
#include "census/names/match_name.h"
#include "census/records/record_reading.h"
#include "census/records/record_regions.h"
#include "document/document.h"

namespace sealift::census {

class ProseReader {
 public:
  // Borrows both, which outlive the reader.
  ProseReader(const ReadingTools& tools, RecordList& records) : tools_(tools), records_(records) {}

  // A record made from something else than prose (a form, a mail's header) whose person the text
  // may name again.
  void know(std::uint32_t record);
  // The file as a whole is about this record's person.
  void set_main(std::uint32_t record) { main_ = record; }
  // Who writes "I" and signs, and who is "you": of a mail.
  void set_writer(std::uint32_t record) { writer_ = record; }

  void read(const document::Text& text);

 private:
  struct Person {
    std::uint32_t record;
    std::vector<MatchName> names;
    std::size_t last_seen;  // count of mentions before
  };
  struct Mention {
    Finding finding;
    std::size_t sentence = 0;
    std::uint32_t bracket = 0;  // which pair of brackets it stands in, 0 for none
    std::optional<std::size_t> person = std::nullopt;  // of a name
    bool staff = false;
  };

  void collect(const std::vector<Finding>& findings);
  void widen(Finding& finding) const;
  bool keep_to_sentence(Finding& finding) const;
  void find_names_by_comma();
  void find_births_in_brackets();
  void find_names_by_birth();
  void place_names();
  void place_name(std::size_t at);
  void mark_dead();
  void relate_names();
  void place_values();
  void place_value(std::size_t at);
  // Whose a value is. Not sure: the paragraph names several people, and its sentence none.
  struct Owner {
    std::size_t person = 0;
    bool sure = true;
  };
  std::optional<Owner> owner_of(std::size_t at) const;
  bool names_several_before(std::size_t at) const;
  static bool has_value(const Record& record, const Finding& finding);
  std::optional<std::size_t> bearer_of_card(std::string_view line) const;
  std::optional<std::size_t> person_spelled_by(std::string_view email) const;
  std::optional<std::size_t> owner_in_sentence(std::size_t at) const;
  std::optional<std::size_t> owner_by_topic(std::size_t at) const;
  std::optional<std::size_t> person_named(const MatchName& name) const;
  std::optional<std::size_t> person_of_record(std::optional<std::uint32_t> record) const;
  bool is_recalled(std::size_t person) const;
  void add_person(Person person);
  bool stands_alone(const Mention& mention) const;
  bool is_staff(std::size_t person) const;
  Element element_of(const Finding& finding) const;
  std::string_view between(std::size_t begin, std::size_t end) const;
  void make_child(std::size_t child, std::size_t guardian);

  const ReadingTools& tools_;
  RecordList& records_;
  std::vector<Person> people_;
  std::unordered_map<std::uint32_t, std::size_t> person_of_record_;
  std::optional<std::uint32_t> main_, addressee_, writer_;
  std::size_t seen_ = 0;
  bool about_readers_child_ = false;  // "your son"

  // Of the text being read.
  const document::Text* text_ = nullptr;
  Regions regions_;
  std::vector<Mention> mentions_;
  std::vector<std::size_t> drop_;  // mentions that a longer one replaces
};

}  // namespace sealift::census
