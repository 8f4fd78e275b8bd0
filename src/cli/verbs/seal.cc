#include "cli/verbs/seal.h"

#include <iostream>
#include <vector>

#include "age/keys/recipient.h"
#include "age/open/open_identity.h"
#include "age/seal/seal_file.h"
#include "cli/arguments.h"
#include "cli/identities.h"
#include "cli/key_file.h"
#include "cli/output.h"
#include "cli/phrase.h"
#include "cli/progress.h"
#include "cli/terminal.h"

namespace sealift::cli {
namespace {

constexpr Option kOptions[] = {
    {'e', "encrypt", Takes::nothing},  // what age calls it; sealing is what this verb does
    {'r', "recipient", Takes::value}, {'R', "recipients-file", Takes::value},
    {'i', "identity", Takes::value},  {'p', "passphrase", Takes::nothing},
    {'a', "armor", Takes::nothing},   {'o', "output", Takes::value},
};

using Recipients = std::vector<age::Recipient>;

Outcome add_recipient(const std::string& text, Recipients& recipients) {
  auto recipient = age::Recipient::parse(text);
  if (recipient) {
    recipients.push_back(*std::move(recipient));
    return {};
  }
  std::string hint;
  if (text.starts_with("AGE-SECRET-KEY-"))
    hint = "this is a private key; give the public key, or the key file with -i";
  return tl::unexpected(Failure(std::move(recipient).error(), std::move(hint)));
}

Outcome add_recipients_file(const std::string& path, Recipients& recipients,
                            base::Language language) {
  const auto content = read_key_file(path);
  if (!content)
    return tl::unexpected(Failure(base::Error(content.error()).with_context("recipients file")));
  auto file = age::RecipientsFile::parse(base::text_of(content->view()));
  if (!file)
    return tl::unexpected(Failure(std::move(file).error().with_context("recipients file " + path)));
  if (file->skipped_count > 0)
    std::cerr << phrase(language,
                        "sealift: warning: {count} {count:key of a kind that cannot receive "
                        "was|keys of kinds that cannot receive were} left out",
                        file->skipped_count)
              << "\n";
  for (age::Recipient& recipient : file->recipients) recipients.push_back(std::move(recipient));
  return {};
}

Outcome add_identity_file(const std::string& path, Recipients& recipients,
                          base::Language language) {
  const auto identities = read_identities(path, language);
  if (!identities) return tl::unexpected(identities.error());
  for (const age::Identity& identity : *identities) {
    auto recipient = identity.recipient();
    if (!recipient) return tl::unexpected(Failure(std::move(recipient).error()));
    recipients.push_back(*std::move(recipient));
  }
  return {};
}

tl::expected<Recipients, Failure> recipients_of(const Arguments& arguments, crypto::Random& random,
                                                base::Language language) {
  Recipients recipients;
  if (arguments.has("passphrase")) {
    if (arguments.has("recipient") || arguments.has("recipients-file") || arguments.has("identity"))
      return fail_usage("-p can't be combined with other recipients");
    auto passphrase = choose_passphrase(random, language);
    if (!passphrase) return tl::unexpected(Failure(std::move(passphrase).error()));
    recipients.push_back(age::Recipient::passphrase(*std::move(passphrase)));
    return recipients;
  }
  for (const Arguments::Given& given : arguments.given()) {
    Outcome added;
    if (given.name == "recipient") added = add_recipient(given.value, recipients);
    if (given.name == "recipients-file")
      added = add_recipients_file(given.value, recipients, language);
    if (given.name == "identity") added = add_identity_file(given.value, recipients, language);
    if (!added) return tl::unexpected(std::move(added).error());
  }
  if (recipients.empty())
    return fail_usage("no recipient given", "name one with -r, or seal with -p");
  return recipients;
}

}  // namespace

Outcome run_seal(const Environment& environment, std::span<const std::string> words) {
  const auto arguments = parse_arguments(kOptions, words);
  if (!arguments) return tl::unexpected(arguments.error());
  if (arguments->operands().size() > 1) return fail_usage("seal takes one input");
  crypto::SystemRandom random;
  auto recipients = recipients_of(*arguments, random, environment.language);
  if (!recipients) return tl::unexpected(std::move(recipients).error());

  auto files = open_files(*arguments);
  if (!files) return tl::unexpected(std::move(files).error());
  const bool armored = arguments->has("armor");
  if (!armored && files->output.is_terminal() && arguments->value("output") != "-")
    return fail_usage("sealed bytes can't go to a terminal",
                      "write them to a file with -o, as text with -a, or force it with -o -");

  age::Pipeline pipeline(environment.cpu_count);
  age::FdSink sink(files->output.fd());
  Progress progress(environment, "sealing", files->source->size_bytes().value_or(0));
  auto sealed = age::seal_file(pipeline, *recipients, random, *files->source, sink,
                               armored ? age::Armor::yes : age::Armor::no,
                               {.progress = [&](std::uint64_t done) { progress.show(done); }});
  if (!sealed) return tl::unexpected(Failure(std::move(sealed).error()));
  auto committed = files->output.commit();
  if (!committed) return tl::unexpected(Failure(std::move(committed).error()));
  return {};
}

}  // namespace sealift::cli
