#include "census/case/letters.h"

#include <algorithm>
#include <array>
#include <vector>

#include "census/kinds/dates.h"
#include "census/kinds/text_fold.h"

namespace sealift::census {
namespace {

constexpr int kOfAge = 18;

bool has_two_births(const Person& person) {
  return std::ranges::any_of(person.elements, [](const PersonElement& element) {
    return has(element.doubts, Doubt::birth_dates_differ);
  });
}

std::string first_address(const Person& person) {
  for (const PersonElement& element : person.elements)
    if (element.type == ElementType::address && element.is_sure()) return element.value;
  return "";
}

// "L1S 1A1" at the end of `text`: taken off it.
std::string take_postal_code(std::string_view& text) {
  const auto fits = [](std::string_view code) {
    constexpr std::string_view kShape = "A9A 9A9";
    return std::ranges::equal(code, kShape, [](char c, char shape) {
      return shape == 'A' ? is_ascii_letter(c) : shape == '9' ? is_ascii_digit(c) : c == shape;
    });
  };
  if (text.size() >= 7 && fits(text.substr(text.size() - 7))) {
    std::string code(text.substr(text.size() - 7));
    text.remove_suffix(7);
    text = trim(text);
    return code;
  }
  return "";
}

// A province or state in two letters, in words of their own at the end.
std::string take_province(std::string_view& text) {
  constexpr std::array<std::string_view, 13> kProvinces = {"ON", "QC", "BC", "AB", "MB", "SK", "NS",
                                                           "NB", "NL", "PE", "YT", "NT", "NU"};
  const std::size_t at = text.find_last_of(" ,");
  if (at == std::string_view::npos) return "";
  const std::string_view last = text.substr(at + 1);
  if (std::ranges::find(kProvinces, last) == kProvinces.end()) return "";
  std::string province(last);
  text = trim(text.substr(0, at));
  return province;
}

std::string_view without_comma(std::string_view text) {
  text = trim(text);
  while (text.ends_with(',')) text = trim(text.substr(0, text.size() - 1));
  return text;
}

}  // namespace

std::string_view to_string(LetterKind kind) {
  switch (kind) {
    case LetterKind::self:
      return "self";
    case LetterKind::guardian:
      return "guardian";
    case LetterKind::estate:
      return "estate";
    case LetterKind::hold:
      break;
  }
  return "hold";
}

AddressParts address_parts(std::string_view address) {
  AddressParts parts;
  std::string_view rest = without_comma(address);
  parts.postal_code = take_postal_code(rest);
  rest = without_comma(rest);
  parts.province = take_province(rest);
  rest = without_comma(rest);
  const std::size_t comma = rest.rfind(',');
  if (comma != std::string_view::npos && (!parts.province.empty() || !parts.postal_code.empty())) {
    parts.city = std::string(trim(rest.substr(comma + 1)));
    rest = without_comma(rest.substr(0, comma));
  }
  parts.street = std::string(rest);
  return parts;
}

std::string written_phone(std::string_view phone) {
  constexpr std::size_t kNorthAmerican = 12;  // "+1" and ten digits
  if (phone.starts_with("+1") && phone.size() == kNorthAmerican) {
    return std::string(phone.substr(2, 3)) + "-" + std::string(phone.substr(5, 3)) + "-" +
           std::string(phone.substr(8));
  }
  if (phone.starts_with('+')) return "00" + std::string(phone.substr(1));
  return std::string(phone);
}

void Letters::know(const Person& person) {
  if (!person.is_sure()) return;
  people_[person.id] = {person.names.empty() ? "" : person.names.front(), first_address(person),
                        person.deceased == true};
}

// A birth date decides on the day of the letters; without one, what the documents say.
bool Letters::is_of_age(const Person& person) const {
  const auto born = person.birth_date ? parse_iso_date(*person.birth_date) : std::nullopt;
  const auto on = parse_iso_date(on_);
  if (born && on) return age_on(*born, *on) >= kOfAge;
  return person.minor != true;
}

Letter Letters::to_guardians(const Person& person, const std::string& address) const {
  Letter letter;
  std::string where;
  for (const std::string& id : person.guardians) {
    const auto guardian = people_.find(id);
    if (guardian == people_.end() || guardian->second.name.empty() || guardian->second.deceased)
      continue;
    letter.to += (letter.to.empty() ? "" : " and ") + guardian->second.name;
    if (where.empty()) where = guardian->second.address;
  }
  if (letter.to.empty()) {
    letter.reason = "a child of whom no parent or guardian is known";
    return letter;
  }
  letter.kind = LetterKind::guardian;
  letter.address = address_parts(where.empty() ? address : where);
  return letter;
}

Letter Letters::letter_of(const Person& person) const {
  const std::string name = person.names.empty() ? "" : person.names.front();
  const std::string address = first_address(person);
  Letter letter;
  if (person.deceased == true) {
    letter.kind = LetterKind::estate;
    if (!name.empty()) letter.to = "The estate of " + name;
    letter.address = address_parts(address);
  } else if (has_two_births(person) && !person.minor) {
    letter.reason = "by one of two birth dates a child";
    letter.address = address_parts(address);
    return letter;
  } else if (is_of_age(person)) {
    letter.kind = LetterKind::self;
    letter.to = name;
    letter.address = address_parts(address);
  } else {
    letter = to_guardians(person, address);
    if (letter.kind == LetterKind::hold) letter.address = address_parts(address);
  }
  if (letter.kind != LetterKind::hold && letter.to.empty()) {
    letter.kind = LetterKind::hold;
    letter.reason = "no name is known";
  } else if (letter.kind != LetterKind::hold && letter.address == AddressParts{}) {
    letter.reason = "no address is known";
  }
  return letter;
}

}  // namespace sealift::census
