// The policy: what the administrators allow. What makes it stronger is done at once; what makes it
// weaker waits (proposals.h).
#include "base/refusal.h"
#include "server/vault/acts.h"
#include "server/vault/handlers/policy_forms.h"
#include "server/vault/proposals.h"

namespace sealift::server::vault {
namespace {

using base::Result;

Result<Answer> read(Services& services, const Ask&) {
  SEALIFT_TRY(const catalog::Policy policy,
              services.catalog.read(
                  [](const catalog::Records& records) { return records.policies->current(); }));
  return json_reply(http::Status::ok, policy_json(policy));
}

// Whether it was done before, and its answer was lost.
Result<bool> is_done(const catalog::Records& records, const Ask& ask, const PolicySplit& split) {
  if (split.is_changed) return false;
  if (split.weaker.empty()) return true;
  return is_proposed(records, ask.account(), {catalog::ProposalKind::policy, {}, split.weaker});
}

Result<catalog::Policy> replace_by(Services& services, catalog::Records& records, const Ask& ask,
                                   const catalog::Policy& wanted) {
  SEALIFT_TRY(const catalog::Policy present, records.policies->current());
  SEALIFT_TRY(const PolicySplit split, split_policy(present, wanted));
  if (wanted.revision != present.revision) {
    const bool is_next = present.revision.value == wanted.revision.value + 1;
    SEALIFT_TRY(const bool is_again, is_done(records, ask, split));
    if (is_next && is_again) return present;
    return base::refuse("policy_changed");
  }
  if (split.is_changed || split.weaker.empty()) {
    SEALIFT_TRY(const auto outcome, records.policies->replace(split.at_once));
    if (outcome != catalog::Change::done) return base::refuse("policy_changed");
    SEALIFT_TRY_VOID(
        services.notary.note(records, {.kind = Logged::policy_changed,
                                       .happened = ask.now,
                                       .account = ask.account(),
                                       .facts = {{"revision", present.revision.value + 1}}}));
  }
  if (!split.weaker.empty())
    SEALIFT_TRY_VOID(
        propose(services, records, ask, {catalog::ProposalKind::policy, {}, split.weaker}));
  return records.policies->current();
}

Result<Answer> replace(Services& services, const Ask& ask) {
  SEALIFT_TRY(JsonRequest body, JsonRequest::parse(ask.frame.body));
  const bool has_delay = body.has("proposal_delay_ms_min");  // clients of 0.1.0 don't know it
  catalog::Policy wanted = take_policy(body);
  SEALIFT_TRY_VOID(body.done());
  SEALIFT_TRY_VOID(judge_policy(wanted));
  const auto kept =
      commit_act(services, ask, [&](catalog::Records& records) -> Result<catalog::Policy> {
        if (!has_delay) {
          SEALIFT_TRY(const catalog::Policy present, records.policies->current());
          wanted.proposal_delay_ms_min = present.proposal_delay_ms_min;
        }
        return replace_by(services, records, ask, wanted);
      });
  if (!kept) return tl::unexpected(kept.error());
  return json_reply(http::Status::ok, policy_json(*kept));
}

constexpr HandlerRow kHandlers[] = {
    {"policy.read", read},
    {"policy.replace", replace},
};

}  // namespace

std::span<const HandlerRow> policy_handlers() { return kHandlers; }

}  // namespace sealift::server::vault
