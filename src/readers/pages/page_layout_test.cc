#include "readers/pages/page_layout.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "readers/testing.h"

namespace sealift::readers {
namespace {

using testing::ElementsAre;

// Text drawn with characters, a line "TOP text": a letter is 6 units wide and 12 high.
std::vector<Word> words_of(std::string_view page) {
  std::vector<Word> words;
  while (!page.empty()) {
    const std::size_t line_end = page.find('\n');
    const std::string_view line = page.substr(0, line_end);
    page.remove_prefix(line_end + 1);
    const double top = std::stod(std::string(line.substr(0, 4)));
    for (std::size_t at = line.find_first_not_of(' ', 4); at != std::string_view::npos;) {
      const std::size_t end = std::min(line.find(' ', at), line.size());
      words.push_back({static_cast<double>(at) * 6, top, static_cast<double>(end) * 6, top + 12,
                       std::string(line.substr(at, end - at))});
      at = line.find_first_not_of(' ', end);
    }
  }
  return words;
}

document::FileEnd read_drawn(base::ByteView bytes, Context& context) {
  lay_out_page(words_of(base::text_of(bytes)), {document::PlaceKind::page, 1, {}},
               document::TextRole::body, context);
  return read_whole();
}

ReadFile lay_out(const std::vector<std::string>& lines, const std::vector<double>& tops) {
  std::string page;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::string top = std::to_string(static_cast<int>(tops[i]));
    top.resize(4, ' ');
    page += top + lines[i] + '\n';
  }
  Recording recording;
  const Means means{[](base::ByteView) -> Recognised {
                      return {"drawn", read_drawn};
                    },
                    nullptr, process_cpu_time};
  const extract::Request request{extract::Pass::documents, page.size(), "f", {}, {}};
  Context(recording, request, means).read_top(base::bytes_of(page));
  return recording.files.at(0);
}

std::vector<double> even(std::size_t count) {
  std::vector<double> tops;
  for (std::size_t i = 0; i < count; ++i) tops.push_back(static_cast<double>(i) * 18);
  return tops;
}

TEST(PageLayoutTest, LinesOfProseStayText) {
  const auto file = lay_out({"Dear Ann,", "thank you for your letter."}, even(2));
  EXPECT_EQ(file.text(), "Dear Ann,\nthank you for your letter.\n");
  EXPECT_THAT(file.rows(), ElementsAre());
}

TEST(PageLayoutTest, ColumnsThatLineUpAreATable) {
  const auto file =
      lay_out({"Class list", "Name          Born        Bus", "Ann Fox       2011-01-02  Y",
               "Bo            2012-03-04  N", "end of the list"},
              even(5));
  EXPECT_EQ(file.text(), "Class list\nend of the list\n");
  EXPECT_THAT(file.rows(), ElementsAre("Name|Born|Bus", "Ann Fox|2011-01-02|Y", "Bo|2012-03-04|N"));
}

TEST(PageLayoutTest, ValuesStandUnderTheirLabels) {
  const auto file = lay_out({"Last name        First name", "Fox              Ann",
                             "Date of birth    Phone", "2011-01-02       905-555-0100"},
                            even(4));
  EXPECT_THAT(file.rows(), ElementsAre("Last name|First name", "Fox|Ann", "Date of birth|Phone",
                                       "2011-01-02|905-555-0100"));
}

TEST(PageLayoutTest, AWrappedCellGoesOnInItsRow) {
  const auto file = lay_out(
      {"Number     Owner", "18-05-020  FOX, Ann", "000        Marie", "18-05-021  LEE, Bo", "001"},
      {0, 24, 37, 61, 74});
  EXPECT_THAT(file.rows(), ElementsAre("Number|Owner", "18-05-020|FOX, Ann", "000|Marie",
                                       "18-05-021001|LEE, Bo"));  // as many cells: a row
}

TEST(PageLayoutTest, HeadersOfSeveralColumnsStandInTheFirstOfThem) {
  const auto file = lay_out({"Student                   Parent              Home",
                             "Last   First  Born        Name     Phone      Address",
                             "Fox    Ann    2011-01-02  Bo Fox   555-0100   1 Elm St",
                             "Lee    Eve    2012-03-04                      2 Oak St",
                             "Roy    Max    2010-05-06  Mia Roy  555-0101   3 Ash St"},
                            even(5));
  EXPECT_THAT(
      file.rows(),
      ElementsAre("Student|||Parent||Home", "Last|First|Born|Name|Phone|Address",
                  "Fox|Ann|2011-01-02|Bo Fox|555-0100|1 Elm St", "Lee|Eve|2012-03-04|||2 Oak St",
                  "Roy|Max|2010-05-06|Mia Roy|555-0101|3 Ash St"));
}

TEST(PageLayoutTest, RowsOfAsManyColumnsAtOtherPlacesAreAnotherTable) {
  const auto file =
      lay_out({"Student          Number       Grade", "Fox, Ann         527-950-323  7",
               "School           Teacher      Absences", "Cedar PS         Bo Lee       17",
               "Subject   Mark   Next steps", "Language  B      Ann stays on task most of the day",
               "Arts      A      Ann likes to paint with the others"},
              even(7));
  EXPECT_THAT(file.rows(),
              ElementsAre("Student|Number|Grade", "Fox, Ann|527-950-323|7",
                          "School|Teacher|Absences", "Cedar PS|Bo Lee|17",
                          "Subject|Mark|Next steps", "Language|B|Ann stays on task most of the day",
                          "Arts|A|Ann likes to paint with the others"));
}

TEST(PageLayoutTest, AnAddressTooLongForItsColumnIsCutAnywhere) {
  const auto file = lay_out(
      {"Name     E-mail               Bus", "Ann Fox  ann.fox@mail.exam     Y", "         ple",
       "Bo Lee   bo.lee@mail.example  N", "Eve Roy  eve@mail.example     Y"},
      {0, 24, 37, 61, 85});
  EXPECT_THAT(file.rows(),
              ElementsAre("Name|E-mail|Bus", "Ann Fox|ann.fox@mail.example|Y",
                          "Bo Lee|bo.lee@mail.example|N", "Eve Roy|eve@mail.example|Y"));
}

// Objects without a table of where they are: readers find them.
std::string pdf_of(const std::string& objects) {
  return "%PDF-1.5\n1 0 obj<</Type/Catalog/Pages 2 0 R/AcroForm 4 0 R>>endobj\n"
         "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
         "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Annots[6 0 R]>>endobj\n" +
         objects + "trailer<</Root 1 0 R/Size 9>>\n%%EOF\n";
}

TEST(PageLayoutTest, NarrowColumnsOfProseAreReadOneByOne) {
  const ReadFile file = lay_out(
      {"Intake notes             Referral", "Ugo Dahl was seen on     Pia Quist was seen on",
       "May 9 and lives at       June 2. Her number", "4 Elm St in Ajax with    is on file and she",
       "two children.            can be reached at"},
      even(5));
  EXPECT_THAT(file.rows(), testing::IsEmpty());
  EXPECT_NE(file.text().find("Ugo Dahl was seen on\nMay 9 and lives at\n4 Elm St"),
            std::string::npos);
  const ReadFile table =
      lay_out({"Name        Note", "Ann Lee     has asthma and a cat", "Bo Roy      has a dog",
               "Cy Fox      seen in may", "Di Yu       seen in june"},
              even(5));
  EXPECT_THAT(table.rows(), testing::SizeIs(5));
}

TEST(PdfFormsTest, FieldsNotesAndXfaDataAreRead) {
  const std::string xml =
      "<xfa:datasets xmlns:xfa='x'><xfa:data><form><Surname>Dube</Surname><Given>Lia</Given></form>"
      "</xfa:data></xfa:datasets>";
  const auto files = read_for_test(pdf_of(
      "4 0 obj<</Fields[5 0 R]/XFA[(datasets) 7 0 R]>>endobj\n"
      "5 0 obj<</T(grp)/Kids[8 0 R]>>endobj\n8 0 obj<</T(n)/TU(Date of "
      "birth)/V(1980-01-02)>>endobj\n"
      "6 0 obj<</Subtype/FreeText/Contents(Call Ron Ito)/Rect[0 0 9 9]>>endobj\n7 0 obj<</Length " +
      std::to_string(xml.size()) + ">>stream\n" + xml + "\nendstream endobj\n"));
  ASSERT_EQ(files[0].format, "pdf");
  const std::string text = files[0].text();
  EXPECT_NE(text.find("Date of birth: 1980-01-02\n"), std::string::npos) << text;
  EXPECT_NE(text.find("Call Ron Ito\n"), std::string::npos) << text;
  EXPECT_THAT(files[0].rows(), testing::Contains("Dube|Lia"));
}

}  // namespace
}  // namespace sealift::readers
