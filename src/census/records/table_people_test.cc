// Whose a value is, where one header alone doesn't say it.
#include <gtest/gtest.h>

#include <algorithm>

#include "census/records/table_reader.h"

namespace sealift::census {
namespace {

class TablePeopleTest : public testing::Test {
 protected:
  std::vector<Record> read(Rows rows) {
    TableReader reader(tools_, list_);
    document::TableRows piece;
    piece.place.kind = document::PlaceKind::sheet;
    piece.place.number = 1;
    piece.rows = std::move(rows);
    reader.read(piece);
    return list_.take();
  }

  // The first value of the type that somebody of this name has.
  static std::string value_of(const std::vector<Record>& records, std::string_view name,
                              ElementType type) {
    std::string found;
    for (const Record& record : records) {
      const auto has = [&](ElementType t, std::string_view v) {
        return std::ranges::any_of(record.elements,
                                   [&](const Element& e) { return e.type == t && e.value == v; });
      };
      if (!has(ElementType::name, name)) continue;
      for (const Element& element : record.elements)
        if (element.type == type && found.empty()) found = element.value;
    }
    return found;
  }

  static bool has_name(const std::vector<Record>& records, std::string_view name) {
    return std::ranges::any_of(records, [&](const Record& record) {
      return std::ranges::any_of(record.elements, [&](const Element& e) {
        return e.type == ElementType::name && e.value == name;
      });
    });
  }

  Models models_ = Models::built_in();
  TextDetector detector_{models_};
  ReadingTools tools_{.models = models_, .detector = detector_, .dates = {.as_of = {2021, 1, 20}}};
  RecordList list_;
};

TEST_F(TablePeopleTest, CardsOfWordsThatNoListHasAreRecords) {
  const auto people = read({{"ZQ_PERS", "Beck, Gena", "ZQ_WERKS", "A17"},
                            {"ZQ_BORN", "1984-03-07", "ZQ_SOCINS", "130 692 544"},
                            {"", "", "", ""},
                            {"ZQ_PERS", "Ulloa, Kali", "ZQ_WERKS", "B20"},
                            {"ZQ_BORN", "1971-10-09", "ZQ_SOCINS", "435 418 165"},
                            {"", "", "", ""},
                            {"ZQ_PERS", "Noser, Khloe", "ZQ_WERKS", "A17"},
                            {"ZQ_BORN", "1990-12-01", "ZQ_SOCINS", "193-080-322"}});
  EXPECT_EQ(people.size(), 3U);
  EXPECT_EQ(value_of(people, "Kali Ulloa", ElementType::ca_sin), "435418165");
  EXPECT_EQ(value_of(people, "Kali Ulloa", ElementType::birth_date), "1971-10-09");
}

TEST_F(TablePeopleTest, CardsWithLabelsAboveTheirValuesAreRecords) {
  const auto people = read({{"ZQ_PERS", "ZQ_WERKS"},
                            {"Beck, Gena", "A17"},
                            {"ZQ_BORN", "ZQ_SOCINS"},
                            {"1984-03-07", "130 692 544"},
                            {"", ""},
                            {"ZQ_PERS", "ZQ_WERKS"},
                            {"Ulloa, Kali", "B20"},
                            {"ZQ_BORN", "ZQ_SOCINS"},
                            {"1971-10-09", "435 418 165"},
                            {"", ""},
                            {"ZQ_PERS", "ZQ_WERKS"},
                            {"Noser, Khloe", "B20"},
                            {"ZQ_BORN", "ZQ_SOCINS"},
                            {"1990-12-01", "193-080-322"}});
  EXPECT_EQ(people.size(), 3U);
  EXPECT_EQ(value_of(people, "Khloe Noser", ElementType::ca_sin), "193080322");
}

TEST_F(TablePeopleTest, ColumnsThatShareAWordWithANameAreItsBearers) {
  const auto people = read({{"Learner", "Date of birth", "Aidant A", "Adresse courriel aidant A",
                             "Aidant B", "Cellulaire aidant B"},
                            {"Beck, Gena", "2012-03-07", "Beck, Ann", "skyfan4@mail.example",
                             "Hill, Tom", "905-555-0100"},
                            {"Ulloa, Kali", "2011-10-09", "Ulloa, Eve", "ravens@mail.example",
                             "Ulloa, Sam", "905-555-0101"},
                            {"Noser, Khloe", "2010-12-01", "Noser, Kim", "bluejay@mail.example",
                             "Noser, Max", "905-555-0102"},
                            {"Girard, Amanda", "2010-12-09", "Girard, Lea", "puck77@mail.example",
                             "Girard, Luc", "905-555-0103"}});
  EXPECT_EQ(value_of(people, "Ann Beck", ElementType::email), "skyfan4@mail.example");
  EXPECT_EQ(value_of(people, "Tom Hill", ElementType::phone), "+19055550100");
  EXPECT_EQ(value_of(people, "Gena Beck", ElementType::email), "");
}

TEST_F(TablePeopleTest, MailboxesTellWhoseTheyAre) {
  const auto people =
      read({{"Student", "Parent", "Phone", "Contact"},
            {"Gena Beck", "Ann Beck", "905-555-0100", "gena.beck@mail.example"},
            {"Kali Ulloa", "Eve Ulloa", "905-555-0101", "kaliulloa@mail.example"},
            {"Khloe Noser", "Kim Noser", "905-555-0102", "khloe_noser@mail.example"},
            {"Amanda Girard", "Lea Girard", "905-555-0103", "agirard@mail.example"}});
  EXPECT_EQ(value_of(people, "Gena Beck", ElementType::email), "gena.beck@mail.example");
  EXPECT_EQ(value_of(people, "Ann Beck", ElementType::email), "");
  EXPECT_EQ(value_of(people, "Ann Beck", ElementType::phone), "+19055550100");
}

TEST_F(TablePeopleTest, TwoHalvesOfANameAreOnePersons) {
  const auto people = read({{"Last name", "Worker first name", "SIN", "Born on"},
                            {"Beck", "Gena", "130 692 544", "1984-03-07"},
                            {"Ulloa", "Kali", "435 418 165", "1971-10-09"},
                            {"Noser", "Khloe", "193-080-322", "1990-12-01"}});
  EXPECT_EQ(people.size(), 3U);
  EXPECT_EQ(value_of(people, "Kali Ulloa", ElementType::ca_sin), "435418165");
}

TEST_F(TablePeopleTest, ANameAndMoreInEachCellIsTheRowsPerson) {
  const auto people = read(
      {{"A-1", "Gena Beck; gena7@mail.example; born 1984-03-07", "905-555-0100", "Ann Beck"},
       {"A-2", "Kali Ulloa; kali7@mail.example; born 1971-10-09", "905-555-0101", "Eve Ulloa"},
       {"A-3", "Khloe Noser; khlo@mail.example; born 1990-12-01", "905-555-0102", "Kim Noser"},
       {"A-4", "Lea Girard; lea80@mail.example; born 1970-12-09", "905-555-0103", "Luc Girard"}});
  EXPECT_EQ(value_of(people, "Gena Beck", ElementType::birth_date), "1984-03-07");
  EXPECT_EQ(value_of(people, "Gena Beck", ElementType::email), "gena7@mail.example");
  EXPECT_EQ(value_of(people, "Ann Beck", ElementType::email), "");
}

TEST_F(TablePeopleTest, ThingsBesidePeopleAreNobody) {
  const auto people = read({{"Zq", "Holder's name", "Roll number"},
                            {"Summit Tent", "Gena Beck", "1813051161218800000"},
                            {"Rose Planter", "Kali Ulloa", "1805084037113850000"},
                            {"Summit Tent", "Khloe Noser", "1839020189253930000"},
                            {"Camp Feeder", "Lea Girard", "1809074156263240000"}});
  EXPECT_FALSE(has_name(people, "Summit Tent"));
  EXPECT_EQ(value_of(people, "Kali Ulloa", ElementType::property_roll), "1805084037113850000");
}

TEST_F(TablePeopleTest, TablesSideBySideWithoutAGapAreTwo) {
  const auto people = read({{"Name", "Born", "SIN", "Tel", "Name", "Born", "SIN", "Tel"},
                            {"Gena Beck", "1984-03-07", "130 692 544", "905-555-0100", "Eve Hill",
                             "1954-01-17", "146-643-770", "905-555-0200"},
                            {"Kali Ulloa", "1971-10-09", "435 418 165", "905-555-0101", "Sam Rowe",
                             "1955-02-18", "140 315 938", "905-555-0201"},
                            {"Khloe Noser", "1990-12-01", "193-080-322", "905-555-0102", "Max Dunn",
                             "1956-03-19", "503-068-660", "905-555-0202"}});
  EXPECT_EQ(value_of(people, "Eve Hill", ElementType::ca_sin), "146643770");
  EXPECT_EQ(value_of(people, "Eve Hill", ElementType::birth_date), "1954-01-17");
  EXPECT_EQ(value_of(people, "Eve Hill", ElementType::phone), "+19055550200");
  EXPECT_EQ(value_of(people, "Gena Beck", ElementType::phone), "+19055550100");
}

TEST_F(TablePeopleTest, GroupTitlesOfWhichOneIsKnownAreNoRow) {
  const auto people =
      read({{"", "STU", "", "MOTHER", "", "GD 2", ""},
            {"CASE_ID", "FULL NM", "GRD", "NM", "TEL", "NM", "TEL"},
            {"114", "Gena Beck", "4", "Ann Beck", "905-555-0100", "Tom Hill", "905-555-0200"},
            {"115", "Kali Ulloa", "5", "Eve Ulloa", "905-555-0101", "Sam Ulloa", "905-555-0201"},
            {"116", "Khloe Noser", "4", "Kim Noser", "905-555-0102", "", ""}});
  EXPECT_EQ(value_of(people, "Ann Beck", ElementType::phone), "+19055550100");
}

}  // namespace
}  // namespace sealift::census
