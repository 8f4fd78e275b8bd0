// `sealift people` and `sealift policy`: what administrators do. Nothing of it reaches what is in a
// parcel, or whom it is for.
#pragma once

#include "cli/verb.h"

namespace sealift::cli {

Outcome run_people(const Environment& environment, std::span<const std::string> arguments);
Outcome run_policy(const Environment& environment, std::span<const std::string> arguments);

inline constexpr Verb kPeopleVerb{
    "people",
    "for administrators: invite, list, suspend, give roles and room",
    "usage: sealift people list [--json]\n"
    "       sealift people invite ADDRESS [--admin] [--recovery-officer] [--days N] [--json]\n"
    "       sealift people invitations [--json] | withdraw ID [--json]\n"
    "       sealift people suspend|reinstate|close ACCOUNT [--json]\n"
    "       sealift people roles ACCOUNT [--admin] [--recovery-officer] [--json]\n"
    "       sealift people quota ACCOUNT SIZE|default [--json]\n"
    "       sealift people end-sessions ACCOUNT [--json]\n"
    "\n"
    "ACCOUNT is an address or an account's id. `invite` prints a one-time enrolment link.\n",
    run_people,
    false,
    ProfileUse::reads};

inline constexpr Verb kPolicyVerb{
    "policy",
    "for administrators: show and change what the server allows",
    "usage: sealift policy show [--json]\n"
    "       sealift policy set NAME=VALUE...\n"
    "\n"
    "Names and values are those that `show` prints; a list is joined by commas. Nothing is "
    "changed\n"
    "when somebody else changed the policy meanwhile, or one of the values is not understood.\n",
    run_policy,
    false,
    ProfileUse::reads};

}  // namespace sealift::cli
