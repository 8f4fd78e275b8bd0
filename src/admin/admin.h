// `sealift admin`: what an administrator does on the server's own machine.
#pragma once

#include "cli/duration.h"
#include "cli/verb.h"

namespace sealift::cli {

Outcome run_admin(const Environment& environment, std::span<const std::string> arguments);

inline constexpr Verb kAdminVerb{
    "admin", "administer the server on this machine",
    "usage: sealift admin --data DIR invite ADDRESS [--admin] [--recovery-officer] [--days N]\n"
    "                                               [--json]\n"
    "       sealift admin --data DIR lock | status [--json]\n"
    "       sealift admin --data DIR reopen-keys [--json]\n"
    "       sealift admin --data DIR reopen | state-restore [--key-file FILE] [--json]\n"
    "       sealift admin --data DIR clock show|accept [--json]\n"
    "       sealift admin --data DIR metrics-token [--end] [--json]\n"
    "       sealift admin --data DIR backup FOLDER --keys FOLDER [--keep N | --verify "
    "[--generation N]]\n"
    "                                     [--json]\n"
    "       sealift admin --data DIR restore FOLDER --keys FOLDER [--generation N] [--json]\n"
    "       sealift admin --data DIR fsck [--repair-what-is-safe] [--end-what-is-lost] [--json]\n"
    "       sealift admin --data DIR doctor [--config FILE] [--backup DIR] [--keys DIR] [--json]\n"
    "\n"
    "`invite` prints a link with which the person makes an account, once; an earlier link for the\n"
    "address stops working. `lock` locks the server down at once, as\n"
    "`sealift lockdown on` does, for when nobody can log in. The server may be running or not.\n"
    "\n"
    "`reopen-keys` prints two keys, once: keep one with you and the other at another place, on\n"
    "paper. `reopen` asks for one of them and ends a lock-down without anyone else; "
    "`state-restore`\n"
    "signs with one what a restore lost, so that clients that saw more can go on.\n"
    "\n"
    "A clock that jumps more than a day ahead is held: nothing expires by it. `clock accept` says\n"
    "that it is right.\n"
    "\n"
    "`metrics-token` prints a token for the monitoring: it reads GET /metrics and nothing else, also\n"
    "in a lock-down, until another one is made or --end ends it.\n"
    "\n"
    "`backup` copies what the server keeps, while it runs, as a new generation beside those "
    "before\n"
    "it; of the parcels' bytes, what is new. The server's keys go to a folder of their own. Keep "
    "it\n"
    "apart: a backup without them tells nobody's address. With --verify it reads every byte of "
    "the\n"
    "newest generation instead.\n"
    "\n"
    "`restore` fills an empty data folder from backup and keys; everybody logs in again. What "
    "could\n"
    "not be brought back is listed, and then the server does not start until those parcels have\n"
    "been ended (--end-what-is-lost).\n"
    "\n"
    "`fsck` compares catalog, parcels' bytes, log and keys with each other, and reads everything.\n"
    "--repair-what-is-safe puts right what loses nothing; the server must not run for it.\n"
    "--end-what-is-lost ends the parcels that a restore could not bring back.\n"
    "\n"
    "`doctor` looks at permissions, disk, backup, clock, certificate, mail, and who could reopen "
    "or\n"
    "recover, and says what to do. Exit status 1 if something does not work.\n"
    "\n"
    "      --data DIR   the server's data folder\n"
    "      --admin      the account administers the server; it reads nobody's parcels by that\n"
    "      --recovery-officer    the account may approve the recovery of others' keys\n"
    "      --days N     how long the link is good: a number of days, or a number and m, h, d, w "
    "or\n"
    "                   y; 7 days without it\n"
    "      --end        end the metrics token, and make none\n"
    "      --keys DIR   where the server's keys are kept, apart from the backup\n"
    "      --backup DIR   a backup, for `doctor` to look at\n"
    "      --key-file FILE   read the reopen key there (\"-\": standard input), instead of asking\n"
    "      --keep N     how many generations stay; 3 without it\n"
    "      --generation N    another generation than the newest that is whole\n"
    "      --json       print {\"link\":...,\"expires\":...} or {\"is_locked\":...} or figures\n",
    run_admin};
static_assert(names_duration_units(kAdminVerb.usage));

}  // namespace sealift::cli
