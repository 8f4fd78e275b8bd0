#include "cli/census_report_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/census_words.h"

namespace sealift::cli {
namespace {

using base::Language;
using census::ElementType;
using census::ReportFacts;
using testing::HasSubstr;
using testing::Not;

ReportFacts some_facts() {
  ReportFacts facts;
  facts.people = 12'345;
  facts.children = 1;
  facts.adults = 12'000;
  facts.doubtful = 1;
  facts.doubtful_values = 2;
  facts.doubts["no name"] = 1;
  facts.kinds[ElementType::phone] = {12'345, 1, {"***-1234"}};
  facts.folders["dump"] = {2, 1, 12'345, 1};
  facts.files = {0, 1, 1, 0, 0, 0};
  facts.bytes = 100;
  facts.unread_count = 1;
  facts.as_of = "2026-03-07";
  return facts;
}

TEST(CensusReportPageTest, WhatComesFromTheDumpIsEscaped) {
  ReportFacts facts = some_facts();
  facts.unread.push_back(
      {"<img src=x onerror=alert(1)>/a.txt", document::FileStatus::partial, "\"><script>`</code>"});
  facts.folders["<b>"] = {};
  for (const Language language : {Language::english, Language::french}) {
    const std::string page = census_report_page(facts, language);
    EXPECT_THAT(page, Not(HasSubstr("<img")));
    EXPECT_THAT(page, Not(HasSubstr("<script")));
    EXPECT_THAT(page, Not(HasSubstr("<b>")));
    EXPECT_THAT(page, HasSubstr("&lt;img src=x"));
    EXPECT_THAT(page, HasSubstr("&gt;&lt;script&gt;`&lt;/code&gt;"));
  }
}

TEST(CensusReportPageTest, EnglishAsEver) {
  const std::string page = census_report_page(some_facts(), Language::english);
  EXPECT_THAT(page, HasSubstr("<html lang=\"en\">"));
  EXPECT_THAT(page, HasSubstr("<h1>Whose data is in these files</h1>"));
  EXPECT_THAT(page, HasSubstr("<dt>People</dt><dd>12,345 to 12,346</dd>"));
  EXPECT_THAT(page, HasSubstr("1 person who may be nobody"));
  EXPECT_THAT(page, HasSubstr("<code>sealift census export --doubtful</code>"));
  EXPECT_THAT(page, HasSubstr("2 files, 100 bytes. Ages count on 2026-03-07."));
}

TEST(CensusReportPageTest, FrenchThroughout) {
  ReportFacts facts = some_facts();
  facts.unread.push_back({"a.zip", document::FileStatus::encrypted, "needs a password"});
  const std::string page = census_report_page(facts, Language::french);
  EXPECT_THAT(page, HasSubstr("<html lang=\"fr-CA\">"));
  EXPECT_THAT(page, HasSubstr("<dd>12\u00a0345 à 12\u00a0346</dd>"));
  EXPECT_THAT(page, HasSubstr("aucun nom"));
  EXPECT_THAT(page, HasSubstr("Téléphone"));
  EXPECT_THAT(page, HasSubstr("chiffré</td><td>exige un mot de passe"));
  for (const char* english : {"People", "Children", "Doubtful", "Folder", "needs a", "Phone",
                              "read", "Ages", "files", "bytes"})
    EXPECT_THAT(page.substr(page.find("<body>")), Not(HasSubstr(english))) << english;
}

TEST(CensusWordsTest, ReasonsAreKnownOneByOne) {
  EXPECT_EQ(reason_text("", Language::french), "");
  EXPECT_EQ(
      reason_text("damaged; the first pages were read; 3 rows not understood", Language::french),
      "endommagé; les premières pages ont été lues; 3 lignes non comprises");
  EXPECT_EQ(reason_text("1 row not understood", Language::french), "1 ligne non comprise");
  EXPECT_EQ(reason_text("needs a password; something new", Language::french),
            "exige un mot de passe; something new");
  EXPECT_EQ(reason_text("something new; needs a password", Language::french),
            "something new; needs a password");
  EXPECT_EQ(reason_text("needs a password", Language::english), "needs a password");
}

}  // namespace
}  // namespace sealift::cli
