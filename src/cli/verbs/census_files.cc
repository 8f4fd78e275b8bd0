#include <algorithm>
#include <array>
#include <iostream>

#include "census/case/export.h"
#include "cli/census_words.h"
#include "cli/phrase.h"
#include "cli/verbs/census_verbs.h"

namespace sealift::cli {

Outcome run_census_files(const Environment& environment, std::span<const std::string> arguments) {
  constexpr Option kOptions[] = {
      {'\0', "case", Takes::value}, {'\0', "status", Takes::value}, {'\0', "json", Takes::nothing}};
  const auto parsed = parse_arguments(kOptions, arguments);
  if (!parsed) return tl::unexpected(parsed.error());
  const auto folder = case_folder(*parsed);
  if (!folder) return tl::unexpected(folder.error());
  if (!parsed->operands().empty()) return fail_usage("files takes no operand");
  const auto wanted = parsed->value("status");
  using document::FileStatus;
  constexpr FileStatus kStatuses[] = {FileStatus::read, FileStatus::partial, FileStatus::encrypted,
                                      FileStatus::unsupported, FileStatus::failed};
  if (wanted && std::ranges::find(kStatuses, *wanted, census::status_name) == std::end(kStatuses))
    return fail_usage("--status takes read, partial, encrypted, unsupported or failed; not " +
                      *wanted);
  auto opened = open_case(*folder);
  if (!opened) return tl::unexpected(Failure(std::move(opened).error()));

  std::array<std::uint64_t, 6> counts{};
  const bool json = parsed->has("json");
  auto done = opened->for_each_file([&](const census::CaseFile& file) {
    ++counts[static_cast<std::size_t>(file.status)];
    const std::string_view status = census::status_name(file.status);
    if (wanted && *wanted != status) return true;
    if (json) {
      std::cout << census::file_json(file) << "\n";
    } else {
      std::cout << status << "\t" << file.size_bytes << "\t" << printable(file.path)
                << (file.reason.empty()
                        ? ""
                        : "\t" + printable(reason_text(file.reason, environment.language)))
                << (file.same_as.empty() ? ""
                                         : "\t" + phrase(environment.language, "the same as {path}",
                                                         printable(file.same_as)))
                << "\n";
    }
    return true;
  });
  if (!done) return tl::unexpected(Failure(std::move(done).error()));
  if (!json && !wanted)
    std::cout << phrase(environment.language,
                        "{read} read, {partial} partial, {encrypted} encrypted, {unsupported} "
                        "unsupported, {failed} failed",
                        counts[1], counts[2], counts[3], counts[4], counts[5])
              << "\n";
  return {};
}

}  // namespace sealift::cli
