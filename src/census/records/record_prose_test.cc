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

}  // namespace
}  // namespace sealift::census
