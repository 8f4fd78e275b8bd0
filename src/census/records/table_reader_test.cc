#include "census/records/table_reader.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace sealift::census {
namespace {

class TableReaderTest : public testing::Test {
 protected:
  std::vector<Record> read(Rows rows, document::PlaceKind kind = document::PlaceKind::sheet) {
    TableReader reader(tools_, list_);
    document::TableRows piece;
    piece.place.kind = kind;
    piece.place.number = 1;
    piece.rows = std::move(rows);
    reader.read(piece);
    return list_.take();
  }

  static std::string value(const Record& record, ElementType type) {
    for (const Element& element : record.elements)
      if (element.type == type) return element.value;
    return "";
  }

  Models models_ = Models::built_in();
  TextDetector detector_{models_};
  ReadingTools tools_{.models = models_, .detector = detector_, .dates = {.as_of = {2021, 1, 20}}};
  RecordList list_;
};

TEST_F(TableReaderTest, HeaderUnderATitleIsFound) {
  const auto people = read({{"Cedar Hollow PS - Class List"},
                            {"#", "Student Name", "OEN", "Date of Birth"},
                            {"1", "Adduci, Cindy", "720660646", "2004-09-24"},
                            {"2", "Bateman, Faith", "984-173-138", "2004-04-18"}});
  ASSERT_EQ(people.size(), 2U);
  EXPECT_EQ(value(people[1], ElementType::name), "Faith Bateman");
  EXPECT_EQ(value(people[1], ElementType::ca_on_education_number), "984173138");
  EXPECT_EQ(people[1].role, Role::student);
  EXPECT_EQ(people[1].minor, true);
}

TEST_F(TableReaderTest, GroupTitlesOverSeveralColumnsMakeTwoPeopleOfARow) {
  const auto people =
      read({{"Student", "", "", "Parent / Guardian 1", "", ""},
            {"Last Name", "First Name", "DOB", "Name", "Relationship", "Cell"},
            {"Ulloa", "Kali", "2013-04-25", "Valerie Ulloa", "Mother", "(905) 555-1917"},
            {"Noser", "Khloe", "2013-02-26", "Ronald Noser", "Father", "(416) 555-8783"}});
  ASSERT_EQ(people.size(), 4U);
  EXPECT_EQ(value(people[0], ElementType::name), "Kali Ulloa");
  EXPECT_EQ(value(people[0], ElementType::phone), "");
  EXPECT_EQ(value(people[1], ElementType::name), "Valerie Ulloa");
  EXPECT_EQ(value(people[1], ElementType::phone), "+19055551917");
  const Relation guardian{Relation::Kind::guardian, 1};
  EXPECT_NE(std::ranges::find(people[0].relations, guardian), people[0].relations.end());
}

TEST_F(TableReaderTest, LabelsAboveValuesAreOneForm) {
  const auto people = read({{"Applicant last name", "Applicant first name"},
                            {"Fry", "Raymond"},
                            {"Applicant SIN", "Applicant birth date"},
                            {"130 692 544", "20/08/1976"},
                            {"Home tel", "Cell"},
                            {"365-555-9688", "416-555-0798"},
                            {"Child's full name", "Child's date of birth"},
                            {"Brianna Fry", "12/06/2006"},
                            {"Relationship to child", "Monthly income"},
                            {"Parent", "$2217.00"}},
                           document::PlaceKind::page);
  ASSERT_EQ(people.size(), 2U);
  EXPECT_EQ(value(people[0], ElementType::name), "Raymond Fry");
  EXPECT_EQ(value(people[0], ElementType::ca_sin), "130692544");
  EXPECT_EQ(value(people[0], ElementType::birth_date), "1976-08-20");
  EXPECT_EQ(std::ranges::count(people[0].elements, ElementType::phone, &Element::type), 2);
  EXPECT_EQ(value(people[1], ElementType::name), "Brianna Fry");
  EXPECT_EQ(people[1].role, Role::child);
}

TEST_F(TableReaderTest, ALabelBesideARelationshipStaysALabel) {
  const auto people = read({{"Child's full name", "Child's date of birth"},
                            {"Brianna Fry", "12/06/2006"},
                            {"Relationship to child", "Monthly income"},
                            {"Parent", "$2217.00"},
                            {"Spouse / co-applicant", "Spouse birth date"},
                            {"Alisa Fry", "08/07/1984"},
                            {"Spouse SIN"},
                            {"130 692 544"}},
                           document::PlaceKind::page);
  ASSERT_EQ(people.size(), 2U);
  EXPECT_EQ(value(people[0], ElementType::birth_date), "2006-06-12");
  EXPECT_EQ(value(people[1], ElementType::name), "Alisa Fry");
  EXPECT_EQ(value(people[1], ElementType::ca_sin), "130692544");
}

TEST_F(TableReaderTest, AnAddressOfTwoLinesDoesNotEndAForm) {
  const auto people = read({{"Applicant last name", "Applicant first name"},
                            {"Fry", "Raymond"},
                            {"Applicant SIN", "Applicant birth date"},
                            {"130 692 544", "20/08/1976"},
                            {"Address"},
                            {"Unit 380, 30 Concession Road 12,", "Home tel."},
                            {"Cannington, ON L0E 6R7", "905-555-6777"},
                            {"Cell", "E-mail"},
                            {"416-555-4380", "fry@mail.example"},
                            {"Spouse / co-applicant", "Spouse birth date"},
                            {"Alisa Fry", "08/07/1984"},
                            {"Spouse SIN"},
                            {"435 418 165"}},
                           document::PlaceKind::page);
  ASSERT_GE(people.size(), 2U);
  const auto named = [&](const char* name) {
    return std::ranges::find_if(
        people, [&](const Record& record) { return value(record, ElementType::name) == name; });
  };
  ASSERT_NE(named("Raymond Fry"), people.end());
  EXPECT_EQ(value(*named("Raymond Fry"), ElementType::ca_sin), "130692544");
  ASSERT_NE(named("Alisa Fry"), people.end());
  EXPECT_EQ(value(*named("Alisa Fry"), ElementType::ca_sin), "435418165");
}

TEST_F(TableReaderTest, ALastRowWithALongAddressIsARowAndADeclarationIsNone) {
  const std::string address = "380 Baseline Rd W, Bowmanville, Ontario L1C 9T3";
  const auto people = read({{"Name", "Address", "SIN"},
                            {"Raymond Fry", "12 Elm St, Ajax", "435 418 165"},
                            {"Amber Ulloa", address, "130 692 544"}});
  ASSERT_EQ(people.size(), 2U);
  EXPECT_EQ(value(people[1], ElementType::ca_sin), "130692544");
  const auto signed_form = read({{"Applicant name", "Applicant SIN"},
                                 {"Raymond Fry", "435 418 165"},
                                 {"Child's full name", "Child's date of birth"},
                                 {"Brianna Fry", "12/06/2006"},
                                 {"I declare that all that I have said here is true."}},
                                document::PlaceKind::page);
  ASSERT_EQ(signed_form.size(), 2U);
  EXPECT_EQ(signed_form[1].role, Role::child);
}

TEST_F(TableReaderTest, LabelsBesideValuesAreOneForm) {
  const auto people = read({{"Last name", "Ulloa", "First name", "Amber"},
                            {"Date of birth (Y/M/D)", "1995/11/19", "Home phone", "(905) 555-1917"},
                            {"Health card number", "9876 543 217", "Chief complaint", "epilepsy"}});
  ASSERT_EQ(people.size(), 1U);
  EXPECT_EQ(value(people[0], ElementType::name), "Amber Ulloa");
  EXPECT_EQ(value(people[0], ElementType::birth_date), "1995-11-19");
  EXPECT_EQ(value(people[0], ElementType::ca_on_health_number), "9876543217");
  EXPECT_EQ(value(people[0], ElementType::health_record), "epilepsy");
}

TEST_F(TableReaderTest, CellsWrappedOnAPageAreOne) {
  const auto people =
      read({{"Roll Number", "Owner 1", "Owner 2", "Property Address"},
            {"18-20-060-045-12153-00", "BURKART, Jeremiah", "BURKART, Kinsley",
             "1994 Simcoe St, Port Perry"},
            {"00", "", "Kaitlyn", ""},
            {"18-13-038-019-18931-00", "ROY, Lara Ella", "", "165 Taunton Rd E, Oshawa"},
            {"00"}},
           document::PlaceKind::page);
  ASSERT_EQ(people.size(), 3U);
  EXPECT_EQ(value(people[0], ElementType::property_roll), "1820060045121530000");
  EXPECT_EQ(value(people[1], ElementType::name), "Kinsley Kaitlyn Burkart");
  EXPECT_EQ(value(people[1], ElementType::property_roll), "1820060045121530000");
}

TEST_F(TableReaderTest, OneDateOfAColumnSettlesTheOrderOfAll) {
  const auto people =
      read({{"Patient", "DOB"}, {"Ann Lee", "01/03/2000"}, {"Bo Roy", "28/03/1999"}});
  ASSERT_EQ(people.size(), 2U);
  EXPECT_EQ(value(people[0], ElementType::birth_date), "2000-03-01");
  EXPECT_FALSE(people[0].elements.back().day_month_unsure);
}

// The tagger reads Latin letters; a header makes names of cells in any script.
TEST_F(TableReaderTest, NamesOfAnyScriptAreReadByTheirHeader) {
  const auto people = read({{"Student Name", "Date of Birth"},
                            {"Иванова Анна", "2010-03-04"},
                            {"محمد علي", "2011-05-06"},
                            {"王小明", "2012-07-08"},
                            {"김민수", "2009-01-30"}});
  ASSERT_EQ(people.size(), 4U);
  const char* const names[] = {"Иванова Анна", "محمد علي", "王小明", "김민수"};
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(value(people[i], ElementType::name), names[i]);
  EXPECT_EQ(value(people[2], ElementType::birth_date), "2012-07-08");
}

TEST_F(TableReaderTest, HeadersMayBeOfAnotherScriptToo) {
  const auto people = read({{"Фамилия", "Имя", "Дата рождения"},
                            {"Иванова", "Анна", "2010-03-04"},
                            {"Петров", "Борис", "2011-05-06"}});
  ASSERT_EQ(people.size(), 2U);
  EXPECT_EQ(value(people[0], ElementType::name), "Анна Иванова");
  EXPECT_EQ(value(people[0], ElementType::birth_date), "2010-03-04");
  const auto others =
      read({{"姓名", "出生日期", "电话"}, {"王小明", "2012-07-08", "905-555-0101"}});
  ASSERT_EQ(others.size(), 1U);
  EXPECT_EQ(value(others[0], ElementType::name), "王小明");
  EXPECT_EQ(value(others[0], ElementType::phone), "+19055550101");
}

TEST_F(TableReaderTest, LabelsBesideValuesOfAnotherScriptAreOneForm) {
  const auto people = read({{"الاسم", "محمد علي"}, {"Health card number", "9876 543 217"}});
  ASSERT_EQ(people.size(), 1U);
  EXPECT_EQ(value(people[0], ElementType::name), "محمد علي");
  EXPECT_EQ(value(people[0], ElementType::ca_on_health_number), "9876543217");
}

TEST_F(TableReaderTest, CellsThatHoldALabelAboveItsValueAreOneForm) {
  const auto people = read({{"Student\nAdduci, Cindy", "OEN\n720-660-646", "Grade\n5"},
                            {"School\nMaple Hollow PS", "Teacher\nLael Leung", "Absences\n6"}},
                           document::PlaceKind::whole);
  ASSERT_FALSE(people.empty());
  EXPECT_EQ(value(people[0], ElementType::name), "Cindy Adduci");
  EXPECT_EQ(value(people[0], ElementType::ca_on_education_number), "720660646");
}

TEST_F(TableReaderTest, AHeaderOnTwoLinesIsNoFormOfValues) {
  const auto people = read({{"Student\nName", "Parent\nPhone"}, {"Adduci, Cindy", "905-555-0101"}},
                           document::PlaceKind::whole);
  ASSERT_FALSE(people.empty());
  EXPECT_EQ(value(people[0], ElementType::name), "Cindy Adduci");
}

TEST_F(TableReaderTest, StaffDirectoryIsWorkData) {
  const auto people = read(
      {{"Name", "Title", "Department", "Office phone", "E-mail"},
       {"Leung, Lael", "Planner II", "Planning", "905-555-2193 x8146", "lael.leung@region.example"},
       {"Russo, Andrea", "Nurse", "Health", "905-555-1767 x8430", "andrea.russo@region.example"}});
  ASSERT_EQ(people.size(), 2U);
  EXPECT_TRUE(people[0].work_data);
  EXPECT_EQ(people[0].role, Role::staff);
}

TEST_F(TableReaderTest, ColumnsOfFiguresArePeoplesNumbersOnlyWhenTheyProveIt) {
  Rows rows = {{"GL Account", "Cost centre", "Description", "2020 Budget"}};
  for (int i = 0; i < 30; ++i)
    rows.push_back({std::to_string(483759276 + i * 7919), std::to_string(4150623373 + i * 104729),
                    "Winter sand", "6309931"});
  EXPECT_TRUE(read(std::move(rows)).empty());
}

TEST_F(TableReaderTest, DamagedTablesAreReadWithoutHarm) {
  EXPECT_TRUE(read({}).empty());
  EXPECT_TRUE(read({{}, {}, {""}}).empty());
  EXPECT_TRUE(read({{"Name"}}).empty());
  read({{"Name", "Phone"}, {"Ann Lee"}, {"Bo Roy", "905-555-0101", "more", "cells"}});
}

TEST_F(TableReaderTest, SystemsNamesOfColumnsAreUnderstood) {
  const auto people = read(
      {{"RUN", "PT_LAST", "PT_FIRST", "BDATE", "HLTH_CARD", "CIVIC_NO", "RES_STREET", "CITY", "PC"},
       {"D1", "ROE", "ANN", "1984-03-07", "1234567897", "12", "QUEEN ST", "WHITBY", "L1N5A1"},
       {"D2", "POE", "SAM", "1990-11-02", "5982371147", "7", "OAK AVE", "AJAX", "L1S2B2"},
       {"D3", "LEE", "ROBERT", "1971-01-22", "4532015114", "80", "KING RD", "OSHAWA", "L1G3C3"},
       {"D4", "FOX", "MARY", "1966-05-30", "9876543217", "14", "MILL ST", "AJAX", "L1S4D4"},
       {"D5", "MAY", "LOUIS", "2001-12-12", "2468135799", "221", "ELM CRT", "WHITBY", "L1N6E6"},
       {"D6", "KELLY", "DAVID", "1958-09-19", "1357924685", "3", "CHURCH ST", "OSHAWA", "L1G7G7"}});
  ASSERT_EQ(people.size(), 6U);
  EXPECT_EQ(value(people[0], ElementType::name), "Ann Roe");
  EXPECT_EQ(value(people[0], ElementType::birth_date), "1984-03-07");
  EXPECT_EQ(value(people[0], ElementType::ca_on_health_number), "1234567897");
  EXPECT_EQ(value(people[0], ElementType::address).substr(0, 11), "12 QUEEN ST");
}

TEST_F(TableReaderTest, ACellOfANameABirthDateAndANumberIsReadWhole) {
  const auto people = read({{"Time", "Client", "Call-back"},
                            {"8:00", "Roe, Ann (7-Mar-1984) HC 1234 567 897", "905-555-0101"},
                            {"8:10", "Poe, Sam (2-Nov-1990) HC 5982 371 147", "905-555-0102"}});
  ASSERT_EQ(people.size(), 2U);
  EXPECT_EQ(value(people[0], ElementType::name), "Ann Roe");
  EXPECT_EQ(value(people[0], ElementType::birth_date), "1984-03-07");
  EXPECT_EQ(value(people[0], ElementType::ca_on_health_number), "1234567897");
  EXPECT_EQ(value(people[0], ElementType::phone), "+19055550101");
}

TEST_F(TableReaderTest, CardsThatRepeatAreOneRecordEach) {
  const auto people = read({{"Child:", "Ann Roe", "Born:", "March 7, 2012"},
                            {"Mother/Father:", "Kim Roe - 905-555-0101", "", ""},
                            {"Other parent:", "Lou Poe - 905-555-0102", "", ""},
                            {"", "", "", ""},
                            {"Child:", "Sam Lee", "Born:", "May 9, 2013"},
                            {"Mother/Father:", "Mei Lee - 905-555-0103", "", ""}});
  ASSERT_EQ(people.size(), 5U);
  EXPECT_EQ(value(people[0], ElementType::name), "Ann Roe");
  EXPECT_EQ(value(people[0], ElementType::birth_date), "2012-03-07");
  EXPECT_EQ(value(people[0], ElementType::phone), "");
  EXPECT_EQ(value(people[1], ElementType::phone), "+19055550101");
  EXPECT_EQ(value(people[2], ElementType::name), "Lou Poe");
  EXPECT_EQ(value(people[2], ElementType::phone), "+19055550102");
  EXPECT_EQ(value(people[3], ElementType::birth_date), "2013-05-09");
}

TEST_F(TableReaderTest, PeopleMayBeColumns) {
  const auto people = read({{"Name", "Ann Roe", "Sam Poe", "Bo Lee"},
                            {"Date of birth", "1984-03-07", "1990-11-02", "1971-01-22"},
                            {"Health card", "1234567897", "5982371147", "4532015112"}});
  ASSERT_EQ(people.size(), 3U);
  EXPECT_EQ(value(people[1], ElementType::name), "Sam Poe");
  EXPECT_EQ(value(people[1], ElementType::birth_date), "1990-11-02");
  EXPECT_EQ(people[1].elements.front().locator, "sheet=1;cell=C1");
}

TEST_F(TableReaderTest, TablesSideBySideAreTwo) {
  const auto people = read({{"Name", "Born", "", "Client", "Phone"},
                            {"Ann Roe", "1984-03-07", "", "Kim Roy", "905-555-0101"},
                            {"Sam Poe", "1990-11-02", "", "Lou May", "905-555-0102"},
                            {"Bo Lee", "1971-01-22", "", "Mia Fox", "905-555-0103"}});
  ASSERT_EQ(people.size(), 6U);
  for (const Record& record : people) EXPECT_TRUE(record.relations.empty());
}

TEST_F(TableReaderTest, ALoneColumnOfWordsLikeNamesMakesNobody) {
  const auto people = read({{"Item", "Name", "On hand"},
                            {"8824", "Rose Planter", "25"},
                            {"6368", "Jack Rack", "38"},
                            {"5110", "Ivy Trellis", "4"}});
  for (const Record& record : people) EXPECT_TRUE(record.uncertain);
}

TEST_F(TableReaderTest, OneNameForManyRowsIsWhoWorksWithThem) {
  const auto people = read({{"Pupil", "Born", "SUPV"},
                            {"Ann Roe", "2012-03-07", "Kim Nowak"},
                            {"Sam Poe", "2012-11-02", "Kim Nowak"},
                            {"Mia Fox", "2012-08-21", "Kim Nowak"},
                            {"Lou May", "2012-01-30", "Kim Nowak"},
                            {"Bo Lee", "2012-01-22", "Kim Nowak"}});
  for (const Record& record : people)
    EXPECT_EQ(value(record, ElementType::name) == "Kim Nowak", record.role == Role::staff);
}

TEST_F(TableReaderTest, NamesInTwoColumnsWithoutAHeaderAreKnownByTheLists) {
  const auto people = read({{"7001", "GRIFFIN", "HELEN", "1971-03-09", "1234567897"},
                            {"7002", "HADDAD", "OMAR", "1984-11-27", "5982371147"},
                            {"7003", "NGUYEN", "LINDA", "1990-06-14", "4532015114"},
                            {"7004", "FONTAINE", "LUCAS", "1962-01-30", "9876543217"}});
  ASSERT_EQ(people.size(), 4U);
  EXPECT_EQ(value(people[0], ElementType::name), "Helen Griffin");
  EXPECT_EQ(value(people[3], ElementType::birth_date), "1962-01-30");
}

TEST_F(TableReaderTest, ChildrenOfOneYearAreBornWhereTheLabelSaysSo) {
  const auto people = read({{"Élève", "Né(e) le"},
                            {"Ann Griffin", "3 octobre 2012"},
                            {"Omar Haddad", "4 octobre 2012"},
                            {"Lucas Fontaine", "7 novembre 2012"}});
  ASSERT_EQ(people.size(), 3U);
  EXPECT_EQ(value(people[0], ElementType::birth_date), "2012-10-03");
}

TEST_F(TableReaderTest, ACupIsNobodyHoweverOftenItIsPlayed) {
  Rows rows = {{"Date", "Home", "Away", "Competition name"}};
  for (int year = 1958; year < 1990; ++year)
    rows.push_back({std::to_string(year) + "-05-1" + std::to_string(year % 10), "Rovers", "City",
                    "Victoria Cup"});
  EXPECT_TRUE(read(rows).empty());
}

TEST_F(TableReaderTest, AFormNamesWhomItIsAboutBesideALabelThatNobodyKnows) {
  const auto people = read({{"Item", "Detail"},
                            {"Annuitant", "Griffin, Helen, 9 March 1971"},
                            {"Social insurance number", "130 692 544"},
                            {"Telephone", "905-555-0101"}});
  ASSERT_EQ(people.size(), 1U);
  EXPECT_EQ(value(people[0], ElementType::name), "Helen Griffin");
  EXPECT_EQ(value(people[0], ElementType::birth_date), "1971-03-09");
  EXPECT_EQ(value(people[0], ElementType::ca_sin), "130692544");
}

TEST_F(TableReaderTest, ASalaryIsExposedAndAResidentsRoomIsNoClass) {
  const auto staff = read({{"Name", "SIN", "Annual salary"},
                           {"Ann Griffin", "130692544", "61200"},
                           {"Omar Haddad", "046454286", "58900"},
                           {"Lucas Fontaine", "193456787", "70100"}});
  ASSERT_EQ(staff.size(), 3U);
  EXPECT_EQ(value(staff[0], ElementType::employment_record), "salary 61200");
  const auto residents = read({{"Resident", "Room", "Date of birth"},
                               {"Omar Haddad", "12B", "1931-02-03"},
                               {"Ann Griffin", "14A", "1929-08-30"}});
  ASSERT_EQ(residents.size(), 2U);
  EXPECT_EQ(value(residents[0], ElementType::student_record), "");
}

TEST_F(TableReaderTest, OfOnePhoneBesideTwoOwnersTheSecondsIsWeak) {
  const auto people =
      read({{"Owner", "Address", "Phone"},
            {"Helen Griffin & Omar Griffin", "12 Queen St, Whitby ON L1N 5A1", "905-555-0101"},
            {"Linda Nguyen & Sam Nguyen", "7 Oak Ave, Ajax ON L1S 2B2", "905-555-0102"}});
  ASSERT_EQ(people.size(), 4U);
  const auto confidence = [](const Record& record) {
    for (const Element& element : record.elements)
      if (element.type == ElementType::phone) return element.confidence;
    return -1.0F;
  };
  EXPECT_EQ(confidence(people[0]), 1.0F);
  EXPECT_EQ(confidence(people[1]), 0.5F);
}

}  // namespace
}  // namespace sealift::census
