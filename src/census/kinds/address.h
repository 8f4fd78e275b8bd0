// Postal addresses, Canadian first: English and French, on one line or several.
//
//   address := [unit] civic street [unit] [place]          "Unit 1352, 2336 Rosebank Rd"
//            | box [place]                                  "PO Box 12, Stn Main", "RR 3"
//   unit    := ("apt" | "unit" | "suite" | "app" | "#" ...) id | id "-" before the civic number
//   street  := name+ type [direction]                       "Westney Rd S", "5th Line"
//            | road number                                  "Highway 2", "Concession Road 12"
//            | french-type name+                            "rue Saint-Jean", "boul. des Pins"
//   place   := [city] [province] [postal code]              ", Ajax, ON L1S 9W7"
//
// Normalised: upper case, single spaces, English short forms (ST, RD, AVE, N), unit first, e.g.
// "UNIT 1352 2336 ROSEBANK RD, PICKERING ON L1W 8V4". Pure functions, any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace sealift::census {

struct Address {
  std::string unit;    // "1352"
  std::string civic;   // "2336"
  std::string street;  // "ROSEBANK RD"; "PO BOX 12", "RR 3"
  std::string city, province, postal_code;

  std::string normalised() const;
  bool operator==(const Address&) const = default;
};

struct AddressMatch {
  Address address;
  std::size_t begin = 0, end = 0;
  double confidence = 0;  // P(an address | the text), with nothing else known
};

// The address whose civic number, unit word or box word begins at `at`; nullopt for none. A unit
// before a civic number is looked for backwards.
std::optional<AddressMatch> address_at(std::string_view text, std::size_t at);

// The whole of a cell or form value.
std::optional<Address> parse_address(std::string_view raw);

// An address from separate cells (street with unit, city, province, postal code); any but `street`
// may be empty.
std::optional<Address> address_of_parts(std::string_view street, std::string_view city,
                                        std::string_view province, std::string_view postal_code);

// "l1n6a3" -> "L1N 6A3", "L1N-6A3" too; nullopt for what Canada Post never issues.
std::optional<std::string> parse_postal_code(std::string_view raw);

// "Ontario", "Ont.", "QC", "Québec" -> two letters; nullopt for anything else.
std::optional<std::string_view> parse_province(std::string_view raw);

}  // namespace sealift::census
