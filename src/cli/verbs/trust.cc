#include "cli/verbs/trust.h"

#include <algorithm>

#include "base/hex.h"
#include "cli/key_file.h"
#include "tls/context.h"

namespace sealift::cli {

tl::expected<client::Trust, Failure> trust_of(const Arguments& arguments) {
  client::Trust trust;
  if (const auto hex = arguments.value("certificate")) {
    std::string digits;
    for (const char c : *hex)
      if (c != ':') digits.push_back(c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c);
    const auto bytes = base::hex_decode(digits);
    if (!bytes || bytes->size() != trust.pinned.emplace().size())
      return fail_usage("--certificate takes a SHA-256 in hexadecimal");
    std::ranges::copy(*bytes, trust.pinned->begin());
  }
  if (const auto path = arguments.value("authorities")) {
    auto content = read_key_file(*path);
    if (!content) return tl::unexpected(Failure(std::move(content).error()));
    trust.authorities_pem = base::text_of(content->view());
    if (!tls::Context::client_trusting(content->view()))
      return tl::unexpected(
          Failure({base::ErrorCode::malformed, *path + " has no certificate in it"},
                  "--authorities takes PEM: -----BEGIN CERTIFICATE-----"));
  }
  return trust;
}

}  // namespace sealift::cli
