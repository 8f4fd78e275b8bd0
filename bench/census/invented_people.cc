#include "invented_people.h"

#include <algorithm>
#include <cctype>

namespace sealift::bench {
namespace {

constexpr const char* kFirst[] = {
    "Amanda", "Brian",  "Carlos", "Deborah", "Erin",   "Fatima",   "George", "Hannah",  "Ivan",
    "Julia",  "Kevin",  "Laura",  "Marco",   "Nadia",  "Oliver",   "Priya",  "Quentin", "Rosa",
    "Samuel", "Teresa", "Umar",   "Valerie", "Walter", "Xiaoling", "Yusuf",  "Zoe",     "Anita",
    "Benoit", "Chloe",  "Daniel", "Elena",   "Farid",  "Gloria",   "Hugo",   "Ingrid",  "Jamal"};
constexpr const char* kLast[] = {
    "Abbott", "Baker",    "Carter", "Dubois",  "Evans",  "Fortin", "Gagnon", "Hassan", "Ibrahim",
    "Jensen", "Kaur",     "Lavoie", "Murphy",  "Nguyen", "Okafor", "Patel",  "Quinn",  "Roberts",
    "Silva",  "Tremblay", "Ueda",   "Vasquez", "Wilson", "Xu",     "Yilmaz", "Zhang"};
constexpr const char* kBegin[] = {"Bar", "Cal", "Dor", "Fen", "Gar", "Hol", "Kor",
                                  "Lan", "Mar", "Nor", "Pel", "Ros", "San", "Tor",
                                  "Val", "Wes", "Bel", "Mon", "Ras", "Tal"};
constexpr const char* kMiddle[] = {"a", "en", "i", "o", "er", "in", "al", "an", "or", "ett"};
constexpr const char* kEnd[] = {"berg", "dale", "field", "ford", "ini", "kin", "land",
                                "man",  "nova", "sen",   "ski",  "son", "ton", "vic",
                                "well", "wood", "ley",   "etti", "ard", "uk"};
constexpr const char* kStreet[] = {"Elm",     "Rosebank", "Adelaide", "Harwood", "Simcoe",
                                   "Ritson",  "Thickson", "Garden",   "Brock",   "Liverpool",
                                   "Taunton", "Cedar",    "Maple",    "Wilson"};
constexpr const char* kStreetKind[] = {"St", "Ave", "Rd", "Cres", "Dr", "Blvd", "Crt"};
constexpr const char* kTown[] = {"Ajax", "Whitby", "Oshawa", "Pickering", "Clarington", "Uxbridge"};
constexpr const char* kSchool[] = {"Cedar Hollow PS", "Lakeview PS", "Maple Ridge PS",
                                   "St. Anne CS"};

std::string digits(std::uint64_t value, std::size_t count) {
  std::string text(count, '0');
  for (std::size_t i = count; i-- > 0; value /= 10) text[i] = static_cast<char>('0' + value % 10);
  return text;
}

// Ends with the digit that makes the whole pass the Luhn check.
std::string with_luhn_digit(std::string text) {
  unsigned sum = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned digit = static_cast<unsigned>(text[text.size() - 1 - i] - '0');
    if (i % 2 == 0) digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
    sum += digit;
  }
  return text + static_cast<char>('0' + (10 - sum % 10) % 10);
}

std::string surname(Random& random) {
  if (random.below(4) == 0) return random.of(kLast);
  return std::string(random.of(kBegin)) + random.of(kMiddle) + random.of(kEnd);
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::string date(std::uint64_t year, std::uint64_t month, std::uint64_t day) {
  return digits(year, 4) + "-" + digits(month, 2) + "-" + digits(day, 2);
}

}  // namespace

InventedPerson invented_person(std::uint64_t number) {
  const std::uint64_t household = number / 3;
  Random shared(household * 2 + 1);
  Random own(number * 2 + 1'000'003);
  InventedPerson person;
  person.last = surname(shared);
  person.street = std::to_string(shared.between(1, 2999)) + " " + shared.of(kStreet) + " " +
                  shared.of(kStreetKind);
  person.town = shared.of(kTown);
  person.postal_code = "L1" + std::string(1, "NSTVWXZ"[shared.below(7)]) + " " +
                       digits(shared.below(10), 1) + "ABCEGHJK"[shared.below(8)] +
                       digits(shared.below(10), 1);
  person.phone =
      "905-" + digits(shared.between(200, 999), 3) + "-" + digits(shared.below(10'000), 4);
  person.child = number % 3 == 2;
  person.first = own.of(kFirst);
  const std::uint64_t year = person.child ? own.between(2008, 2015) : own.between(1950, 1990);
  person.born = date(year, own.between(1, 12), own.between(1, 28));
  // Numbers of different people never meet: a fixed stride over the free digits.
  person.sin = with_luhn_digit(digits(10'000'000 + number * 61 % 69'000'000, 8));
  person.health_number = with_luhn_digit(digits(100'000'000 + number * 613 % 890'000'000, 9));
  person.email = lower(person.first) + "." + lower(person.last) + std::to_string(number % 100'000) +
                 "@mail.example";
  if (person.child) person.school = shared.of(kSchool);
  return person;
}

}  // namespace sealift::bench
