#include "cli/verbs/given_out.h"

#include "cli/identities.h"
#include "cli/output.h"
#include "cli/server_session.h"
#include "client/account/recovery_shares.h"
#include "client/api/calls.h"

namespace sealift::cli {
namespace {

// As `sealift recovery release` wrote it.
base::Result<crypto::SecretBuffer> read_given_out(const std::string& path) {
  SEALIFT_TRY(const base::FileDescriptor file, open_input(path));
  constexpr std::size_t kSizeMax = std::size_t{512} << 10;
  crypto::SecretBuffer content(kSizeMax);
  SEALIFT_TRY(const std::size_t size, base::read_full(file.get(), content.mutable_view()));
  content.truncate(size);
  return content;
}

// What was given out for a key of this person's own: slot, half and shares.
tl::expected<crypto::SecretBuffer, Failure> open_given_out(const Environment& environment,
                                                           const Arguments& arguments,
                                                           base::ByteView given,
                                                           const parcel::Address& address) {
  const auto released = or_failure(client::api::decode<client::api::Released>(given));
  if (!released) return tl::unexpected(released.error());
  const auto identities = read_identities(*arguments.value("recovered-with"), environment.language);
  if (!identities) return tl::unexpected(identities.error());
  if (identities->size() != 1 || !released->half || !released->shares)
    return fail_usage("--recovered-with takes the file of the one key that the shares are for");
  std::vector<base::Bytes> shares;
  for (const client::api::Base64& each : *released->shares) shares.push_back(each.bytes);
  const auto recovered = or_failure(client::recover_keys(released->slot.file.bytes, *released->half,
                                                         shares, *identities, address));
  if (!recovered) return tl::unexpected(recovered.error());
  return or_failure(recovered->keys.keys_file());
}

}  // namespace

tl::expected<crypto::SecretBuffer, Failure> read_recovered(const Environment& environment,
                                                           const Arguments& arguments,
                                                           const parcel::Address& address) {
  const auto path = arguments.value("recovered");
  if (!path && arguments.has("recovered-with"))
    return fail_usage("--recovered-with goes with --recovered FILE");
  if (!path) return crypto::SecretBuffer();
  auto content = or_failure(read_given_out(*path));
  if (!content) return content;
  const bool is_sealed = base::text_of(content->view()).starts_with("{");
  if (is_sealed != arguments.has("recovered-with"))
    return fail_usage(is_sealed
                          ? "the keys are sealed: --recovered-with names the file of their key"
                          : "--recovered-with is for keys that are sealed, and these are not");
  if (!is_sealed) return content;
  return open_given_out(environment, arguments, content->view(), address);
}

}  // namespace sealift::cli
