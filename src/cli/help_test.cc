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
