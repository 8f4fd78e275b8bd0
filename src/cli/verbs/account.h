// `sealift account`: one's logins and tokens, the password, and who can bring the keys back.
#pragma once

#include "cli/duration.h"
#include "cli/verb.h"

namespace sealift::cli {

Outcome run_account(const Environment& environment, std::span<const std::string> arguments);

inline constexpr Verb kAccountVerb{
    "account",
    "logins, API tokens, password and recovery of one's account",
    "usage: sealift account sessions [--json]\n"
    "       sealift account end-session ID [--json]\n"
    "       sealift account token --scope SCOPE... [--days N] [--json]\n"
    "       sealift account password [--paper-key] [--json]\n"
    "       sealift account rotate [--new-password] [--recovered FILE [--recovered-with "
    "KEY-FILE]]\n"
    "                       [--recovery-officer-key FINGERPRINT]... [--json]\n"
    "       sealift account rotate --lost-machine URL --account ADDRESS\n"
    "                       [--certificate HEX | --authorities FILE] [--json]\n"
    "       sealift account recovery [--paper-key] [--recovery-officer-key FINGERPRINT]...\n"
    "                       [--json]\n"
    "\n"
    "`sessions` lists the logins and tokens: since when, until when, what they may do.\n"
    "\n"
    "A `token` is for programs: it does what its scopes say, without logging in. It is printed "
    "once.\n"
    "Scopes: account, parcels_read, parcels_write, requests, administration, metrics.\n"
    "\n"
    "Changing the `password` asks for the present one, or for the paper key. It ends all other\n"
    "logins, all tokens and every other way in, and prints a new paper key: the old one no longer\n"
    "works. With $SEALIFT_PASSWORD_FD its first line is the present one, its second the new one.\n"
    "\n"
    "`rotate` makes new keys for the account, signed by the old ones and by the paper key, which "
    "it\n"
    "asks for, and the password. All other logins, tokens and ways in end, and requests for files\n"
    "are closed; what was sent before still opens. Correspondents are told of the new keys. With\n"
    "--lost-machine, from any machine, it logs in with the paper key and sets a new password.\n"
    "\n"
    "`recovery` gives the organisation's recovery officers shares of this account's keys, in the\n"
    "place of those that were given before: two of them together, after a delay of which you are\n"
    "told, can bring the keys back. Their keys are shown, to be confirmed on the terminal, unless\n"
    "this machine knows them; --recovery-officer-key names just the right ones, and may be given\n"
    "again. With --paper-key the shares also let new keys be made after a recovery; `rotate` "
    "gives\n"
    "such shares by itself.\n"
    "\n"
    "      --scope SCOPE   what the token is good for; may be given again\n"
    "      --days N        how long it is good: a number of days, or a number and m, h, d, w or "
    "y;\n"
    "                      30 days without it\n"
    "      --paper-key     password: with the paper key instead of the present password;\n"
    "                      recovery: asks for it, so that the shares endorse new keys\n"
    "      --new-password  rotate: with the paper key alone, and a new password\n"
    "      --recovered FILE  rotate: what recovery officers brought back endorses the keys, in "
    "the\n"
    "                      place of an earlier paper key\n"
    "      --recovered-with KEY-FILE  where that is sealed to a key of your own: its file\n"
    "      --lost-machine URL  the server, when the machine with the login is lost\n"
    "      --account ADDRESS  whose keys, with --lost-machine\n"
    "      --certificate HEX, --authorities FILE  as in `sealift login`\n"
    "      --json          print what was done, or a list\n",
    run_account,
    false,
    ProfileUse::reads};

static_assert(names_duration_units(kAccountVerb.usage));

}  // namespace sealift::cli
