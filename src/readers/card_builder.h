// CardBuilder: gathers the facts of one record (document/card.h) and hands them on.
//
// Empty values are left out, and a card with a value of nobody but staff is still a card. Values
// and their number are cut to what a frame holds; `cut()` says so. Not thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "readers/context.h"

namespace sealift::readers {

// Who a fact is about.
struct Who {
  document::Party party = document::Party::subject;
  std::uint8_t ordinal = 0;

  bool operator==(const Who&) const = default;
};

// The lines of an address, from the street to the country; any may be empty.
struct AddressParts {
  std::string_view street, other, city, province, postal_code;
};

class CardBuilder {
 public:
  void add(Who who, document::FactKind kind, std::string_view value, std::string_view field);
  void add_address(Who who, const AddressParts& parts, std::string_view field);

  bool empty() const { return facts_.empty(); }
  bool cut() const { return cut_; }
  bool has(Who who, document::FactKind kind) const;
  const std::vector<document::Fact>& facts() const { return facts_; }

  // The facts that say who the subject is: names, birth date, numbers of one person.
  std::vector<document::Fact> identity() const;

  // Hands the card on and begins the next; nothing to hand on is nothing.
  void hand_on(Context& context, document::Place place);

 private:
  std::vector<document::Fact> facts_;
  bool cut_ = false;
};

// "Mother", "MTH", "Father": who a relative is to the subject, by the words and codes of HL7 v2,
// v3, FHIR and X12. `relative` when it says nothing that we know.
document::Party party_of_relationship(std::string_view text);
// "self", "SEL", "18": the relative is the subject.
bool says_self(std::string_view text);

}  // namespace sealift::readers
