// `sealift open`: decrypts a file that was sealed, by Sealift or age.
#pragma once

#include "cli/verb.h"

namespace sealift::cli {

Outcome run_open(const Environment& environment, std::span<const std::string> arguments);

inline constexpr Verb kOpenVerb{
    "open", "decrypt a file",
    "usage: sealift open [-i PATH]... [-o OUTPUT] [INPUT]\n"
    "\n"
    "Decrypts INPUT, or standard input: any age v1 file, armored or not. OUTPUT appears when all\n"
    "of it was verified. On standard output only verified text appears, but its end may be\n"
    "missing when the exit status is not 0.\n"
    "\n"
    "  -i, --identity PATH    a file with private keys: AGE-SECRET-KEY-..., or an SSH key\n"
    "  -p, --passphrase       ask for a passphrase; done by itself when the file needs one\n"
    "  -o, --output OUTPUT    where to write; standard output without it\n"
    "\n"
    "-i may be repeated. PATH, INPUT and OUTPUT may be \"-\".\n",
    run_open};

}  // namespace sealift::cli
