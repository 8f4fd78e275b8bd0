#include "cli/verbs/open.h"

#include <vector>

#include "age/open/open_file.h"
#include "age/open/open_identity.h"
#include "base/limits.h"
#include "cli/arguments.h"
#include "cli/identities.h"
#include "cli/output.h"
#include "cli/phrase.h"
#include "cli/progress.h"
#include "cli/terminal.h"

namespace sealift::cli {
namespace {

constexpr Option kOptions[] = {
    {'d', "decrypt", Takes::nothing},  // what age calls it; opening is what this verb does
    {'i', "identity", Takes::value},
    {'p', "passphrase", Takes::nothing},
    {'o', "output", Takes::value},
};

// `asked` tells whether a passphrase was wanted.
tl::expected<std::vector<age::Identity>, Failure> identities_of(const Environment& environment,
                                                                const Arguments& arguments,
                                                                bool& asked) {
  std::vector<age::Identity> all;
  for (const std::string& path : arguments.values("identity")) {
    auto identities = read_identities(path, environment.language);
    if (!identities) return tl::unexpected(std::move(identities).error());
    for (age::Identity& identity : *identities) all.push_back(std::move(identity));
  }
  if (all.empty() || arguments.has("passphrase")) {
    const auto ask = [&asked, language = environment.language](age::PassphraseFor) {
      asked = true;
      return read_passphrase(phrase(language, "Passphrase: "));
    };
    all.push_back(age::Identity::passphrase(ask, limits::kAgeScryptLogNMax));
  }
  return all;
}

// `input` as it was given; "" or "-" is standard input, which has no name.
Failure explain(age::OpenError failed, const std::string& input, bool has_identities, bool asked) {
  std::string hint;
  switch (failed.failure) {
    case age::OpenFailure::no_match:
      if (asked) {
        failed.error.text = "the passphrase is wrong";
      } else if (!has_identities) {
        failed.error.text = "the file was sealed to keys, and none was given";
        hint = "give the file with your private key with -i";
      } else {
        hint = "the file was sealed to others; give the right private key with -i";
      }
      break;
    case age::OpenFailure::header:
      if (failed.error.code == base::ErrorCode::malformed)
        hint = "this may not be an age file, or it was damaged on its way";
      break;
    case age::OpenFailure::armor:
      hint = "ask for the file again; it was changed on its way";
      break;
    case age::OpenFailure::hmac:
    case age::OpenFailure::payload:
      hint = "ask for the file again; only part of it could be opened";
      break;
    case age::OpenFailure::other:
      break;
  }
  if (failed.failure != age::OpenFailure::other && !input.empty() && input != "-")
    failed.error = std::move(failed.error).with_context(input);
  return Failure(std::move(failed.error), std::move(hint));
}

}  // namespace

Outcome run_open(const Environment& environment, std::span<const std::string> words) {
  const auto arguments = parse_arguments(kOptions, words);
  if (!arguments) return tl::unexpected(arguments.error());
  if (arguments->operands().size() > 1) return fail_usage("open takes one input");
  bool asked = false;
  const auto identities = identities_of(environment, *arguments, asked);
  if (!identities) return tl::unexpected(identities.error());
  auto files = open_files(*arguments);
  if (!files) return tl::unexpected(std::move(files).error());

  age::Pipeline pipeline(environment.cpu_count);
  age::FdSink sink(files->output.fd());
  Progress progress(environment, "opening", files->source->size_bytes().value_or(0));
  auto opened = age::open_file(pipeline, *identities, *files->source, sink, age::ArmorRule::detect,
                               {.progress = [&](std::uint64_t done) { progress.show(done); }});
  if (!opened)
    return tl::unexpected(explain(std::move(opened).error(),
                                  arguments->operands().empty() ? "" : arguments->operands()[0],
                                  arguments->has("identity"), asked));
  auto committed = files->output.commit();
  if (!committed) return tl::unexpected(Failure(std::move(committed).error()));
  return {};
}

}  // namespace sealift::cli
