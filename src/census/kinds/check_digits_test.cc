#include "census/kinds/check_digits.h"

#include <gtest/gtest.h>

#include <vector>

namespace sealift::census {
namespace {

using Rule = bool (*)(std::string_view);

struct Case {
  const char* name;
  Rule rule;
  std::vector<const char*> good;
  std::vector<const char*> refused;
};

class CheckDigitsTest : public testing::TestWithParam<Case> {};

TEST_P(CheckDigitsTest, GoodOnesPass) {
  for (const char* text : GetParam().good) EXPECT_TRUE(GetParam().rule(text)) << text;
}

TEST_P(CheckDigitsTest, OthersAreRefused) {
  for (const char* text : GetParam().refused) EXPECT_FALSE(GetParam().rule(text)) << text;
}

INSTANTIATE_TEST_SUITE_P(
    Rules, CheckDigitsTest,
    testing::Values(
        Case{"Luhn",
             luhn_valid,
             {"18", "4111111111111111", "00"},
             {"", "0", "19", "41111111a1111111"}},
        Case{"Sin",
             sin_valid,
             {"123456782", "130692544", "435418165", "948584792"},
             {"999999999", "130692545", "046454286", "12345678", "1234567820", "123 456 782", "",
              "800000002"}},
        Case{"OntarioHealth",
             on_health_number_valid,
             {"9876543217", "2345678904"},
             {"9876543210", "0876543217", "987654321", "98765432170", "987654321A", "0000000000"}},
        Case{"BritishColumbia",
             bc_health_number_valid,
             {"9698658215", "9234567897"},
             {"9698648215", "8698658215", "969865821", ""}},
        Case{"Quebec",
             qc_health_number_valid,
             {"LASF80021411", "TEST54122816", "AAAA01010112", "AAAA01010110", "CAMA47100227"},
             {"LASF80021412", "LASF80321411", "LASF80023211", "LAS980021411", "lasf80021411",
              "LASF8002141"}},
        Case{"Nhs",
             nhs_number_valid,
             {"9434765870"},
             {"9434765871", "943476587", "1111111111", "94347658700"}},
        Case{"Ssn",
             ssn_possible,
             {"536904399", "001010001"},
             {"000123456", "666123456", "900123456", "123004567", "123450000", "078051120",
              "219099999", "12345678"}},
        Case{"Iban",
             iban_valid,
             {"GR1601101050000010547023795", "BE31435411161155", "GB14SEAL67498818038235"},
             {"GR1601101050000010547023796", "BE3143541116115", "ZZ31435411161155",
              "GB1467498818038235SEAL", "gb14SEAL67498818038235", ""}},
        Case{"Card",
             payment_card_valid,
             {"4520121639358834", "5268244443385513"},
             {"4111111111111111", "4520121639358835", "1520121639358834", "452012163935883", ""}},
        Case{"Licence",
             on_drivers_licence_possible,
             {"T90446470015222", "A12345678901231"},
             {"A12345678901331", "A12345678901232X", "112345678901231", "A1234567890123",
              "A12345678906332"}},
        Case{"Passport",
             ca_passport_possible,
             {"AB123456", "A123456BC"},
             {"A1234567", "ABC12345", "A123456B", "A12345BC", "ab123456", ""}},
        Case{"Roll",
             property_roll_possible,
             {"1813034096288120000", "181303409628812"},
             {"0013034096288120000", "9913034096288120000", "18130340962881", "18130340962881200"}},
        Case{"Nanp",
             nanp_possible,
             {"9055550199", "4165550123"},
             {"1055550199", "9051550199", "9115550199", "9059110199", "905555019", "3725550199"}},
        Case{"BankAccount",
             ca_bank_account_possible,
             {"5165564", "979267115281"},
             {"516556", "1111111", "9792671152811"}},
        Case{"Institution", ca_bank_institution_known, {"001", "010"}, {"000", "01", "999"}}),
    [](const testing::TestParamInfo<Case>& rule) { return rule.param.name; });

}  // namespace
}  // namespace sealift::census
