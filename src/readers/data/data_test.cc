#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "readers/data/database_keys.h"
#include "readers/testing.h"

namespace sealift::readers {
namespace {

using document::FileStatus;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsSupersetOf;

struct Dump {
  const char* dialect;
  std::string text;
};

TEST(SqlDumpTest, EveryDialectGivesTheSameRows) {
  const std::vector<Dump> dumps = {
      {"MySQL",
       "-- MySQL dump\n/*!40101 SET NAMES utf8 */;\nCREATE TABLE `clients` (\n `id` int NOT NULL,\n"
       " `surname` varchar(9) DEFAULT 'x',\n `born` date,\n PRIMARY KEY (`id`),\n KEY `k` "
       "(`born`)\n"
       ");\nINSERT INTO `clients` VALUES (1,'O\\'Dea','1980-01-02'),(2,NULL,'1981-01-02');\n"},
      {"PostgreSQL",
       "CREATE TABLE public.clients (\n id integer NOT NULL,\n surname character varying(9),\n"
       " born date\n);\nCOPY public.clients (id, surname, born) FROM stdin;\n1\tO'Dea\t1980-01-02\n"
       "2\t\\N\t1981-01-02\n\\.\n"},
      {"SQL Server",
       "CREATE TABLE [dbo].[clients]([id] [int] NOT NULL,[surname] [nvarchar](9) NULL,[born] [date]"
       ")\nGO\nINSERT [dbo].[clients] ([id], [surname], [born]) VALUES (1, N'O''Dea', "
       "CAST(N'1980-01-02' AS Date))\nINSERT [dbo].[clients] ([id], [surname], [born]) VALUES (2, "
       "NULL, CAST(N'1981-01-02' AS Date))\nGO\n"},
      {"Oracle",
       "Insert into HR.CLIENTS (id,surname,born) values (1,'O''Dea',to_date('1980-01-02',"
       "'YYYY-MM-DD'));\nInsert into HR.CLIENTS (id,surname,born) values (2,null,"
       "to_date('1981-01-02','YYYY-MM-DD'));\n"},
      {"SQLite",
       "BEGIN TRANSACTION;\nCREATE TABLE clients(id INTEGER PRIMARY KEY, surname TEXT, born "
       "TEXT);\n"
       "INSERT INTO clients VALUES(1,'O''Dea','1980-01-02');\nINSERT INTO clients VALUES(2,NULL,"
       "'1981-01-02');\nCOMMIT;\n"},
      {"selected rows",
       "INSERT INTO clients (id, surname, born)\nSELECT 1, 'O''Dea', '1980-01-02' UNION ALL\n"
       "SELECT 2, NULL, '1981-01-02';\n"},
  };
  for (const Dump& dump : dumps) {
    const auto files = read_for_test(dump.text);
    EXPECT_EQ(files[0].format, "sql") << dump.dialect;
    EXPECT_EQ(files[0].end.status, FileStatus::read) << dump.dialect << files[0].end.reason;
    EXPECT_THAT(files[0].rows(),
                ElementsAre("id|surname|born", "1|O'Dea|1980-01-02", "2||1981-01-02"))
        << dump.dialect;
  }
}

TEST(SqlDumpTest, KeysAreFollowedToWhoIsMeant) {
  const auto files = read_for_test(
      "CREATE TABLE visits (id int, patient_id int, seen_by int, note text);\n"
      "INSERT INTO visits VALUES (1, 20, 7, 'cough');\n"
      "CREATE TABLE patients (id int PRIMARY KEY, last_name text, dob date, colour text);\n"
      "INSERT INTO patients VALUES (20, 'Abara', '1990-02-03', 'red');\n"
      "CREATE TABLE guardians (student_id int REFERENCES students(id), parent_id int);\n"
      "INSERT INTO guardians VALUES (5, 6);\n"
      "CREATE TABLE students (id int, last_name text, first_name text);\n"
      "INSERT INTO students VALUES (5, 'Lund', 'Eva');\n"
      "CREATE TABLE parents (id int, last_name text, first_name text);\n"
      "INSERT INTO parents VALUES (6, 'Lund', 'Per');\n");
  EXPECT_THAT(
      files[0].rows(),
      IsSupersetOf({"id|patient_id|seen_by|note|last_name|dob", "1|20|7|cough|Abara|1990-02-03",
                    "student_id|parent_id|student last_name|student first_name|parent last_name|"
                    "parent first_name",
                    "5|6|Lund|Eva|Lund|Per"}));
}

TEST(SqlDumpTest, OtherStatementsAreTextAndCutsArePartial) {
  const auto files = read_for_test(
      "CREATE TABLE t (a text);\nINSERT INTO t VALUES ('x');\n"
      "UPDATE t SET a = 'Ivo Hale, 905-555-0105' WHERE a = 'x';\nINSERT INTO t VALUES ('y");
  EXPECT_THAT(files[0].text(), HasSubstr("Ivo Hale"));
  EXPECT_EQ(files[0].end.status, FileStatus::partial);
  EXPECT_THAT(files[0].rows(), ElementsAre("a", "x", "y"));
  EXPECT_TRUE(
      ends_wherever_cut("CREATE TABLE t (a text);\nINSERT INTO t VALUES ('x', $q$ a $q$);", 3));
}

TEST(DatabaseKeysTest, NamesOfColumnsAreTakenApart) {
  EXPECT_THAT(words_of_column("PatientLastName"), ElementsAre("patient", "last", "name"));
  EXPECT_THAT(words_of_column("ADDR_NO"), ElementsAre("addr", "no"));
  EXPECT_THAT(words_of_column("HCNumber"), ElementsAre("hc", "number"));
}

// A page of 512 bytes: the schema, and one table with a row id for its key.
std::string small_database() {
  const auto record = [](std::vector<std::string> values) {
    std::string header, body;
    for (const std::string& value : values) {
      header += static_cast<char>(value.size() * 2 + 13);
      body += value;
    }
    return static_cast<char>(header.size() + 1) + header + body;
  };
  const auto leaf = [](std::string page, std::size_t at, const std::vector<std::string>& cells) {
    std::size_t end = page.size();
    page[at] = 0x0D;
    page[at + 4] = static_cast<char>(cells.size());
    for (std::size_t i = 0; i < cells.size(); ++i) {
      end -= cells[i].size();
      page.replace(end, cells[i].size(), cells[i]);
      page[at + 8 + 2 * i] = static_cast<char>(end >> 8U);
      page[at + 9 + 2 * i] = static_cast<char>(end & 0xFFU);
    }
    return page;
  };
  const auto cell = [](int row_id, const std::string& values) {
    return std::string(1, static_cast<char>(values.size())) + static_cast<char>(row_id) + values;
  };
  std::string first(512, '\0');
  first.replace(0, 16, std::string("SQLite format 3\0", 16));
  first[16] = 2;
  first[59] = 1;
  const std::string sql = "CREATE TABLE p(id INTEGER PRIMARY KEY, name)";
  std::string schema = record({"table", "p", "p", "2", sql});
  first = leaf(first, 100, {cell(1, schema)});
  std::string row = record({"", "Uma Vega"});
  const std::string second = leaf(std::string(512, '\0'), 0, {cell(9, row)});
  return first + second;
}

TEST(SqliteTest, RowsHaveTheirColumnsAndRowIds) {
  const auto files = read_for_test(small_database());
  ASSERT_EQ(files[0].format, "sqlite");
  EXPECT_EQ(files[0].end.status, FileStatus::read) << files[0].end.reason;
  EXPECT_THAT(files[0].rows(), ElementsAre("id|name", "9|Uma Vega"));
  EXPECT_EQ(files[0].tables[0].place.name, "p");
}

TEST(SqliteTest, DamageEndsAndCirclesAreLeft) {
  EXPECT_TRUE(ends_wherever_cut(small_database(), 11));
  std::string circle = small_database();
  circle[512] = 0x05;  // an interior page that points to itself
  circle[512 + 11] = 2;
  EXPECT_EQ(read_for_test(circle)[0].end.status, FileStatus::partial);
}

TEST(DbfTest, RowsAreReadDeletedOnesToo) {
  std::string file(32, '\0');
  file[0] = 0x03;
  file[2] = 1;
  file[3] = 1;
  file[4] = 2;
  file[8] = 32 + 64 + 1;
  file[10] = 1 + 6 + 8;
  const auto field = [](std::string name, char type, int size) {
    name.resize(11);
    name += type;
    name.resize(32);
    name[16] = static_cast<char>(size);
    return name;
  };
  file += field("SURNAME", 'C', 6) + field("BORN", 'D', 8) + "\x0D";
  file += " Yu    19700203*Zorn  19710203";
  const auto files = read_for_test(file);
  ASSERT_EQ(files[0].format, "dbf");
  EXPECT_THAT(files[0].rows(), ElementsAre("SURNAME|BORN", "Yu|1970-02-03", "Zorn|1971-02-03"));
  EXPECT_TRUE(ends_wherever_cut(file));
}

TEST(ExportTest, NestedPartsAreColumnsAndLongListsTables) {
  const auto files = read_for_test(
      R"({"made":"today","people":[{"name":{"first":"Ed"},"phones":["1","2"],"kin":[{"n":"Al"},{"n":"Bo"}]},)"
      R"({"name":{"first":"Flo"},"visits":[{"d":"1"},{"d":"2"},{"d":"3"},{"d":"4"},{"d":"5"}]}]})");
  EXPECT_THAT(files[0].rows(),
              IsSupersetOf({"first name|phones|kin 1 n|kin 2 n", "Ed|1; 2|Al|Bo", "Flo"}));
  EXPECT_THAT(files[0].rows(), Contains("5"));
  EXPECT_EQ(files[0].text(), "made: today\n");
}

TEST(ExportTest, PathsAreWrittenAsLabels) {
  const auto files = read_for_test(
      R"([{"profile":{"name":{"last":"Ito"},"contact":{"mobile":"1"}},"guardian":{"contact":{"phone":"2"}},)"
      R"("a":{"x":"3"},"data":{"a":{"x":"4"}}}])");
  EXPECT_THAT(files[0].rows(),
              ElementsAre("last name|mobile|guardian phone|a.x|data.a.x", "Ito|1|2|3|4"));
}

TEST(ExportTest, ObjectsUnderKeysOfTheirOwnAreRows) {
  const auto files = read_for_test(
      R"({"u":{"k1":{"name":"Gil","age":3},"k2":{"name":"Hope","age":4},"k3":{"name":"Ira","age":5}}})");
  EXPECT_THAT(files[0].rows(), ElementsAre("id|name|age", "k1|Gil|3", "k2|Hope|4", "k3|Ira|5"));
}

TEST(ExportTest, ListsOfListsKeepTheirRows) {
  const auto files = read_for_test(R"([["name","born"],["Jo","1970"],["Kim","1971"]])");
  EXPECT_THAT(files[0].rows(), ElementsAre("name|born", "Jo|1970", "Kim|1971"));
}

std::string ebcdic(std::string_view ascii) {
  std::string out;
  for (const char c : ascii) {
    int byte = 0x40;
    if (c >= 'A' && c <= 'I') byte = 0xC1 + (c - 'A');
    if (c >= 'J' && c <= 'R') byte = 0xD1 + (c - 'J');
    if (c >= 'S' && c <= 'Z') byte = 0xE2 + (c - 'S');
    if (c >= '0' && c <= '9') byte = 0xF0 + (c - '0');
    if (c == '\n') byte = 0x15;
    out += static_cast<char>(byte);
  }
  return out;
}

TEST(FixedWidthTest, RecordsAreCutWithAndWithoutLineEnds) {
  const std::vector<std::string> records = {
      "MORENO    LUIS    19800102123456782Y  ", "NILSSON   ODA     19790304234567891N  ",
      "OYELARAN  PETER   20010506345678905Y  ", "PARK      QI      19991112456789018N  "};
  std::string lines, run;
  for (const std::string& record : records) {
    lines += record + "\n";
    run += record;
  }
  for (const std::string& bytes : {lines, run, ebcdic(lines), ebcdic(run)}) {
    const auto files = read_for_test(bytes);
    EXPECT_THAT(files[0].rows(), Contains("OYELARAN|PETER|20010506|345678905|Y"));
    EXPECT_THAT(files[0].rows(), testing::SizeIs(4));
  }
}

TEST(FixedWidthTest, ProseIsNoTable) {
  const auto files = read_for_test(
      "Dear all, the meeting of May is in the hall.\nPlease bring the forms and the list of it.\n"
      "We start at nine and will be done by twelve.\nThe next one is on the second day of June.\n");
  EXPECT_THAT(files[0].rows(), testing::IsEmpty());
}

TEST(SpreadsheetXmlTest, CellsRowsAndCommentsAreRead) {
  const auto files = read_for_test(
      "<?xml version='1.0'?><?mso-application progid='Excel.Sheet'?>"
      "<Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet' "
      "xmlns:ss='urn:schemas-microsoft-com:office:spreadsheet'><Worksheet ss:Name='Staff'><Table>"
      "<Row><Cell><Data ss:Type='String'>Name</Data></Cell><Cell ss:Index='3'><Data "
      "ss:Type='String'>Born</Data></Cell></Row><Row ss:Index='4'><Cell ss:MergeAcross='1'><Data "
      "ss:Type='String'>Rui</Data><Comment><Data>left in May</Data></Comment></Cell><Cell><Data "
      "ss:Type='DateTime'>1970-02-03T00:00:00.000</Data></Cell></Row></Table></Worksheet></"
      "Workbook>");
  ASSERT_EQ(files[0].format, "xls-xml");
  EXPECT_THAT(files[0].rows(), ElementsAre("Name||Born", "Rui||1970-02-03"));
  EXPECT_EQ(files[0].tables.back().place.name, "Staff");
  EXPECT_EQ(files[0].text(), "left in May\n");
}

}  // namespace
}  // namespace sealift::readers
