#include "admin/admin_certificate.h"

#include "base/limits.h"
#include "base/regular_file.h"
#include "cli/time_text.h"
#include "client/server_address.h"
#include "crypto/secret_bytes.h"
#include "tls/certificate_check.h"
#include "tls/certificate_times.h"

namespace sealift::cli {
namespace {

using server::vault::DataFolder;
using Days = std::chrono::duration<std::int64_t, std::ratio<86400>>;

constexpr Days kLeftGood{14};

base::Result<crypto::SecretBuffer> read_pem(const std::string& path) {
  SEALIFT_TRY(const base::FileDescriptor file,
              base::open_regular(path, base::Links::followed, path));
  crypto::SecretBuffer content(limits::kPemSizeMax);
  SEALIFT_TRY(const std::size_t size, base::read_full(file.get(), content.mutable_view()));
  content.truncate(size);
  return content;
}

// Of the server's address; "" where there is none, or its clients meet another certificate.
std::string host_to_prove(const DataFolder& folder, const server::Config& config) {
  if (config.behind_proxy) return "";
  const std::string url =
      config.server_url.empty() ? folder.last_start().server_url : config.server_url;
  const auto address = client::ServerAddress::parse(url);
  if (!address || address->channel() != client::Channel::tls) return "";
  return address->host();
}

void check_vouching(Checkup& checkup, const std::string& path, const std::string& pem,
                    const std::string& host, base::UnixTime now) {
  const tls::Vouching vouching = tls::vouching_for(pem, now);
  const bool is_own = vouching == tls::Vouching::itself;
  if (!host.empty()) {
    const bool is_its = tls::is_certificate_for(pem, host);
    checkup.judge("certificate name", is_its, is_own ? Finding::attention : Finding::problem,
                  is_its   ? "it is for " + host
                  : is_own ? "it isn't for " + host + ": clients take it by its fingerprint alone"
                           : "it isn't for " + host + ": every client refuses it",
                  "get a certificate for the name at which people reach the server, or correct "
                  "server_url");
  }
  switch (vouching) {
    case tls::Vouching::authority:
      return checkup.add("certificate chain", Finding::good,
                         "an authority that this machine trusts vouches for it");
    case tls::Vouching::itself:
      return checkup.add("certificate chain", Finding::good,
                         "it vouches for itself: people compare its fingerprint");
    case tls::Vouching::expired:
      return checkup.add("certificate chain", Finding::problem,
                         "a certificate of its chain has expired",
                         "renew it, then send the server SIGHUP");
    case tls::Vouching::nobody_here:
      return checkup.add(
          "certificate chain", Finding::attention,
          "no authority that this machine trusts vouches for it",
          "put the certificates between it and the authority into " + path +
              ", after it; if the authority is your own, clients need --authorities");
  }
}

}  // namespace

// The configuration's, or the one that the server made.
void check_certificate(Checkup& checkup, const DataFolder& folder,
                       const std::optional<server::Config>& config, base::UnixTime now) {
  if (!config) {
    const auto address = client::ServerAddress::parse(folder.last_start().server_url);
    if (address && address->channel() != client::Channel::tls) return;
    return checkup.add("certificate", Finding::attention, "it was not examined",
                       "start the server once, or give its configuration: --config FILE");
  }
  const bool is_self_made = config->tls == server::TlsUse::self_made;
  if (!is_self_made && config->certificate_path.empty()) return;  // TLS is a proxy's, or nobody's
  const std::string path =
      is_self_made ? folder.tls_path() + "/certificate.pem" : config->certificate_path;
  const std::string key_path =
      is_self_made ? folder.tls_path() + "/private_key.pem" : config->private_key_path;
  const auto pem = read_pem(path);
  if (!pem) {
    return checkup.add("certificate", Finding::problem, path + " can't be read",
                       "see /usr/share/doc/sealift-server/operate/server.md");
  }
  const std::string text(base::text_of(pem->view()));
  const auto expiry = tls::expiry_of(text);
  const auto fingerprint = tls::fingerprint_of(pem->view());
  if (!expiry || !fingerprint) {
    return checkup.add("certificate", Finding::problem, path + " has no certificate",
                       "see /usr/share/doc/sealift-server/operate/server.md");
  }
  const auto key = read_pem(key_path);
  if (!key || !tls::is_private_key_of(text, base::text_of(key->view()))) {
    return checkup.add(
        "certificate", Finding::problem,
        key ? key_path + " is not the private key of " + path : key_path + " can't be read",
        "see /usr/share/doc/sealift-server/operate/server.md");
  }
  const bool is_over = *expiry <= now;
  checkup.judge(
      "certificate", *expiry - now > kLeftGood, is_over ? Finding::problem : Finding::attention,
      is_over ? "it expired at " + time_text(*expiry) : "it is good until " + time_text(*expiry),
      "renew it, then send the server SIGHUP");
  check_vouching(checkup, path, text, host_to_prove(folder, *config), now);
  checkup.add("fingerprint", Finding::good, "SHA-256 " + tls::fingerprint_text(*fingerprint));
}

std::string fingerprint_to_compare(const DataFolder& folder, base::UnixTime now) {
  const std::string path = folder.last_start().certificate_path;
  if (path.empty()) return "";
  const auto pem = read_pem(path);
  if (!pem || tls::vouching_for(base::text_of(pem->view()), now) != tls::Vouching::itself)
    return "";
  const auto fingerprint = tls::fingerprint_of(pem->view());
  return fingerprint ? tls::fingerprint_text(*fingerprint) : "";
}

}  // namespace sealift::cli
