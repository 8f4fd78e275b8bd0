// `sealift login`, `logout`, `whoami`, `paper-key`: getting in, getting out, and who one is.
#pragma once

#include "cli/verb.h"

namespace sealift::cli {

Outcome run_login(const Environment& environment, std::span<const std::string> arguments);
Outcome run_logout(const Environment& environment, std::span<const std::string> arguments);
Outcome run_whoami(const Environment& environment, std::span<const std::string> arguments);
Outcome run_paper_key(const Environment& environment, std::span<const std::string> arguments);

inline constexpr Verb kLoginVerb{
    "login",
    "enrol with a link, or log in to a server",
    "usage: sealift login URL --enrol LINK [--recovered FILE [--recovered-with KEY-FILE]]\n"
    "                         [--recovery-officer-key FINGERPRINT]... [--language en|fr]\n"
    "                         [--certificate HEX | --authorities FILE] [--json]\n"
    "       sealift login URL --account ADDRESS [--paper-key | --token]\n"
    "                         [--recovery-officer-key FINGERPRINT]...\n"
    "                         [--certificate HEX | --authorities FILE] [--json]\n"
    "\n"
    "Enrolling makes the account's keys on this machine, seals them for the server to keep, and\n"
    "prints a paper key: the way back in when the password is lost. Write it down.\n"
    "\n"
    "The password is asked for on the terminal; without one it is read from the descriptor in\n"
    "$SEALIFT_PASSWORD_FD or from $SEALIFT_PASSWORD. It does not leave this machine.\n"
    "\n"
    "      --enrol LINK        make an account, with the link that was sent\n"
    "      --recovered FILE    the account is there, and every way in was lost: enter it anew "
    "with\n"
    "                          the keys that `sealift recovery release` wrote; older ways in end\n"
    "      --recovered-with KEY-FILE\n"
    "                          where the officers' shares are for a key of your own: its file\n"
    "      --recovery-officer-key FINGERPRINT\n"
    "                          give shares of the account's recovery to just these officers, or "
    "make\n"
    "                          no account; may be given again. Without it the keys are shown, to "
    "be\n"
    "                          confirmed on the terminal; without one, each has to be in the log\n"
    "      --account ADDRESS   log in to one that is there\n"
    "      --paper-key         with the paper key instead of the password\n"
    "      --token             with an API token (`sealift account token`), for programs that run "
    "by\n"
    "                          themselves; the keys are those of an earlier login on this machine\n"
    "      --certificate HEX   trust the server's certificate with this SHA-256, and no other\n"
    "      --authorities FILE  trust the authorities in FILE (PEM) instead of the system's; the "
    "word\n"
    "                          system for the system's. Without either option, what the last "
    "login\n"
    "                          to the server used\n"
    "      --language en|fr    of the letters that the server sends; without it, that of this "
    "help\n"
    "      --json              print {\"address\":...,\"account\":...,...}\n",
    run_login,
    false,
    ProfileUse::makes};

inline constexpr Verb kLogoutVerb{
    "logout",
    "end this login, and forget the account's keys here",
    "usage: sealift logout [--json]\n"
    "\n"
    "What was seen of the server's log and directory is kept: a later login compares with it.\n",
    run_logout,
    false,
    ProfileUse::reads};

inline constexpr Verb kWhoamiVerb{
    "whoami",
    "the account that is logged in, as server, log and this machine know it",
    "usage: sealift whoami [--json]\n"
    "\n"
    "Also compares one's own key in the server's directory and log with the one kept here.\n",
    run_whoami,
    false,
    ProfileUse::reads};

inline constexpr Verb kPaperKeyVerb{
    "paper-key",
    "make a new paper key, which ends the old one",
    "usage: sealift paper-key [--json]\n"
    "\n"
    "Prints the new key. It opens the account without the password: keep it on paper, locked up.\n",
    run_paper_key,
    false,
    ProfileUse::reads};

}  // namespace sealift::cli
