// `sealift doctor`: whether this machine and a server can work together, and what is in between.
#pragma once

#include "cli/verb.h"

namespace sealift::cli {

Outcome run_doctor(const Environment& environment, std::span<const std::string> arguments);

inline constexpr Verb kDoctorVerb{
    "doctor",
    "check the way to a server",
    "usage: sealift doctor URL [--certificate SHA256 | --authorities FILE] [--json]\n"
    "\n"
    "Checks that the server answers and proves who it is, that the clocks of both agree, that it\n"
    "is not locked down, and what a proxy in between does to requests. Nothing is changed, and\n"
    "nobody has to be logged in. Exit status 1 if something does not work. On the server's own\n"
    "machine, `sealift admin doctor` checks the rest.\n"
    "\n"
    "      --certificate SHA256   trust this certificate and no other\n"
    "      --authorities FILE     trust these authorities instead of the system's\n"
    "      --json                 print {\"checks\":[...]}\n",
    run_doctor,
    false,
    ProfileUse::reads};

}  // namespace sealift::cli
