#include "census/records/record_prose.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace sealift::census {
namespace {

class ProseReaderTest : public testing::Test {
 protected:
  std::vector<Record> read(std::string text) {
    RecordList list;
    ProseReader reader(tools_, list);
    reader.read({{}, document::TextRole::body, 1, std::move(text)});
    return list.take();
  }

  // The record whose first name is `name`, and how many there are.
  static const Record* named(const std::vector<Record>& records, std::string_view name) {
    const auto has = [&](const Record& record) {
      return std::ranges::any_of(record.elements, [&](const Element& element) {
        return element.type == ElementType::name && element.value == name;
      });
    };
    EXPECT_EQ(std::ranges::count_if(records, has), 1) << name;
    const auto found = std::ranges::find_if(records, has);
    return found == records.end() ? nullptr : &*found;
  }

  static std::string value(const Record* record, ElementType type) {
    if (record == nullptr) return "no such person";
    for (const Element& element : record->elements)
      if (element.type == type) return element.value;
    return "";
  }

  Models models_ = Models::built_in();
  TextDetector detector_{models_};
  ReadingTools tools_{.models = models_, .detector = detector_, .dates = {.as_of = {2021, 1, 20}}};
};

TEST_F(ProseReaderTest, AValueBelongsToTheNameBeforeIt) {
  const auto records = read(
      "Robert Ellison, born March 7, 1984, lives with Maria Santos, born May 9, 1986. "
      "His SIN is 130 692 544.\n");
  const Record* robert = named(records, "Robert Ellison");
  EXPECT_EQ(value(robert, ElementType::birth_date), "1984-03-07");
  EXPECT_EQ(value(named(records, "Maria Santos"), ElementType::birth_date), "1986-05-09");
}

TEST_F(ProseReaderTest, BracketsAreKeptApart) {
  const auto records = read(
      "Maria Santos (parent of Diego Santos, born 2011-06-05) wants a call at 905-555-0199.\n");
  EXPECT_EQ(value(named(records, "Maria Santos"), ElementType::phone), "+19055550199");
  const Record* diego = named(records, "Diego Santos");
  EXPECT_EQ(value(diego, ElementType::birth_date), "2011-06-05");
  EXPECT_EQ(value(diego, ElementType::phone), "");
}

TEST_F(ProseReaderTest, ANameMetAgainInPartIsTheSamePerson) {
  const auto records = read(
      "Robert Ellison called on Monday about his file.\n\nMr. Ellison can be reached at "
      "905-555-0142.\n");
  EXPECT_EQ(value(named(records, "Robert Ellison"), ElementType::phone), "+19055550142");
}

TEST_F(ProseReaderTest, TheSignatureIsStaff) {
  const auto records = read(
      "Dear Robert Ellison,\n\nYour file is complete.\n\nSincerely,\n\nPriya Raman\n"
      "Caseworker\n");
  const Record* priya = named(records, "Priya Raman");
  ASSERT_NE(priya, nullptr);
  EXPECT_EQ(priya->role, Role::staff);
  const Record* robert = named(records, "Robert Ellison");
  ASSERT_NE(robert, nullptr);
  EXPECT_NE(robert->role, Role::staff);
}

TEST_F(ProseReaderTest, TextWithoutPeopleMakesNoRecord) {
  EXPECT_TRUE(read("The committee meets in the first week of the next quarter.\n").empty());
  EXPECT_TRUE(read("for (int k = 0; k < 16; ++k) sum += table[k];\n").empty());
  EXPECT_TRUE(read("").empty());
}

TEST_F(ProseReaderTest, WhoDiedIsToldByWordsAnywhereInTheSentence) {
  const auto records = read(
      "Cody Armstrong (born 3 May 1931) was pronounced deceased on 2020-06-01 at home.\n"
      "Next of kin informed: Linda Armstrong, 905-555-0101.\n");
  const Record* dead = named(records, "Cody Armstrong");
  ASSERT_NE(dead, nullptr);
  EXPECT_EQ(dead->deceased, true);
  EXPECT_NE(named(records, "Linda Armstrong")->deceased, true);
}

TEST_F(ProseReaderTest, SomebodyInQuotedMailIsSomebody) {
  const auto records = read("Please see below.\n\n> Linda Armstrong, born 3 May 1951, called.\n");
  const Record* person = named(records, "Linda Armstrong");
  EXPECT_EQ(value(person, ElementType::birth_date), "1951-05-03");
  EXPECT_NE(person->role, Role::staff);
}

TEST_F(ProseReaderTest, ALineOfWhoWritesKeepsItsOwnNumbers) {
  const auto records = read(
      "Could you ring Cody Armstrong back? Born 3 May 1951, 905-555-0101.\n"
      "Linda Morales | Clerk | 905-555-0102 | linda.morales@office.example\n");
  EXPECT_EQ(value(named(records, "Cody Armstrong"), ElementType::phone), "+19055550101");
  EXPECT_EQ(value(named(records, "Linda Morales"), ElementType::phone), "+19055550102");
}

TEST_F(ProseReaderTest, ASurnameBeforeACommaIsANameInASentence) {
  const auto records = read("The direct deposit for Clarke, Robert bounced: SIN 130 692 544.\n");
  EXPECT_EQ(value(named(records, "Robert Clarke"), ElementType::ca_sin), "130692544");
}

TEST_F(ProseReaderTest, ATownThatEndsASentenceIsNoPartOfAName) {
  const auto records = read(
      "We visited Cody Armstrong today at 1904 Mearns Ave, Bowmanville. Mr. Armstrong (d.o.b. "
      "17-Nov-1950) "
      "opened the door.\n");
  EXPECT_EQ(value(named(records, "Cody Armstrong"), ElementType::birth_date), "1950-11-17");
}

TEST_F(ProseReaderTest, ADateInBracketsBehindANameIsABirthDate) {
  const auto records =
      read("To the parents of Ruth Griffin (05/18/2009): she was away on 2020-05-06.\n");
  EXPECT_EQ(value(named(records, "Ruth Griffin"), ElementType::birth_date), "2009-05-18");
}

TEST_F(ProseReaderTest, WhoWroteWhatIsQuotedIsACorrespondent) {
  const auto records = read(
      "On Mon, Jan 4, 2021, Ann Ellison wrote:\n> please update Helen Griffin, born March 9, "
      "1971.\n");
  const Record* writer = named(records, "Ann Ellison");
  ASSERT_NE(writer, nullptr);
  EXPECT_EQ(writer->role, Role::staff);
  EXPECT_EQ(value(named(records, "Helen Griffin"), ElementType::birth_date), "1971-03-09");
}

TEST_F(ProseReaderTest, WhatACardSaysIsOfNobodyAbove) {
  const auto records = read(
      "The file of Helen Griffin (born March 9, 1971).\n"
      "Xq Zzyx | Technician | 905.555.0138 | x.z@vendor.example\n");
  EXPECT_EQ(value(named(records, "Helen Griffin"), ElementType::phone), "");
}

TEST_F(ProseReaderTest, AMailboxIsWhoseNameItHas) {
  const auto records = read(
      "Robert Ellison was at home. His daughter Maria Ellison was asleep. The family can be "
      "reached "
      "at rellison81@mail.example.\n");
  EXPECT_EQ(value(named(records, "Robert Ellison"), ElementType::email), "rellison81@mail.example");
  EXPECT_EQ(value(named(records, "Maria Ellison"), ElementType::email), "");
}

TEST_F(ProseReaderTest, AfterSeveralNamesAContactIsOnlyPerhapsTheLastOnes) {
  const auto phone_of = [&](const char* text) {
    float confidence = 0;
    for (const Record& record : read(text))
      for (const Element& element : record.elements)
        if (element.type == ElementType::phone) confidence = element.confidence;
    return confidence;
  };
  EXPECT_GE(phone_of("Robert Ellison was seen on Monday. He can be reached at 905-555-0101."),
            0.6F);
  EXPECT_LT(phone_of("Robert Ellison was seen on Monday. Maria Santos was present. "
                     "The phone there is 905-555-0101."),
            0.6F);
  EXPECT_GT(phone_of("Robert Ellison was seen on Monday. Maria Santos can be reached at "
                     "905-555-0101."),
            0.0F);
}

TEST_F(ProseReaderTest, AChildMayBeNamedAfterTheParentAndAnApostrophe) {
  const auto records = read("Robert Ellison came in. Robert's son Zahid Ellison was present.");
  const Record* child = named(records, "Zahid Ellison");
  const Record* parent = named(records, "Robert Ellison");
  ASSERT_TRUE(child != nullptr && parent != nullptr);
  EXPECT_EQ(child->minor, true);
  EXPECT_EQ(child->relations, (std::vector<Relation>{{Relation::Kind::guardian, parent->ordinal}}));
}

}  // namespace
}  // namespace sealift::census
