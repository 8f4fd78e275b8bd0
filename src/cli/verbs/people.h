// `sealift people` and `sealift policy`: what administrators do. Nothing of it reaches what is in a
// parcel, or whom it is for.
#pragma once

#include "cli/duration.h"
#include "cli/verb.h"
#include "client/api/account_bodies.h"

namespace sealift::cli {

Outcome run_people(const Environment& environment, std::span<const std::string> arguments);
Outcome run_policy(const Environment& environment, std::span<const std::string> arguments);

// For people to read; "" for none.
std::string roles_text(const client::api::Roles& roles, base::Language language);

inline constexpr Verb kPeopleVerb{
    "people",
    "for administrators: invite, list, suspend, give roles and room",
    "usage: sealift people list [--json]\n"
    "       sealift people invite ADDRESS [--admin] [--recovery-officer] [--days N] [--json]\n"
    "       sealift people invitations [--json] | withdraw ID [--json]\n"
    "       sealift people suspend|reinstate|close ACCOUNT [--json]\n"
    "       sealift people roles ACCOUNT [--admin] [--recovery-officer] [--none] [--json]\n"
    "       sealift people quota ACCOUNT SIZE|default [--json]\n"
    "       sealift people end-sessions ACCOUNT [--json]\n"
    "\n"
    "ACCOUNT is an address or an account's id.\n"
    "\n"
    "`invite` prints a one-time enrolment link.\n"
    "\n"
    "`roles` prints the account's roles. With options it proposes those, and no other; so does\n"
    "`invite`. Another administrator has to confirm it, and it waits: see `sealift proposals`.\n"
    "\n"
    "      --admin              the role of an administrator\n"
    "      --recovery-officer   the role of a recovery officer\n"
    "      --none               take all roles away\n"
    "      --days N             how long the link is good: a number of days, or a number and m, "
    "h,\n"
    "                           d, w or y; 7 days without it\n"
    "      --json               print what was done, or a list\n",
    run_people,
    false,
    ProfileUse::reads};

static_assert(names_duration_units(kPeopleVerb.usage));

inline constexpr Verb kPolicyVerb{
    "policy",
    "for administrators: show and change what the server allows",
    "usage: sealift policy show [--json]\n"
    "       sealift policy set NAME=VALUE...\n"
    "\n"
    "`set` takes names and values as they are printed; a list is joined by commas. Nothing is\n"
    "changed if somebody else changed the policy meanwhile, or one of the values can't be taken.\n"
    "What makes the policy weaker is proposed and waits: see `sealift proposals`.\n"
    "\n"
    "/usr/share/doc/sealift/operate/policy.md has every setting with its values.\n",
    run_policy,
    false,
    ProfileUse::reads};

}  // namespace sealift::cli
