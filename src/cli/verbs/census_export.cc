#include "census/case/export.h"
#include "cli/verbs/census_verbs.h"

namespace sealift::cli {

Outcome run_census_export(const Environment&, std::span<const std::string> arguments) {
  constexpr Option kOptions[] = {
      {'\0', "case", Takes::value}, {'\0', "people", Takes::value}, {'\0', "files", Takes::value}};
  const auto parsed = parse_arguments(kOptions, arguments);
  if (!parsed) return tl::unexpected(parsed.error());
  const auto folder = case_folder(*parsed);
  if (!folder) return tl::unexpected(folder.error());
  const std::string people = parsed->value("people").value_or("");
  const std::string files = parsed->value("files").value_or("");
  if (!parsed->operands().empty()) return fail_usage("export takes no operand");
  if (people.empty() && files.empty()) return fail_usage("export needs --people or --files");
  auto opened = census::Case::open(*folder);
  if (!opened) return tl::unexpected(Failure(std::move(opened).error()));
  if (auto done = census::export_case(*opened, people, files); !done)
    return tl::unexpected(Failure(std::move(done).error()));
  return {};
}

}  // namespace sealift::cli
