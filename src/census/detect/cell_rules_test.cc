#include "census/detect/cell_rules.h"

#include <gtest/gtest.h>

namespace sealift::census {
namespace {

TEST(CellRulesTest, WellFormedValuesAreNormalised) {
  struct Case {
    ElementType type;
    const char* raw;
    const char* value;
  };
  const Case cases[] = {
      {ElementType::ca_sin, "123 456 782", "123456782"},
      {ElementType::ca_sin, "123-456-782", "123456782"},
      {ElementType::ca_on_health_number, "9876-543-217 AA", "9876543217"},
      {ElementType::ca_on_health_number, "9876543217A", "9876543217"},
      {ElementType::ca_on_education_number, "441-144-466", "441144466"},
      {ElementType::ca_qc_health_number, "lasf 8002 1411", "LASF80021411"},
      {ElementType::ca_on_drivers_licence, "W0530-70258-95620", "W05307025895620"},
      {ElementType::ca_passport, "a991104qs", "A991104QS"},
      {ElementType::iban, "BE31 4354 1116 1155", "BE31435411161155"},
      {ElementType::us_ssn, "536-90-4399", "536904399"},
      {ElementType::uk_nhs_number, "943 476 5870", "9434765870"},
      {ElementType::payment_card, "4520-1216-3935-8834", "4520121639358834"},
      {ElementType::property_roll, "18-13-034-096-28812-0000", "1813034096288120000"},
      {ElementType::ca_bank_account, "5165564", "5165564"},
      {ElementType::birth_date, "26-Apr-2010", "2010-04-26"},
      {ElementType::phone, "(289) 555-0429", "+12895550429"},
      {ElementType::email, "A@B.example", "a@b.example"},
      {ElementType::name, "GĀO, Alvin", "Alvin Gāo"},
      {ElementType::address, "304 Park Rd S, Oshawa", "304 PARK RD S, OSHAWA"},
      {ElementType::health_record, " chest  pain ", "chest pain"},
      {ElementType::credential, "Welcome716$", "Welcome716$"},
  };
  for (const Case& c : cases) EXPECT_EQ(normalise(c.type, c.raw), c.value) << c.raw;
}

TEST(CellRulesTest, OthersAreRefused) {
  EXPECT_FALSE(normalise(ElementType::ca_sin, "123-456-783"));
  EXPECT_FALSE(normalise(ElementType::ca_sin, "SIN 123-456-782"));
  EXPECT_FALSE(normalise(ElementType::ca_on_health_number, "9876543217AAA"));
  EXPECT_FALSE(normalise(ElementType::ca_on_health_number, "9876543210"));
  EXPECT_FALSE(normalise(ElementType::ca_bc_health_number, "9698648215"));
  EXPECT_FALSE(normalise(ElementType::health_record, "N/A"));
  EXPECT_FALSE(normalise(ElementType::religion, "  "));
  EXPECT_FALSE(normalise(ElementType::credential, "no"));
}

TEST(CellRulesTest, TheShapeAloneAsksForNoCheckDigit) {
  EXPECT_EQ(normalise_shape(ElementType::ca_sin, "123-456-783"), "123456783");
}

TEST(CellRulesTest, AVersionCodeIsReadBesideTheNumber) {
  EXPECT_EQ(health_version_code("9497-558-115 LC"), "LC");
  EXPECT_EQ(health_version_code("9497558115"), std::nullopt);
}

// n numbers of which each `nth` passes Luhn.
std::vector<std::string> numbers(int n, int nth) {
  std::vector<std::string> out;
  for (int i = 0; static_cast<int>(out.size()) < n; ++i) {
    std::string digits = std::to_string(130000000 + i * 7919 % 60000000);
    const bool wanted = static_cast<int>(out.size()) % nth == 0;
    if (normalise(ElementType::ca_sin, digits).has_value() == wanted) out.push_back(digits);
  }
  return out;
}

ColumnEvidence evidence_of(const std::vector<std::string>& values) {
  return column_evidence({values.begin(), values.end()});
}

TEST(CellRulesTest, AColumnWhereEveryValuePassesIsProven) {
  EXPECT_EQ(evidence_of(numbers(20, 1)).proven(), ElementType::ca_sin);
}

TEST(CellRulesTest, AColumnWhereATenthPassesIsRefused) {
  const ColumnEvidence evidence = evidence_of(numbers(40, 10));
  EXPECT_EQ(evidence.of(ElementType::ca_sin).shape, 40U);
  EXPECT_EQ(evidence.of(ElementType::ca_sin).check, 4U);
  EXPECT_EQ(evidence.proven(), std::nullopt);
  EXPECT_LT(evidence.probability(ElementType::ca_sin, 0.9), 0.01);
}

TEST(CellRulesTest, AFewValuesProveNothingWithoutAHeader) {
  const ColumnEvidence evidence = evidence_of(numbers(3, 1));
  EXPECT_EQ(evidence.proven(), std::nullopt);
  EXPECT_GT(evidence.probability(ElementType::ca_sin, 0.9), 0.99);
  EXPECT_LT(evidence.probability(ElementType::ca_sin, 0.001), 0.9);
}

}  // namespace
}  // namespace sealift::census
