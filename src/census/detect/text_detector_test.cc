#include "census/detect/text_detector.h"

#include <gtest/gtest.h>

namespace sealift::census {
namespace {

// "type=value" of everything found, in order, names left out.
std::vector<std::string> found_in(std::string_view text) {
  const Models models = Models::built_in();
  std::vector<std::string> out;
  for (const Finding& finding : TextDetector(models).detect(text)) {
    if (finding.type == ElementType::name) continue;
    out.push_back(std::string(to_string(finding.type)) + "=" + finding.value);
  }
  return out;
}

using List = std::vector<std::string>;

TEST(TextDetectorTest, IdentifiersAreFoundByTheirWords) {
  const std::pair<const char*, List> cases[] = {
      {"My SIN is 123 456 782.", {"ca.sin=123456782"}},
      {"S.I.N.: 130692544", {"ca.sin=130692544"}},
      {"NAS : 435 418 165", {"ca.sin=435418165"}},
      {"Applicant SIN          Phone\n435-418-165", {"ca.sin=435418165"}},
      {"HCN 9876-543-217 AA", {"ca.on.health_number=9876543217"}},
      {"Health card number\n\t9876 543 217", {"ca.on.health_number=9876543217"}},
      {"HCN 9698 658 215", {"ca.bc.health_number=9698658215"}},
      {"PHN: 9234567897", {"ca.bc.health_number=9234567897"}},
      {"NHS number 943 476 5870", {"uk.nhs_number=9434765870"}},
      {"HCN LASF 8002 1411", {"ca.qc.health_number=LASF80021411"}},
      {"LASF 8002 1411", {"ca.qc.health_number=LASF80021411"}},
      {"OEN 441-144-466", {"ca.on.education_number=441144466"}},
      {"driver's licence W0530-70258-95620,", {"ca.on.drivers_licence=W05307025895620"}},
      {"Canadian passport no.: A991104QS", {"ca.passport=A991104QS"}},
      {"passport AB123456", {"ca.passport=AB123456"}},
      {"SSN 536-90-4399", {"us.ssn=536904399"}},
      {"IBAN for pension payments: GB14 SEAL 6749 8818 0382 35", {"iban=GB14SEAL67498818038235"}},
      {"deposited to institution 004 transit 01862 account 7651484.", {"ca.bank_account=7651484"}},
      {"Visa 4520 1216 3935 8834 exp 04/23", {"payment_card=4520121639358834"}},
      {"18-13-034-024-23895-0000", {"property_roll=1813034024238950000"}},
      {"call (416) 555-8783 or j.doe@mail.example",
       {"phone=+14165558783", "email=j.doe@mail.example"}},
      {"Lives at 1849 Westney Rd S, Ajax, ON L1S 9W7.",
       {"address=1849 WESTNEY RD S, AJAX ON L1S 9W7"}},
      {"(parent of A, born 26-Apr-2010) wants", {"birth_date=2010-04-26"}},
      {"DOB December 7, 1974", {"birth_date=1974-12-07"}},
      {"n\xC3\xA9"
       "e le 7 mars 1984",
       {"birth_date=1984-03-07"}},
      {"Date of birth (Y/M/D)\n2001/08/20", {"birth_date=2001-08-20"}},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(found_in(text), expected) << text;
}

TEST(TextDetectorTest, NumbersWithoutAWordAreNotIdentifiers) {
  for (const char* text : {
           "See drawing 1894-353-523. Order part 4208286388.",
           "488421682,4660981673,Software maintenance,5567614",
           "1605000075 gw2 app[16377]: req=5302937885 status=304",
           "{\"PIN\":\"404226213\",\"AREA\":337.9894}",
           "tab_0[] = { 380952448, 3100250538, 130692544 };",
           "Order 123456782 shipped",
           "GL account 123456782",
           "Business Number 123026635RC0001",
           "version 4.11.2, 2020-01-20, 12:30:45",
           "SIN 123 456 783",
           "HCN 9876543210",
           "passport number follows",
           "sin(1234567890123) = 0.5",
           "4111 1111 1111 1111 is the card number in the manual",
           "react@18.2.0 user@host",
       }) {
    EXPECT_EQ(found_in(text), List{}) << text;
  }
}

TEST(TextDetectorTest, AGroupedNumberAmongPersonalDataNeedsNoWord) {
  EXPECT_EQ(found_in("J. Roe, born 1984-03-07, 123-456-782, 905-555-0199"),
            (List{"birth_date=1984-03-07", "ca.sin=123456782", "phone=+19055550199"}));
}

TEST(TextDetectorTest, DayAndMonthFollowTheOtherBirthDatesOfTheText) {
  EXPECT_EQ(found_in("DOB 08/21/1961\nDOB 02/03/2005"),
            (List{"birth_date=1961-08-21", "birth_date=2005-02-03"}));
  EXPECT_EQ(found_in("DOB 21/08/1961\nDOB 02/03/2005"),
            (List{"birth_date=1961-08-21", "birth_date=2005-03-02"}));
}

TEST(TextDetectorTest, IdentifiersAloneCanBeAskedFor) {
  const Models models = Models::built_in();
  const auto found = TextDetector(models).detect(
      "DOB 1984-03-07 SIN 123-456-782 at 12 Elm St, Ajax, ON", {.scope = Scope::identifiers});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].type, ElementType::ca_sin);
}

// The names found, in order.
List names_in(std::string_view text) {
  const Models models = Models::built_in();
  List out;
  for (const Finding& finding : TextDetector(models).detect(text)) {
    if (finding.type == ElementType::name) out.push_back(finding.value);
  }
  return out;
}

TEST(TextDetectorTest, NamesAreFoundInProseAndLetters) {
  const std::pair<const char*, List> cases[] = {
      {"Hello Anna,\nMichael Thompson called about the file.", {"Anna", "Michael Thompson"}},
      {"Dear Mrs. Thompson,", {"Thompson"}},
      {"Client: Priya Ramanathan  DOB: 06/09/1986", {"Priya Ramanathan"}},
      {"Present: L\xC3\xA9"
       "a Tremblay, Jaspreet Singh, Omar Haddad.",
       {"L\xC3\xA9"
        "a Tremblay",
        "Jaspreet Singh", "Omar Haddad"}},
      {"DASILVA, Maria\nOKAFOR, Chidi", {"Maria Dasilva", "Chidi Okafor"}},
      {"Regards,\nJean-Luc Picard", {"Jean-Luc Picard"}},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(names_in(text), expected) << text;
}

TEST(TextDetectorTest, RecordsAreFoundByTheirWords) {
  const std::pair<const char*, List> cases[] = {
      {"was diagnosed with epilepsy", {"health_record=epilepsy"}},
      {"Reports stress and takes sertraline.",
       {"health_record=stress", "health_record=sertraline"}},
      {"Individual Education Plan", {"student_record=Individual Education Plan"}},
      {"identified as exceptional (autism) by",
       {"student_record=identified as exceptional", "student_record=autism"}},
      {"your position as Systems Analyst in Finance", {"employment_record=Systems Analyst"}},
      {"near a Greek Orthodox congregation", {"religion=Greek Orthodox"}},
      {"Religion: Christian", {"religion=Christian"}},
      {"a citizen of Ukraine", {"citizenship=Ukraine"}},
      {"password: Winter1748!", {"credential=Winter1748!"}},
      {"The password for the portal is Tulip#882", {"credential=Tulip#882"}},
      {"Mail: P.O. Box 45, Stn Main, Orono ON L0B 1M0",
       {"address=PO BOX 45 STN MAIN, ORONO ON L0B 1M0"}},
      {"at R.R. #3, Uxbridge, ON L9P 1R3", {"address=RR 3, UXBRIDGE ON L9P 1R3"}},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(found_in(text), expected) << text;
}

TEST(TextDetectorTest, EverydayWordsAreNoRecords) {
  for (const char* text :
       {"The stress test of the bridge", "Durham Catholic District School Board",
        "password: string;", "the password = getpass()", "in the position of the valve",
        "flights to Ukraine", "Christian called"}) {
    EXPECT_EQ(found_in(text), List{}) << text;
  }
}

TEST(TextDetectorTest, OtherCapitalisedWordsAreNoNames) {
  for (const char* text :
       {"Department of Public Works", "Please retain a copy for your records.",
        "Windows Server 2016", "12 Elm Street, Ajax, ON", "St. Brendan Catholic School",
        "Thompson & Sons Ltd", "Grade 5 Report Card"}) {
    EXPECT_EQ(names_in(text), List{}) << text;
  }
}

TEST(TextDetectorTest, OffsetsPointAtTheValue) {
  const Models models = Models::built_in();
  const std::string_view text = "Her SIN: 123-456-782.";
  const auto found = TextDetector(models).detect(text);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(text.substr(found[0].begin, found[0].end - found[0].begin), "123-456-782");
}

TEST(TextDetectorTest, NamesKeepTheirEdgesUnderTypographicSigns) {
  const std::pair<const char*, List> cases[] = {
      {"\xE2\x80\x9CPlease call Amina Warsame\xE2\x80\x9D, he wrote.", {"Amina Warsame"}},
      {"We have Amina Warsame\xE2\x80\x99s file and Carlos Ortiz's file.",
       {"Amina Warsame", "Carlos Ortiz"}},
      {"Liam O\xE2\x80\x99"
       "Brien called.",
       {"Liam O\xE2\x80\x99"
        "Brien"}},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(names_in(text), expected) << text;
}

// What no list has is a name once it stands in one.
TEST(TextDetectorTest, ANameIsFoundAgainByOneOfItsWords) {
  EXPECT_EQ(names_in("Mr. Kizza Besigwanye of Kampala complained on Monday.\n"
                     "The office then wrote to Besigwanye about it."),
            (List{"Kizza Besigwanye", "Besigwanye"}));
  EXPECT_EQ(names_in("The office then wrote to Besigwanye about it."), List{});
}

// Small letters are looked at behind a greeting, a title or a label alone.
TEST(TextDetectorTest, NamesInSmallLettersNeedACue) {
  const std::pair<const char*, List> cases[] = {
      {"hi sarah,\nthe form came back", {"Sarah"}},
      {"dear michael thompson,", {"Michael Thompson"}},
      {"patient: john smith", {"John Smith"}},
      {"client maria garcia, 905-555-0101", {"Maria Garcia"}},
      {"i spoke with mrs. thompson about it", {"Thompson"}},
      {"hi all,\nhi there,\nhello team,", {}},
      {"the patient will call", {}},
      {"name: see below", {}},
      {"i met john smith", {}},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(names_in(text), expected) << text;
}

TEST(TextDetectorTest, LabelsOfSchoolsAndTheirFormsAreNoNames) {
  for (const char* text : {"\xC3\x89"
                           "cole : \xC3\x89.\xC3\x89. Rive-Claire",
                           "Mati\xC3\xA8re   Cote   Observations", "Sciences et technologie",
                           "Titulaire", "Kedron Mill SS", "He goes to Harmony Creek PS now.",
                           "St. Brendan CES", "Titulaire de classe",
                           "\xC3\x89l\xC3\xA8ve   Enseignante   Direction", "Bulletin scolaire"}) {
    EXPECT_EQ(names_in(text), List{}) << text;
  }
  EXPECT_EQ(names_in("Titulaire Kwabena Okonkwo"), List{"Kwabena Okonkwo"});
}

TEST(TextDetectorTest, TownsCountriesAndOrdinaryWordsAreNoNames) {
  for (const char* text :
       {"The team flew from Kenya and Tanzania to Adelaide.", "Cordoba, Argentina",
        "Impeller worn. Replace the impeller.", "Seal the drum, then check the seal.",
        "Sri Lanka and Costa Rica signed it in Burkina Faso."}) {
    EXPECT_EQ(names_in(text), List{}) << text;
  }
}

TEST(TextDetectorTest, TheStreetOfAnAddressIsNobodysName) {
  EXPECT_EQ(
      names_in("Visited Priya Haddad today at Unit 193, 882 Brock St W, Uxbridge. Ms. Haddad"),
      (List{"Priya Haddad", "Haddad"}));
}

}  // namespace
}  // namespace sealift::census
