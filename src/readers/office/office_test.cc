#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "readers/office/number_format.h"
#include "readers/pack/pack_for_test.h"
#include "readers/testing.h"

namespace sealift::readers {
namespace {

using document::FileStatus;
using document::PlaceKind;
using testing::ElementsAre;

std::string docx(const std::string& body, const std::vector<Packed>& more = {}) {
  std::vector<Packed> parts = {
      {"[Content_Types].xml", "<Types/>"},
      {"word/document.xml", "<w:document><w:body>" + body + "</w:body></w:document>"}};
  parts.insert(parts.end(), more.begin(), more.end());
  return pack(Packing::zip, parts);
}

std::string paragraph(const std::string& text) {
  return "<w:p><w:r><w:t>" + text + "</w:t></w:r></w:p>";
}

TEST(DocxTest, TextTablesAndTextAgainKeepTheirOrder) {
  const std::string cell = "<w:tc>" + paragraph("x") + "</w:tc>";
  const std::string wide =
      "<w:tc><w:tcPr><w:gridSpan w:val=\"2\"/></w:tcPr>" + paragraph("wide") + "</w:tc>";
  const auto files = read_for_test(
      docx(paragraph("Dear Zo&#235;,") + "<w:tbl><w:tr>" + wide + cell + "</w:tr><w:tr>" + cell +
               cell + cell + "</w:tr></w:tbl>" +
               "<w:p><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t>" + "</w:r></w:p>",
           {{"word/header1.xml", "<w:hdr>" + paragraph("header") + "</w:hdr>"},
            {"word/comments.xml", "<w:comments>" + paragraph("comment") + "</w:comments>"},
            {"docProps/core.xml", "<p><dc:creator>Ann</dc:creator></p>"}}));
  EXPECT_EQ(files[0].format, "docx");
  EXPECT_EQ(files[0].end.status, FileStatus::read);
  EXPECT_THAT(files[0].rows(), ElementsAre("wide||x", "x|x|x"));
  EXPECT_THAT(files[0].text(),
              testing::AllOf(testing::HasSubstr("Dear Zoë,\n"), testing::HasSubstr("a\tb\nc\n"),
                             testing::HasSubstr("header\n"), testing::HasSubstr("comment\n"),
                             testing::HasSubstr("creator: Ann\n")));
}

TEST(DocxTest, TextBoxesAreReadOnceAndDeletedTextIsRead) {
  const std::string box = "<w:txbxContent>" + paragraph("boxed") + "</w:txbxContent>";
  const auto text = read_for_test(docx(
      "<w:p><w:r><mc:AlternateContent><mc:Choice>" + box + "</mc:Choice><mc:Fallback>" + box +
      "</mc:Fallback></mc:AlternateContent></w:r>"
      "<w:del><w:r><w:delText>gone</w:delText></w:r></w:del></w:p>"))[0]
                        .text();
  EXPECT_EQ(text, "boxed\ngone\n");
}

std::string xlsx(const std::string& sheet, const std::vector<Packed>& more = {}) {
  std::vector<Packed> parts = {
      {"[Content_Types].xml", "<Types/>"},
      {"xl/workbook.xml",
       "<workbook><sheets><sheet name=\"List\" sheetId=\"1\" r:id=\"rId1\"/>"
       "<sheet name=\"Hidden\" state=\"hidden\" sheetId=\"2\" r:id=\"rId2\"/></sheets></workbook>"},
      {"xl/_rels/workbook.xml.rels",
       "<Relationships><Relationship Id=\"rId1\" Target=\"worksheets/sheet1.xml\"/>"
       "<Relationship Id=\"rId2\" Target=\"/xl/worksheets/sheet2.xml\"/></Relationships>"},
      {"xl/sharedStrings.xml",
       "<sst><si><t>Name</t></si><si><r><t>Zo</t></r><r><t>&#235;</t></r></si></sst>"},
      {"xl/styles.xml",
       "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"yyyy\\-mm\\-dd\"/>"
       "<numFmt numFmtId=\"165\" formatCode=\"000000000\"/></numFmts>"
       "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"164\"/><xf "
       "numFmtId=\"165\"/></cellXfs></styleSheet>"},
      {"xl/worksheets/sheet1.xml", "<worksheet><sheetData>" + sheet + "</sheetData></worksheet>"},
      {"xl/worksheets/sheet2.xml",
       "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>in a hidden "
       "sheet</t></is></c></row></sheetData></worksheet>"}};
  parts.insert(parts.end(), more.begin(), more.end());
  return pack(Packing::zip, parts);
}

TEST(XlsxTest, CellsAreReadAsPeopleSeeThem) {
  const auto files = read_for_test(xlsx(
      "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"C1\" t=\"s\"><v>1</v></c></row>"
      "<row r=\"5\"><c r=\"A5\" s=\"1\"><v>40910</v></c><c r=\"B5\" s=\"2\"><v>46454286</v></c>"
      "<c r=\"C5\"><v>0.1</v></c><c r=\"D5\"><v>1.2345678901E10</v></c><c r=\"E5\" "
      "t=\"b\"><v>1</v></c>"
      "</row>"));
  EXPECT_EQ(files[0].format, "xlsx");
  EXPECT_THAT(files[0].rows(), ElementsAre("Name||Zoë", "2012-01-02|046454286|0.1|12345678901|TRUE",
                                           "in a hidden sheet"));
  EXPECT_EQ(files[0].tables[1].first_row, 5U);
  EXPECT_EQ(files[0].tables[0].place.name, "List");
  EXPECT_EQ(files[0].tables[2].place.name, "Hidden");
  EXPECT_EQ(files[0].tables[2].place.number, 2U);
}

TEST(XlsxTest, CommentsAndStraySheetsAreNotLost) {
  const auto files = read_for_test(xlsx(
      "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row>",
      {{"xl/worksheets/_rels/sheet1.xml.rels",
        "<Relationships><Relationship Id=\"rId1\" Target=\"../comments1.xml\"/></Relationships>"},
       {"xl/comments1.xml",
        "<comments><comment><text><t>a comment</t></text></comment></comments>"},
       {"xl/worksheets/sheet9.xml",
        "<worksheet><sheetData><row><c><v>7</v></c></row></sheetData></worksheet>"}}));
  EXPECT_EQ(files[0].text(), "a comment\n");
  EXPECT_EQ(files[0].rows().back(), "7");
}

TEST(PackageTest, CutAnywhereItStillEnds) {
  EXPECT_TRUE(ends_wherever_cut(docx(paragraph("text")), 5));
  EXPECT_TRUE(ends_wherever_cut(xlsx("<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>"), 11));
}

TEST(PptxTest, SlidesAreNumbered) {
  const auto files = read_for_test(
      pack(Packing::zip, {{"[Content_Types].xml", "<Types/>"},
                          {"ppt/presentation.xml", "<p/>"},
                          {"ppt/slides/slide2.xml", "<a:p><a:r><a:t>second</a:t></a:r></a:p>"},
                          {"ppt/slides/slide1.xml", "<a:p><a:r><a:t>first</a:t></a:r></a:p>"}}));
  ASSERT_EQ(files[0].texts.size(), 2U);
  EXPECT_EQ(files[0].texts[0].text, "first\n");
  EXPECT_EQ(files[0].texts[1].place.kind, PlaceKind::slide);
  EXPECT_EQ(files[0].texts[1].place.number, 2U);
}

std::string odf(const std::string& kind, const std::string& content,
                const std::string& manifest = "<m/>") {
  // the first member is stored, so that its content can be seen from outside
  std::string bytes = "PK\x03\x04";
  bytes += std::string("\x14\0\0\0\0\0\0\0\0\0", 10);
  const std::string type = "application/vnd.oasis.opendocument." + kind;
  std::uint32_t crc = 0xFFFFFFFF;
  for (const char c : type) {
    crc ^= static_cast<unsigned char>(c);
    for (int i = 0; i < 8; ++i) crc = (crc >> 1) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
  }
  crc ^= 0xFFFFFFFF;
  const auto put32 = [&](std::uint32_t value) {
    for (int i = 0; i < 4; ++i) bytes += static_cast<char>(value >> (8 * i));
  };
  put32(crc);
  put32(static_cast<std::uint32_t>(type.size()));
  put32(static_cast<std::uint32_t>(type.size()));
  bytes += std::string("\x08\0\0\0", 4) + "mimetype" + type;
  return bytes +
         pack(Packing::zip, {{"content.xml", content}, {"META-INF/manifest.xml", manifest}});
}

TEST(OdfTest, SheetsRepeatWhatTheySayTheyRepeat) {
  const auto files =
      read_for_test(odf("spreadsheet",
                        "<office:spreadsheet><table:table table:name=\"S\"><table:table-row>"
                        "<table:table-cell><text:p>a</text:p></table:table-cell>"
                        "<table:table-cell table:number-columns-repeated=\"2\"/>"
                        "<table:table-cell office:value-type=\"date\" "
                        "office:date-value=\"2012-03-21\"><text:p>21/3/12"
                        "</text:p></table:table-cell></table:table-row>"
                        "<table:table-row table:number-rows-repeated=\"1000000\"><table:table-cell "
                        "table:number-columns-repeated=\"16000\"/></table:table-row>"
                        "</table:table></office:spreadsheet>"));
  EXPECT_EQ(files[0].format, "ods");
  EXPECT_THAT(files[0].rows(), ElementsAre("a|||2012-03-21"));
}

TEST(OdfTest, TextHasSpacesTabsAndTables) {
  const auto files = read_for_test(
      odf("text",
          "<office:text><text:p>a<text:s text:c=\"2\"/>b<text:tab/>c\n  d</text:p>"
          "<table:table><table:table-row><table:table-cell><text:p>x</text:p></table:table-cell>"
          "<table:table-cell><text:p>y</text:p></table:table-cell></table:table-row></table:table>"
          "</office:text>"));
  EXPECT_EQ(files[0].text(), "a  b\tc d\n");
  EXPECT_THAT(files[0].rows(), ElementsAre("x|y"));
}

TEST(OdfTest, EncryptionIsSeenInTheManifest) {
  const auto files = read_for_test(odf("text", "noise", "<manifest:encryption-data/>"));
  EXPECT_EQ(files[0].end.status, FileStatus::encrypted);
}

TEST(NumberFormatTest, NumbersAreShownAsSpreadsheetsShowThem) {
  struct Row {
    double value;
    const char* format;
    const char* shown;
  };
  const std::vector<Row> rows = {{40910, "yyyy-mm-dd", "2012-01-02"},
                                 {40910.5, "d/m/yy h:mm", "2012-01-02 12:00"},
                                 {0.75, "h:mm", "18:00"},
                                 {1, "d.m.yyyy", "1900-01-01"},
                                 {60, "m/d/yy", "1900-02-28"},
                                 {46454286, "000000000", "046454286"},
                                 {46454286, "000-000-000", "046454286"},
                                 {0.1 + 0.2, "General", "0.3"},
                                 {1234567890123, "0", "1234567890123"},
                                 {12.5, "#,##0.00", "12.5"},
                                 {5, "\"day\" 0", "5"},
                                 {-3, "yyyy", "-3"}};
  for (const Row& row : rows) {
    EXPECT_EQ(show_number(row.value, parse_number_format(row.format), DateSystem::from_1900),
              row.shown)
        << row.value << ' ' << row.format;
  }
  EXPECT_EQ(show_number(0, builtin_number_format(14), DateSystem::from_1904), "1904-01-01");
}

TEST(NumberFormatTest, AddressesOfCells) {
  EXPECT_EQ(parse_cell_address("B7").column, 2U);
  EXPECT_EQ(parse_cell_address("AA10").column, 27U);
  EXPECT_EQ(parse_cell_address("AA10").row, 10U);
  for (const char* bad : {"", "7", "B", "b7", "B7x"}) EXPECT_EQ(parse_cell_address(bad).column, 0U);
}

}  // namespace
}  // namespace sealift::readers
