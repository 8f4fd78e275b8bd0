#include "cli/trust.h"

#include <algorithm>
#include <filesystem>

#include "base/hex.h"
#include "cli/key_file.h"
#include "cli/server_session.h"
#include "client/account/profile.h"
#include "tls/context.h"

namespace sealift::cli {

namespace {

using client::Trust;

constexpr std::string_view kSystem = "system";

tl::expected<Trust, Failure> pinned_trust(const std::string& hex) {
  Trust trust;
  std::string digits;
  for (const char c : hex)
    if (c != ':') digits.push_back(c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c);
  const auto bytes = base::hex_decode(digits);
  if (!bytes || bytes->size() != trust.pinned.emplace().size())
    return fail_usage("--certificate takes a SHA-256 in hexadecimal, not " + hex,
                      "`openssl x509 -fingerprint -sha256 -noout -in FILE` prints a certificate's");
  std::ranges::copy(*bytes, trust.pinned->begin());
  return trust;
}

tl::expected<Trust, Failure> trust_in_authorities(const std::string& path) {
  auto content = read_key_file(path);
  if (!content) return tl::unexpected(Failure(std::move(content).error()));
  if (!tls::Context::client_trusting(content->view()))
    return tl::unexpected(Failure({base::ErrorCode::malformed, path + " has no certificate in it"},
                                  "--authorities takes PEM: -----BEGIN CERTIFICATE-----"));
  return Trust{.pinned = {}, .authorities_pem = std::string(base::text_of(content->view()))};
}

}  // namespace

tl::expected<client::ServerAddress, Failure> server_of(const std::string& typed) {
  auto server = client::ServerAddress::parse(typed);
  if (!server) return tl::unexpected(Failure(std::move(server).error().with_context(typed)));
  return *std::move(server);
}

base::Result<Trust> remembered_trust(const Environment& environment,
                                     const client::ServerAddress& server) {
  std::error_code error;
  if (environment.profile_folder.empty() ||
      !std::filesystem::exists(environment.profile_folder, error))
    return Trust{};
  SEALIFT_TRY(const client::Profile profile, client::Profile::open(environment.profile_folder));
  return profile.trust(server);
}

tl::expected<Trust, Failure> trust_of(const Environment& environment, const Arguments& arguments,
                                      const client::ServerAddress& server) {
  const auto hex = arguments.value("certificate");
  const auto path = arguments.value("authorities");
  if (hex && path) return fail_usage("--certificate and --authorities exclude each other");
  if (hex) return pinned_trust(*hex);
  if (path && *path == kSystem) return Trust{};
  if (path) return trust_in_authorities(*path);
  return or_failure(remembered_trust(environment, server));
}

}  // namespace sealift::cli
