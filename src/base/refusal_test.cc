#include "base/refusal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <tuple>

namespace sealift::base {
namespace {

using testing::HasSubstr;

constexpr std::uint64_t kDayMs = 86'400'000;

Error error_of(std::string_view reason, const std::vector<Fact>& facts = {}) {
  return refuse(reason, facts).value();
}

TEST(RefusalTest, EveryRowCanBeReadInBothLanguages) {
  std::set<std::string_view> reasons;
  for (const RefusalRow& row : refusal_rows()) {
    EXPECT_TRUE(reasons.insert(row.reason).second) << row.reason;
    EXPECT_EQ(find_refusal(row.reason), &row);
    for (const auto text : row.sentences) EXPECT_TRUE(text.ends_with('.')) << row.reason;
  }
  EXPECT_EQ(find_refusal("no_such_row"), nullptr);
}

TEST(RefusalTest, ARoleHasItsNameInTheReadersLanguage) {
  for (const auto& [role, english, french] :
       {std::tuple("administrator", "This needs the role administrator.",
                   "Cette opération exige le rôle administrateur."),
        std::tuple("recovery_officer", "This needs the role recovery officer.",
                   "Cette opération exige le rôle agent de récupération."),
        std::tuple("pilot", "This needs the role pilot.",
                   "Cette opération exige le rôle pilot.")}) {
    const auto refusal = refusal_of(error_of("role_missing", {{"role", role}}));
    ASSERT_TRUE(refusal.has_value());
    EXPECT_EQ(refusal->sentence(Language::english), english);
    EXPECT_EQ(refusal->sentence(Language::french), french);
  }
}

TEST(RefusalTest, AFactMayBeAFingerprintOrAPlaceAndNoSentence) {
  const std::string digits(64, 'a');
  for (const std::string& value :
       {digits, std::string("[fd00::1]:3128"), std::string("HTTPS_PROXY")})
    EXPECT_TRUE(make_refusal("certificate_of_another", ErrorCode::forbidden, {{"host", value}}))
        << value;
  for (const std::string& value :
       {std::string(81, 'a'), std::string("two words"), std::string("x: y"), std::string("x:")})
    EXPECT_FALSE(make_refusal("certificate_of_another", ErrorCode::forbidden, {{"host", value}}))
        << value;
}

TEST(RefusalTest, ItSaysTheFiguresInTheReadersLanguage) {
  const Error error =
      error_of("policy_lifetime", {{"max_ms", 7 * kDayMs}, {"asked_ms", 30 * kDayMs}});
  EXPECT_EQ(error.code, ErrorCode::forbidden);
  const auto refusal = refusal_of(error);
  ASSERT_TRUE(refusal.has_value());
  EXPECT_THAT(refusal->sentence(Language::english),
              HasSubstr("for 7\u00a0days at most; you asked for 30\u00a0days."));
  EXPECT_THAT(refusal->sentence(Language::french), HasSubstr("maximale de 7\u00a0jours"));
  EXPECT_THAT(refusal->hint(Language::english), HasSubstr("Ask for a shorter time."));
}

TEST(RefusalTest, SizesAndTimesHaveTheirUnits) {
  const auto text = [](std::string_view reason, const std::vector<Fact>& facts, Language language) {
    return refusal_of(error_of(reason, facts))->sentence(language);
  };
  EXPECT_THAT(text("body_too_large", {{"max_bytes", 1536}}, Language::english),
              HasSubstr("1.5\u00a0KiB"));
  EXPECT_THAT(text("body_too_large", {{"max_bytes", 1536}}, Language::french),
              HasSubstr("1,5\u00a0Kio"));
  EXPECT_THAT(text("body_too_large", {{"max_bytes", 1}}, Language::english),
              HasSubstr("the 1\u00a0B"));
  const auto wait = [](std::uint64_t ms) {
    return refusal_of(error_of("too_many_attempts", {{"retry_after_ms", ms}}))
        ->hint(Language::english);
  };
  EXPECT_EQ(wait(1000), "Try again in 1\u00a0second.");
  EXPECT_EQ(wait(1), "Try again in 1\u00a0second.");
  EXPECT_EQ(wait(0), "Try again in 0\u00a0seconds.");
  EXPECT_EQ(wait(90'000), "Try again in 90\u00a0seconds.");
  EXPECT_EQ(wait(120'000), "Try again in 2\u00a0minutes.");
  EXPECT_EQ(wait(3'600'000), "Try again in 1\u00a0hour.");
  EXPECT_EQ(wait(2 * kDayMs + 1), "Try again in 3\u00a0days.");
}

// What was asked for, and its limits, are said as they are; what is waited for is rounded up.
TEST(RefusalTest, WhatWasAskedForIsNotRounded) {
  const auto text = [](std::uint64_t asked_ms, Language language) {
    return refusal_of(error_of("policy_lifetime", {{"max_ms", 1}, {"asked_ms", asked_ms}}))
        ->sentence(language);
  };
  for (const auto& [asked_ms, said] : {std::pair<std::uint64_t, std::string_view>(3, "3\u00a0ms"),
                                       {1500, "1500\u00a0ms"},
                                       {0, "0\u00a0ms"},
                                       {61'000, "61\u00a0seconds"},
                                       {kDayMs, "1\u00a0day"},
                                       {kDayMs + 3'600'000, "25\u00a0hours"},
                                       {2 * kDayMs + 3'600'000, "49\u00a0hours"}}) {
    EXPECT_THAT(text(asked_ms, Language::english), HasSubstr(std::string(said) + "."));
  }
  EXPECT_THAT(text(3, Language::french), HasSubstr("demandé 3\u00a0ms."));
}

TEST(RefusalTest, ContextsInFrontAreLookedPast) {
  const Error error = error_of("links_max", {{"max", 20}});
  const auto refusal = refusal_of(Error(error).with_context("the parcel").with_context("sending"));
  ASSERT_TRUE(refusal.has_value());
  EXPECT_EQ(refusal->row->reason, "links_max");
  EXPECT_EQ(refusal->text(), error.text);
}

TEST(RefusalTest, WordsOfAServerAreNotTaken) {
  EXPECT_FALSE(make_refusal("role_missing", ErrorCode::forbidden, {{"role", "call 555-0100 now"}}));
  EXPECT_FALSE(
      make_refusal("role_missing", ErrorCode::forbidden, {{"role", std::string(81, 'a')}}));
  EXPECT_FALSE(make_refusal("role_missing", ErrorCode::forbidden, {})) << "a fact is missing";
  EXPECT_FALSE(make_refusal("role_missing", ErrorCode::conflict, {{"role", "administrator"}}));
  EXPECT_FALSE(make_refusal("made_up", ErrorCode::forbidden, {}));
  EXPECT_TRUE(make_refusal("role_missing", ErrorCode::forbidden, {{"role", "administrator"}}));
}

TEST(RefusalTest, OtherErrorsAreNone) {
  for (const char* text : {"", "disk", "input: No such file or directory", "quota", "locked_down x",
                           "links_max max=20 more"}) {
    EXPECT_FALSE(refusal_of({ErrorCode::io, text}).has_value()) << text;
  }
}

}  // namespace
}  // namespace sealift::base
