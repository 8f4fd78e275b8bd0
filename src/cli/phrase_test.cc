#include "cli/phrase.h"

#include <gtest/gtest.h>

#include "client/api/values.h"
#include "client/transfer/source_tree.h"
#include "directory/entry.h"

namespace sealift::cli {
namespace {

namespace api = client::api;

constexpr auto kEnglish = base::Language::english;
constexpr auto kFrench = base::Language::french;
const base::UnixTime kTime(std::chrono::milliseconds(1'772'875'800'000));

std::string sent(base::Language language, std::uint64_t count, std::uint64_t size_bytes) {
  return phrase(language, "sent {parcel}: {count} {count:entry|entries}, {size_bytes}", "3f2a",
                count, size_bytes);
}

TEST(PhraseTest, ANumberTakesTheWordOfItsLanguage) {
  EXPECT_EQ(sent(kEnglish, 0, 5), "sent 3f2a: 0 entries, 5 B");
  EXPECT_EQ(sent(kEnglish, 1, 5), "sent 3f2a: 1 entry, 5 B");
  EXPECT_EQ(sent(kEnglish, 2, 1'500), "sent 3f2a: 2 entries, 1.5 KiB");
  EXPECT_EQ(sent(kFrench, 0, 5), "envoyé 3f2a\u00a0: 0 entrée, 5\u00a0o");
  EXPECT_EQ(sent(kFrench, 1, 5), "envoyé 3f2a\u00a0: 1 entrée, 5\u00a0o");
  EXPECT_EQ(sent(kFrench, 2, 1'500), "envoyé 3f2a\u00a0: 2 entrées, 1,5\u00a0Kio");
}

TEST(PhraseTest, NumbersAndTimesHaveTheirLanguagesForm) {
  EXPECT_EQ(phrase(kEnglish, "until {time}", kTime), "until 2026-03-07T09:30:00Z");
  EXPECT_EQ(phrase(kFrench, "until {time}", kTime), "jusqu’au 7 mars 2026 à 9\u00a0h\u00a030 UTC");
  EXPECT_EQ(phrase(kFrench, "until {time}", base::UnixTime(std::chrono::milliseconds(0))),
            "jusqu’au 1er janvier 1970 à 0\u00a0h\u00a000 UTC");
  EXPECT_EQ(phrase(kEnglish, "{count} {count:person|people}", std::uint64_t{1'234'567}),
            "1234567 people");
  EXPECT_EQ(phrase(kFrench, "{count} {count:person|people}", std::uint64_t{1'234'567}),
            "1\u00a0234\u00a0567 personnes");
  EXPECT_EQ(phrase(kFrench, "{count} {count:person|people}", std::uint64_t{1234}),
            "1234 personnes");
  EXPECT_EQ(phrase(kFrench, "{count} {count:person|people}", std::uint64_t{0}), "0 personne");
}

TEST(PhraseTest, AnErrorOfTheLayersBelowIsRecognised) {
  EXPECT_EQ(recognised(kEnglish, "key file: not an identity"), "key file: not an identity");
  EXPECT_EQ(recognised(kFrench, "key file: not an identity"),
            "fichier de clés\u00a0: ce n’est pas une identité");
  EXPECT_EQ(recognised(kFrench, "unknown option --frob"), "option inconnue\u00a0: --frob");
  EXPECT_EQ(recognised(kFrench, "cannot read /a b/c: No such file or directory"),
            "impossible de lire /a b/c\u00a0: aucun fichier ou dossier de ce nom");
  EXPECT_EQ(recognised(kFrench, "3 problems were found"), "3 problèmes ont été trouvés");
  EXPECT_EQ(recognised(kFrench, "it expired at 2026-03-07T09:30:00Z"),
            "il a expiré le 7 mars 2026 à 9\u00a0h\u00a030 UTC");
  EXPECT_EQ(recognised(kFrench, "the data folder itself lacks the bytes of 2 parts of parcels"),
            "il manque, dans le dossier de données lui-même, les octets de 2 parties de colis");
}

TEST(PhraseTest, AContextIsNoPartOfTheValueThatAPatternBeginsWith) {
  EXPECT_EQ(recognised(kFrench, "b with the keys in k: b/c is no folder"),
            "b, avec les clés dans k\u00a0: b/c n’est pas un dossier");
}

TEST(PhraseTest, WhatIsNotKnownStaysAsItIs) {
  EXPECT_EQ(recognised(kFrench, "something nobody has said"), "something nobody has said");
  EXPECT_EQ(recognised(kFrench, "a thing: No such file or directory"),
            "a thing\u00a0: aucun fichier ou dossier de ce nom");
  EXPECT_EQ(recognised(kFrench, ""), "");
  EXPECT_EQ(recognised(kFrench, ": "), "\u00a0: ");
}

// A path may be made of the separators themselves. The test's time limit is the bound.
TEST(PhraseTest, ManySeparatorsAreNoObstacle) {
  std::string path;
  for (int count = 0; count < 80; ++count) path += "a: ";
  EXPECT_TRUE(recognised(kFrench, "cannot read " + path + ": No such file or directory")
                  .starts_with("impossible de lire a"));
}

template <typename Enum>
void expect_french_for_all() {
  for (const std::string_view name : api::enumerator_names(Enum{}))
    EXPECT_NE(looked_up(kFrench, name), name) << name;
}

TEST(PhraseTest, WordsThatAreShownFromTablesHaveTheirFrench) {
  expect_french_for_all<api::ParcelState>();
  expect_french_for_all<api::SessionKind>();
  expect_french_for_all<api::AccountState>();
  for (const auto how : {directory::How::enrolled, directory::How::rotated,
                         directory::How::restarted, directory::How::removed})
    EXPECT_NE(looked_up(kFrench, directory::how_word(how)), directory::how_word(how));
}

}  // namespace
}  // namespace sealift::cli
