#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "readers/testing.h"

namespace sealift::readers {
namespace {

using document::FileStatus;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::Not;

// Parties and kinds as document/card.h numbers them.
const std::string hl7 =
    "MSH|^~\\&|ADT|NORTH|X|Y|20240102||ADT^A04|7|P|2.5\r"
    "PID|1||5512345678^^^ON^JHN~88^^^NORTH^MR||LAVOIE^CHANTAL^R^JR~ROY^CHANTAL^^^^^M||20110203|F|||"
    "9 Pine Rd^Unit 2^Ajax^ON^L1S 1A1||(905)555-0101^PRN^PH^x@mail.example\r"
    "NK1|1|LAVOIE^MARC|FTH^Father|9 Pine Rd^^Ajax^ON|9055550102\r"
    "PV1|1|O||||||77^STRANGE^STEVEN\r"
    "DG1|1||J45^Asthma\r"
    "OBX|1|TX|1^Note||Seen with \\T\\ without aunt\r"
    "ZZZ|1|own^segment\r";

TEST(Hl7Test, APatientAndThoseAroundThemAreOneCard) {
  const auto files = read_for_test(hl7);
  ASSERT_EQ(files[0].format, "hl7");
  EXPECT_EQ(files[0].end.status, FileStatus::read);
  ASSERT_EQ(files[0].cards.size(), 1U);
  EXPECT_THAT(
      files[0].facts(0),
      IsSupersetOf({"1 13: 5512345678", "1 2: LAVOIE", "1 3: CHANTAL", "1 4: R", "1 5: JR",
                    "1 6: CHANTAL ROY", "1 7: 20110203", "1 10: 9 Pine Rd, Unit 2, Ajax ON L1S 1A1",
                    "1 11: (905)555-0101", "1 12: x@mail.example", "2 2: LAVOIE", "2 3: MARC",
                    "2 11: 9055550102", "7 2: STRANGE", "1 23: diagnosis: Asthma"}));
  EXPECT_THAT(files[0].facts(0), Not(Contains(HasSubstr("88"))));  // a local number
  EXPECT_THAT(files[0].text(), HasSubstr("Seen with & without aunt"));
  EXPECT_THAT(files[0].text(), HasSubstr("own segment"));
}

TEST(Hl7Test, BatchesFramesAndLogsHoldMessages) {
  const std::string second = "MSH#*~\\&#A\rPID#1##1^^^^MR##Berg*Ola##1970\r";
  for (const std::string& bytes :
       {"FHS|^~\\&|A\rBHS|^~\\&|B\r" + hl7 + second + "BTS|2\rFTS|1\r",
        "\x0B" + hl7 + "\x1C\r\x0B" + second + "\x1C\r", "10:00 got " + hl7 + second}) {
    const auto files = read_for_test(bytes);
    ASSERT_EQ(files[0].format, "hl7");
    ASSERT_EQ(files[0].cards.size(), 2U);
    EXPECT_THAT(files[0].facts(1), IsSupersetOf({"1 2: Berg", "1 3: Ola"}));
  }
}

TEST(Hl7Test, ADocumentInAnObservationIsAMember) {
  const auto files = read_for_test(hl7 + "OBX|2|ED|D||^text^plain^Base64^SGVsbG8sIHdvcmxkIQ==\r");
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files[1].text(), "Hello, world!");
}

TEST(Hl7Test, CutAnywhereItEnds) { EXPECT_TRUE(ends_wherever_cut(hl7, 7)); }

std::string x12(std::string_view segments) {
  std::string text =
      "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *240101*0900*^*00501*"
      "000000001*0*T*:~GS*HC*S*R*20240101*0900*1*X~";
  text += segments;
  return text + "GE*1*1~IEA*1*000000001~";
}

TEST(X12Test, ADependentIsThePatientAndTheSubscriberAParent) {
  const auto files = read_for_test(
      x12("ST*837*1~HL*1**20*1~NM1*85*2*CLINIC*****XX*1~HL*2*1*22*1~SBR*P*********~"
          "NM1*IL*1*ORTIZ*PABLO****MI*99~N3*4 Bay St~N4*Ajax*ON*L1S1A1~DMG*D8*19800101*M~"
          "HL*3*2*23*0~PAT*19~NM1*QC*1*ORTIZ*LUZ~DMG*D8*20150607*F~CLM*1*10~HI*ABK:J45~"
          "NM1*82*1*HOUSE*GREG~SE*9*1~"));
  ASSERT_EQ(files[0].format, "x12");
  EXPECT_EQ(files[0].end.status, FileStatus::read);
  ASSERT_EQ(files[0].cards.size(), 2U);
  EXPECT_THAT(files[0].facts(0), IsSupersetOf({"1 2: ORTIZ", "1 3: PABLO", "1 7: 19800101",
                                               "1 10: 4 Bay St, Ajax ON L1S1A1"}));
  EXPECT_THAT(files[0].facts(1),
              IsSupersetOf({"1 2: ORTIZ", "1 3: LUZ", "1 7: 20150607", "2 3: PABLO",
                            "1 23: diagnosis: J45", "7 2: HOUSE"}));
}

TEST(X12Test, EachMemberAndEachPaymentIsACard) {
  const auto members =
      read_for_test(x12("ST*834*1~INS*Y*18~REF*SY*536904399~NM1*IL*1*KHAN*ADA~DMG*D8*19700101~"
                        "INS*N*19~NM1*IL*1*KHAN*BEN~DMG*D8*20100101~SE*1*1~"));
  ASSERT_EQ(members[0].cards.size(), 2U);
  EXPECT_THAT(members[0].facts(1), Contains("1 3: BEN"));
  const auto payments =
      read_for_test(x12("ST*835*1~CLP*1*1*1~NM1*QC*1*ROSS*IDA~NM1*IL*1*ROSS*IDA~NM1*82*1*HOUSE*G~"
                        "CLP*2*1*1~NM1*QC*1*ROSS*JAN~SE*1*1~"));
  ASSERT_EQ(payments[0].cards.size(), 2U);
  EXPECT_THAT(payments[0].facts(0), ElementsAre("1 2: ROSS", "1 3: IDA", "7 2: HOUSE", "7 3: G"));
}

TEST(X12Test, CutAnywhereItEnds) {
  EXPECT_TRUE(ends_wherever_cut(x12("ST*834*1~INS*Y*18~NM1*IL*1*KHAN*ADA~SE*1*1~"), 5));
  const auto files =
      read_for_test(std::string_view(x12("ST*834*1~NM1*IL*1*KHAN*ADA~")).substr(0, 170));
  EXPECT_EQ(files[0].end.status, FileStatus::partial);
}

const std::string patient =
    R"({"resourceType":"Patient","id":"a1","identifier":[{"type":{"coding":[{"code":"JHN"}]},"value":"5512345678"}],)"
    R"("name":[{"family":"Sato","given":["Ken","J"]},{"use":"maiden","family":"Mori","given":["Ken"]}],)"
    R"("telecom":[{"system":"phone","value":"905-555-0103"},{"value":"k@mail.example"}],"birthDate":"2012-03-04",)"
    R"("address":[{"line":["1 Oak Ave","Apt 3"],"city":"Ajax","state":"ON","postalCode":"L1S 1A1"}],)"
    R"("contact":[{"relationship":[{"coding":[{"code":"MTH"}]}],"name":{"family":"Sato","given":["Aya"]}}]})";
const std::string condition =
    R"({"resourceType":"Condition","subject":{"reference":"Patient/a1"},"code":{"text":"Asthma"},)"
    R"("note":[{"text":"Uses a puffer."}]})";

TEST(FhirTest, PatientsAreCardsInBundlesLinesAndAlone) {
  for (const std::string& bytes :
       {patient, R"({"resourceType":"Bundle","entry":[{"resource":)" + patient + "}]}",
        patient + "\n" + condition + "\n"}) {
    const auto files = read_for_test(bytes);
    ASSERT_EQ(files[0].format, "fhir");
    EXPECT_EQ(files[0].end.status, FileStatus::read) << files[0].end.reason;
    EXPECT_THAT(
        files[0].facts(0),
        IsSupersetOf({"1 13: 5512345678", "1 2: Sato", "1 3: Ken", "1 4: J", "1 6: Ken Mori",
                      "1 7: 2012-03-04", "1 11: 905-555-0103", "1 12: k@mail.example",
                      "1 10: 1 Oak Ave, Apt 3, Ajax ON L1S 1A1", "2 3: Aya"}));
  }
}

TEST(FhirTest, WhatIsSaidOfAPatientNamesThemWhereverTheyStand) {
  for (const std::string& bytes : {patient + "\n" + condition, condition + "\n" + patient}) {
    const auto files = read_for_test(bytes);
    ASSERT_EQ(files[0].cards.size(), 2U);
    EXPECT_THAT(files[0].facts(1),
                IsSupersetOf({"1 2: Sato", "1 7: 2012-03-04", "1 23: Condition: Asthma"}));
    EXPECT_THAT(files[0].text(), HasSubstr("Uses a puffer."));
  }
  const auto alone = read_for_test(condition);
  EXPECT_EQ(alone[0].end.status, FileStatus::partial);
  EXPECT_THAT(alone[0].end.reason, HasSubstr("1 record is about a patient"));
}

TEST(FhirTest, XmlSaysTheSame) {
  const auto files = read_for_test(
      "<Bundle xmlns=\"http://hl7.org/fhir\"><entry><fullUrl "
      "value='urn:uuid:1'/><resource><Patient>"
      "<id value='a1'/><name><family value='Sato'/><given value='Ken'/></name>"
      "<birthDate value='2012-03-04'/></Patient></resource></entry></Bundle>");
  ASSERT_EQ(files[0].format, "fhir");
  EXPECT_THAT(files[0].facts(0), ElementsAre("1 2: Sato", "1 3: Ken", "1 7: 2012-03-04"));
}

const std::string cda =
    "<?xml version='1.0'?><ClinicalDocument xmlns='urn:hl7-org:v3'><recordTarget><patientRole>"
    "<id root='2.16.840.1.113883.4.59' extension='5512345678'/><id root='1.2.3' extension='9'/>"
    "<addr><streetAddressLine>3 Elm St</streetAddressLine><city>Ajax</city><state>ON</state>"
    "<postalCode>L1S 1A1</postalCode></addr><telecom value='tel:905-555-0104'/>"
    "<patient><name><given>Nia</given><family>Cole</family></name><birthTime value='20140506'/>"
    "<guardian><guardianPerson><name><given>Lea</given><family>Cole</family></name></"
    "guardianPerson>"
    "</guardian></patient></patientRole></recordTarget>"
    "<author><assignedAuthor><assignedPerson><name><given>Ann</given><family>Wong</family></name>"
    "</assignedPerson></assignedAuthor></author>"
    "<component><structuredBody><component><section><title>Problem List</title><text><table><thead>"
    "<tr><th>Problem</th></tr></thead><tbody><tr><td>Asthma</td></tr></tbody></table>"
    "<paragraph>Her aunt called twice.</paragraph></text><entry><act><value displayName='Asthma'/>"
    "</act></entry></section></component></structuredBody></component></ClinicalDocument>";

TEST(CdaTest, TheHeaderIsACardAndTitlesAreNobody) {
  const auto files = read_for_test(cda);
  ASSERT_EQ(files[0].format, "cda");
  EXPECT_EQ(files[0].end.status, FileStatus::read);
  ASSERT_EQ(files[0].cards.size(), 1U);
  EXPECT_THAT(files[0].facts(0),
              ElementsAre("1 13: 5512345678", "1 10: 3 Elm St, Ajax ON L1S 1A1",
                          "1 11: 905-555-0104", "1 2: Cole", "1 3: Nia", "1 7: 20140506",
                          "2 2: Cole", "2 3: Lea", "7 2: Wong", "7 3: Ann", "1 23: Asthma"));
  EXPECT_EQ(files[0].text(), "Her aunt called twice.\n");
}

TEST(CdaTest, CutAnywhereItEnds) { EXPECT_TRUE(ends_wherever_cut(cda, 13)); }

std::string dicom_element(unsigned group, unsigned number, std::string type, std::string value) {
  if (value.size() % 2 != 0) value += ' ';
  std::string out;
  for (const std::size_t part : {std::size_t{group}, std::size_t{number}}) {
    out += static_cast<char>(part & 0xFFU);
    out += static_cast<char>(part >> 8U);
  }
  const auto size = static_cast<char>(value.size());
  if (type.empty()) return out + size + std::string(3, '\0') + value;
  return out + type + size + std::string(1, '\0') + value;
}

TEST(DicomTest, ThePatientOfTheHeaderIsACard) {
  for (const bool typed : {true, false}) {
    const auto type = [&](const char* name) { return typed ? std::string(name) : std::string(); };
    const std::string file =
        std::string(128, '\0') + "DICM" +
        dicom_element(2, 0x10, "UI", typed ? "1.2.840.10008.1.2.1" : "1.2.840.10008.1.2") +
        dicom_element(8, 0x90, type("PN"), "STRANGE^STEVEN") +
        dicom_element(0x10, 0x10, type("PN"), "Frey^Iva^M") +
        dicom_element(0x10, 0x30, type("DA"), "19780910") +
        dicom_element(0x10, 0x21B0, type("LT"), "fell from a horse");
    const auto files = read_for_test(file);
    ASSERT_EQ(files[0].format, "dicom");
    EXPECT_EQ(files[0].end.status, FileStatus::read);
    EXPECT_THAT(files[0].facts(0), ElementsAre("7 2: STRANGE", "7 3: STEVEN", "1 2: Frey",
                                               "1 3: Iva", "1 4: M", "1 7: 19780910"));
    EXPECT_EQ(files[0].text(), "fell from a horse\n");
    EXPECT_TRUE(ends_wherever_cut(file));
  }
}

}  // namespace
}  // namespace sealift::readers
