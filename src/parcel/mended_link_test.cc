#include "parcel/mended_link.h"

#include <gtest/gtest.h>

namespace sealift::parcel {
namespace {

using State = MendedLink::State;

const std::string kId = "00112233445566778899aabbccddeeff";
const std::string kSecret = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHv8";
const std::string kLink = "https://files.example/l/" + kId + "#" + kSecret;
const std::string kRequest = "https://files.example/r/" + kId + "#" + kSecret + "." + kSecret;
const std::string kEnrolment = "https://files.example/e#" + kSecret;

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != text.npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

std::string percent(std::string text) {
  for (const auto& [from, to] : {std::pair{":", "%3A"}, {"/", "%2F"}, {"#", "%23"}})
    text = replaced(text, from, to);
  return text;
}

TEST(MendedLinkTest, ALinkAsItWasSentIsTheSame) {
  for (const std::string& link :
       {kLink, kRequest, kEnrolment, replaced(kLink, "files.example", "127.0.0.1:8443")}) {
    const MendedLink mended = mend_link(link);
    EXPECT_EQ(mended.state, State::whole) << link;
    EXPECT_EQ(mended.text, link);
    EXPECT_FALSE(mended.was_seen);
  }
  EXPECT_EQ(mend_link(kRequest).kind, LinkKind::request);
  EXPECT_EQ(mend_link(kEnrolment).kind, LinkKind::enrolment);
}

TEST(MendedLinkTest, WhatIsAroundALinkIsLeftOut) {
  for (const std::string& text : std::vector<std::string>{
           kLink + ".", kLink + ",", kLink + ")", "<" + kLink + ">", "\"" + kLink + "\"",
           kLink + "/", "  " + kLink + "\n", "Here: " + kLink + " thanks", "(" + kLink + ").",
           kLink + "?utm_source=mail", replaced(kLink, "#", "?utm_source=mail#"),
           replaced(kLink, "#", "/#"), "_" + kLink + "_",
           replaced(kLink, "https://files.example", "HTTPS://Files.Example"), kLink + "...",
           replaced(kLink, kId, "00112233445566778899AABBCCDDEEFF"), "[link](" + kLink + ")"}) {
    EXPECT_EQ(mend_link(text).text, kLink) << text;
    EXPECT_FALSE(mend_link(text).was_seen) << text;
  }
  EXPECT_EQ(mend_link("see <" + kRequest + ">, please").text, kRequest);
}

TEST(MendedLinkTest, AnEnrolmentLinkKeepsItsFingerprint) {
  const std::string link = kEnrolment + ".00112233445566778899aabbccddeeff";
  for (const std::string& text : {link, link + ".", "<" + link + ">", "Here: " + link + " thanks",
                                  kEnrolment + "." + "00112233445566778899AABBCCDDEEFF",
                                  link.substr(0, 80) + "\n" + link.substr(80)}) {
    const MendedLink mended = mend_link(text);
    EXPECT_EQ(mended.text, link) << text;
    EXPECT_EQ(mended.state, State::whole) << text;
  }
  EXPECT_EQ(mend_link(kEnrolment + ".").text, kEnrolment) << "a full stop is none";
  for (const std::size_t missing : {std::size_t{1}, std::size_t{10}, std::size_t{31}}) {
    const MendedLink cut = mend_link(link.substr(0, link.size() - missing));
    EXPECT_EQ(cut.state, State::cut) << missing;
    EXPECT_EQ(cut.missing, missing);
  }
}

TEST(MendedLinkTest, ABrokenLineIsJoined) {
  const std::size_t at = kLink.size() - 10;
  for (const std::string_view lines :
       {"\n", "\r\n", "\n  ", "=\r\n", " ", "\n> ", "\xC2\xAD", "\xE2\x80\x8B", "\xC2\xA0"}) {
    std::string broken = kLink;
    broken.insert(at, lines);
    EXPECT_EQ(mend_link(broken + "\nRegards").text, kLink) << lines;
  }
}

TEST(MendedLinkTest, AWrappingIsTakenOffAndTold) {
  const std::string v2 = replaced(replaced(replaced(kLink, ":", "-3A"), "#", "-23"), "/", "_");
  for (const std::string& text : std::vector<std::string>{
           replaced(kLink, "#", "%23"),
           "https://nam01.safelinks.protection.outlook.com/?url=" + percent(kLink) +
               "&data=05%7C01%7C&reserved=0",
           "https://urldefense.proofpoint.com/v2/url?u=" + v2 + "&d=DwMFaQ&c=abc",
           "https://urldefense.com/v3/__" + replaced(kLink, "#", "*") + "__;Iw!!AbC!def$",
           "https://a.example/?q=" +
               percent("https://b.example/?url=" + replaced(percent(kLink), "%", "%25"))}) {
    const MendedLink mended = mend_link(text);
    EXPECT_EQ(mended.text, kLink) << text;
    EXPECT_TRUE(mended.was_seen) << text;
  }
}

TEST(MendedLinkTest, ACutLinkIsCutAndNotUnknown) {
  for (const auto& [text, missing] : std::vector<std::pair<std::string, std::size_t>>{
           {kLink.substr(0, kLink.size() - 1), 1},
           {kLink.substr(0, kLink.size() - 40), 40},
           {kLink.substr(0, kLink.find('#') + 1), 43},
           {kLink.substr(0, kLink.find('#')), 43},
           {kLink.substr(0, kLink.size() - 3) + " thanks", 3},
           {kRequest.substr(0, kRequest.size() - 2), 2}}) {
    const MendedLink mended = mend_link(text);
    EXPECT_EQ(mended.state, State::cut) << text;
    EXPECT_EQ(mended.missing, missing) << text;
  }
  std::string shouted = kLink;
  for (char& c : shouted) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  EXPECT_EQ(mend_link(shouted).state, State::cut);
}

TEST(MendedLinkTest, AnythingElseIsNoLink) {
  for (const std::string& text : std::vector<std::string>{
           "", "hello", kId, "https://files.example/", "https://files.example/l/",
           "https://files.example/l/abc#" + kSecret, "https://files.example/inbox/" + kId,
           "ftp://files.example/l/" + kId + "#" + kSecret, kLink + kSecret,
           "https:///l/" + kId + "#" + kSecret, std::string(100'000, '%')})
    EXPECT_EQ(mend_link(text).state, State::none) << text.substr(0, 100);
}

}  // namespace
}  // namespace sealift::parcel
