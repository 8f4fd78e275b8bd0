#include "census/kinds/address.h"

#include <gtest/gtest.h>

namespace sealift::census {
namespace {

std::string read(std::string_view text) {
  const auto address = parse_address(text);
  return address ? address->normalised() : "";
}

TEST(AddressTest, AddressesAreNormalised) {
  const std::pair<const char*, const char*> cases[] = {
      {"1849 Westney Rd S, Ajax, ON L1S 9W7", "1849 WESTNEY RD S, AJAX ON L1S 9W7"},
      {"Unit 1352, 2336 Rosebank Rd, Pickering, ON L1W 8V4",
       "UNIT 1352 2336 ROSEBANK RD, PICKERING ON L1W 8V4"},
      {"Unit 1352, 2336 Rosebank Road\nPickering, Ontario\nL1W 8V4",
       "UNIT 1352 2336 ROSEBANK RD, PICKERING ON L1W 8V4"},
      {"326 Arthur Street\r\nNewcastle, Ontario\r\nL1B 5Z3", "326 ARTHUR ST, NEWCASTLE ON L1B 5Z3"},
      {"#568 1446 Sheppard Avenue, Pickering ON L1W9S1",
       "UNIT 568 1446 SHEPPARD AVE, PICKERING ON L1W 9S1"},
      {"1204-55 King St W, Toronto", "UNIT 1204 55 KING ST W, TORONTO"},
      {"55 King St. W., Apt. 12, Toronto, Ont.", "UNIT 12 55 KING ST W, TORONTO ON"},
      {"1178 Highway 2, Courtice, ON L1E 2B6", "1178 HIGHWAY 2, COURTICE ON L1E 2B6"},
      {"334 Concession Road 12, Cannington, ON L0E 4S3",
       "334 CONCESSION ROAD 12, CANNINGTON ON L0E 4S3"},
      {"334 CONCESSION ROAD 12, CANNINGTON ON L0E 4S3",
       "334 CONCESSION ROAD 12, CANNINGTON ON L0E 4S3"},
      {"123, rue Principale, app. 4, Gatineau (Québec) J8X 1A1",
       "UNIT 4 123 RUE PRINCIPALE, GATINEAU QC J8X 1A1"},
      {"45 boul. Saint-Laurent Est, Hawkesbury ON K6A 1A1",
       "45 BOUL SAINT-LAURENT E, HAWKESBURY ON K6A 1A1"},
      {"PO Box 12, Orono, ON L0B 1M0", "PO BOX 12, ORONO ON L0B 1M0"},
      {"RR 3, Uxbridge ON L9P 1R3", "RR 3, UXBRIDGE ON L9P 1R3"},
      {"12 5th Ave, Ottawa", "12 5TH AVE, OTTAWA"},
      {"1517 Wilson Rd N, Oshawa", "1517 WILSON RD N, OSHAWA"},
      {"1517 Wilson Rd N Oshawa", "1517 WILSON RD N, OSHAWA"},
      {"2782 VALLEY FARM RD, PICKERING ON L1X 3V8", "2782 VALLEY FARM RD, PICKERING ON L1X 3V8"},
      {"70 St. Clair Avenue East, Toronto", "70 ST CLAIR AVE E, TORONTO"},
      {"12A Main Street", "12A MAIN ST"},
      {"45, rue de l'\xC3\x89glise, app. 12, Gatineau (Qu\xC3\xA9"
       "bec) J8X 2K1",
       "UNIT 12 45 RUE DE L'\xC3\x89GLISE, GATINEAU QC J8X 2K1"},
      {"P.O. Box 45, Stn Main, Bowmanville ON  L1C 3K9",
       "PO BOX 45 STN MAIN, BOWMANVILLE ON L1C 3K9"},
      {"R.R. #3, Uxbridge, ON L9P 1R3", "RR 3, UXBRIDGE ON L9P 1R3"},
      {"827 Scugog Line 8, Port Perry, ON L9L 8L1", "827 SCUGOG LINE 8, PORT PERRY ON L9L 8L1"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(read(text), expected) << text;
}

TEST(AddressTest, OtherTextsAreNoAddress) {
  for (const char* text : {"", "12", "12 angry men", "2020 Budget", "15 March 1984", "905-555-0083",
                           "SAME", "12 Monkeys, Toronto", "1.5 Main Street", "Main Street",
                           "100 % of Road users", "5 Million Dollars", "3 Gordon"}) {
    EXPECT_EQ(read(text), "") << text;
  }
}

TEST(AddressTest, AnAddressInASentenceEndsWhereItEnds) {
  const std::string_view text = "Lives at 12 Elm St. She called from 905-555-0083.";
  const auto match = address_at(text, 9);
  ASSERT_TRUE(match);
  EXPECT_EQ(text.substr(match->begin, match->end - match->begin), "12 Elm St");
  EXPECT_EQ(match->address.city, "");
}

TEST(AddressTest, AUnitBeforeTheCivicNumberIsFoundFromIt) {
  const std::string_view text = "is Apt 267, 38 Townline Rd, Oshawa, ON L1J 9E7.";
  const auto match = address_at(text, 12);
  ASSERT_TRUE(match);
  EXPECT_EQ(match->address.unit, "267");
  EXPECT_EQ(match->begin, 3U);
}

TEST(AddressTest, PartsMakeOneAddress) {
  const auto address = address_of_parts("Unit 645, 1316 Burns St W", "Whitby", "", "l1p8j7");
  ASSERT_TRUE(address);
  EXPECT_EQ(address->normalised(), "UNIT 645 1316 BURNS ST W, WHITBY L1P 8J7");
}

TEST(AddressTest, PostalCodesAreStrict) {
  EXPECT_EQ(parse_postal_code("l1n6a3"), "L1N 6A3");
  EXPECT_EQ(parse_postal_code("L1N-6A3"), "L1N 6A3");
  for (const char* text : {"", "L1N 6A", "D1N 6A3", "L1N 6O3", "11N 6A3", "L1N 6A33"})
    EXPECT_FALSE(parse_postal_code(text)) << text;
}

}  // namespace
}  // namespace sealift::census
