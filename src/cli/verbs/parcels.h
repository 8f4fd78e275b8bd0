// `sealift inbox`, `outbox`, `recall`, `recipients`, `links`: what becomes of parcels.
#pragma once

#include "cli/verb.h"

namespace sealift::cli {

Outcome run_inbox(const Environment& environment, std::span<const std::string> arguments);
Outcome run_outbox(const Environment& environment, std::span<const std::string> arguments);
Outcome run_recall(const Environment& environment, std::span<const std::string> arguments);
Outcome run_recipients(const Environment& environment, std::span<const std::string> arguments);
Outcome run_links(const Environment& environment, std::span<const std::string> arguments);

inline constexpr Verb kInboxVerb{"inbox",
                                 "list the parcels that wait for you",
                                 "usage: sealift inbox [--json]\n"
                                 "\n"
                                 "Names and notes are sealed: `sealift receive PARCEL "
                                 "--list` shows them, and counts.\n",
                                 run_inbox,
                                 false,
                                 ProfileUse::reads};

inline constexpr Verb kOutboxVerb{"outbox",
                                  "list the parcels that you sent, or who opened one of them",
                                  "usage: sealift outbox [PARCEL] [--json]\n"
                                  "\n"
                                  "Of one parcel: each opening, and whether the receipt that the "
                                  "server keeps of it was\n"
                                  "signed by who opened it, for what you sent. Exit status 1 when "
                                  "one is not true.\n",
                                  run_outbox,
                                  false,
                                  ProfileUse::reads};

inline constexpr Verb kRecallVerb{
    "recall",
    "take a parcel back",
    "usage: sealift recall PARCEL [--json]\n"
    "\n"
    "The keys to it are destroyed on the server: whatever copy of it is left opens for nobody. "
    "What\n"
    "somebody has received already stays with them; `sealift outbox PARCEL` says who has.\n",
    run_recall,
    false,
    ProfileUse::reads};

inline constexpr Verb kRecipientsVerb{
    "recipients",
    "let somebody else open a parcel, or no longer",
    "usage: sealift recipients add PARCEL ADDRESS [--opens N] [--json]\n"
    "       sealift recipients remove PARCEL ADDRESS [--json]\n"
    "\n"
    "Adding seals the parcel's key to one more person; the content stays where it is.\n",
    run_recipients,
    false,
    ProfileUse::reads};

inline constexpr Verb kLinksVerb{"links",
                                 "list the links of a parcel, or end one",
                                 "usage: sealift links PARCEL [--json]\n"
                                 "       sealift links revoke PARCEL LINK-ID [--json]\n",
                                 run_links,
                                 false,
                                 ProfileUse::reads};

}  // namespace sealift::cli
