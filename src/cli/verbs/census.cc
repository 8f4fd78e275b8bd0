#include "cli/verbs/census.h"

#include "cli/verbs/census_verbs.h"

namespace sealift::cli {
namespace {

struct CensusVerb {
  std::string_view name;
  Outcome (*run)(const Environment& environment, std::span<const std::string> arguments);
};

constexpr CensusVerb kVerbs[] = {
    {"scan", run_census_scan},     {"people", run_census_people}, {"files", run_census_files},
    {"report", run_census_report}, {"export", run_census_export},
};

}  // namespace

Outcome run_census(const Environment& environment, std::span<const std::string> arguments) {
  if (arguments.empty()) return fail_usage("census needs to know what to do");
  for (const CensusVerb& verb : kVerbs)
    if (verb.name == arguments.front()) return verb.run(environment, arguments.subspan(1));
  return fail_usage("census cannot do that");
}

tl::expected<std::string, Failure> case_folder(const Arguments& arguments) {
  auto folder = arguments.value("case");
  if (!folder || folder->empty()) return fail_usage("--case says which folder holds the case");
  return *std::move(folder);
}

std::string printable(std::string_view text) {
  std::string shown;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    // C1 controls are 0xC2 0x80..0x9F in UTF-8; a terminal may take them for commands too.
    const bool c1 = !shown.empty() && static_cast<unsigned char>(shown.back()) == 0xC2 &&
                    byte >= 0x80 && byte < 0xA0;
    if (c1) shown.pop_back();
    shown += byte < 0x20 || byte == 0x7F || c1 ? '?' : c;
  }
  return shown;
}

}  // namespace sealift::cli
