// `sealift recovery`: bringing back the keys of an account whose owner has lost every way in.
#pragma once

#include "cli/verb.h"

namespace sealift::cli {

Outcome run_recovery(const Environment& environment, std::span<const std::string> arguments);

inline constexpr Verb kRecoveryVerb{
    "recovery",
    "for recovery officers: bring back lost keys, several of you, after a delay",
    "usage: sealift recovery ask ADDRESS [--to PUBLIC-KEY] [--json]\n"
    "       sealift recovery list [--json]\n"
    "       sealift recovery approve RECOVERY [ADDRESS] [--key FINGERPRINT] [--json]\n"
    "       sealift recovery release RECOVERY ADDRESS -o FILE [--json]\n"
    "       sealift recovery cancel [RECOVERY] [--json]\n"
    "\n"
    "Each officer has a share of the keys, which its owner's client sealed to that officer alone.\n"
    "\n"
    "ask      the account's owner is told at once, and has the policy's delay to cancel. The "
    "shares\n"
    "         are for this officer's key, or with --to for one that the person made on a new\n"
    "         machine (`sealift keygen`)\n"
    "approve  two officers have to, neither for an account of their own: each seals their share "
    "to\n"
    "         that key. Whose keys they are and the key's fingerprint are shown: compare it with\n"
    "         who asked, by telephone. ADDRESS and --key approve for just those; without a\n"
    "         terminal they have to be named, but for this officer's own key\n"
    "release  after the delay, once: writes the account's keys to FILE, an age identity file that\n"
    "         opens what was sent to the account; or, where the shares are for another key than\n"
    "         this officer's, what `sealift login --recovered FILE --recovered-with KEY-FILE` "
    "takes\n"
    "cancel   an officer, any of them; its owner without RECOVERY, the one that waits\n",
    run_recovery,
    false,
    ProfileUse::reads};

}  // namespace sealift::cli
