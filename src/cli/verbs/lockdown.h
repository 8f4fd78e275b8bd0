// `sealift lockdown`: stops a server from serving, at once; opening it again takes two.
#pragma once

#include "cli/verb.h"

namespace sealift::cli {

Outcome run_lockdown(const Environment& environment, std::span<const std::string> arguments);

inline constexpr Verb kLockdownVerb{
    "lockdown",
    "lock a server down at once, or help to reopen it",
    "usage: sealift lockdown on|off|status [--json]\n"
    "\n"
    "on      serving stops, logins end, links and parcels open for nobody; log and evidence stay\n"
    "off     approve reopening; with enough approvals of different administrators it reopens\n"
    "status  whether the server is locked down, and how many have approved reopening\n",
    run_lockdown,
    false,
    ProfileUse::reads};

}  // namespace sealift::cli
