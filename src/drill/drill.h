// `sealift drill`: breaks into a server of one's own, and shows what a thief gets.
#pragma once

#include "cli/verb.h"

namespace sealift::cli {

Outcome run_drill(const Environment& environment, std::span<const std::string> arguments);

inline constexpr Verb kDrillVerb{
    "drill", "break into a server of one's own and show what a thief gets",
    "usage: sealift drill [--data DIR] [--parcels N] [--json]\n"
    "\n"
    "Starts a server on this machine and sends parcels through it, some by link, some received,\n"
    "beside files handed in and uploads that stop half-way, with canaries in contents, file "
    "names,\n"
    "notes, titles, secrets and addresses. Steals its disk, its output and the environment and\n"
    "memory of its processes while it runs, and looks for every canary in every usual encoding,\n"
    "and for every key that opens a sealed object. Then tries all 32 bytes in a row of the "
    "server's\n"
    "key files, and of what those unwrap in the database (halves of links, slots, verifiers), as\n"
    "keys of every sealed object. Fails when anything is found that should not be.\n"
    "\n"
    "      --data DIR     where the server keeps its data, a folder that is not there yet; it\n"
    "                     stays for a look. Without it: a folder that is removed afterwards\n"
    "      --parcels N    how many parcels (1000)\n"
    "      --json         print the result as JSON\n"
    "\n"
    "Reading the memory of confined processes takes root; without it that part is left out, and\n"
    "said to be.\n",
    run_drill};

}  // namespace sealift::cli
