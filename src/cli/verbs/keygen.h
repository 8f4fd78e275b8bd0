// `sealift keygen`: makes a key, or shows the recipients of one; as age-keygen does.
#pragma once

#include "cli/verb.h"

namespace sealift::cli {

Outcome run_keygen(const Environment& environment, std::span<const std::string> arguments);

inline constexpr Verb kKeygenVerb{
    "keygen", "make a key, or show whom a key receives as",
    "usage: sealift keygen [--pq] [-o FILE] [--json]\n"
    "       sealift keygen -y [-o FILE] [INPUT] [--json]\n"
    "\n"
    "Makes a new key and writes it to FILE, which must not exist, or to standard output.\n"
    "The public key is shown on standard error, unless the whole goes to a terminal.\n"
    "\n"
    "  -o, --output FILE   where to write; readable by you alone\n"
    "      --pq            a post-quantum key (age1pq1...), for age 1.3 and newer\n"
    "  -y, --convert       read keys from INPUT and write their public keys\n"
    "      --json          print {\"recipient\":...} of the new key, without -o its \"identity\" "
    "too\n",
    run_keygen};

}  // namespace sealift::cli
