#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "readers/testing.h"
#include "readers/text/html.h"
#include "readers/text/json_reader.h"
#include "readers/text/markup.h"

namespace sealift::readers {
namespace {

using document::FileStatus;
using testing::ElementsAre;

std::vector<std::string> tokens(std::string_view text, Markup::Language language) {
  std::vector<std::string> out;
  Markup markup(text, language);
  while (markup.next()) {
    std::string token;
    if (markup.kind() == Markup::Kind::text) {
      markup.append_text(token);
    } else {
      token = markup.kind() == Markup::Kind::open ? "<" : "</";
      token.append(markup.name()).append(">");
    }
    out.push_back(token);
  }
  return out;
}

TEST(MarkupTest, TokensComeInOrder) {
  EXPECT_THAT(tokens("<?xml version='1.0'?><!-- no --><a x='1'><b/>t&amp;u<![CDATA[<&>]]></a>",
                     Markup::Language::xml),
              ElementsAre("<a>", "<b>", "</b>", "t&u", "<&>", "</a>"));
}

TEST(MarkupTest, CharacterReferencesAreReplaced) {
  struct Row {
    const char* raw;
    const char* text;
  };
  const std::vector<Row> rows = {
      {"&#233;&#xE9;", "éé"}, {"&eacute;", "é"},         {"&nbsp;", "\u00A0"},
      {"a & b", "a & b"},     {"&bogus;", "&bogus;"},    {"&#0;", "\uFFFD"},
      {"&#xD800;", "\uFFFD"}, {"&#99999999;", "\uFFFD"}, {"&amp", "&amp"}};
  for (const Row& row : rows) {
    std::string out;
    append_decoded(out, row.raw, Markup::Language::html);
    EXPECT_EQ(out, row.text) << row.raw;
  }
}

TEST(MarkupTest, AttributesAreFoundInEveryForm) {
  Markup markup("<A one='1' TWO=\"a > b\" three=3 four x:five='&lt;'>", Markup::Language::html);
  ASSERT_TRUE(markup.next());
  EXPECT_EQ(markup.name(), "a");
  EXPECT_EQ(markup.attribute("one"), "1");
  EXPECT_EQ(markup.attribute("two"), "a > b");
  EXPECT_EQ(markup.attribute("three"), "3");
  EXPECT_EQ(markup.attribute("four"), "");
  EXPECT_EQ(markup.attribute("x:five"), "<");
  EXPECT_EQ(markup.attribute("six"), "");
}

TEST(MarkupTest, DamageGivesWhatIsThere) {
  EXPECT_THAT(tokens("<a>text<b", Markup::Language::xml), ElementsAre("<a>", "text"));
  EXPECT_THAT(tokens("a < b", Markup::Language::html), ElementsAre("a ", "<", " b"));
  EXPECT_THAT(tokens("<a x='1>t</a>", Markup::Language::xml), ElementsAre("<a>", "t", "</a>"));
  EXPECT_THAT(tokens("<!-- never closed", Markup::Language::html), ElementsAre());
  EXPECT_THAT(tokens("<![CDATA[open", Markup::Language::xml), ElementsAre("open"));
}

TEST(HtmlTest, BlocksAreLinesAndTablesAreTables) {
  const auto files = read_for_test(
      "<html><head><title>T</title><style>p{}</style></head><body><p>One\n two</p><p>Three</p>"
      "<table><tr><th>Name<th>Born<tr><td>Zo&euml;<td>2011-01-02</table>end <script>x<y</script>"
      "<a href='mailto:a@b.example'>Ann</a></body></html>");
  EXPECT_EQ(files[0].format, "html");
  EXPECT_EQ(files[0].text(), "T\nOne two\nThree\nend Ann <a@b.example>\n");
  EXPECT_THAT(files[0].rows(), ElementsAre("Name|Born", "Zoë|2011-01-02"));
}

TEST(HtmlTest, MergedCellsKeepTheColumns) {
  const auto files = read_for_test(
      "<html><table><tr><td colspan=2>a</td><td>b</td></tr><tr><td>1</td><td>2</td><td>3</td></tr>"
      "</table>");
  EXPECT_THAT(files[0].rows(), ElementsAre("a||b", "1|2|3"));
}

TEST(HtmlTest, TheCharsetOfThePageCounts) {
  const auto files = read_for_test(
      "<html><meta http-equiv=Content-Type content='text/html; charset=windows-1251'>"
      "<body>\xCF\xF0\xE8\xE2\xE5\xF2</body>");
  EXPECT_EQ(files[0].text(), "Привет\n");
}

TEST(JsonTest, ArraysOfObjectsAreTables) {
  const auto files = read_for_test(
      R"({"list":[{"name":"Ann","at":{"city":"Oshawa"}},{"name":"B\u00e9a","tags":["x","y"]}],"n":3})");
  EXPECT_EQ(files[0].format, "json");
  EXPECT_THAT(files[0].rows(), ElementsAre("name|at city|tags", "Ann|Oshawa", "Béa||x; y"));
  EXPECT_EQ(files[0].text(), "n: 3\n");
}

TEST(JsonTest, LinesOfValuesAreRead) {
  const auto files = read_for_test("{\"a\":\"x\"}\n{\"a\":\"y\"}\n");
  EXPECT_THAT(files[0].rows(), ElementsAre("a", "x", "y"));
}

TEST(JsonTest, DamageEndsAsPartial) {
  const auto files = read_for_test(R"([{"name":"Ann"},{"name":"Bo)");
  EXPECT_EQ(files[0].end.status, FileStatus::partial);
  EXPECT_EQ(files[0].rows().at(1), "Ann");
}

TEST(JsonTest, NestingWithoutEndIsRefusedNotFollowed) {
  const auto files = read_for_test("[[" + std::string(100000, '['));
  EXPECT_NE(files[0].end.status, FileStatus::failed);  // it is text
  EXPECT_TRUE(ends_wherever_cut(R"({"a":[1,{"b":"\u00e9\n"}],"c":null})"));
}

TEST(XmlTest, RecordsAreRowsAndTheRestIsText) {
  const auto files = read_for_test(
      "<?xml version='1.0'?><file made='today'><who id='1'><name>Ann</name><born>2011</born></who>"
      "<who id='2'><name>Bo</name><phone>5</phone></who><note>end</note></file>");
  EXPECT_EQ(files[0].format, "xml");
  EXPECT_THAT(files[0].rows(), ElementsAre("id|name|born|phone", "1|Ann|2011", "2|Bo||5"));
  EXPECT_EQ(files[0].text(), "made: today\nnote: end\n");
}

}  // namespace
}  // namespace sealift::readers
