#include "cli/help.h"

#include <gtest/gtest.h>

namespace sealift::cli {
namespace {

constexpr std::string_view kUsage =
    "usage: sealift frob FILE [-o OUTPUT]\n"
    "       sealift frob --link LINK-ID\n"
    "\n"
    "Prints the version of\n"
    "Sealift.\n"
    "\n"
    "  -o, --output OUTPUT    where to write; standard output\n"
    "                         without it\n"
    "      --recovery-officer-key FINGERPRINT\n"
    "                         how many parcels (1000)\n"
    "      --authorities FILE trust this certificate and no other\n"
    "\n"
    "Nobody has translated this.\n";

TEST(HelpTest, EnglishIsAsItStands) {
  EXPECT_EQ(help_text(base::Language::english, kUsage), kUsage);
}

TEST(HelpTest, FrenchIsLaidOutAgain) {
  EXPECT_EQ(help_text(base::Language::french, kUsage),
            "utilisation\u00a0: sealift frob FICHIER [-o SORTIE]\n"
            "              sealift frob --link ID-LIEN\n"
            "\n"
            "Affiche la version de Sealift.\n"
            "\n"
            "  -o, --output SORTIE        où écrire; la sortie standard sans cette option\n"
            "      --recovery-officer-key EMPREINTE\n"
            "                             combien de colis (1000)\n"
            "      --authorities FICHIER  faire confiance à ce certificat et à aucun autre\n"
            "\n"
            "Nobody has translated this.\n");
}

constexpr std::string_view kUsageOfParts =
    "usage: sealift people list [--json]\n"
    "       sealift people invite ADDRESS [--admin]\n"
    "                             [--days N] [--json]\n"
    "       sealift people invitations [--json] | withdraw ID [--json]\n"
    "       sealift people suspend|close ACCOUNT [--json]\n"
    "\n"
    "ACCOUNT is an address or an account's id.\n"
    "\n"
    "`invite` prints a one-time enrolment link.\n"
    "\n"
    "Nobody comes back by himself. close is for good.\n"
    "\n"
    "suspend  for a while\n"
    "close    for good\n"
    "\n"
    "      --days N    how long the link is good; a number of days,\n"
    "                  or a time\n"
    "      --admin     an administrator\n"
    "      --timeout N  without it none\n"
    "      --json      print it\n";

TEST(HelpTest, APartHasItsOwnLinesAlone) {
  EXPECT_EQ(usage_of_part(kUsageOfParts, "invite"),
            "usage: sealift people invite ADDRESS [--admin]\n"
            "                             [--days N] [--json]\n"
            "\n"
            "`invite` prints a one-time enrolment link.\n"
            "\n"
            "      --days N    how long the link is good; a number of days,\n"
            "                  or a time\n"
            "      --admin     an administrator\n"
            "      --timeout N  without it none\n"
            "      --json      print it\n");
  EXPECT_EQ(usage_of_part(kUsageOfParts, "close"),
            "usage: sealift people suspend|close ACCOUNT [--json]\n"
            "\n"
            "ACCOUNT is an address or an account's id.\n"
            "\n"
            "Nobody comes back by himself. close is for good.\n"
            "\n"
            "close    for good\n"
            "\n"
            "      --timeout N  without it none\n"
            "      --json      print it\n");
  EXPECT_TRUE(usage_of_part(kUsageOfParts, "withdraw").starts_with("usage: sealift people inv"));
  for (const char* none : {"", "ACCOUNT", "people", "--json", "lis", "for"})
    EXPECT_EQ(usage_of_part(kUsageOfParts, none), "") << none;
}

TEST(HelpTest, LongTextIsWrapped) {
  const std::string help = help_text(
      base::Language::french,
      "usage: sealift frob\n\nEverything is sealed on this machine; the server never has a key to "
      "it. What was broken off, by a lost network or a killed process, is continued by the same "
      "command.\n");
  EXPECT_EQ(help,
            "utilisation\u00a0: sealift frob\n\n"
            "Tout est scellé sur cet ordinateur; le serveur n’en a jamais la clé. Ce qui a été "
            "interrompu,\npar une panne de réseau ou un processus tué, est continué par la même "
            "commande.\n");
}

}  // namespace
}  // namespace sealift::cli
