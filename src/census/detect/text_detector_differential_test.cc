// The fast search against a slow, obvious one: every byte position is tried by every detector, with
// no skipping and one index of keywords made anew for each position.
#include <gtest/gtest.h>

#include <string>

#include "census/detect/detectors.h"
#include "census/detect/overlaps.h"
#include "census/detect/text_detector.h"
#include "census/kinds/text_fold.h"

namespace sealift::census {
namespace {

using internal::KeywordIndex;
using internal::Number;
using internal::Search;

std::vector<Finding> slow_identifiers(std::string_view text) {
  const TextContext context{.scope = Scope::identifiers};
  std::vector<Finding> found;
  for (std::size_t at = 0; at < text.size(); ++at) {
    Search search{text, &context, KeywordIndex(text, KeywordIndex::Reading::whole), {}};
    if (text[at] == '@') internal::detect_email(at, search);
    const bool run_begins = is_ascii_digit(text[at]) && (at == 0 || !is_ascii_digit(text[at - 1]));
    if (run_begins) {
      const Number number = internal::number_at(text, at);
      for (const auto detect :
           {internal::detect_phone, internal::detect_sin, internal::detect_education_number,
            internal::detect_health_number, internal::detect_qc_health_number,
            internal::detect_drivers_licence, internal::detect_passport, internal::detect_ssn,
            internal::detect_iban, internal::detect_bank_account, internal::detect_payment_card,
            internal::detect_property_roll}) {
        if (number.count > 0) detect(number, search);
      }
    }
    for (Finding& finding : search.found) found.push_back(std::move(finding));
  }
  return internal::resolve(std::move(found));
}

// Pieces of identifiers, words and noise, put together at random: near misses of every kind.
std::string random_text(std::uint32_t seed) {
  constexpr std::string_view kPieces[] = {
      "SIN ",
      "HCN: ",
      "OEN\n",
      "account ",
      "transit 01862 ",
      "institution 004 ",
      "passport ",
      "Visa ",
      "roll no ",
      "SSN ",
      "130 692 544",
      "123-456-782",
      "9876-543-217 AA",
      "9698658215",
      "943 476 5870",
      "LASF 8002 1411",
      "A1234-56789-01231",
      "AB123456",
      "A123456BC",
      "536-90-4399",
      "GB14 SEAL 6749 8818 0382 35",
      "7651484",
      "4520-1216-3935-8834",
      "18-13-034-024-23895-0000",
      "(905) 555-0199",
      "905.555.0199",
      "+44 20 7946 0958",
      "a.b@mail.example",
      "1984-03-07",
      " ",
      " ",
      "\n",
      ", ",
      "-",
      ".",
      "order part ",
      "x",
      "12",
      "0000",
      "\xC3\xA9",
      "word another ",
      "tel ",
      "driver's licence ",
      "                                                                                          ",
      "file no "};
  std::string text;
  std::uint32_t state = seed;
  for (int i = 0; i < 40; ++i) {
    state = state * 1664525 + 1013904223;
    text += kPieces[(state >> 16) % std::size(kPieces)];
  }
  return text;
}

TEST(TextDetectorDifferentialTest, TheFastSearchFindsWhatTheSlowOneFinds) {
  const Models models = Models::built_in();
  const TextDetector detector(models);
  std::size_t findings = 0;
  for (std::uint32_t seed = 1; seed <= 2000; ++seed) {
    const std::string text = random_text(seed);
    const auto fast = detector.detect(text, {.scope = Scope::identifiers});
    ASSERT_EQ(fast, slow_identifiers(text)) << "seed " << seed << "\n" << text;
    findings += fast.size();
  }
  EXPECT_GT(findings, 1000U);
}

}  // namespace
}  // namespace sealift::census
