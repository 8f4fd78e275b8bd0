#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "readers/mail/mime.h"
#include "readers/testing.h"

namespace sealift::readers {
namespace {

using document::FileStatus;
using document::PlaceKind;
using testing::ElementsAre;

TEST(MimeTest, EncodedWordsAreDecoded) {
  struct Row {
    const char* raw;
    const char* text;
  };
  const std::vector<Row> rows = {
      {"plain", "plain"},
      {"=?utf-8?q?Zo=C3=AB_Fox?=", "Zoë Fox"},
      {"=?UTF-8?B?Wm/Dqw==?= Fox", "Zoë Fox"},
      {"=?utf-8?q?Zo=C3?= =?utf-8?q?=AB?=", "Zoë"},  // a character cut between two words
      {"=?iso-8859-1?q?caf=E9?= a =?us-ascii?q?b?=", "café a b"},
      {"=?utf-8*fr?q?=C3=A9t=C3=A9?=", "été"},
      {"=?broken", "=?broken"},
      {"=?utf-8?x?y?=", "=?utf-8?x?y?="},
      {"caf\xE9", "café"},
  };
  for (const Row& row : rows) EXPECT_EQ(decode_header(row.raw), row.text) << row.raw;
}

TEST(MimeTest, ParametersAreTakenApart) {
  const auto field = parse_parameterised(
      "Text/HTML; charset=\"utf-8\"; name*0*=utf-8''Zo%C3; name*1*=%AB.txt; x = y ; "
      "q=\"a\\\"b;c\"");
  EXPECT_EQ(field.value, "text/html");
  EXPECT_EQ(field.parameter("charset"), "utf-8");
  EXPECT_EQ(field.parameter("name"), "Zoë.txt");
  EXPECT_EQ(field.parameter("x"), "y");
  EXPECT_EQ(field.parameter("q"), "a\"b;c");
}

TEST(MimeTest, TransferEncodingsAreUndone) {
  EXPECT_EQ(decode_transfer("aGVs\r\nbG8=\r\n", TransferEncoding::base64), "hello");
  EXPECT_EQ(decode_transfer("aGVsbG8", TransferEncoding::base64), "hello");
  EXPECT_EQ(decode_transfer("a=3Db=\r\nc=\n", TransferEncoding::quoted_printable), "a=bc");
  EXPECT_EQ(decode_transfer("100=", TransferEncoding::quoted_printable), "100");
  EXPECT_EQ(decode_transfer("begin 644 f\n%:&5L;&\\\n`\nend\n", TransferEncoding::uuencode),
            "hello");
}

const std::string sample_mail =
    "From: =?utf-8?q?Zo=C3=AB?= <z@a.example>\r\nTo: b@b.example\r\nSubject: long\r\n subject\r\n"
    "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"B\"\r\n\r\npreamble\r\n"
    "--B\r\nContent-Type: multipart/alternative; boundary=C\r\n\r\n"
    "--C\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: "
    "quoted-printable\r\n\r\ncaf=E9 at noon\r\n"
    "--C\r\nContent-Type: text/html\r\n\r\n<p>caf&eacute; at noon</p>\r\n--C--\r\n"
    "--B\r\nContent-Type: application/octet-stream; name=\"list.csv\"\r\n"
    "Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment; "
    "filename=list.csv\r\n\r\n"
    "YSxiLGMKMSwyLDMKNCw1LDYK\r\n"
    "--B\r\nContent-Type: message/rfc822\r\n\r\nFrom: c@c.example\r\nTo: d@d.example\r\n"
    "Subject: inner\r\n\r\ninner text\r\n--B--\r\n";

TEST(MailTest, TextsAttachmentsAndInnerMailsAreFound) {
  const auto files = read_for_test(sample_mail);
  ASSERT_EQ(files.size(), 3U);
  EXPECT_EQ(files[0].format, "eml");
  EXPECT_EQ(files[0].headers.at(0).value, "Zoë <z@a.example>");
  EXPECT_EQ(files[0].headers.at(2).value, "long subject");
  EXPECT_EQ(files[0].text(), "café at noon");
  EXPECT_EQ(files[1].path, "f!list.csv");
  EXPECT_THAT(files[1].rows(), ElementsAre("a|b|c", "1|2|3", "4|5|6"));
  EXPECT_EQ(files[2].path, "f!message.eml");
  EXPECT_EQ(files[2].text(), "inner text");
}

TEST(MailTest, HtmlThatSaysMoreThanThePlainTextIsReadToo) {
  std::string mail = sample_mail;
  const std::string same = "<p>caf&eacute; at noon</p>";
  mail.replace(mail.find(same), same.size(), "<p>caf&eacute; at noon, room 7</p>");
  EXPECT_EQ(read_for_test(mail)[0].text(), "café at nooncafé at noon, room 7\n");
}

TEST(MailTest, MalformedMailsGiveWhatTheyHold) {
  struct Row {
    const char* name;
    std::string mail;
    std::string text;
  };
  const std::string head = "From: a@a.example\nTo: b@b.example\nSubject: s\n";
  const std::vector<Row> rows = {
      {"a boundary that never comes", head + "Content-Type: multipart/mixed; boundary=X\n\nhello\n",
       "hello\n"},
      {"no boundary", head + "Content-Type: multipart/mixed\n\nhello\n", "hello\n"},
      {"no end of the last part",
       head + "Content-Type: multipart/mixed; boundary=X\n\n--X\n\nhello\n", "hello\n"},
      {"no empty line", head + "hello there\n", "hello there\n"},
      {"a charset that is none", head + "Content-Type: text/plain; charset=x-y\n\ncaf\xE9\n",
       "café\n"},
  };
  for (const Row& row : rows) EXPECT_EQ(read_for_test(row.mail)[0].text(), row.text) << row.name;
}

TEST(MailTest, TwoAttachmentsOfOneNameAreTwoFiles) {
  const std::string part =
      "--B\nContent-Disposition: attachment; filename=a.txt\n\nsome text here\n";
  const auto files = read_for_test(
      "From: a@a.example\nTo: b@b.example\nSubject: s\nContent-Type: multipart/mixed; "
      "boundary=B\n\n" +
      part + part + "--B--\n");
  ASSERT_EQ(files.size(), 3U);
  EXPECT_EQ(files[1].path, "f!a.txt");
  EXPECT_EQ(files[2].path, "f!a.txt (2)");
}

TEST(MailTest, PartsNestedWithoutEndDoNotExhaustTheReader) {
  std::string mail = "From: a@a.example\nTo: b@b.example\nSubject: s\n";
  for (int i = 0; i < 2000; ++i) {
    const std::string boundary = "b" + std::to_string(i);
    mail += "Content-Type: multipart/mixed; boundary=" + boundary + "\n\n--" + boundary + "\n";
  }
  EXPECT_EQ(read_for_test(mail)[0].end.status, FileStatus::read);
}

TEST(MailTest, MailsInsideMailsEndAtADepth) {
  std::string mail = "end of it\n";
  for (int i = 0; i < 100; ++i) {
    mail =
        "From: a@a.example\nTo: b@b.example\nSubject: s\nContent-Type: message/rfc822\n\n" + mail;
  }
  const auto files = read_for_test(mail);
  EXPECT_LT(files.size(), 40U);
  EXPECT_EQ(files.back().end.status, FileStatus::failed);
  EXPECT_EQ(files.back().end.reason, "nested too deep");
}

TEST(MboxTest, MessagesAreRecordsAndAttachmentsAreFilesOfTheFolder) {
  const std::string folder =
      "From a@a.example Mon Jan  4 10:00:00 2021\n" + sample_mail +
      "\nFrom b@b.example Mon Jan  4 11:00:00 2021\nFrom: b@b.example\nTo: a@a.example\n"
      "Subject: two\n\nsecond text\nFrom the desk of Bob\n";
  const auto files = read_for_test(folder);
  ASSERT_EQ(files.size(), 3U);
  EXPECT_EQ(files[0].format, "mbox");
  ASSERT_EQ(files[0].texts.size(), 2U);
  EXPECT_EQ(files[0].texts[0].place.kind, PlaceKind::record);
  EXPECT_EQ(files[0].texts[0].place.number, 1U);
  EXPECT_EQ(files[0].texts[1].place.number, 2U);
  EXPECT_EQ(files[0].texts[1].text, "second text\nFrom the desk of Bob\n");
  EXPECT_EQ(files[0].headers.back().value, "two");
  EXPECT_EQ(files[0].headers.back().place.number, 2U);
  EXPECT_EQ(files[1].path, "f!list.csv");
}

TEST(MailTest, CutAnywhereItStillEnds) { EXPECT_TRUE(ends_wherever_cut(sample_mail)); }

TEST(MailTest, AFoldersQuotingIsUndone) {
  const auto files = read_for_test(
      "From a@b.example Mon Jan  4 10:00:00 2021\nFrom: a@b.example\nTo: c@d.example\nSubject: "
      "s\n\n"
      ">From Ugo Dahl\n>>From far\n> From a quote\n");
  EXPECT_EQ(files[0].text(), "From Ugo Dahl\n>From far\n> From a quote\n");
}

TEST(MailTest, SignedMailInOnePieceIsRead) {
  // SEQUENCE { signedData, [0] { SEQUENCE { 1, SET {}, SEQUENCE { data, [0] { OCTET STRING } } } }
  // }, the outer lengths indefinite, the string in two pieces
  const std::string content = "Content-Type: text/plain\r\n\r\nFor Ugo Dahl.\r\n";
  const auto piece = [](std::string_view text) {
    return std::string("\x04") + static_cast<char>(text.size()) + std::string(text);
  };
  using namespace std::string_literals;
  const std::string der =
      "\x30\x80\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02\xA0\x80\x30\x80\x02\x01\x01"
      "\x31\x00\x30\x80\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x01\xA0\x80\x24\x80"s +
      piece(content.substr(0, 20)) + piece(content.substr(20)) + std::string(12, '\0');
  std::string hex;
  for (const char c : der) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    hex += '=';
    hex += kDigits[static_cast<unsigned char>(c) >> 4U];
    hex += kDigits[static_cast<unsigned char>(c) & 15U];
  }
  const auto files = read_for_test(
      "From: a@b.example\r\nTo: c@d.example\r\nSubject: s\r\nContent-Type: "
      "application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\r\n"
      "Content-Transfer-Encoding: quoted-printable\r\n\r\n" +
      hex);
  ASSERT_EQ(files.size(), 1U);
  EXPECT_EQ(files[0].text(), "For Ugo Dahl.\r\n");
  const auto alone = read_for_test(der);
  EXPECT_EQ(alone[0].format, "p7m");
  EXPECT_EQ(alone[0].text(), "For Ugo Dahl.\r\n");
  EXPECT_TRUE(ends_wherever_cut(der));
}

TEST(VcardTest, EveryVersionIsACard) {
  const auto files = read_for_test(
      "BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Fo=C3=AB=\r\n"
      "l;Zo=C3=AB;;;\r\nADR;HOME:;;12 rue Haute;Hull;QC;J8X 1A1;Canada\r\nBDAY:19880214\r\n"
      "PHOTO;BASE64:AAAA\r\n BBBB\r\nTEL;CELL:905-555-\r\n 0100\r\nEND:VCARD\r\n"
      "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Pia Quist\r\nitem1.TEL;VALUE=uri:tel:+1-905-555-0106\r\n"
      "EMAIL:p@mail.example\r\nNOTE:Sister of Zo\xC3\xAB\\, moved\r\nEND:VCARD\r\n");
  ASSERT_EQ(files[0].format, "vcard");
  ASSERT_EQ(files[0].cards.size(), 2U);
  EXPECT_THAT(files[0].facts(0), testing::ElementsAre("1 2: Fo\xC3\xABl", "1 3: Zo\xC3\xAB",
                                                      "1 10: 12 rue Haute, Hull QC J8X 1A1",
                                                      "1 7: 19880214", "1 11: 905-555-0100"));
  EXPECT_THAT(files[0].facts(1), testing::ElementsAre("1 11: +1-905-555-0106",
                                                      "1 12: p@mail.example", "1 1: Pia Quist"));
  EXPECT_EQ(files[0].text(), "NOTE: Sister of Zo\xC3\xAB, moved\n");
}

TEST(VcardTest, AttendeesOfAnEventAreCards) {
  const auto files = read_for_test(
      "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Review of Abe Lincoln's file\r\n"
      "ORGANIZER;CN=Ann Clerk:mailto:ann@town.example\r\n"
      "ATTENDEE;ROLE=REQ-PARTICIPANT;CN=\"Roy, Val\":mailto:val@mail.example\r\nEND:VEVENT\r\n"
      "END:VCALENDAR\r\n");
  ASSERT_EQ(files[0].format, "icalendar");
  ASSERT_EQ(files[0].cards.size(), 2U);
  EXPECT_THAT(files[0].facts(0), testing::ElementsAre("7 1: Ann Clerk", "7 12: ann@town.example"));
  EXPECT_THAT(files[0].facts(1), testing::ElementsAre("1 1: Roy, Val", "1 12: val@mail.example"));
  EXPECT_EQ(files[0].text(), "SUMMARY: Review of Abe Lincoln's file\n");
}

}  // namespace
}  // namespace sealift::readers
