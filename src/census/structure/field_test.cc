#include "census/structure/field.h"

#include <gtest/gtest.h>

#include "census/structure/header_filter.h"
#include "census/structure/header_phrases.h"

namespace sealift::census {
namespace {

struct Case {
  const char* header;
  Field field;
  Subject subject = Subject::self;
  int ordinal = 0;
};

TEST(FieldTest, HeadersAndLabelsAreUnderstood) {
  const Case cases[] = {
      {"Last Name", Field::last_name},
      {"Surname", Field::last_name},
      {"Given name(s)", Field::first_name},
      {"firstName", Field::first_name},
      {"EMP_LAST_NM", Field::last_name},
      {"Student Name", Field::full_name},
      {"Patient", Field::full_name},
      {"Employee", Field::full_name},
      {"Client name", Field::full_name},
      {"Teacher", Field::full_name, Subject::staff},
      {"Parent / Guardian 1 Name", Field::full_name, Subject::guardian, 1},
      {"Parent / Guardian 2 Cell", Field::phone, Subject::guardian, 2},
      {"Parent / Guardian 1 E-mail", Field::email, Subject::guardian, 1},
      {"Child's full name", Field::full_name, Subject::child},
      {"Child's date of birth", Field::birth_date, Subject::child},
      {"Spouse / co-applicant", Field::full_name, Subject::spouse},
      {"Spouse SIN", Field::sin, Subject::spouse},
      {"Owner 1", Field::full_name, Subject::owner, 1},
      {"Owner tel.", Field::phone, Subject::owner},
      {"Applicant last name", Field::last_name},
      {"Applicant birth date", Field::birth_date},
      {"D.O.B.", Field::birth_date},
      {"Date of Birth (Y/M/D)", Field::birth_date},
      {"Birthdate", Field::birth_date},
      {"HCN", Field::health_number},
      {"Health card no.", Field::health_number},
      {"Health card number", Field::health_number},
      {"VC", Field::health_version_code},
      {"OEN", Field::education_number},
      {"NISO", Field::education_number},
      {"Nom de l'élève", Field::full_name},
      {"Date de naissance", Field::birth_date},
      {"Numéro d'assurance sociale", Field::sin},
      {"SIN", Field::sin},
      {"Passport #", Field::passport},
      {"Institution / Transit", Field::bank_institution_and_transit},
      {"Inst", Field::bank_institution},
      {"Transit", Field::bank_transit},
      {"Account no.", Field::bank_account},
      {"GL Account", Field::other_number},
      {"Emp #", Field::employee_number},
      {"Student #", Field::student_number},
      {"Home address", Field::address},
      {"Property Address", Field::address},
      {"Mailing Address", Field::address},
      {"Street", Field::street},
      {"Municipality", Field::city},
      {"Postal code", Field::postal_code},
      {"Home tel.", Field::phone},
      {"Office phone", Field::phone, Subject::staff},
      {"E-mail", Field::email},
      {"Email / login", Field::email},
      {"Temp password", Field::password},
      {"Chief complaint", Field::diagnosis},
      {"Vaccine", Field::vaccine},
      {"Date given", Field::other_date},
      {"Call #", Field::other_number},
      {"Position", Field::position},
      {"Roll Number", Field::property_roll},
      {"Assessed Value", Field::assessed_value},
      {"Citizenship", Field::citizenship},
      {"Religion", Field::religion},
      {"School", Field::school},
      {"School name", Field::school},
      {"Grade", Field::grade},
      {"Monthly income", Field::salary},
      {"Relationship to child", Field::relationship, Subject::child},
  };
  for (const Case& expected : cases) {
    const auto meaning = field_of_header(expected.header);
    ASSERT_TRUE(meaning) << expected.header;
    EXPECT_EQ(to_string(meaning->field), to_string(expected.field)) << expected.header;
    EXPECT_EQ(meaning->subject, expected.subject) << expected.header;
    EXPECT_EQ(int{meaning->ordinal}, expected.ordinal) << expected.header;
  }
}

TEST(FieldTest, OtherTextsAreNoHeaders) {
  for (const char* text : {"", "Winter sand", "Tristan Hernandez", "905-555-0083", "2020 Budget",
                           "Supporting documents should be brought to the first meeting.",
                           "The committee meets again in the first week of the next quarter."}) {
    EXPECT_FALSE(field_of_header(text)) << text;
  }
}

TEST(FieldTest, TheFilterTurnsAwayNoTextThatIsAHeader) {
  for (const internal::HeaderPhrase& phrase : internal::all_header_phrases()) {
    EXPECT_TRUE(internal::may_be_header(phrase.words)) << phrase.words;
    EXPECT_TRUE(internal::may_be_header("zz_" + std::string(phrase.words) + "2")) << phrase.words;
  }
  for (const char* text : {"empNo", "S.I.N.", "e-mail", "Guardian2Cell", "NBR OF DAYS", "T\u00e9l",
                           "Applicant's nm", "Staff #"})
    EXPECT_TRUE(internal::may_be_header(text)) << text;
  for (const char* text : {"", "  ", "return value + 1;", "if (x == y) {"})
    EXPECT_FALSE(internal::may_be_header(text)) << text;
}

TEST(FieldTest, ALabelCanSayTheOrderOfDates) {
  EXPECT_EQ(field_of_header("Date of birth (Y/M/D)")->date_order, DateOrder::year_month_day);
  EXPECT_EQ(field_of_header("DOB (dd/mm/yyyy)")->date_order, DateOrder::day_month_year);
  EXPECT_EQ(field_of_header("DOB (MM/DD/YYYY)")->date_order, DateOrder::month_day_year);
  EXPECT_EQ(field_of_header("Date de naissance (JJ/MM/AAAA)")->date_order,
            DateOrder::day_month_year);
  EXPECT_EQ(field_of_header("DOB")->date_order, DateOrder::unknown);
}

TEST(FieldTest, AHeaderAboveSeveralColumnsNamesTheSubject) {
  const auto meaning = subject_of_header("Parent / Guardian 2");
  ASSERT_TRUE(meaning);
  EXPECT_EQ(meaning->subject, Subject::guardian);
  EXPECT_EQ(int{meaning->ordinal}, 2);
  EXPECT_FALSE(subject_of_header("Home"));
}

}  // namespace
}  // namespace sealift::census
