// `sealift recovery`: bringing back the keys of an account whose owner has lost every way in.
#pragma once

#include "cli/verb.h"

namespace sealift::cli {

Outcome run_recovery(const Environment& environment, std::span<const std::string> arguments);

inline constexpr Verb kRecoveryVerb{
    "recovery",
    "for recovery officers: bring back lost keys, several of you, after a delay",
    "usage: sealift recovery ask ADDRESS [--json]\n"
    "       sealift recovery list [--json]\n"
    "       sealift recovery approve RECOVERY [--json]\n"
    "       sealift recovery release RECOVERY ADDRESS -o FILE [--json]\n"
    "       sealift recovery cancel [RECOVERY] [--json]\n"
    "\n"
    "ask      the account's owner is told at once, and has the policy's delay to cancel\n"
    "approve  two officers have to, neither for an account of their own\n"
    "release  after the delay, once: writes the account's keys to FILE, an age identity file that\n"
    "         opens what was sent to the account\n"
    "cancel   an officer, any of them; its owner without RECOVERY, the one that waits\n",
    run_recovery,
    false,
    ProfileUse::reads};

}  // namespace sealift::cli
