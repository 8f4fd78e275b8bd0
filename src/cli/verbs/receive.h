// `sealift receive`: a parcel, or part of one, by an account or by a link.
#pragma once

#include "cli/verb.h"

namespace sealift::cli {

Outcome run_receive(const Environment& environment, std::span<const std::string> arguments);

inline constexpr Verb kReceiveVerb{
    "receive",
    "open a parcel and write its files",
    "usage: sealift receive PARCEL|LINK -o DIR [--only ENTRY]... [--conflict WORD] [--json]\n"
    "       sealift receive LINK -o DIR [--certificate HEX | --authorities FILE]\n"
    "\n"
    "Opening counts, where the sender has set a limit; going on with what was broken off does "
    "not.\n"
    "A file gets its name once every byte of it was verified. Nothing that exists is replaced:\n"
    "when an entry's name is taken, --conflict decides, and the rest is received in any case.\n"
    "The passphrase of a link is asked for on the terminal, or taken from $SEALIFT_PASSWORD_FD or\n"
    "$SEALIFT_PASSWORD.\n"
    "\n"
    "  -o, --output DIR       where to; made when it is not there\n"
    "      --only ENTRY       this file, or everything in this folder; may be given again\n"
    "      --conflict WORD    rename: give it a free name; skip: leave it out; fail: leave it out\n"
    "                         and exit with 1; ask: on the terminal. Without it: ask on a "
    "terminal,\n"
    "                         elsewhere fail. What is left out can still be received: repeat the\n"
    "                         command. Only a parcel received whole is confirmed to the sender\n"
    "      --ignore-free-space\n"
    "                         try even if the disk looks too small; files full of holes may fit\n"
    "      --sealed FILE      write the content as the age file that it is, unopened\n"
    "      --list             show what is in it and write nothing; counts as opening\n"
    "      --certificate HEX  of a link's server: trust the certificate with this SHA-256 alone\n"
    "      --authorities FILE trust the authorities in FILE (PEM) instead of the system's\n"
    "      --receipt FILE     write what proves that the server's log has your receipt\n"
    "      --json             print {\"parcel\":...,\"sender\":...,\"entries\":[...],...}\n",
    run_receive,
    false,
    ProfileUse::reads};

}  // namespace sealift::cli
