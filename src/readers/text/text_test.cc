#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "readers/testing.h"
#include "readers/text/delimited.h"
#include "readers/text/fixed_width.h"
#include "readers/text/text_encoding.h"

namespace sealift::readers {
namespace {

using document::FileStatus;
using testing::ElementsAre;

TEST(TextEncodingTest, EveryEncodingGivesTheSameText) {
  struct Row {
    const char* name;
    std::string bytes;
  };
  const std::string text = "Chère Zoë, prière de noter la rentrée.\n";
  const std::vector<Row> rows = {
      {"UTF-8", text},
      {"UTF-8 with a mark", "\xEF\xBB\xBF" + text},
      {"Windows-1252",
       "Ch\xE8re Zo\xEB, pri\xE8re de noter la rentr\xE9"
       "e.\n"},
      {"Macintosh",
       "Ch\x8Fre Zo\x91, pri\x8Fre de noter la rentr\x8E"
       "e.\n"},
      {"IBM850",
       "Ch\x8Are Zo\x89, pri\x8Are de noter la rentr\x82"
       "e.\n"},
  };
  for (const Row& row : rows) {
    const auto charset = detect_charset(base::bytes_of(row.bytes));
    ASSERT_TRUE(charset) << row.name;
    EXPECT_EQ(decode(base::bytes_of(row.bytes), *charset), text) << row.name << ' ' << *charset;
  }
}

std::string utf16(std::string_view ascii, bool little) {
  std::string out;
  for (const char c : ascii) {
    if (!little) out += '\0';
    out += c;
    if (little) out += '\0';
  }
  return out;
}

TEST(TextEncodingTest, Utf16IsKnownWithAndWithoutAMark) {
  const std::string text = "Name: Ann Example\n";
  for (const std::string& bytes : {"\xFF\xFE" + utf16(text, true), utf16(text, true),
                                   "\xFE\xFF" + utf16(text, false), utf16(text, false)}) {
    const auto files = read_for_test(bytes);
    EXPECT_EQ(files[0].format, "text");
    EXPECT_EQ(files[0].text(), text);
  }
}

TEST(TextEncodingTest, InitialsWithAccentsAreNotTakenForSigns) {
  const std::string bytes = "\xC9.\xC9. Rive-Claire; L\xE9o\n\xC9.\xC9. Rive-Claire; Ann\n";
  EXPECT_EQ(detect_charset(base::bytes_of(bytes)), "windows-1252");
}

TEST(TextEncodingTest, CyrillicIsNotTakenForLatin) {
  const std::string bytes =
      "\xCF\xF0\xE8\xE2\xE5\xF2, \xFD\xF2\xEE \xEF\xF0\xE8\xEC\xE5\xF0 "
      "\xF2\xE5\xEA\xF1\xF2\xE0 \xED\xE0 \xF0\xF3\xF1\xF1\xEA\xEE\xEC \xFF\xE7\xFB\xEA\xE5.\n";
  const auto charset = detect_charset(base::bytes_of(bytes));
  ASSERT_TRUE(charset);
  EXPECT_EQ(decode(base::bytes_of(bytes), *charset),
            "Привет, это пример текста на русском языке.\n");
}

TEST(TextEncodingTest, BinaryIsNotText) {
  std::string bytes;
  for (int i = 0; i < 4096; ++i) bytes += static_cast<char>(i * 37);
  EXPECT_FALSE(detect_charset(base::bytes_of(bytes)));
  EXPECT_EQ(read_for_test(bytes)[0].end.status, FileStatus::unsupported);
}

TEST(TextEncodingTest, AFalseLabelIsNotBelieved) {
  EXPECT_EQ(decode(base::bytes_of("caf\xC3\xA9"), "iso-8859-1"), "café");
  EXPECT_EQ(decode(base::bytes_of("caf\xE9"), "utf-8"), "café");
  EXPECT_EQ(decode(base::bytes_of("caf\xE9"), "no-such-charset"), "café");
}

TEST(TextReaderTest, LinesAreCountedAcrossPieces) {
  std::string text;
  while (text.size() < (std::size_t{3} << 20)) text += "one line of a long text about nothing\n";
  const auto files = read_for_test(text);
  ASSERT_GT(files[0].texts.size(), 1U);
  EXPECT_EQ(files[0].text(), text);
  std::uint32_t line = 1;
  for (const document::Text& piece : files[0].texts) {
    EXPECT_EQ(piece.first_line, line);
    line += static_cast<std::uint32_t>(std::ranges::count(piece.text, '\n'));
  }
}

TEST(TextReaderTest, ALogWithAStrayLatinLineStaysReadable) {
  std::string text;
  for (int i = 0; i < 20000; ++i) text += "ligne accentuée en UTF-8\n";
  const auto files = read_for_test(text +
                                   "ligne accentu\xE9"
                                   "e\n");
  EXPECT_TRUE(files[0].text().ends_with("UTF-8\nligne accentuée\n"));
}

struct TableRow {
  const char* name;
  std::string bytes;
  std::vector<std::string> rows;
};

TEST(DelimitedTest, TablesAreRead) {
  const std::vector<TableRow> table = {
      {"commas", "a,b,c\n1,2,3\n4,5,6\n", {"a|b|c", "1|2|3", "4|5|6"}},
      {"semicolons", "a;b;c\r\n1;2,5;3\r\n", {"a|b|c", "1|2,5|3"}},
      {"tabs", "a\tb\tc\n1\t2\t3\n", {"a|b|c", "1|2|3"}},
      {"pipes", "a|b|c\n1|2|3\n", {"a|b|c", "1|2|3"}},
      {"quotes",
       "a,b,c\n\"x, y\",\"say \"\"hi\"\"\",\"two\nlines\"\n1,2,3\n",
       {"a|b|c", "x, y|say \"hi\"|two\nlines", "1|2|3"}},
      {"no line end", "a,b,c\n1,2,3\n4,5,6", {"a|b|c", "1|2|3", "4|5|6"}},
      {"a preamble",
       "Export of the list\n\na,b,c\n1,2,3\n4,5,6\n",
       {"Export of the list", "a|b|c", "1|2|3", "4|5|6"}},
      {"old Mac line ends", "a,b,c\r1,2,3\r4,5,6\r", {"a|b|c", "1|2|3", "4|5|6"}},
      {"a quote inside a cell", "a,b,c\n6\" pipe,2,3\n4,5,6\n", {"a|b|c", "6\" pipe|2|3", "4|5|6"}},
  };
  for (const TableRow& row : table) {
    EXPECT_EQ(read_for_test(row.bytes)[0].rows(), row.rows) << row.name;
  }
}

TEST(DelimitedTest, ProseIsNotATable) {
  const std::vector<std::string> texts = {
      "Dear Ann,\nthank you for your letter, which came today.\nYours, Bob\n",
      "One line only, with a comma\n",
      "int main() {\n  return f(a, b);\n}\n",
      "Alpha, beta\nGamma, delta\nEpsilon, zeta\n",
  };
  for (const std::string& text : texts) EXPECT_FALSE(find_delimiter(text)) << text;
}

TEST(DelimitedTest, RowsKeepTheirTrueNumbers) {
  const auto files = read_for_test("a,b,c\n\n\n1,2,3\n4,5,6\n");
  ASSERT_EQ(files[0].tables.size(), 2U);
  EXPECT_EQ(files[0].tables[0].first_row, 1U);
  EXPECT_EQ(files[0].tables[1].first_row, 4U);
  EXPECT_EQ(files[0].tables[0].table, files[0].tables[1].table);
}

TEST(DelimitedTest, AnUnclosedQuoteDoesNotSwallowTheFile) {
  std::string text = "a,b,c\n1,\"open,3\n";
  for (int i = 0; i < 20000; ++i) text += "4,5,6\n";
  const auto rows = read_for_test(text)[0].rows();
  EXPECT_EQ(rows.back(), "4|5|6");
}

TEST(DelimitedTest, PiecesMayEndAnywhere) {
  const std::string text = "a,\"b\r\nc\"\r\n\"d\"\"e\",f\r\n";
  std::vector<std::string> whole;
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    std::vector<std::string> rows;
    DelimitedParser parser({}, [&](std::uint64_t, std::vector<std::string> row) {
      rows.push_back(row.at(0) + "|" + row.at(1));
    });
    parser.feed(std::string_view(text).substr(0, cut));
    parser.feed(std::string_view(text).substr(cut));
    parser.finish();
    EXPECT_THAT(rows, ElementsAre("a|b\r\nc", "d\"e|f")) << cut;
  }
}

TEST(DelimitedTest, TwoColumnsOfFewRowsAreATableUnderAHeader) {
  const std::string text = "Student,DOB\nRuth Griffin,2009-05-18\nNoel Tran,2010-05-18\n";
  const auto delimiter = find_delimiter(text);
  ASSERT_TRUE(delimiter);
  EXPECT_EQ(delimiter->separator, ',');
  EXPECT_FALSE(find_delimiter("Dear Ann,\nwe met, I think,\nin 2009, in May.\n"));
}

TEST(FixedWidthTest, DigitsWithoutAGapArePartedByTheHeaderOrByTheirCheckRule) {
  const std::vector<std::string_view> with_header = {
      "SURNAME   BORN    SIN      SEQ   ", "GRIFFIN   19710309130692544000001",
      "HADDAD    19841127046454286000002", "NGUYEN    19900614193456787000003"};
  EXPECT_THAT(fixed_columns(with_header), ElementsAre(0, 10, 18, 27));
  const std::vector<std::string_view> without = {
      "GRIFFIN   130692544000001", "HADDAD    046454286000002", "NGUYEN    193456787000003",
      "FONTAINE  455022814000004", "TRAN      512345676000005"};
  EXPECT_EQ(cut_record(without[0], fixed_columns(without))[0], "GRIFFIN");
}

}  // namespace
}  // namespace sealift::readers
