#include "cli/witness_check.h"

#include <filesystem>

#include "base/limits.h"
#include "cli/key_file.h"
#include "cli/trust.h"
#include "client/account/witnessed.h"

namespace sealift::cli {
namespace {

using base::ErrorCode;
using base::Result;

// scheme://authority, and what follows it.
Result<std::string> fetch(const Environment& environment, const std::string& url) {
  const std::size_t scheme = url.find("://");
  const std::size_t end = scheme == url.npos ? url.npos : url.find('/', scheme + 3);
  if (end == url.npos) return base::fail(ErrorCode::malformed, "a witness's URL");
  SEALIFT_TRY(const auto server, client::ServerAddress::parse(url.substr(0, end)));
  SEALIFT_TRY(client::Trust trust, remembered_trust(environment, server));
  SEALIFT_TRY(client::HttpClient http,
              client::HttpClient::make(settings_for(environment, server, std::move(trust))));
  const client::Request request{
      .method = http::Method::get, .target = url.substr(end), .repeat = client::Repeat::safe};
  SEALIFT_TRY(const client::Reply reply, http.call(request, {}, limits::kLogNoteSizeMax));
  if (!reply.head.is_success()) return base::fail(ErrorCode::not_found, "a witness's state");
  return std::string(base::text_of(reply.body));
}

}  // namespace

Outcome check_trust_policy(const Environment& environment, ServerSession& session,
                           const std::string& path) {
  const auto text = or_failure(read_key_file(path));
  if (!text) return tl::unexpected(text.error());
  const auto policy = log::TrustPolicy::parse(base::text_of(text->view()));
  if (!policy) return tl::unexpected(Failure(base::Error(policy.error()).with_context(path)));
  const auto checked = client::check_witnesses(
      session.api(), session.pins().directory, client::ServerLog::directory, *policy,
      environment.clock.now(), [&](const std::string& url) { return fetch(environment, url); });
  if (checked) return {};
  if (checked.error().code == ErrorCode::no_match)
    return tl::unexpected(
        Failure(checked.error(), "ask the witnesses named in the trust policy, by telephone"));
  return tl::unexpected(call_failure(checked.error()));
}

Outcome check_trust_policy(const Environment& environment, ServerSession& session) {
  const std::string path = environment.profile_folder + "/" + std::string(kTrustPolicyName);
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return {};
  return check_trust_policy(environment, session, path);
}

}  // namespace sealift::cli
