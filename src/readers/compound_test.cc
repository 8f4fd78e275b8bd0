#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "readers/compound_for_test.h"
#include "readers/mail/msg.h"
#include "readers/pack/cfb.h"
#include "readers/testing.h"

namespace sealift::readers {
namespace {

using document::FileStatus;
using testing::ElementsAre;

TEST(CompoundFileTest, SmallAndLargeStreamsAreRead) {
  const std::string large(10000, 'x');
  const std::string bytes = compound({{"Small", "tiny"}, {"Large", large}});
  const auto file = CompoundFile::open(base::bytes_of(bytes));
  ASSERT_TRUE(file);
  EXPECT_EQ(file->read("Small"), "tiny");
  EXPECT_EQ(file->read("large"), large);
  EXPECT_EQ(file->read("Other"), "");
}

TEST(CompoundFileTest, AChainThatMeetsItselfEnds) {
  std::string bytes = compound({{"Large", std::string(10000, 'x')}});
  // the FAT is the first sector: its first chained entry leads to itself
  for (std::size_t i = 0; i < 32; ++i) bytes[512 + i * 4] = static_cast<char>(i);
  const auto file = CompoundFile::open(base::bytes_of(bytes));
  if (file) {
    EXPECT_LE(file->read("Large").size(), bytes.size());
  }
}

std::string record(std::uint16_t type, const std::string& bytes) {
  return le(type, 2) + le(bytes.size(), 2) + bytes;
}

std::string biff_string(const std::string& text) { return le(text.size(), 2) + '\0' + text; }

// A workbook of one sheet. `strings` is the body of the SST record with its CONTINUE records.
std::string workbook(const std::string& strings, const std::string& cells,
                     const std::string& extra = "") {
  const std::string begin = record(0x0809, le(0x0600, 2) + le(5, 2) + std::string(12, '\0'));
  const std::string format = record(0x041E, le(164, 2) + biff_string("yyyy-mm-dd"));
  const std::string styles = record(0x00E0, std::string(20, '\0')) +
                             record(0x00E0, le(0, 2) + le(164, 2) + std::string(16, '\0'));
  const std::string end = record(0x000A, "");
  const auto sheet_entry = [](std::size_t at) {
    return record(0x0085, le(at, 4) + le(0, 2) + le(4, 1) + '\0' + "List");
  };
  const std::size_t globals =
      (begin + extra + format + styles + sheet_entry(0) + strings + end).size();
  return begin + extra + format + styles + sheet_entry(globals) + strings + end + begin + cells +
         end;
}

std::string cell(int row, int column, int style = 0) {
  return le(static_cast<std::uint64_t>(row), 2) + le(static_cast<std::uint64_t>(column), 2) +
         le(static_cast<std::uint64_t>(style), 2);
}

std::string number_bytes(double value) { return le(std::bit_cast<std::uint64_t>(value), 8); }

TEST(XlsTest, CellsOfEveryKindAreRead) {
  const std::string strings = record(0x00FC, le(2, 4) + le(2, 4) + biff_string("Name") + le(3, 2) +
                                                 '\1' + std::string("Z\0o\0\xEB\0", 6));
  const std::string cells =
      record(0x00FD, cell(0, 0) + le(0, 4)) + record(0x00FD, cell(0, 1) + le(1, 4)) +
      record(0x0203, cell(1, 0) + number_bytes(46454286.0)) +
      record(0x0203, cell(1, 1, 1) + number_bytes(40910)) +
      record(0x027E, cell(1, 2) + le((1234U << 2) | 2U, 4)) +
      record(0x00BD, le(2, 2) + le(0, 2) + le(0, 2) + le((5U << 2) | 2U, 4) + le(0, 2) +
                         le((150U << 2) | 3U, 4) + le(1, 2)) +
      record(0x0205, cell(3, 0) + le(1, 1) + le(0, 1)) +
      record(0x0006, cell(4, 0) + std::string("\0\0\0\0\0\0\xFF\xFF", 8) + std::string(6, '\0')) +
      record(0x0207, biff_string("result"));
  const auto files = read_for_test(compound({{"Workbook", workbook(strings, cells)}}));
  EXPECT_EQ(files[0].format, "xls");
  EXPECT_EQ(files[0].end.status, FileStatus::read);
  EXPECT_THAT(files[0].rows(),
              ElementsAre("Name|Zoë", "46454286|2012-01-02|1234", "5|1.5", "TRUE", "result"));
  EXPECT_EQ(files[0].tables[0].place.name, "List");
}

TEST(XlsTest, AStringCutByAContinuationChangesItsWidth) {
  const std::string strings = record(0x00FC, le(1, 4) + le(1, 4) + le(6, 2) + '\0' + "abc") +
                              record(0x003C, std::string("\1d\0e\0\xE9\0", 7));
  const std::string cells = record(0x00FD, cell(0, 0) + le(0, 4));
  EXPECT_THAT(read_for_test(compound({{"Workbook", workbook(strings, cells)}}))[0].rows(),
              ElementsAre("abcdeé"));
}

TEST(XlsTest, APasswordIsSeen) {
  const std::string password = record(0x002F, std::string(6, '\1'));
  const auto files = read_for_test(compound({{"Workbook", workbook("", "", password)}}));
  EXPECT_EQ(files[0].end.status, FileStatus::encrypted);
}

// A document whose text stands in two pieces: one byte a character, then two.
std::string word_document(std::uint16_t flags) {
  const std::string narrow = "Dear Ann,\rcaf\xE9 ";
  const std::string wide("\x3A\x04\r\0", 4);  // к and a paragraph end
  const std::size_t narrow_at = 0x400;
  const std::size_t wide_at = narrow_at + narrow.size() + 2;
  const std::size_t count = narrow.size() + 2;
  const std::string table = le(0, 4) + le(narrow.size(), 4) + le(count, 4) + le(0, 2) +
                            le(narrow_at * 2 | 0x40000000, 4) + le(0, 2) + le(0, 2) +
                            le(wide_at, 4) + le(0, 2);
  const std::string clx = '\2' + le(table.size(), 4) + table;
  std::string stream = le(0xA5EC, 2) + le(0xC1, 2) + std::string(6, '\0') + le(flags, 2);
  stream.resize(32);
  stream += le(14, 2) + std::string(28, '\0') + le(22, 2) + std::string(12, '\0') + le(count, 4);
  stream.resize(154 - 2);
  stream += le(93, 2);
  stream.resize(154 + 33 * 8);
  stream += le(0, 4) + le(clx.size(), 4);
  stream.resize(narrow_at);
  stream += narrow + std::string(2, '\0') + wide;
  stream.resize(5000);
  return compound({{"WordDocument", stream}, {"0Table", clx}});
}

TEST(DocTest, PiecesOfBothWidthsAreRead) {
  const auto files = read_for_test(word_document(0));
  EXPECT_EQ(files[0].format, "doc");
  EXPECT_EQ(files[0].text(), "Dear Ann,\ncafé к\n");
}

TEST(DocTest, EncryptionIsSeen) {
  EXPECT_EQ(read_for_test(word_document(0x0100))[0].end.status, FileStatus::encrypted);
}

TEST(CompoundTest, EncryptedOfficeFilesAreSeen) {
  EXPECT_EQ(read_for_test(compound({{"EncryptedPackage", "x"}}))[0].end.status,
            FileStatus::encrypted);
}

std::string utf16(const std::string& ascii) {
  std::string out;
  for (const char c : ascii) (out += c) += '\0';
  return out;
}

TEST(MsgTest, HeadersBodyAndAddressesAreRead) {
  const auto files = read_for_test(compound({{"__properties_version1.0", "x"},
                                             {"__substg1.0_0037001F", utf16("a subject")},
                                             {"__substg1.0_0C1A001F", utf16("Ann")},
                                             {"__substg1.0_0C1F001F", utf16("ann@a.example")},
                                             {"__substg1.0_0E04001F", utf16("Bob")},
                                             {"__substg1.0_1000001F", utf16("the text\n")}}));
  EXPECT_EQ(files[0].format, "msg");
  ASSERT_EQ(files[0].headers.size(), 3U);
  EXPECT_EQ(files[0].headers[0].value, "Ann <ann@a.example>");
  EXPECT_EQ(files[0].headers[1].value, "Bob");
  EXPECT_EQ(files[0].headers[2].value, "a subject");
  EXPECT_EQ(files[0].text(), "the text\n");
}

TEST(MsgTest, CompressedRtfIsUnpacked) {
  // from MS-OXRTFCP, section 3.1: "{\rtf1\ansi\ansicpg1252\pard hello world}\r\n"
  const std::string packed(
      "\x2d\0\0\0\x2b\0\0\0LZFu\xf1\xc5\xc7\xa7\x03\0\x0a\0rcpg125\x42\x32\x0a\xf3 hel\x09\0 bw\x05"
      "\xb0ld}\x0a\x80\x0f\xa0",
      49);
  EXPECT_EQ(decompress_rtf(packed), "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n");
  EXPECT_EQ(decompress_rtf("short"), "");
}

TEST(CompoundTest, CutAnywhereItStillEnds) {
  EXPECT_TRUE(ends_wherever_cut(word_document(0), 97));
  const std::string cells = record(0x0203, cell(1, 0) + number_bytes(1));
  EXPECT_TRUE(ends_wherever_cut(compound({{"Workbook", workbook("", cells)}}), 13));
}

TEST(RtfTest, TextInEveryNotation) {
  struct Row {
    const char* rtf;
    const char* text;
  };
  const std::vector<Row> rows = {
      {"{\\rtf1\\ansi a\\par b}", "a\nb"},
      {"{\\rtf1\\ansi caf\\'e9}", "café"},
      {"{\\rtf1\\ansi\\uc1 Zo\\u235?x}", "Zoëx"},
      {"{\\rtf1\\ansi\\uc2\\u26085\\'93\\'fax}", "日x"},
      {"{\\rtf1\\ansi\\u-10180?\\u-9216?x}", "\xF0\x9F\x80\x80x"},
      {"{\\rtf1\\ansi\\ansicpg1251 \\'cf\\'f0}", "Пр"},
      {"{\\rtf1{\\fonttbl{\\f0 Arial;}{\\f1\\fcharset204 Arial;}}\\f1\\'cf\\f0 x}", "Пx"},
      {"{\\rtf1{\\*\\generator Word;}{\\pict 00ff}a\\tab b\\line c\\{d\\}}", "a\tb\nc{d}"},
      {"{\\rtf1 a{\\b b}{\\*\\unknown x}c\\~d}", "abc d"},
      {"{\\rtf1 a\\bin3 }}}b}", "ab"},
      {"{\\rtf1 cut short\\'e", "cut shorte"},
  };
  for (const Row& row : rows) EXPECT_EQ(read_for_test(row.rtf)[0].text(), row.text) << row.rtf;
}

TEST(RtfTest, TablesAreTables) {
  const auto files = read_for_test(
      "{\\rtf1 before\\par\\trowd\\cellx1\\cellx2\\pard\\intbl Name\\cell Born\\cell\\row"
      "\\trowd\\pard\\intbl Ann\\cell 2011\\cell\\row\\pard after\\par}");
  EXPECT_THAT(files[0].rows(), ElementsAre("Name|Born", "Ann|2011"));
  EXPECT_EQ(files[0].text(), "before\nafter\n");
}

TEST(RtfTest, GroupsWithoutEndAreReadInConstantDepth) {
  EXPECT_EQ(read_for_test("{\\rtf1 " + std::string(100000, '{') + "x")[0].end.status,
            FileStatus::partial);
}

}  // namespace
}  // namespace sealift::readers
