#include "census/records/card.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sealift::census {
namespace {

using document::Card;
using document::Fact;
using document::FactKind;
using document::Party;
using testing::SizeIs;

const DateHint dates{.as_of = {2024, 6, 1}};

Card card_of(std::vector<Fact> facts) {
  return {{document::PlaceKind::record, 3, ""}, std::move(facts)};
}

std::string value_of(const Record& record, ElementType type) {
  for (const Element& element : record.elements)
    if (element.type == type) return element.value;
  return "";
}

TEST(CardTest, EachPartyIsARecordAndAParentGuardsAChild) {
  const auto records =
      records_of_card(card_of({{Party::guardian, 1, FactKind::last_name, "LAVOIE", "NK1-2"},
                               {Party::guardian, 1, FactKind::first_name, "MARC", "NK1-2"},
                               {Party::subject, 0, FactKind::last_name, "LAVOIE", "PID-5"},
                               {Party::subject, 0, FactKind::first_name, "CHANTAL", "PID-5"},
                               {Party::subject, 0, FactKind::birth_date, "20110203", "PID-7"},
                               {Party::subject, 0, FactKind::phone, "(905)555-0101", "PID-13"},
                               {Party::subject, 0, FactKind::health_record, "Asthma", "DG1-3"},
                               {Party::staff, 1, FactKind::full_name, "Steven Strange", "PV1-7"}}),
                      dates, "CA-ON");
  ASSERT_THAT(records, SizeIs(3));
  EXPECT_EQ(value_of(records[0], ElementType::name), "Chantal Lavoie");
  EXPECT_EQ(value_of(records[0], ElementType::birth_date), "2011-02-03");
  EXPECT_EQ(value_of(records[0], ElementType::phone), "+19055550101");
  EXPECT_EQ(records[0].elements[0].locator, "record=3;field=PID-5");
  EXPECT_EQ(records[0].role, Role::patient);
  EXPECT_EQ(records[1].role, Role::guardian);
  EXPECT_TRUE(records[2].work_data);
  ASSERT_FALSE(records[0].relations.empty());
  EXPECT_EQ(records[0].relations[0].kind, Relation::Kind::guardian);
  EXPECT_EQ(records[0].relations[0].other, 1U);
}

TEST(CardTest, TheMotherOfAGrownPersonIsOfTheHousehold) {
  const auto records =
      records_of_card(card_of({{Party::subject, 0, FactKind::full_name, "Ole Berg", "name"},
                               {Party::subject, 0, FactKind::birth_date, "1960-01-02", "born"},
                               {Party::guardian, 1, FactKind::full_name, "Ida Berg", "contact"}}),
                      dates, "CA-ON");
  ASSERT_THAT(records, SizeIs(2));
  EXPECT_EQ(records[0].relations.at(0).kind, Relation::Kind::household);
}

TEST(CardTest, ANationalNumberIsTheRegionsOwnWhereItsRuleHolds) {
  const Card card =
      card_of({{Party::subject, 0, FactKind::full_name, "Ole Berg", "name"},
               {Party::subject, 0, FactKind::social_security_number, "130692544", "x"}});
  EXPECT_EQ(value_of(records_of_card(card, dates, "CA-ON")[0], ElementType::ca_sin), "130692544");
  EXPECT_EQ(value_of(records_of_card(card, dates, "US-NY")[0], ElementType::ca_sin), "");
}

TEST(CardTest, NobodyNamedOrNumberedIsNoRecord) {
  EXPECT_THAT(records_of_card(card_of({{Party::subject, 0, FactKind::phone, "9055550101", "x"},
                                       {Party::relative, 1, FactKind::address, "1 Elm St", "x"}}),
                              dates, "CA-ON"),
              SizeIs(0));
}

TEST(CardTest, AHealthNumberThatNoRuleAcceptsIsNone) {
  const auto records =
      records_of_card(card_of({{Party::subject, 0, FactKind::full_name, "Ole Berg", "name"},
                               {Party::subject, 0, FactKind::health_number, "9876543210", "PID-3"},
                               {Party::subject, 0, FactKind::deceased, "Y", "PID-30"}}),
                      dates, "CA-ON");
  ASSERT_THAT(records, SizeIs(1));
  EXPECT_EQ(value_of(records[0], ElementType::ca_on_health_number), "");
  EXPECT_EQ(records[0].deceased, true);
}

}  // namespace
}  // namespace sealift::census
