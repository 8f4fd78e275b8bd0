#include "server/mailer/letter.h"

#include <gtest/gtest.h>

#include <sstream>

#include "server/mailer/letter_texts.h"

namespace sealift::server {
namespace {

using catalog::Language;
using catalog::MailTemplate;

constexpr base::UnixTime kNow{std::chrono::milliseconds(1'795'356'309'000)};

parcel::Address address(std::string_view text) { return *parcel::Address::parse(text); }

PostFrame some_post(MailTemplate letter, Language language) {
  PostFrame post{.letter = letter,
                 .language = language,
                 .details = {address("lea@region.example"), address("tom@region.example"), kNow}};
  post.mail.bytes.fill(std::byte{0x5a});
  return post;
}

LetterHead some_head() { return {address("sealift@region.example"), "https://files.example"}; }

// With the lines that were broken for length whole again.
std::string unbroken(std::string message) {
  for (std::size_t at = 0; (at = message.find("=\r\n")) != std::string::npos;) message.erase(at, 3);
  return message;
}

std::vector<PostFrame> all_posts() {
  std::vector<PostFrame> all;
  for (unsigned i = 1; i <= static_cast<unsigned>(MailTemplate::proposal_done); ++i) {
    for (const Language language : {Language::english, Language::french}) {
      all.push_back(some_post(static_cast<MailTemplate>(i), language));
    }
  }
  return all;
}

TEST(LetterTest, AMessageIsWhatMailProgramsExpect) {
  const std::string message =
      write_letter(some_post(MailTemplate::parcel_waiting, Language::english), some_head(), kNow);
  EXPECT_TRUE(
      message.starts_with("Date: Sun, 22 Nov 2026 14:05:09 +0000\r\n"
                          "From: Sealift <sealift@region.example>\r\n"
                          "To: <lea@region.example>\r\n"
                          "Subject: =?utf-8?B?"))
      << message;
  EXPECT_NE(message.find("Message-ID: <5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a@region.example>\r\n"),
            std::string::npos);
  EXPECT_NE(message.find("Auto-Submitted: auto-generated\r\n"), std::string::npos);
  EXPECT_NE(message.find("Sender: tom@region.example"), std::string::npos);
  EXPECT_NE(message.find("22 November 2026 at 14:05 UTC"), std::string::npos);
  EXPECT_NE(message.find("https://files.example"), std::string::npos);
}

TEST(LetterTest, FrenchIsSpokenInFrench) {
  const std::string message = unbroken(
      write_letter(some_post(MailTemplate::parcel_waiting, Language::french), some_head(), kNow));
  EXPECT_NE(message.find("Content-Language: fr\r\n"), std::string::npos);
  EXPECT_NE(message.find("Exp=C3=A9diteur : tom@region.example"), std::string::npos) << message;
  EXPECT_NE(message.find("22 novembre 2026 =C3=A0 14 h 05 UTC"), std::string::npos);
}

TEST(LetterTest, EveryLineIsShortAsciiAndEndsInCrlf) {
  for (const PostFrame& post : all_posts()) {
    const std::string message = write_letter(post, some_head(), kNow);
    ASSERT_TRUE(message.ends_with("\r\n"));
    std::istringstream lines(message);
    for (std::string line; std::getline(lines, line);) {
      ASSERT_TRUE(line.ends_with('\r')) << line;
      line.pop_back();
      EXPECT_LE(line.size(), 77U) << line;
      for (const char c : line) EXPECT_TRUE(c >= 32 && c < 127) << line;
    }
  }
}

TEST(LetterTest, ALetterWithoutAnAddressNamesSomebody) {
  PostFrame post = some_post(MailTemplate::parcel_opened, Language::english);
  post.details.who.reset();
  EXPECT_NE(write_letter(post, some_head(), kNow).find("somebody who has the link"),
            std::string::npos);
}

TEST(LetterTest, EveryTextIsThereInBothLanguages) {
  for (const PostFrame& post : all_posts()) {
    const LetterText& text = letter_text(post.letter, post.language);
    EXPECT_FALSE(text.subject.empty());
    EXPECT_FALSE(text.pieces.empty());
    EXPECT_FALSE(text.somebody.empty());
  }
  for (unsigned i = 1; i <= static_cast<unsigned>(MailTemplate::proposal_done); ++i) {
    const auto letter = static_cast<MailTemplate>(i);
    EXPECT_NE(letter_text(letter, Language::english).subject,
              letter_text(letter, Language::french).subject);
  }
}

TEST(MailFramesTest, WhatIsWrittenIsRead) {
  for (PostFrame post : all_posts()) {
    EXPECT_EQ(decode_post(encode_post(post)), post);
    post.details.who.reset();
    EXPECT_EQ(decode_post(encode_post(post)), post);
    EXPECT_EQ(decode_letter_details(encode_letter_details(post.details)), post.details);
  }
  for (const MailOutcome outcome : {MailOutcome::sent, MailOutcome::refused, MailOutcome::later}) {
    const OutcomeFrame frame{{{std::byte{9}}}, outcome};
    EXPECT_EQ(decode_outcome(encode_outcome(frame)), frame);
  }
}

TEST(MailFramesTest, CutAndLengthenedFramesAreRefused) {
  const base::Bytes post = encode_post(some_post(MailTemplate::handed_in, Language::french));
  const base::Bytes outcome = encode_outcome({{}, MailOutcome::later});
  for (std::size_t size = 0; size < post.size(); ++size) {
    EXPECT_FALSE(decode_post(base::ByteView(post).first(size)));
  }
  for (std::size_t size = 0; size < outcome.size(); ++size) {
    EXPECT_FALSE(decode_outcome(base::ByteView(outcome).first(size)));
  }
  base::Bytes longer = post;
  longer.push_back(std::byte{0});
  EXPECT_FALSE(decode_post(longer));
  longer = outcome;
  longer.push_back(std::byte{0});
  EXPECT_FALSE(decode_outcome(longer));
}

TEST(MailFramesTest, ValuesOutsideOfTheirListsAreRefused) {
  const base::Bytes good = encode_post(some_post(MailTemplate::handed_in, Language::french));
  constexpr std::size_t kTemplateAt = 17;
  constexpr std::size_t kLanguageAt = 18;
  constexpr unsigned kAfterLast = static_cast<unsigned>(MailTemplate::proposal_done) + 1;
  const std::pair<std::size_t, unsigned> changes[] = {{0, 2},           {0, 0},
                                                      {kTemplateAt, 0}, {kTemplateAt, kAfterLast},
                                                      {kLanguageAt, 0}, {kLanguageAt, 3}};
  for (const auto& [at, value] : changes) {
    base::Bytes bad = good;
    bad[at] = static_cast<std::byte>(value);
    EXPECT_FALSE(decode_post(bad)) << at << " " << value;
  }
  // an address in another spelling, and one that ends a line
  std::string text(base::text_of(good));
  const std::size_t at = text.find("lea@");
  text[at] = 'L';
  EXPECT_FALSE(decode_post(base::bytes_of(text)));
  text[at] = '\n';
  EXPECT_FALSE(decode_post(base::bytes_of(text)));
}

}  // namespace
}  // namespace sealift::server
