#include "census/kinds/check_digits.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "census/kinds/text_fold.h"

namespace sealift::census {
namespace {

bool all_digits(std::string_view text, std::size_t count) {
  return text.size() == count && std::ranges::all_of(text, is_ascii_digit);
}

int digit(char c) { return c - '0'; }

int two_digits(std::string_view text, std::size_t at) {
  return digit(text[at]) * 10 + digit(text[at + 1]);
}

bool all_alike(std::string_view text) {
  return text.find_first_not_of(text.front()) == std::string_view::npos;
}

// YYMMDD with 50 added to the month of women.
bool possible_date_code(std::string_view digits) {
  const int month = two_digits(digits, 2);
  const int day = two_digits(digits, 4);
  return ((month >= 1 && month <= 12) || (month >= 51 && month <= 62)) && day >= 1 && day <= 31;
}

// Letters count from A = 01, leaving out 19: S = 20.
int ramq_letter(char c) { return c - 'A' + (c > 'R' ? 2 : 1); }

int ramq_sum(std::string_view number, std::string_view century, int month) {
  constexpr std::array<int, 17> kWeights = {7, 1, 1, 3, 9, 7, 3, 9, 5, 3, 1, 3, 5, 7, 6, 9, 1};
  std::array<int, 17> digits{};
  std::size_t count = 0;
  const auto put_two = [&](int value) {
    digits[count++] = value / 10;
    digits[count++] = value % 10;
  };
  for (const char c : number.substr(0, 4)) put_two(ramq_letter(c));
  put_two(two_digits(century, 0));
  put_two(two_digits(number, 4));
  put_two(month);
  put_two(two_digits(number, 8));
  digits[count] = digit(number[10]);
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) sum += digits[i] * kWeights[i];
  return sum % 10;
}

// The registry's structure: n digits, a upper-case letters, c either.
struct IbanCountry {
  std::string_view code;
  std::string_view structure;
};

constexpr IbanCountry kIbanCountries[] = {
    {"AD", "8n12c"},   {"AE", "19n"},      {"AL", "8n16c"},    {"AT", "16n"},
    {"AZ", "4a20c"},   {"BA", "16n"},      {"BE", "12n"},      {"BG", "4a6n8c"},
    {"BH", "4a14c"},   {"BI", "23n"},      {"BR", "23n1a1c"},  {"BY", "4c4n16c"},
    {"CH", "5n12c"},   {"CR", "18n"},      {"CY", "8n16c"},    {"CZ", "20n"},
    {"DE", "18n"},     {"DJ", "23n"},      {"DK", "14n"},      {"DO", "4c20n"},
    {"EE", "16n"},     {"EG", "25n"},      {"ES", "20n"},      {"FI", "14n"},
    {"FO", "14n"},     {"FR", "10n11c2n"}, {"GB", "4a14n"},    {"GE", "2a16n"},
    {"GI", "4a15c"},   {"GL", "14n"},      {"GR", "7n16c"},    {"GT", "24c"},
    {"HR", "17n"},     {"HU", "24n"},      {"IE", "4a14n"},    {"IL", "19n"},
    {"IQ", "4a15n"},   {"IS", "22n"},      {"IT", "1a10n12c"}, {"JO", "4a4n18c"},
    {"KW", "4a22c"},   {"KZ", "3n13c"},    {"LB", "4n20c"},    {"LC", "4a24c"},
    {"LI", "5n12c"},   {"LT", "16n"},      {"LU", "3n13c"},    {"LV", "4a13c"},
    {"LY", "21n"},     {"MC", "10n11c2n"}, {"MD", "20c"},      {"ME", "18n"},
    {"MK", "3n10c2n"}, {"MN", "16n"},      {"MR", "23n"},      {"MT", "4a5n18c"},
    {"MU", "4a19n3a"}, {"NI", "4a20n"},    {"NL", "4a10n"},    {"NO", "11n"},
    {"OM", "3n16c"},   {"PK", "4a16c"},    {"PL", "24n"},      {"PS", "4a21c"},
    {"PT", "21n"},     {"QA", "4a21c"},    {"RO", "4a16c"},    {"RS", "18n"},
    {"SA", "2n18c"},   {"SC", "4a20n3a"},  {"SE", "20n"},      {"SI", "15n"},
    {"SK", "20n"},     {"SM", "1a10n12c"}, {"ST", "21n"},      {"SV", "4a20n"},
    {"TL", "19n"},     {"TN", "20n"},      {"TR", "6n16c"},    {"UA", "6n19c"},
    {"VA", "18n"},     {"VG", "4a16n"},    {"XK", "16n"},
};

bool matches_structure(std::string_view text, std::string_view structure) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < structure.size();) {
    std::size_t count = 0;
    while (is_ascii_digit(structure[i]))
      count = count * 10 + static_cast<std::size_t>(digit(structure[i++]));
    const char kind = structure[i++];
    if (at + count > text.size()) return false;
    const auto fits = [kind](char c) {
      return kind == 'n'   ? is_ascii_digit(c)
             : kind == 'a' ? is_ascii_upper(c)
                           : is_ascii_digit(c) || is_ascii_upper(c);
    };
    if (!std::ranges::all_of(text.substr(at, count), fits)) return false;
    at += count;
  }
  return at == text.size();
}

// Printed in manuals and test suites all over the world.
constexpr std::string_view kTestCards[] = {
    "4111111111111111", "4012888888881881", "4242424242424242", "4000056655665556",
    "4000000000000002", "4222222222222",    "5555555555554444", "5105105105105100",
    "5200828282828210", "2223003122003222", "2223000048400011", "378282246310005",
    "371449635398431",  "378734493671000",  "6011111111111117", "6011000990139424",
    "30569309025904",   "38520000023237",   "3530111333300000", "3566002020360505",
    "4444333322221111", "4917610000000000", "5454545454545454", "4012000033330026",
};

}  // namespace

bool luhn_valid(std::string_view digits) {
  if (digits.size() < 2 || !std::ranges::all_of(digits, is_ascii_digit)) return false;
  int sum = 0;
  bool twice = false;
  for (std::size_t i = digits.size(); i-- > 0; twice = !twice) {
    const int value = digit(digits[i]) * (twice ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 == 0;
}

bool sin_valid(std::string_view digits) {
  return all_digits(digits, 9) && digits[0] != '0' && digits[0] != '8' && !all_alike(digits) &&
         luhn_valid(digits);
}

bool on_health_number_valid(std::string_view digits) {
  return all_digits(digits, 10) && digits[0] != '0' && !all_alike(digits) && luhn_valid(digits);
}

bool bc_health_number_valid(std::string_view digits) {
  if (!all_digits(digits, 10) || digits[0] != '9') return false;
  constexpr std::array<int, 8> kWeights = {2, 4, 8, 5, 10, 9, 7, 3};
  int sum = 0;
  for (std::size_t i = 0; i < kWeights.size(); ++i) sum += digit(digits[i + 1]) * kWeights[i] % 11;
  return (11 - sum % 11) % 11 == digit(digits[9]);
}

bool qc_health_number_shape(std::string_view number) {
  return number.size() == 12 && std::ranges::all_of(number.substr(0, 4), is_ascii_upper) &&
         all_digits(number.substr(4), 8) && possible_date_code(number.substr(4, 6));
}

bool qc_health_number_valid(std::string_view number) {
  if (!qc_health_number_shape(number)) return false;
  const int month = two_digits(number, 6);
  const int check = digit(number[11]);
  for (const std::string_view century : {"19", "20"}) {
    if (ramq_sum(number, century, month) == check) return true;
    if (month > 50 && (ramq_sum(number, century, month - 50) + 4) % 10 == check) return true;
  }
  return false;
}

bool nhs_number_valid(std::string_view digits) {
  if (!all_digits(digits, 10) || all_alike(digits)) return false;
  int sum = 0;
  for (std::size_t i = 0; i < 10; ++i)
    sum += digit(digits[i]) * static_cast<int>(i == 9 ? 1 : 10 - i);
  return sum % 11 == 0;
}

bool ssn_possible(std::string_view digits) {
  if (!all_digits(digits, 9)) return false;
  const std::string_view area = digits.substr(0, 3);
  if (area == "000" || area == "666" || area[0] == '9') return false;
  if (digits.substr(3, 2) == "00" || digits.substr(5) == "0000") return false;
  // printed on sample cards and in advertisements
  constexpr std::string_view kPublished[] = {"078051120", "457555462", "219099999", "123456789"};
  return std::ranges::find(kPublished, digits) == std::end(kPublished) && !all_alike(digits);
}

bool iban_valid(std::string_view iban) {
  if (iban.size() < 15 || iban.size() > 34) return false;
  const auto country = std::ranges::find(kIbanCountries, iban.substr(0, 2), &IbanCountry::code);
  if (country == std::end(kIbanCountries) || !all_digits(iban.substr(2, 2), 2)) return false;
  if (!matches_structure(iban.substr(4), country->structure)) return false;
  int remainder = 0;
  const auto feed = [&](std::string_view part) {
    for (const char c : part) {
      const int value = is_ascii_digit(c) ? digit(c) : c - 'A' + 10;
      remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
    }
  };
  feed(iban.substr(4));
  feed(iban.substr(0, 4));
  return remainder == 1;
}

bool payment_card_shape(std::string_view digits) {
  if (digits.size() < 13 || digits.size() > 19 || !std::ranges::all_of(digits, is_ascii_digit))
    return false;
  const auto prefix = [&](std::size_t count) {
    int value = 0;
    for (const char c : digits.substr(0, count)) value = value * 10 + digit(c);
    return value;
  };
  const auto within = [](int value, int low, int high) { return value >= low && value <= high; };
  const std::size_t size = digits.size();
  if (digits[0] == '4') return size == 13 || size == 16 || size == 19;
  if (within(prefix(2), 51, 55) || within(prefix(4), 2221, 2720)) return size == 16;
  if (prefix(2) == 34 || prefix(2) == 37) return size == 15;
  if (prefix(4) == 6011 || prefix(2) == 65 || within(prefix(3), 644, 649))
    return size == 16 || size == 19;
  if (within(prefix(4), 3528, 3589)) return size == 16;
  if (within(prefix(3), 300, 305) || prefix(2) == 36 || prefix(2) == 38) return size == 14;
  if (prefix(2) == 62) return size >= 16;
  return false;
}

bool payment_card_valid(std::string_view digits) {
  return payment_card_shape(digits) && luhn_valid(digits) &&
         std::ranges::find(kTestCards, digits) == std::end(kTestCards);
}

bool on_drivers_licence_possible(std::string_view text) {
  return text.size() == 15 && is_ascii_upper(text[0]) && all_digits(text.substr(1), 14) &&
         possible_date_code(text.substr(9, 6));
}

bool ca_passport_possible(std::string_view text) {
  if (text.size() == 8) {
    return std::ranges::all_of(text.substr(0, 2), is_ascii_upper) && all_digits(text.substr(2), 6);
  }
  return text.size() == 9 && is_ascii_upper(text[0]) && all_digits(text.substr(1, 6), 6) &&
         std::ranges::all_of(text.substr(7), is_ascii_upper);
}

bool property_roll_possible(std::string_view digits) {
  if (!all_digits(digits, 15) && !all_digits(digits, 19)) return false;
  const int county = two_digits(digits, 0);
  return county >= 1 && county <= 60 && !all_alike(digits);
}

bool nanp_possible(std::string_view digits) {
  if (!all_digits(digits, 10)) return false;
  const auto special = [&](std::size_t at) { return digits[at] == '1' && digits[at + 1] == '1'; };
  if (digits[0] < '2' || digits[3] < '2' || special(1) || special(4)) return false;
  if (digits[1] == '9') return false;  // reserved for longer numbers
  return digits.substr(0, 2) != "37" && digits.substr(0, 2) != "96";
}

bool ca_bank_account_possible(std::string_view digits) {
  return digits.size() >= 7 && digits.size() <= 12 && std::ranges::all_of(digits, is_ascii_digit) &&
         !all_alike(digits);
}

bool ca_bank_institution_known(std::string_view digits) {
  constexpr std::string_view kInstitutions[] = {
      "001", "002", "003", "004", "006", "010", "016", "030", "039", "117", "127", "177", "219",
      "241", "245", "260", "269", "270", "290", "301", "308", "309", "310", "311", "314", "315",
      "320", "326", "327", "338", "340", "352", "358", "361", "364", "509", "532", "540", "548",
      "568", "590", "604", "608", "614", "618", "621", "623", "626", "809", "815", "819", "828",
      "829", "837", "839", "842", "849", "853", "865", "879", "889", "890", "899"};
  return std::ranges::find(kInstitutions, digits) != std::end(kInstitutions);
}

}  // namespace sealift::census
