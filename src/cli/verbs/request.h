// `sealift request` and `sealift hand-in`: files from people without an account.
#pragma once

#include "cli/duration.h"
#include "cli/verb.h"
#include "client/api/api.h"
#include "parcel/request_link.h"

namespace sealift::cli {

Outcome run_request(const Environment& environment, std::span<const std::string> arguments);
Outcome run_hand_in(const Environment& environment, std::span<const std::string> arguments);

// Answers a fresh challenge, for a parcel to be handed in; uses up one hand-in.
base::Result<client::Credential> begin_hand_in(const client::api::Api& api,
                                               const parcel::RequestLink& link,
                                               const client::api::ParcelId& parcel);

inline constexpr Verb kRequestVerb{
    "request",
    "ask somebody without an account for files",
    "usage: sealift request create --title TEXT [--expires 14d] [--parcels N] [--size SIZE]\n"
    "       sealift request list [--json]\n"
    "       sealift request close REQUEST [--json]\n"
    "\n"
    "`create` prints a link. Who has it can hand files in, sealed to your key, and see nothing.\n"
    "\n"
    "      --title TEXT    what is asked for; sealed: the server cannot read it\n"
    "      --expires 14d   a number and m, h, d, w or y; 14d without it\n"
    "      --parcels N     how often files may be handed in\n"
    "      --size SIZE     how large one hand-in may be, like 500M or 10G\n"
    "      --json          print {\"request\":...,\"link\":...} or a list of them\n",
    run_request,
    false,
    ProfileUse::reads};

static_assert(names_duration_units(kRequestVerb.usage));

inline constexpr Verb kHandInVerb{
    "hand-in",
    "give files to whoever asked for them with a link",
    "usage: sealift hand-in LINK PATH... [--note TEXT] [--leave-out] [--receipt FILE] [--json]\n"
    "                       [--certificate HEX | --authorities FILE]\n"
    "\n"
    "Everything is sealed on this machine to the key that the link names; no account is needed.\n"
    "What was broken off is continued by the same command. --receipt writes what proves, without "
    "the\nserver, that its log has it (`sealift log verify --receipt FILE --key VKEY`).\n",
    run_hand_in,
    false,
    ProfileUse::reads};

}  // namespace sealift::cli
