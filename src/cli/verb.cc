#include "cli/verb.h"

#include <algorithm>
#include <cstdio>
#include <iostream>

#include "base/error_table.h"

namespace sealift::cli {
namespace {

void print_help(std::span<const Verb> verbs) {
  std::cout << "usage: sealift VERB [ARGUMENT...]\n\n";
  for (const Verb& verb : verbs) {
    std::cout << "  " << verb.name << std::string(12 - verb.name.size(), ' ') << verb.summary
              << "\n";
  }
  std::cout << "\n`sealift VERB --help` says more about one of them.\n";
}

int report(const Failure& failure) {
  const base::ErrorRow& row = base::error_row(failure.error.code);
  const std::string_view text =
      failure.error.text.empty() ? row.sentence : std::string_view(failure.error.text);
  std::fprintf(stderr, "sealift: error: %.*s\n", static_cast<int>(text.size()), text.data());
  if (!failure.hint.empty()) std::fprintf(stderr, "sealift: hint: %s\n", failure.hint.c_str());
  return row.exit_status;
}

bool asks_for_help(const std::string& argument) {
  return argument == "--help" || argument == "-h" || argument == "help";
}

int finish(const Verb& verb, const Outcome& outcome) {
  if (!outcome) {
    const int status = report(outcome.error());
    if (status == 2)
      std::fprintf(stderr, "sealift: hint: see `sealift %s --help`\n", verb.name.data());
    return status;
  }
  std::cout.flush();
  if (!std::cout)
    return report(Failure({base::ErrorCode::io, "writing to standard output failed"}));
  return 0;
}

}  // namespace

tl::unexpected<Failure> fail_usage(std::string text, std::string hint) {
  return tl::unexpected(
      Failure(base::Error{base::ErrorCode::usage, std::move(text)}, std::move(hint)));
}

int run(std::span<const Verb> verbs, const Environment& environment,
        std::span<const std::string> arguments) {
  if (arguments.empty()) {
    print_help(verbs);
    return 2;
  }
  if (asks_for_help(arguments[0])) {
    print_help(verbs);
    return 0;
  }
  const std::string asked = arguments[0] == "--version" ? "version" : arguments[0];
  const auto verb = std::ranges::find(verbs, asked, &Verb::name);
  if (verb == verbs.end()) {
    std::fprintf(stderr,
                 "sealift: error: there is no such verb\nsealift: hint: see `sealift help`\n");
    return 2;
  }
  const auto rest = arguments.subspan(1);
  if (!rest.empty() && (rest[0] == "--help" || rest[0] == "-h")) {
    std::cout << verb->usage;
    return 0;
  }
  return finish(*verb, verb->run(environment, rest));
}

}  // namespace sealift::cli
