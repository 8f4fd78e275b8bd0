// `sealift send`: files and folders to people with an account, or to whoever has a link.
#pragma once

#include "cli/duration.h"
#include "cli/verb.h"

namespace sealift::cli {

Outcome run_send(const Environment& environment, std::span<const std::string> arguments);

inline constexpr Verb kSendVerb{
    "send",
    "send files and folders, sealed to their recipients",
    "usage: sealift send PATH... (--to ADDRESS)... [--link] [OPTION...]\n"
    "       sealift send PATH... --link [--passphrase] [OPTION...]\n"
    "\n"
    "Everything is sealed on this machine; the server never has a key to it. What was broken off,\n"
    "by a lost network or a killed process, is continued by the same command.\n"
    "\n"
    "      --to ADDRESS       somebody with an account on the server; may be given again\n"
    "      --link             make a link for somebody without one\n"
    "      --passphrase       with a generated passphrase besides\n"
    "      --expires 7d       a number and m, h, d, w or y; without it as the server's policy has "
    "it\n"
    "      --opens N          how often each recipient, or the link, may open it\n"
    "      --note TEXT        for the recipients; sealed\n"
    "      --leave-out        send the rest when something cannot be sent (links, devices, names\n"
    "                         that are not UTF-8)\n"
    "      --receipt FILE     write what proves that the server's log has it (`sealift log "
    "verify`)\n"
    "      --json             print {\"parcel\":...,\"link\":...,...}\n",
    run_send,
    false,
    ProfileUse::reads};

static_assert(names_duration_units(kSendVerb.usage));

}  // namespace sealift::cli
