// The table of kinds: what each kind of personal data is, said once.
//
// A new kind is a value of ElementType, a row here and a detector in census/detect/. The strings in
// `name` are part of the export and of a parcel's inventory: never rename one. Any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "census/kinds/element_type.h"

namespace sealift::census {

// How a value is written.
enum class Form : std::uint8_t { name, date, address, phone, email, password, words, number };

// What is left of a value that is shown masked (mask.h).
enum class Mask : std::uint8_t { initials, year, mailbox, all_but_the_end, everything };

// What two records say when they share a value of this kind, or don't.
enum class LinkKind : std::uint8_t {
  exclusive,  // a person has one, and nobody else has it: SIN, health number
  personal,   // a person may have several, nobody else has it: passport, card
  account,    // people may share one: bank account
  email,
  phone,
  address,
  property,
  none,
};

// Whether a wrong check digit rules the kind out, or only makes it less likely.
enum class Check : std::uint8_t { none, decides, adds };

// How much a value speaks for its kind by itself, 0..1 (cell_rules.h, check_score).
struct Strength {
  double usual = 0.1;
  std::string_view groupings{};  // "3-3-3 10": digits in such groups have the score `grouped`;
  double grouped = 0;            // "-": in groups of any kind
};

struct Kind {
  ElementType type;
  std::string_view name;           // in the export: "ca.on.health_number"
  std::string_view title_english;  // for people: "Ontario health number"
  std::string_view title_french;
  Form form;
  Mask mask;
  LinkKind link;
  Strength strength;
  Check check = Check::none;
  // Form::number: the value in `text`, which is upper-case letters and digits alone; "" for none.
  std::string (*shape)(std::string_view text) = nullptr;
  bool (*passes)(std::string_view value) = nullptr;  // where there is a check
  bool shape_proves = false;  // few other things have the shape: a column of it is of this kind
};

// One row a kind, in the order of ElementType, which is the order of reports.
const std::array<Kind, kElementTypes>& kinds();
const Kind& kind_of(ElementType type);

// A value that names one person even where no name is: numbers of one person, passports, cards,
// IBANs.
bool identifies(const Kind& kind);

// The ten digits of a health number with at most two letters of a version code; "" for none.
std::string health_digits(std::string_view text);

}  // namespace sealift::census
