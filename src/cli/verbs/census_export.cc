#include "census/case/export.h"
#include "cli/verbs/census_verbs.h"

namespace sealift::cli {

Outcome run_census_export(const Environment&, std::span<const std::string> arguments) {
  constexpr Option kOptions[] = {{'\0', "case", Takes::value},
                                 {'\0', "people", Takes::value},
                                 {'\0', "doubtful", Takes::value},
                                 {'\0', "files", Takes::value}};
  const auto parsed = parse_arguments(kOptions, arguments);
  if (!parsed) return tl::unexpected(parsed.error());
  const auto folder = case_folder(*parsed);
  if (!folder) return tl::unexpected(folder.error());
  const census::ExportPaths paths{.people = parsed->value("people").value_or(""),
                                  .doubtful = parsed->value("doubtful").value_or(""),
                                  .files = parsed->value("files").value_or("")};
  if (!parsed->operands().empty()) return fail_usage("export takes no operand");
  if (paths.people.empty() && paths.doubtful.empty() && paths.files.empty())
    return fail_usage("export needs --people, --doubtful or --files");
  auto opened = open_case(*folder);
  if (!opened) return tl::unexpected(Failure(std::move(opened).error()));
  if (auto done = census::export_case(*opened, paths); !done)
    return tl::unexpected(Failure(std::move(done).error()));
  return {};
}

}  // namespace sealift::cli
