// `sealift admin`: what an administrator does on the server's own machine.
#pragma once

#include "cli/verb.h"

namespace sealift::cli {

Outcome run_admin(const Environment& environment, std::span<const std::string> arguments);

inline constexpr Verb kAdminVerb{
    "admin", "administer the server on this machine",
    "usage: sealift admin --data DIR invite ADDRESS [--admin] [--officer] [--json]\n"
    "\n"
    "Prints a link with which the person makes an account, once, within seven days. An earlier "
    "link\n"
    "for the address stops working. The server may be running or not.\n"
    "\n"
    "      --data DIR   the server's data folder\n"
    "      --admin      the account administers the server; it reads nobody's parcels by that\n"
    "      --officer    the account may approve the recovery of others' keys\n"
    "      --json       print {\"link\":...,\"expires\":...}\n",
    run_admin};

}  // namespace sealift::cli
