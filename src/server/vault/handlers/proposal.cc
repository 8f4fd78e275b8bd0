// Changes that wait: everybody sees them, another administrator confirms them, and administrators
// and recovery officers withdraw them (server/vault/proposals.h).
#include "server/vault/proposals.h"

#include "server/vault/acts.h"

namespace sealift::server::vault {
namespace {

using base::Result;
using nlohmann::json;

Result<Answer> list(Services& services, const Ask& ask) {
  SEALIFT_TRY(json all, services.catalog.read([&](const catalog::Records& records) -> Result<json> {
    SEALIFT_TRY(const auto waiting, records.proposals->waiting());
    json found = json::array();
    for (const catalog::Proposal& each : waiting) {
      SEALIFT_TRY(json one, proposal_json(services, records, each, ask.now));
      found.push_back(std::move(one));
    }
    return found;
  }));
  return json_reply(http::Status::ok, {{"proposals", std::move(all)}});
}

Result<Answer> confirm(Services& services, const Ask& ask) {
  SEALIFT_TRY(const auto id, ask.id<catalog::ProposalId>(0));
  const auto done = commit_act(services, ask, [&](catalog::Records& records) {
    return confirm_proposal(services, records, ask, id);
  });
  if (!done) return tl::unexpected(done.error());
  return empty_reply();
}

Result<Answer> withdraw(Services& services, const Ask& ask) {
  SEALIFT_TRY(const auto id, ask.id<catalog::ProposalId>(0));
  const auto done = commit_act(services, ask, [&](catalog::Records& records) {
    return withdraw_proposal(services, records, ask, id);
  });
  if (!done) return tl::unexpected(done.error());
  return empty_reply();
}

constexpr HandlerRow kHandlers[] = {
    {"proposal.list", list},
    {"proposal.confirm", confirm},
    {"proposal.withdraw", withdraw},
};

}  // namespace

std::span<const HandlerRow> proposal_handlers() { return kHandlers; }

}  // namespace sealift::server::vault
