#include "cli/verbs/expiry.h"

#include "cli/arguments.h"
#include "cli/done.h"
#include "cli/phrase.h"
#include "cli/time_text.h"
#include "cli/verbs/transfer.h"

namespace sealift::cli {
namespace {

namespace api = client::api;

constexpr Option kOptions[] = {{'\0', "json", Takes::nothing}};

}  // namespace

Outcome run_expiry(const Environment& environment, std::span<const std::string> words) {
  const auto arguments = parse_arguments(kOptions, words);
  if (!arguments) return tl::unexpected(arguments.error());
  const auto& operands = arguments->operands();
  if (operands.size() != 2) return fail_usage("expiry takes a parcel and a time");
  const auto parcel = parse_parcel(operands[0]);
  if (!parcel) return tl::unexpected(parcel.error());
  const auto lifetime = parse_duration(operands[1]);
  if (!lifetime) return fail_usage(duration_refused("expiry", operands[1]));
  const auto session = ServerSession::open(environment);
  if (!session) return tl::unexpected(session.error());
  const auto changed =
      or_parcel_failure(session->api().call(api::kParcelChangeExpiry, {*lifetime}, *parcel));
  if (!changed) return tl::unexpected(changed.error());
  say_done(
      *arguments, {{"parcel", parcel->text()}, {"expires", time_text(changed->expires)}},
      phrase(environment.language, "{parcel} expires {time}", parcel->text(), changed->expires));
  return {};
}

}  // namespace sealift::cli
