#include "cli/verbs/version.h"

#include <iostream>

#include "cli/arguments.h"

namespace sealift::cli {

Outcome run_version(const Environment&, std::span<const std::string> arguments) {
  constexpr Option kOptions[] = {{'\0', "json", Takes::nothing}};
  const auto parsed = parse_arguments(kOptions, arguments);
  if (!parsed) return tl::unexpected(parsed.error());
  if (!parsed->operands().empty()) return fail_usage("version takes no operand");
  if (parsed->has("json")) {
    std::cout << "{\"version\":\"" SEALIFT_VERSION "\"}\n";
  } else {
    std::cout << "sealift " SEALIFT_VERSION "\n";
  }
  return {};
}

}  // namespace sealift::cli
