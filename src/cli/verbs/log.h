// `sealift log`: verifies a server's log, over the network or in a copy of its folder.
#pragma once

#include "cli/verb.h"

namespace sealift::cli {

Outcome run_log(const Environment& environment, std::span<const std::string> arguments);

inline constexpr Verb kLogVerb{
    "log",
    "verify a server's log, or a copy of it without the server",
    "usage: sealift log verify URL [--certificate HEX|--authorities FILE] [--json]\n"
    "       sealift log verify --data DIR [--key VKEY] [--checkpoint FILE] [--json]\n"
    "       sealift log verify --receipt FILE [--key VKEY] [--json]\n"
    "       sealift log watch ADDRESS... [--note FILE] [--compare FILE] [--policy FILE] [--json]\n"
    "       sealift log witness URL --state DIR --key FILE [--certificate HEX|...] [--json]\n"
    "       sealift log accept-restore URL [--yes]\n"
    "\n"
    "`accept-restore` shows what a server's operator states, signed, of a log that went back to a\n"
    "backup, and asks whether to go on from there. Without a statement nothing makes it.\n"
    "\n"
    "`verify` builds the log's tree again from its entries, and compares everything else with it;\n"
    "with a URL, also with what this client saw of that server's log before.\n"
    "DIR is a server's data folder, or a copy of the log alone. Exit status 0 means whole.\n"
    "\n"
    "`watch` replays the directory of the server that you are logged in to, and names each change\n"
    "of the keys of the given addresses.\n"
    "\n"
    "`witness` signs the newest state of a server's logs if it continues what was signed before;\n"
    "any web server may give DIR out.\n"
    "\n"
    "      --data DIR         where the log is\n"
    "      --receipt FILE     what --receipt of send, hand-in or receive wrote: checked here, "
    "with\n"
    "                         nothing but the key; prints the event\n"
    "      --key VKEY         the log's public key; without it, the one that lies in DIR, or of a\n"
    "                         receipt the one seen at the server that you are logged in to\n"
    "      --checkpoint FILE  a checkpoint or receipt kept from before: tells a log that went\n"
    "                         back or was written anew, which nothing in DIR can tell\n"
    "      --note FILE        where to write what was seen of the directory, for others to "
    "compare\n"
    "      --compare FILE     what somebody else saw: another history is an error\n"
    "      --policy FILE      whose signatures are needed; without it, the profile's trust-policy\n"
    "      --state DIR        what was witnessed; with --key FILE, the witness's own, made if "
    "missing\n"
    "      --json             print {\"whole\":...,\"size\":...,\"root\":...,\"problems\":[...]}\n",
    run_log,
    false,
    ProfileUse::reads};

}  // namespace sealift::cli
