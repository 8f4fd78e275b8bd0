// A case that grows while it is read: files in parts, files without an end, people found meanwhile.
#include "census/case/case.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>

#include "census/case/export.h"

namespace sealift::census {
namespace {

class GrowingCaseTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "growing_case_test_" + std::to_string(::getpid()) + "_" +
              testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directory(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  Case made(const std::string& name) { return Case::create(folder_ + "/" + name).value(); }

  static Record record(std::uint32_t ordinal, const std::string& name, const std::string& phone) {
    Record made;
    made.ordinal = ordinal;
    for (const auto& [type, value] :
         {std::pair(ElementType::name, name), std::pair(ElementType::phone, phone)}) {
      Element element;
      element.type = type;
      element.value = value;
      element.locator = "line=" + std::to_string(ordinal + 1);
      made.elements.push_back(element);
    }
    return made;
  }

  static FileRecords file(const std::string& path, std::vector<Record> records) {
    FileRecords made;
    made.path = path;
    made.format = "csv";
    made.size_bytes = 100;
    made.records = std::move(records);
    for (Record& r : made.records) r.path = path;
    return made;
  }

  // The people and files of a case, as one text.
  static std::string all_of(Case& from) {
    EXPECT_TRUE(from.resolve({}));
    std::string all;
    EXPECT_TRUE(from.for_each_person([&](const Person& person) {
      all += person.id + " " + person.names.front();
      for (const PersonElement& element : person.elements)
        for (const Evidence& e : element.evidence)
          all += " " + element.value + "@" + e.path + e.locator;
      all += "\n";
      return true;
    }));
    EXPECT_TRUE(from.for_each_file([&](const CaseFile& f) {
      all += f.path + " " + std::to_string(static_cast<int>(f.status)) + " " + f.reason + " " +
             std::to_string(f.records) + "\n";
      return true;
    }));
    return all;
  }

  std::string folder_;
};

TEST_F(GrowingCaseTest, AFilePutInPartsIsTheSameAsOnePutWhole) {
  const Record ann = record(0, "Ann Lee", "+19055550101");
  const Record bob = record(1, "Bob Roy", "+19055550102");
  const Record eve = record(2, "Eve Kim", "+19055550103");
  Case whole = made("whole");
  ASSERT_TRUE(whole.put("a.zip", CasePass::documents, 100,
                        {file("a.zip!b.csv", {ann, bob, eve}), file("a.zip", {})}));

  Case parts = made("parts");
  Case::TopFile top;
  top.path = "a.zip";
  top.size_bytes = 100;
  // settled records come before others of lower ordinals
  FileRecords first = file("a.zip!b.csv", {bob});
  first.ended = false;
  ASSERT_TRUE(parts.put_part(top, {first}));
  ASSERT_TRUE(parts.put_part(top, {file("a.zip!b.csv", {ann, eve})}));
  ASSERT_TRUE(parts.put_end(top, {file("a.zip", {})}));
  EXPECT_EQ(all_of(parts), all_of(whole));
  EXPECT_EQ(parts.has("a.zip", CasePass::documents, 100), true);
}

TEST_F(GrowingCaseTest, AFileWithoutItsEndIsReadAgain) {
  const Record ann = record(0, "Ann Lee", "+19055550101");
  Case whole = made("whole");
  ASSERT_TRUE(whole.put("a.csv", CasePass::documents, 100, {file("a.csv", {ann})}));

  Case killed = made("killed");
  Case::TopFile top;
  top.path = "a.csv";
  top.size_bytes = 100;
  FileRecords part = file("a.csv", {record(1, "Bob Roy", "+19055550102")});
  part.ended = false;
  ASSERT_TRUE(killed.put_part(top, {part}));
  EXPECT_EQ(killed.has("a.csv", CasePass::documents, 100), false);
  // the file list says so, too
  EXPECT_NE(all_of(killed).find("a.csv 2 its reading has not ended 1"), std::string::npos);
  ASSERT_TRUE(killed.put("a.csv", CasePass::documents, 100, {file("a.csv", {ann})}));
  EXPECT_EQ(killed.has("a.csv", CasePass::documents, 100), true);
  EXPECT_EQ(all_of(killed), all_of(whole));
}

TEST_F(GrowingCaseTest, PeopleAreFoundWhileAnotherConnectionPuts) {
  Case writing = made("case");
  Case view = Case::open(folder_ + "/case").value();
  ASSERT_TRUE(writing.put("a.csv", CasePass::documents, 100,
                          {file("a.csv", {record(0, "Ann Lee", "+19055550101")})}));
  const auto found = view.find_people({});
  ASSERT_TRUE(found);
  ASSERT_TRUE(writing.put("b.csv", CasePass::documents, 100,
                          {file("b.csv", {record(0, "Bob Roy", "+19055550102")})}));
  EXPECT_EQ(view.keep_people(*found), 1U);
  EXPECT_EQ(writing.resolve({}), 2U);
}

}  // namespace
}  // namespace sealift::census
