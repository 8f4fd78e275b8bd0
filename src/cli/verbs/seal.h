// `sealift seal`: encrypts a file to recipients, as `age` does.
#pragma once

#include "cli/verb.h"

namespace sealift::cli {

Outcome run_seal(const Environment& environment, std::span<const std::string> arguments);

inline constexpr Verb kSealVerb{
    "seal", "encrypt a file to recipients",
    "usage: sealift seal (-r RECIPIENT | -R PATH | -i PATH)... [-a] [-o OUTPUT] [INPUT]\n"
    "       sealift seal -p [-a] [-o OUTPUT] [INPUT]\n"
    "\n"
    "Encrypts INPUT, or standard input, in the age v1 format. OUTPUT appears when it is whole.\n"
    "\n"
    "  -r, --recipient RECIPIENT     a public key: age1..., age1pq1..., or a line of an SSH key\n"
    "  -R, --recipients-file PATH    a file with one public key a line\n"
    "  -i, --identity PATH           to the public keys of the private keys in a file\n"
    "  -p, --passphrase              with a passphrase, asked for on the terminal\n"
    "  -a, --armor                   as text that survives mail\n"
    "  -o, --output OUTPUT           where to write; standard output without it\n"
    "\n"
    "-r, -R and -i may be repeated. PATH, INPUT and OUTPUT may be \"-\".\n",
    run_seal};

}  // namespace sealift::cli
