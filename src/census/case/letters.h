// Letters: to whom one goes, where, and why there is none.
//
//   self      the person, who is of age on the day of the letters
//   guardian  the parents or guardians of a child
//   estate    the estate of somebody who has died
//   hold      nobody can be written to yet; the reason says what is missing
//
// Plain values. Not thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "census/people/people.h"

namespace sealift::census {

enum class LetterKind : std::uint8_t { self, guardian, estate, hold };
std::string_view to_string(LetterKind kind);

struct AddressParts {
  std::string street, city, province, postal_code;

  bool operator==(const AddressParts&) const = default;
};

// An address as the census keeps it ("9 PINE RD, AJAX, ON L1S 1A1") taken apart; what does not fit
// stays in the street.
AddressParts address_parts(std::string_view address);

// "+19055550100" -> "905-555-0100", other countries "0044...": no spreadsheet takes it for a
// formula.
std::string written_phone(std::string_view phone);

struct Letter {
  LetterKind kind = LetterKind::hold;
  std::string to;      // as on an envelope; "" when held
  std::string reason;  // why it is held; "" when it is not
  AddressParts address;
};

class Letters {
 public:
  // `on` is the ISO date of the letters, "" when it is not known.
  explicit Letters(std::string on) : on_(std::move(on)) {}

  // Everyone who may be a guardian; all before the first letter. The doubtful are none.
  void know(const Person& person);
  Letter letter_of(const Person& person) const;

 private:
  struct Addressee {
    std::string name;
    std::string address;
    bool deceased = false;
  };
  bool is_of_age(const Person& person) const;
  Letter to_guardians(const Person& person, const std::string& address) const;

  std::string on_;
  std::map<std::string, Addressee, std::less<>> people_;  // by id
};

}  // namespace sealift::census
