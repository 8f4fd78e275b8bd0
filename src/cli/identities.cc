#include "cli/identities.h"

#include "age/open/open_identity_file.h"
#include "cli/key_file.h"
#include "cli/phrase.h"
#include "cli/terminal.h"

namespace sealift::cli {
namespace {

base::Result<crypto::SecretBuffer> ask(age::PassphraseFor purpose, base::Language language) {
  return read_passphrase(purpose == age::PassphraseFor::ssh_key
                             ? phrase(language, "Passphrase of the SSH key: ")
                             : phrase(language, "Passphrase of the key file: "));
}

}  // namespace

tl::expected<std::vector<age::Identity>, Failure> read_identities(const std::string& path,
                                                                  base::Language language) {
  const auto content = read_key_file(path);
  if (!content)
    return tl::unexpected(Failure(base::Error(content.error()).with_context("key file")));
  auto identities = age::parse_identity_file(
      content->view(), [language](age::PassphraseFor purpose) { return ask(purpose, language); });
  if (identities) return *std::move(identities);
  std::string hint;
  if (base::text_of(content->view()).starts_with("age1"))
    hint = "this holds a public key; opening needs the private one";
  if (identities.error().code == base::ErrorCode::no_match) hint = "was the passphrase right?";
  return tl::unexpected(
      Failure(std::move(identities).error().with_context("key file " + path), std::move(hint)));
}

}  // namespace sealift::cli
