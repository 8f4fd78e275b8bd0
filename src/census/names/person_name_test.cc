#include "census/names/person_name.h"

#include <gtest/gtest.h>

namespace sealift::census {
namespace {

std::string display(std::string_view raw, NameOrder order = NameOrder::unknown) {
  const auto name = parse_person_name(raw, order);
  return name ? name->display() : "";
}

TEST(PersonNameTest, NamesAreBroughtToOneForm) {
  const std::pair<const char*, const char*> cases[] = {
      {"Lévesque, Léa", "Léa Lévesque"},
      {"CHETRY Sr, Syed Shivansh", "Syed Shivansh Chetry Sr"},
      {"Barnett Jr, Tony", "Tony Barnett Jr"},
      {"Smith, John, Jr.", "John Smith Jr"},
      {"Dr. Maria J. de la Cruz-Ortiz, MD", "Maria J. de la Cruz-Ortiz"},
      {"Mme Jeanne d'Arc Tremblay", "Jeanne d'Arc Tremblay"},
      {"St.Hill, Eileen", "Eileen St.Hill"},
      {"Sarah (Sally) O'Neil", "Sarah O'Neil"},
      {"AMARA SARPONG", "Amara Sarpong"},
      {"MCDONALD, RONALD", "Ronald McDonald"},
      {"O'BRIEN-SMITH, ANN", "Ann O'Brien-Smith"},
      {"ROY, Édouard Jean-François", "Édouard Jean-François Roy"},
      {"CHUKWUEMEKA OKAFOR", "Chukwuemeka Okafor"},
      {"TANG Christopher", "Christopher Tang"},
      {"Van Dijk, Cierra Giulia", "Cierra Giulia Van Dijk"},
      {"Mrs. Ullloa", "Ullloa"},
      {"Ha-rin Đoàn", "Ha-rin Đoàn"},
      {"Arnold Ch'en", "Arnold Ch'en"},
  };
  for (const auto& [raw, expected] : cases) EXPECT_EQ(display(raw), expected) << raw;
  EXPECT_EQ(display("Tang Christopher", NameOrder::surname_first), "Christopher Tang");
}

TEST(PersonNameTest, PartsAreToldApart) {
  const auto name = parse_person_name("Dr. Ludwig van der Berg III");
  ASSERT_TRUE(name);
  EXPECT_EQ(name->title, "Dr");
  EXPECT_EQ(name->given, "Ludwig");
  EXPECT_EQ(name->surname, "van der Berg");
  EXPECT_EQ(name->suffix, "III");
  EXPECT_EQ(parse_person_name("Mrs. Bailey")->surname, "Bailey");
  EXPECT_EQ(parse_person_name("Tamika")->given, "Tamika");
}

TEST(PersonNameTest, OtherTextsAreNoName) {
  for (const char* raw : {"", "x", "905-555-0083", "a@b.ca", "Durham Region Services",
                          "1849 Westney Rd", "N/A", "Total", "See notes", "ACME Ltd",
                          "Smith, John, Ottawa", "a b c d e f g h i", "<html>", "Grade 5"}) {
    EXPECT_EQ(display(raw), "") << raw;
  }
}

TEST(PersonNameTest, SeparateCellsMakeOneName) {
  EXPECT_EQ(person_name_of_parts("Syed", "Shivansh", "CHETRY Sr")->display(),
            "Syed Shivansh Chetry Sr");
  EXPECT_EQ(person_name_of_parts("", "", "Bailey")->surname, "Bailey");
  EXPECT_EQ(person_name_of_parts("Tamika", "", "")->given, "Tamika");
  EXPECT_FALSE(person_name_of_parts("", "", ""));
}

TEST(PersonNameTest, TwoPeopleInOneCellAreTwo) {
  const auto names = parse_person_names("John & Mary Smith");
  ASSERT_EQ(names.size(), 2U);
  EXPECT_EQ(names[0].display(), "John Smith");
  EXPECT_EQ(names[1].display(), "Mary Smith");
  EXPECT_EQ(parse_person_names("Smith, John").size(), 1U);
  EXPECT_EQ(parse_person_names("Mr. and Mrs. John Smith").back().display(), "John Smith");
  EXPECT_TRUE(parse_person_names("905-555-0083").empty());
}

TEST(PersonNameTest, PlausibleNamesAreToldFromOtherCells) {
  const Models models = Models::built_in();
  for (const char* name : {"Robert Ellison", "Tremblay, Marie", "NGUYEN, THI LAN", "Priya Raman",
                           "Jean-Fran\xC3\xA7ois Roy"})
    EXPECT_GT(name_plausibility(models, name), 0.8) << name;
  // well-shaped, and in no list
  const double unlisted = name_plausibility(models, "Qwelzor Vintrask");
  EXPECT_GT(unlisted, 0.3);
  EXPECT_LT(unlisted, 0.8);
  for (const char* cell : {"", "905-555-0100", "Grand Total", "Cedar Hollow PS", "1849 Westney Rd",
                           "paid in full", "a@b.example"})
    EXPECT_LT(name_plausibility(models, cell), 0.4) << cell;
}

}  // namespace
}  // namespace sealift::census
