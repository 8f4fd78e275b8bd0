// `sealift census`: from a pile of files to the people in it.
#pragma once

#include "cli/verb.h"

namespace sealift::cli {

Outcome run_census(const Environment& environment, std::span<const std::string> arguments);

inline constexpr Verb kCensusVerb{
    "census", "find out whose data is in a pile of files",
    "usage: sealift census scan PATH... --case DIR [--jobs N] [--resume] [--no-ocr] [--as-of "
    "DATE]\n"
    "       sealift census people --case DIR [--clear] [--json] [--minors] [--limit N]\n"
    "       sealift census people --case DIR --why PERSON\n"
    "       sealift census people --case DIR (--apart | --together) RECORD RECORD\n"
    "       sealift census find (NAME | NUMBER | FILE) --case DIR [--clear] [--json]\n"
    "       sealift census files --case DIR [--status STATUS] [--json]\n"
    "       sealift census report --case DIR [-o FILE.html] [--mail-merge FILE.csv] [--letters-on "
    "DATE]\n"
    "       sealift census export --case DIR --people FILE.jsonl --files FILE.jsonl\n"
    "\n"
    "scan reads everything below PATH in sandboxed processes and keeps what it finds in the case, "
    "a\n"
    "folder. A scan that was stopped goes on with --resume. Values are masked on the screen and in "
    "the\n"
    "report's examples; --clear, the export and the mail merge show them. More on each: `sealift "
    "census\n"
    "scan --help`.\n",
    run_census, true};

}  // namespace sealift::cli
