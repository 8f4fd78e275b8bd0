// `sealift organisation`: the organisation's key, which says who the recovery officers are
// (docs/decisions/0220-the-organisations-key.md).
#pragma once

#include "cli/verb.h"

namespace sealift::cli {

Outcome run_organisation(const Environment& environment, std::span<const std::string> arguments);

inline constexpr Verb kOrganisationVerb{
    "organisation",
    "the organisation's key: who the recovery officers are",
    "usage: sealift organisation [--json]\n"
    "       sealift organisation init --output FILE [--json]\n"
    "       sealift organisation sign --key-file FILE [--needed N]\n"
    "                                 [--recovery-officer-key FINGERPRINT]... [--json] ADDRESS...\n"
    "\n"
    "Shows the organisation's key and the recovery officers that it signed, as this server has\n"
    "them. A client that knows the key gives shares of its account's recovery to nobody else,\n"
    "whatever administrators and the server say.\n"
    "\n"
    "init  makes a key. Keep FILE off every server and in a safe, and a second copy on paper: who\n"
    "      has it names the officers, and who loses it can't name others\n"
    "sign  names the officers: all of them, and how many have to agree (2, or --needed). Needs an\n"
    "      administrator's login. Their keys are shown to be compared with them by telephone, or\n"
    "      named with --recovery-officer-key\n",
    run_organisation,
    false,
    ProfileUse::reads};

}  // namespace sealift::cli
