// `sealift admin`: what an administrator does on the server's own machine.
#pragma once

#include "cli/verb.h"

namespace sealift::cli {

Outcome run_admin(const Environment& environment, std::span<const std::string> arguments);

inline constexpr Verb kAdminVerb{
    "admin", "administer the server on this machine",
    "usage: sealift admin --data DIR invite ADDRESS [--admin] [--recovery-officer] [--json]\n"
    "       sealift admin --data DIR lock | status [--json]\n"
    "       sealift admin --data DIR backup | restore FOLDER --keys FOLDER [--json]\n"
    "\n"
    "`invite` prints a link with which the person makes an account, once, within seven days; an\n"
    "earlier link for the address stops working. `lock` locks the server down at once, as\n"
    "`sealift lockdown on` does, for when nobody can log in. The server may be running or not.\n"
    "\n"
    "`backup` copies what the server keeps, while it runs; again to the same folder, what is new.\n"
    "The server's two keys go to a folder of their own. Keep it apart: a backup without them "
    "tells\n"
    "nobody's address. `restore` fills an empty data folder from both; everybody logs in anew.\n"
    "\n"
    "      --data DIR   the server's data folder\n"
    "      --admin      the account administers the server; it reads nobody's parcels by that\n"
    "      --recovery-officer    the account may approve the recovery of others' keys\n"
    "      --keys DIR   where the server's keys are kept, apart from the backup\n"
    "      --json       print {\"link\":...,\"expires\":...} or {\"is_locked\":...} or figures\n",
    run_admin};

}  // namespace sealift::cli
