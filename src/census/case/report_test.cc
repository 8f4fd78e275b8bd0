#include "census/case/report.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "census/case/export.h"
#include "census/kinds/mask.h"

namespace sealift::census {
namespace {

class CaseTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "case_test_" + std::to_string(::getpid()) + "_" +
              testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  static FileRecords file(const std::string& path, const std::string& name,
                          const std::string& sin) {
    FileRecords made;
    made.path = path;
    made.format = "text";
    made.size_bytes = 10;
    Record record;
    record.path = path;
    for (const auto& [type, value] :
         {std::pair(ElementType::name, name), std::pair(ElementType::ca_sin, sin)}) {
      Element element;
      element.type = type;
      element.value = value;
      element.locator = "line=1";
      record.elements.push_back(element);
    }
    made.records.push_back(record);
    return made;
  }

  static std::vector<Person> people_of(Case& from) {
    std::vector<Person> people;
    EXPECT_TRUE(from.for_each_person([&](const Person& person) {
      people.push_back(person);
      return true;
    }));
    return people;
  }

  std::string folder_;
};

TEST_F(CaseTest, TheOrderOfArrivalLeavesNoTrace) {
  const FileRecords a = file("a.txt", "Ann Lee", "130692544");
  const FileRecords b = file("b.txt", "Ann Lee", "130692544");
  std::vector<std::vector<Person>> results;
  for (const bool forwards : {true, false}) {
    auto made = Case::create(folder_ + (forwards ? "1" : "2"));
    ASSERT_TRUE(made);
    for (const FileRecords* each : forwards ? std::vector{&a, &b} : std::vector{&b, &a})
      ASSERT_TRUE(made->put(each->path, CasePass::documents, 10, {*each}));
    ASSERT_TRUE(made->resolve({}));
    results.push_back(people_of(*made));
    std::filesystem::remove_all(folder_ + (forwards ? "1" : "2"));
  }
  EXPECT_EQ(results[0], results[1]);
  ASSERT_EQ(results[0].size(), 1U);
  EXPECT_EQ(results[0][0].elements[1].evidence.size(), 2U);
}

TEST_F(CaseTest, AFilePutAgainReplacesItself) {
  auto made = Case::create(folder_);
  ASSERT_TRUE(made);
  ASSERT_TRUE(made->put("a.txt", CasePass::documents, 10, {file("a.txt", "Ann Lee", "130692544")}));
  ASSERT_TRUE(made->put("a.txt", CasePass::documents, 11, {file("a.txt", "Bo Roy", "435418165")}));
  EXPECT_EQ(made->has("a.txt", CasePass::documents, 10), false);
  EXPECT_EQ(made->has("a.txt", CasePass::documents, 11), true);
  ASSERT_TRUE(made->resolve({}));
  const auto people = people_of(*made);
  ASSERT_EQ(people.size(), 1U);
  EXPECT_EQ(people[0].names.front(), "Bo Roy");
}

TEST_F(CaseTest, AJudgementSurvivesTheNextResolving) {
  auto made = Case::create(folder_);
  ASSERT_TRUE(made);
  ASSERT_TRUE(made->put("a.txt", CasePass::documents, 10, {file("a.txt", "Ann Lee", "130692544")}));
  ASSERT_TRUE(made->put("b.txt", CasePass::documents, 10, {file("b.txt", "Ann Lee", "130692544")}));
  EXPECT_EQ(made->resolve({}), 1U);
  ASSERT_TRUE(made->decide({"b.txt", 0}, {"a.txt", 0}, Verdict::apart));
  EXPECT_EQ(made->resolve({}), 2U);
  EXPECT_EQ(made->resolve({}), 2U);
}

TEST_F(CaseTest, ExamplesOfTheReportAreMasked) {
  auto made = Case::create(folder_);
  ASSERT_TRUE(made);
  ASSERT_TRUE(made->put("a.txt", CasePass::documents, 10, {file("a.txt", "Ann Lee", "130692544")}));
  ASSERT_TRUE(made->resolve({}));
  const auto facts = report_facts(*made);
  ASSERT_TRUE(facts);
  std::size_t examples = 0;
  for (const auto& [type, kind] : facts->kinds) {
    for (const std::string& example : kind.examples) {
      ++examples;
      EXPECT_EQ(example.find("130692544"), std::string::npos);
      EXPECT_EQ(example.find("Ann"), std::string::npos);
    }
  }
  EXPECT_GT(examples, 0U);
}

TEST_F(CaseTest, SomebodyOfWhomNobodyIsSureIsCountedApartAndGetsNoLetter) {
  auto made = Case::create(folder_);
  ASSERT_TRUE(made);
  ASSERT_TRUE(made->put("a.txt", CasePass::documents, 10, {file("a.txt", "Ann Lee", "130692544")}));
  FileRecords nameless = file("b.txt", "", "435418165");
  nameless.records[0].elements.erase(nameless.records[0].elements.begin());
  ASSERT_TRUE(made->put("b.txt", CasePass::documents, 10, {nameless}));
  ASSERT_TRUE(made->resolve({}));
  const auto facts = report_facts(*made);
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->people, 1U);
  EXPECT_EQ(facts->doubtful, 1U);
  const auto letters = mail_merge_csv(*made, "");
  ASSERT_TRUE(letters);
  EXPECT_NE(letters->find("Ann Lee"), std::string::npos);
  EXPECT_EQ(std::ranges::count(*letters, '\n'), 2) << *letters;
}

TEST_F(CaseTest, NoCaseIsAnError) {
  const auto opened = Case::open(folder_);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, base::ErrorCode::not_found);
}

TEST(ReportTest, NoCellIsAFormula) {
  EXPECT_EQ(csv_cell("=1+1"), "\"'=1+1\"");
  EXPECT_EQ(csv_cell("+19055550100"), "\"'+19055550100\"");
  EXPECT_EQ(csv_cell("-x"), "\"'-x\"");
  EXPECT_EQ(csv_cell("@x"), "\"'@x\"");
  EXPECT_EQ(csv_cell("a\"b\r\nc"), "\"a\"\"b  c\"");
}

TEST(MaskTest, ValuesAreHiddenAndKindsAreNot) {
  EXPECT_EQ(masked(ElementType::ca_sin, "130692544"), "*******44");
  EXPECT_EQ(masked(ElementType::name, "Léa Lévesque"), "L*** L***");
  EXPECT_EQ(masked(ElementType::birth_date, "1984-03-07"), "1984-**-**");
  EXPECT_EQ(masked(ElementType::email, "ann@x.example"), "a***@x.example");
  EXPECT_EQ(masked(ElementType::credential, "Winter1!"), "***");
  EXPECT_EQ(masked(ElementType::ca_sin, "123"), "***");
}

TEST(ExportTest, StringsAreJsonWhateverTheyHold) {
  EXPECT_EQ(json_string("a\"b\\c\n\x01"), "\"a\\\"b\\\\c\\u000a\\u0001\"");
  EXPECT_EQ(json_string("\xC3\xA9\xFF"), "\"\xC3\xA9\xEF\xBF\xBD\"");
}

}  // namespace
}  // namespace sealift::census
