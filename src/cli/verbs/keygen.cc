#include "cli/verbs/keygen.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <iostream>

#include "age/open/open_identity.h"
#include "cli/arguments.h"
#include "cli/identities.h"
#include "cli/key_file.h"
#include "cli/output.h"
#include "cli/phrase.h"
#include "cli/time_text.h"
#include "crypto/random.h"

namespace sealift::cli {
namespace {

constexpr Option kOptions[] = {
    {'o', "output", Takes::value},
    {'y', "convert", Takes::nothing},
    {'\0', "pq", Takes::nothing},
    {'\0', "json", Takes::nothing},
};

// The file as age-keygen writes it.
crypto::SecretBuffer key_file_of(const age::Identity& identity, const std::string& recipient,
                                 base::UnixTime created) {
  const std::string comments =
      "# created: " + time_text(created) + "\n# public key: " + recipient + "\n";
  const crypto::SecretBuffer key = identity.text();
  crypto::SecretBuffer out(comments.size() + key.size() + 1);
  const base::MutableByteView at = out.mutable_view();
  std::ranges::copy(base::bytes_of(comments), at.begin());
  std::ranges::copy(key.view(), at.subspan(comments.size()).begin());
  at.back() = std::byte{'\n'};
  return out;
}

Outcome make_key(const Environment& environment, const Arguments& arguments) {
  if (!arguments.operands().empty()) return fail_usage("keygen takes no operand without -y");
  const auto path = arguments.value("output");
  crypto::SystemRandom random;
  const auto identity = age::Identity::generate(
      arguments.has("pq") ? age::KeyKind::post_quantum : age::KeyKind::x25519, random);
  if (!identity) return tl::unexpected(Failure(identity.error()));
  const auto recipient = identity->recipient();
  if (!recipient) return tl::unexpected(Failure(recipient.error()));
  const std::string public_key = recipient->text();
  const auto content = key_file_of(*identity, public_key, environment.clock.now());

  const bool is_shown = !path || *path == "-";
  if (is_shown && arguments.has("json")) {
    const crypto::SecretBuffer key = identity->text();
    std::cout << R"({"recipient":")" << public_key << R"(","identity":")"
              << base::text_of(key.view()) << "\"}\n";
    return {};
  }
  if (is_shown) {
    auto written = base::write_full(STDOUT_FILENO, content.view());
    if (!written) return tl::unexpected(Failure(std::move(written).error()));
  } else if (auto written = write_new_key_file(*path, content.view()); !written) {
    return written;
  }
  if (arguments.has("json")) {
    std::cout << "{\"recipient\":\"" << public_key << "\"}\n";
  } else if (::isatty(STDOUT_FILENO) != 1 || path) {
    std::cerr << phrase(environment.language, "Public key: {key}", public_key) << "\n";
  }
  return {};
}

Outcome show_recipients(const Environment& environment, const Arguments& arguments) {
  if (arguments.operands().size() > 1) return fail_usage("keygen -y takes one input");
  const std::string input = arguments.operands().empty() ? "-" : arguments.operands()[0];
  const auto identities = read_identities(input, environment.language);
  if (!identities) return tl::unexpected(identities.error());
  std::string lines;
  for (const age::Identity& identity : *identities) {
    const auto recipient = identity.recipient();
    if (!recipient) return tl::unexpected(Failure(recipient.error()));
    lines += arguments.has("json")
                 ? (lines.empty() ? R"({"recipients":[")" : R"(",")") + recipient->text()
                 : recipient->text() + "\n";
  }
  if (arguments.has("json")) lines += "\"]}\n";
  auto output = Output::open(arguments.value("output").value_or(""));
  if (!output) return tl::unexpected(Failure(std::move(output).error()));
  auto done = base::write_full(output->fd(), base::bytes_of(lines));
  if (done) done = output->commit();
  if (!done) return tl::unexpected(Failure(std::move(done).error()));
  return {};
}

}  // namespace

Outcome run_keygen(const Environment& environment, std::span<const std::string> words) {
  const auto arguments = parse_arguments(kOptions, words);
  if (!arguments) return tl::unexpected(arguments.error());
  if (arguments->has("convert")) {
    if (arguments->has("pq")) return fail_usage("-y and --pq can't be combined");
    return show_recipients(environment, *arguments);
  }
  return make_key(environment, *arguments);
}

}  // namespace sealift::cli
