// `--conflict` of `sealift receive`: what happens to an entry whose name is taken in the folder.
//
// The default asks on the terminal. Where nobody can be asked it is `fail`: the rest is received,
// the exit status says that something is missing, and the same command with another word goes on
// without counting as another opening. Nothing is ever replaced.
#pragma once

#include <optional>

#include "cli/arguments.h"
#include "client/transfer/receive_content.h"

namespace sealift::cli {

// Errors: usage (another word; `ask` without a terminal).
tl::expected<client::DecideConflict, Failure> conflict_decision(const Arguments& arguments,
                                                                base::Language language);

// "rename", "skip", "fail": as it is written on the command line.
std::optional<client::OnConflict> conflict_word(std::string_view word);

// What became of each, a line for each, on standard output.
void print_conflicts(const client::ReceiveSummary& summary, base::Language language);

// The failure of a receiving that left something out without being told to.
Outcome judge_conflicts(const client::ReceiveSummary& summary);

}  // namespace sealift::cli
