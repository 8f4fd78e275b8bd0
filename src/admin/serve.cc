#include "admin/serve.h"

#include <unistd.h>

#include <vector>

#include "cli/arguments.h"

namespace sealift::cli {
namespace {

constexpr Option kOptions[] = {
    {'\0', "data", Takes::value},
    {'\0', "listen", Takes::value},
    {'\0', "config", Takes::value},
    {'\0', "json", Takes::nothing},
};

}  // namespace

Outcome run_serve(const Environment& environment, std::span<const std::string> arguments) {
  const auto parsed = parse_arguments(kOptions, arguments);
  if (!parsed) return tl::unexpected(parsed.error());
  if (!parsed->operands().empty()) return fail_usage("serve takes only options");
  if (!parsed->has("data")) return fail_usage("--data DIR is missing");
  std::vector<std::string> words = {"sealiftd"};
  for (const Arguments::Given& given : parsed->given()) {
    const bool is_json = given.name == "json";
    words.push_back(is_json ? "--announce" : "--" + std::string(given.name));
    words.push_back(is_json ? "json" : given.value);
  }
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  const std::string program = environment.program_folder + "/sealiftd";
  ::execv(program.c_str(), pointers.data());
  return tl::unexpected(Failure({base::ErrorCode::not_found, "sealiftd could not be started"},
                                "it has to be in the same folder as sealift"));
}

}  // namespace sealift::cli
