// `sealift account`: one's logins and tokens, and the password.
#pragma once

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
    "A token is for programs: it does what its scopes say, without logging in. It is printed "
    "once.\n"
    "Scopes: account, parcels_read, parcels_write, requests, administration, metrics.\n"
    "\n"
    "Changing the password asks for the present one, or for the paper key, and ends all other\n"
    "logins. With $SEALIFT_PASSWORD_FD its first line is the present one, its second the new "
    "one.\n",
    run_account,
    false,
    ProfileUse::reads};

}  // namespace sealift::cli
