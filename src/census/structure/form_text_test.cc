#include "census/structure/form_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "census/kinds/text_fold.h"

namespace sealift::census {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

// "field=value" of one form.
std::vector<std::string> fields_of(std::string_view text, const TextForm& form) {
  std::vector<std::string> out;
  for (const LabelledText& field : form.fields)
    out.push_back(std::string(to_string(field.meaning.field)) + "=" +
                  std::string(trim(text.substr(field.begin, field.end - field.begin))));
  return out;
}

std::vector<std::string> only_form(std::string_view text) {
  const auto forms = forms_in(text);
  EXPECT_THAT(forms, SizeIs(1)) << text;
  return forms.empty() ? std::vector<std::string>() : fields_of(text, forms[0]);
}

TEST(FormTextTest, LabelsWithColonsOnOneLineAreOneForm) {
  EXPECT_THAT(only_form("Client: Rene Weir  DOB: 18/04/1997  Ph: 289.555.5451\n"),
              ElementsAre("full_name=Rene Weir", "birth_date=18/04/1997", "phone=289.555.5451"));
}

TEST(FormTextTest, ALabelBehindOneSpaceIsFound) {
  EXPECT_THAT(only_form("Patient: Rene Weir DOB: 18/04/1997\n"),
              ElementsAre("full_name=Rene Weir", "birth_date=18/04/1997"));
}

TEST(FormTextTest, LabelsAndValuesLineByLineAreOneForm) {
  EXPECT_THAT(only_form("Applicant last name\nJoseph\nApplicant first name\nLia\n"
                        "Applicant birth date\n1990-02-03\n"),
              ElementsAre("last_name=Joseph", "first_name=Lia", "birth_date=1990-02-03"));
}

TEST(FormTextTest, FrenchLabelsAreKnown) {
  EXPECT_THAT(only_form("Nom : L\xC3\xA9"
                        "a Roy\nDate de naissance : 2001-05-06\n"),
              ElementsAre("full_name=L\xC3\xA9"
                          "a Roy",
                          "birth_date=2001-05-06"));
}

TEST(FormTextTest, AnotherNameOrAGapBeginsAnotherForm) {
  const std::string_view text =
      "Name: Rene Weir\nDOB: 18/04/1997\nName: Ann Lee\nDOB: 01/02/1990\n\n\n"
      "Name: Bo Chan\nDOB: 03/04/1991\n";
  const auto forms = forms_in(text);
  ASSERT_THAT(forms, SizeIs(3));
  EXPECT_THAT(fields_of(text, forms[1]), ElementsAre("full_name=Ann Lee", "birth_date=01/02/1990"));
  EXPECT_LE(forms[0].end, forms[1].begin);
  EXPECT_LE(forms[1].end, forms[2].begin);
}

TEST(FormTextTest, AParentsNameStaysInTheChildsForm) {
  EXPECT_THAT(only_form("Student: Ji-a Rim\nDOB: 2012-12-02\nParent: Tuan Rim\n"), SizeIs(3));
}

TEST(FormTextTest, OtherTextsAreNoForm) {
  for (const char* text : {
           "", "\n\n\n",
           "Name: Rene Weir\n",                              // a name and nothing more
           "DOB: 18/04/1997\nPh: 289.555.5451\n",            // nobody
           "Note: see below\nRemark: none\n",                // labels of no data
           "at 10:30 the phone: rang\n",                     // no name
           "static int count: 3;\nstd::string name{};\n",    // program text
           "Dear Rene,\n\nWe write to you about the roof.",  // prose
       })
    EXPECT_THAT(forms_in(text), IsEmpty()) << text;
}

}  // namespace
}  // namespace sealift::census
