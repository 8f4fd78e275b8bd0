// `sealift account`: one's logins and tokens, and the password.
#pragma once

#include "cli/duration.h"
#include "cli/verb.h"

namespace sealift::cli {

Outcome run_account(const Environment& environment, std::span<const std::string> arguments);

inline constexpr Verb kAccountVerb{
    "account",
    "logins, API tokens and password of one's account",
    "usage: sealift account sessions [--json]\n"
    "       sealift account end-session ID [--json]\n"
    "       sealift account token --scope SCOPE... [--days N] [--json]\n"
    "       sealift account password [--paper-key] [--json]\n"
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
    "      --scope SCOPE   what the token is good for; may be given again\n"
    "      --days N        how long it is good: a number of days, or a number and m, h, d, w or "
    "y;\n"
    "                      30 days without it\n"
    "      --paper-key     with the paper key instead of the present password\n"
    "      --json          print what was done, or a list\n",
    run_account,
    false,
    ProfileUse::reads};

static_assert(names_duration_units(kAccountVerb.usage));

}  // namespace sealift::cli
