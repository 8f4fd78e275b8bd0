// The verbs below `sealift census`, each in its own file.
#pragma once

#include <string>
#include <string_view>

#include "census/case/case.h"
#include "cli/arguments.h"
#include "cli/verb.h"

namespace sealift::cli {

Outcome run_census_scan(const Environment& environment, std::span<const std::string> arguments);
Outcome run_census_people(const Environment& environment, std::span<const std::string> arguments);
Outcome run_census_files(const Environment& environment, std::span<const std::string> arguments);
Outcome run_census_find(const Environment& environment, std::span<const std::string> arguments);
Outcome run_census_report(const Environment& environment, std::span<const std::string> arguments);
Outcome run_census_export(const Environment& environment, std::span<const std::string> arguments);

// The folder that --case names. Errors: usage.
tl::expected<std::string, Failure> case_folder(const Arguments& arguments);

// The case in that folder; the error names it.
base::Result<census::Case> open_case(const std::string& folder);

// Text from a dump for a terminal: control characters, which could speak to the terminal, become
// "?".
std::string printable(std::string_view text);

}  // namespace sealift::cli
