// Long files in parts: what settles early, and that parts lose nothing.
#include "census/records/record_file.h"

#include <gtest/gtest.h>

namespace sealift::census {
namespace {

class FileReaderTest : public testing::Test {
 protected:
  static document::TableRows class_list(std::uint64_t first_row, int count, bool header) {
    document::TableRows piece;
    piece.first_row = first_row;
    if (header) piece.rows.push_back({"Student Name", "Date of Birth", "Parent", "Cell"});
    for (int i = 0; i < count; ++i) {
      const std::string n = std::to_string(10 + (static_cast<int>(first_row) + i) % 18);
      piece.rows.push_back({"Tremblay, Anna", "2012-03-" + n, "Marc Tremblay", "905-555-01" + n});
    }
    return piece;
  }

  static document::MailHeader header(std::uint32_t mail, const char* name, const char* value) {
    return {name, value, {document::PlaceKind::record, mail, ""}};
  }

  static void read_table(FileReader& reader, const std::function<void()>& between) {
    reader.begin_file({"a.csv", "csv", 1});
    for (int piece = 0; piece < 5; ++piece) {
      reader.table_rows(class_list(1 + static_cast<std::uint64_t>(piece) * 20, 20, piece == 0));
      between();
    }
    reader.end_file({});
  }

  Models models_ = Models::built_in();
  TextDetector detector_{models_};
  ReadingTools tools_{.models = models_, .detector = detector_, .dates = {.as_of = {2021, 1, 20}}};
};

TEST_F(FileReaderTest, PartsOfATableAreTheWholeTable) {
  FileReader whole(tools_);
  read_table(whole, [] {});
  const std::vector<FileRecords> expected = whole.take();
  ASSERT_EQ(expected.size(), 1U);
  ASSERT_GT(expected[0].records.size(), 100U);  // students and parents

  FileReader parted(tools_);
  std::vector<Record> records;
  std::size_t parts = 0;
  read_table(parted, [&] {
    EXPECT_GT(parted.settled(), 0U);
    for (FileRecords& part : parted.take_settled()) {
      EXPECT_FALSE(part.ended);
      EXPECT_EQ(part.path, "a.csv");
      ++parts;
      for (Record& record : part.records) records.push_back(std::move(record));
    }
    EXPECT_EQ(parted.settled(), 0U);
  });
  EXPECT_EQ(parts, 5U);
  for (FileRecords& last : parted.take()) {
    EXPECT_TRUE(last.ended);
    for (Record& record : last.records) records.push_back(std::move(record));
  }
  EXPECT_EQ(records, expected[0].records);
}

TEST_F(FileReaderTest, AMailSettlesWhenTheNextBegins) {
  FileReader reader(tools_);
  reader.begin_file({"box", "mbox", 1});
  reader.mail_header(header(1, "From", "Anna Tremblay <anna@mail.example>"));
  reader.text({{document::PlaceKind::record, 1, ""}, document::TextRole::body, 1, "Hello.\n"});
  EXPECT_EQ(reader.settled(), 0U);
  reader.mail_header(header(2, "From", "Marc Roy <marc@mail.example>"));
  EXPECT_EQ(reader.settled(), 1U);
  reader.end_file({});
  const auto files = reader.take();
  ASSERT_EQ(files.size(), 1U);
  EXPECT_EQ(files[0].records.size(), 2U);
}

TEST_F(FileReaderTest, EndedMembersAreTakenBeforeTheirArchiveEnds) {
  FileReader reader(tools_);
  reader.begin_file({"a.zip", "zip", 1});
  reader.begin_file({"a.zip!b.csv", "csv", 1});
  reader.table_rows(class_list(1, 4, true));
  reader.end_file({document::FileStatus::partial, "cut short"});
  EXPECT_EQ(reader.settled(), 8U);
  const auto files = reader.take_settled();
  ASSERT_EQ(files.size(), 1U);
  EXPECT_TRUE(files[0].ended);
  EXPECT_EQ(files[0].reason, "cut short");
  reader.end_file({});
  ASSERT_EQ(reader.take().size(), 1U);
}

TEST_F(FileReaderTest, TextBesideACardIsAboutItsPeople) {
  FileReader reader(tools_);
  reader.begin_file({"a.hl7", "hl7", 1});
  using document::FactKind;
  using document::Party;
  const document::Place first{document::PlaceKind::record, 1, ""};
  reader.card({first,
               {{Party::subject, 0, FactKind::last_name, "TREMBLAY", "PID-5"},
                {Party::subject, 0, FactKind::first_name, "ANNA", "PID-5"}}});
  reader.text({first, document::TextRole::body, 1, "Call her at 905-555-0107.\n"});
  reader.card({{document::PlaceKind::record, 2, ""},
               {{Party::subject, 0, FactKind::full_name, "Marc Roy", "PID-5"}}});
  reader.end_file({});
  const auto files = reader.take();
  ASSERT_EQ(files.size(), 1U);
  ASSERT_EQ(files[0].records.size(), 2U);
  EXPECT_EQ(files[0].records[0].elements.back().value, "+19055550107");
  EXPECT_EQ(files[0].records[1].elements.size(), 1U);
}

TEST_F(FileReaderTest, ARowThatNobodyUnderstandsIsSearchedAndCounted) {
  FileReader reader(tools_);
  reader.begin_file({"a.csv", "text", 1});
  document::TableRows rows;
  rows.rows = {{"Team", "Won", "Lost"},
               {"Reds", "3", "4"},
               {"Blues", "5", "2"},
               {"Greens", "see SIN 130 692 544", "1"}};
  reader.table_rows(rows);
  reader.end_file({});
  const auto files = reader.take();
  ASSERT_EQ(files.size(), 1U);
  EXPECT_EQ(files[0].status, document::FileStatus::partial);
  EXPECT_EQ(files[0].reason, "1 row not understood");
  ASSERT_EQ(files[0].records.size(), 1U);
  EXPECT_EQ(files[0].records[0].elements[0].value, "130692544");
  EXPECT_EQ(files[0].records[0].elements[0].locator, "row=4;col=2");
}

TEST_F(FileReaderTest, SmallTablesThatAskTheSameAreCardsOfOneList) {
  FileReader reader(tools_);
  reader.begin_file({"a.docx", "docx", 1});
  const char* const people[][3] = {{"Beck, Gena", "1984-03-07", "130 692 544"},
                                   {"Ulloa, Kali", "1971-10-09", "435 418 165"},
                                   {"Noser, Khloe", "1990-12-01", "193-080-322"}};
  std::uint32_t number = 0;
  for (const auto& [name, born, sin] : people) {
    document::TableRows table;
    table.table = ++number;
    table.rows = {{"ZQ_PERS", name}, {"ZQ_BORN", born}, {"ZQ_SOCINS", sin}};
    reader.table_rows(table);
  }
  reader.end_file({});
  const auto files = reader.take();
  ASSERT_EQ(files.size(), 1U);
  ASSERT_EQ(files[0].records.size(), 3U);
  EXPECT_EQ(files[0].records[1].elements.size(), 3U);
  EXPECT_NE(files[0].records[1].elements[0].locator.find("table=2"), std::string::npos)
      << files[0].records[1].elements[0].locator;
}

TEST_F(FileReaderTest, LinesOfLabelsAndValuesAreCards) {
  FileReader reader(tools_);
  reader.begin_file({"a.txt", "text", 1});
  document::Text text;
  text.text =
      "Pupil's last: Beck      Forename: Gena\nMin. no.: 413 302 657   Home: 905-555-0100\n\n"
      "Pupil's last: Ulloa     Forename: Kali\nMin. no.: 857 383 277   Home: 905-555-0101\n\n"
      "Pupil's last: Noser     Forename: Khloe\nMin. no.: 167 012 104   Home: 905-555-0102\n";
  reader.text(text);
  reader.end_file({});
  const auto files = reader.take();
  ASSERT_EQ(files.size(), 1U);
  ASSERT_EQ(files[0].records.size(), 3U);
  EXPECT_EQ(files[0].records[2].elements[0].value, "Khloe Noser");
}

TEST_F(FileReaderTest, ColumnsOfATextWithoutHeadersAreWhereLinesBeginThem) {
  FileReader reader(tools_);
  reader.begin_file({"a.txt", "text", 1});
  document::Text text;
  text.text =
      "GENA    BECK    gena.beck@mail.example    1984-03-07  905-555-0100\n"
      "KALI    ULLOA   kali7@mail.example        1971-10-09  905-555-0101\n"
      "KHLOE   NOSER   khloenoser@mail.example   1990-12-01  905-555-0102\n"
      "AMANDA  GIRARD  agirard@mail.example      1975-02-03  905-555-0103\n";
  reader.text(text);
  reader.end_file({});
  const auto files = reader.take();
  ASSERT_EQ(files.size(), 1U);
  ASSERT_EQ(files[0].records.size(), 4U);
  EXPECT_EQ(files[0].records[0].elements[0].value, "Gena Beck");
}

}  // namespace
}  // namespace sealift::census
