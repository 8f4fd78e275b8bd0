#include "server/mailer/letter_texts.h"

#include <array>

#include "base/check.h"

namespace sealift::server {
namespace {

using catalog::Language;
using catalog::MailTemplate;
using enum LetterValue;

constexpr LetterPiece kInvitedEnglish[] = {
    {"You have been invited to Sealift, where people send each other sealed files.\n\n"
     "Your administrator will give you a personal enrolment link, though not by mail.\n"
     "It is valid until ",
     when},
    {"."},
};
constexpr LetterPiece kInvitedFrench[] = {
    {"On vous invite à utiliser Sealift, un service d'échange de fichiers scellés.\n\n"
     "Votre administrateur vous remettra un lien d'inscription personnel, mais pas par\n"
     "courriel. Ce lien est valable jusqu'au ",
     when},
    {"."},
};
constexpr LetterPiece kWaitingEnglish[] = {
    {"A sealed parcel is waiting for you.\n\nSender: ", who},
    {".\n\nLog in to open it. It expires on ", when},
    {"."},
};
constexpr LetterPiece kWaitingFrench[] = {
    {"Un colis scellé vous attend.\n\nExpéditeur : ", who},
    {".\n\nConnectez-vous pour l'ouvrir. Il expire le ", when},
    {"."},
};
constexpr LetterPiece kOpenedEnglish[] = {
    {"A parcel that you sent was opened by ", who},
    {"\non ", when},
    {".\n\nYour outbox shows which one."},
};
constexpr LetterPiece kOpenedFrench[] = {
    {"Un colis que vous avez envoyé a été ouvert par ", who},
    {"\nle ", when},
    {".\n\nVotre boîte d'envoi indique lequel."},
};
constexpr LetterPiece kExpiringEnglish[] = {
    {"A parcel that you sent expires on ", when},
    {".\n\nAfter that, nobody can open it."},
};
constexpr LetterPiece kExpiringFrench[] = {
    {"Un colis que vous avez envoyé expire le ", when},
    {".\n\nPar la suite, personne ne pourra plus l'ouvrir."},
};
constexpr LetterPiece kHandedInEnglish[] = {
    {"Somebody handed files in for one of your requests on ", when},
    {".\n\nLog in to open the parcel."},
};
constexpr LetterPiece kHandedInFrench[] = {
    {"Des fichiers ont été remis en réponse à l'une de vos demandes le ", when},
    {".\n\nConnectez-vous pour ouvrir le colis."},
};
constexpr LetterPiece kRecoveryAskedEnglish[] = {
    {"Recovery of your account was requested by ", who},
    {".\n\nIf two recovery officers approve, they can unlock your account from\n", when},
    {" on.\nIf you did not request this, log in to cancel it, and tell your administrator."},
};
constexpr LetterPiece kRecoveryAskedFrench[] = {
    {"La récupération de votre compte a été demandée par ", who},
    {".\n\nSi deux agents de récupération l'approuvent, ils pourront déverrouiller\n"
     "votre compte à partir du ",
     when},
    {". Si vous n'avez rien demandé,\nconnectez-vous pour l'annuler et avertissez votre "
     "administrateur."},
};
constexpr LetterPiece kRecoveryReleasedEnglish[] = {
    {"The keys of your account were released for recovery to ", who},
    {"\non ", when},
    {".\n\nIf you did not request this, tell your administrator at once."},
};
constexpr LetterPiece kRecoveryReleasedFrench[] = {
    {"Les clés de votre compte ont été remises, pour sa récupération, à ", who},
    {"\nle ", when},
    {".\n\nSi vous n'avez rien demandé, avertissez immédiatement votre administrateur."},
};
constexpr LetterPiece kKeyChangedEnglish[] = {
    {"The keys of your account, or a way to unlock it, changed on ", when},
    {".\n\nIf you did not do this, tell your administrator at once."},
};
constexpr LetterPiece kKeyChangedFrench[] = {
    {"Les clés de votre compte, ou une façon de le déverrouiller, ont changé le\n", when},
    {".\n\nSi vous n'êtes pas à l'origine de ce changement, avertissez immédiatement votre\n"
     "administrateur."},
};
constexpr LetterPiece kLockedDownEnglish[] = {
    {"Sealift was locked down on ", when},
    {".\n\nUntil administrators reopen it, no parcel can be sent or opened."},
};
constexpr LetterPiece kLockedDownFrench[] = {
    {"Sealift a été verrouillé le ", when},
    {".\n\nJusqu'à sa réouverture par les administrateurs, aucun colis ne peut être\n"
     "envoyé ni ouvert."},
};
constexpr LetterPiece kReopenedEnglish[] = {
    {"Sealift was reopened on ", when},
    {".\n\nParcels can be sent and opened again. Please log in again."},
};
constexpr LetterPiece kReopenedFrench[] = {
    {"Sealift a été rouvert le ", when},
    {".\n\nLes colis peuvent de nouveau être envoyés et ouverts. Veuillez vous reconnecter."},
};
constexpr LetterPiece kProposedEnglish[] = {
    {"A change of who administers Sealift, of who may recover accounts, or of what its\n"
     "policy protects was proposed by ",
     who},
    {".\n\nIt takes effect on ", when},
    {" at the earliest. Log in to see it:\nadministrators and recovery officers can withdraw it "
     "until then."},
};
constexpr LetterPiece kProposedFrench[] = {
    {"Un changement touchant les administrateurs, les agents de récupération ou la\n"
     "protection qu'offrent les règles de Sealift a été proposé par ",
     who},
    {".\n\nIl prendra effet au plus tôt le ", when},
    {". Connectez-vous pour le voir :\nd'ici là, les administrateurs et les agents de récupération "
     "peuvent le retirer."},
};
constexpr LetterPiece kConfirmedEnglish[] = {
    {"A proposed change of roles or policy was confirmed by ", who},
    {".\n\nIt takes effect on ", when},
    {". Log in to see it: administrators and\nrecovery officers can withdraw it until then."},
};
constexpr LetterPiece kConfirmedFrench[] = {
    {"Un changement proposé des rôles ou des règles a été confirmé par ", who},
    {".\n\nIl prendra effet le ", when},
    {". Connectez-vous pour le voir : d'ici là,\nles administrateurs et les agents de récupération "
     "peuvent le retirer."},
};
constexpr LetterPiece kWithdrawnEnglish[] = {
    {"A proposed change of roles or policy was withdrawn by ", who},
    {"\non ", when},
    {". It doesn't take effect."},
};
constexpr LetterPiece kWithdrawnFrench[] = {
    {"Un changement proposé des rôles ou des règles a été retiré par ", who},
    {"\nle ", when},
    {". Il ne prendra pas effet."},
};
constexpr LetterPiece kDoneEnglish[] = {
    {"A change of roles or policy, proposed by ", who},
    {",\ntook effect on ", when},
    {".\n\nIf you didn't expect it, tell the people who run Sealift."},
};
constexpr LetterPiece kDoneFrench[] = {
    {"Un changement des rôles ou des règles, proposé par ", who},
    {",\na pris effet le ", when},
    {".\n\nSi vous ne vous y attendiez pas, avertissez les personnes qui gèrent Sealift."},
};

constexpr std::string_view kSomebody = "somebody who has the link";
constexpr std::string_view kQuelquun = "une personne qui a le lien";

struct Row {
  LetterText english;
  LetterText french;
};

// By number of the template, from 1.
constexpr std::array<Row, 14> kTexts = {{
    {{"Your invitation to Sealift", kInvitedEnglish, kSomebody},
     {"Votre invitation à Sealift", kInvitedFrench, kQuelquun}},
    {{"A sealed parcel is waiting for you", kWaitingEnglish, "a person without an account"},
     {"Un colis scellé vous attend", kWaitingFrench, "une personne sans compte"}},
    {{"Your parcel was opened", kOpenedEnglish, kSomebody},
     {"Votre colis a été ouvert", kOpenedFrench, kQuelquun}},
    {{"A parcel expires soon", kExpiringEnglish, kSomebody},
     {"Un colis expire bientôt", kExpiringFrench, kQuelquun}},
    {{"Files were handed in for you", kHandedInEnglish, kSomebody},
     {"Des fichiers vous ont été remis", kHandedInFrench, kQuelquun}},
    {{"Recovery of your account was requested", kRecoveryAskedEnglish, "a recovery officer"},
     {"La récupération de votre compte a été demandée", kRecoveryAskedFrench,
      "un agent de récupération"}},
    {{"Your account's keys were released for recovery", kRecoveryReleasedEnglish,
      "a recovery officer"},
     {"Les clés de votre compte ont été remises pour récupération", kRecoveryReleasedFrench,
      "un agent de récupération"}},
    {{"Your account's keys changed", kKeyChangedEnglish, kSomebody},
     {"Les clés de votre compte ont changé", kKeyChangedFrench, kQuelquun}},
    {{"Sealift is locked down", kLockedDownEnglish, kSomebody},
     {"Sealift est verrouillé", kLockedDownFrench, kQuelquun}},
    {{"Sealift is open again", kReopenedEnglish, kSomebody},
     {"Sealift est de nouveau ouvert", kReopenedFrench, kQuelquun}},
    {{"A change of roles or policy was proposed", kProposedEnglish, "an administrator"},
     {"Changement proposé des rôles ou des règles", kProposedFrench, "un administrateur"}},
    {{"A change of roles or policy was confirmed", kConfirmedEnglish, "an administrator"},
     {"Changement confirmé des rôles ou des règles", kConfirmedFrench, "un administrateur"}},
    {{"A change of roles or policy was withdrawn", kWithdrawnEnglish, "an administrator"},
     {"Changement retiré des rôles ou des règles", kWithdrawnFrench, "un administrateur"}},
    {{"A change of roles or policy took effect", kDoneEnglish, "an administrator"},
     {"Changement des rôles ou des règles en vigueur", kDoneFrench, "un administrateur"}},
}};
static_assert(kTexts.size() == static_cast<std::size_t>(MailTemplate::proposal_done));

}  // namespace

const LetterText& letter_text(MailTemplate letter, Language language) {
  const auto row = static_cast<std::size_t>(letter) - 1;
  SEALIFT_CHECK(row < kTexts.size());
  const Row& texts = kTexts.at(row);
  return language == Language::french ? texts.french : texts.english;
}

std::string_view letter_footer(Language language) {
  if (language == Language::french) {
    return "Envoyé automatiquement par Sealift. Ce message ne contient ni secret ni nom de\n"
           "fichier, et Sealift ne demande jamais de mot de passe par courriel.";
  }
  return "Sent automatically by Sealift. This message contains no secret and no file name,\n"
         "and Sealift never asks for a password by mail.";
}

}  // namespace sealift::server
