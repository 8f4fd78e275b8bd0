// The policy: what the administrators allow.
#include "base/limits.h"
#include "base/refusal.h"
#include "parcel/address.h"
#include "server/vault/acts.h"
#include "server/vault/json_request.h"

namespace sealift::server::vault {
namespace {

using base::ErrorCode;
using base::Result;
using nlohmann::json;
using std::chrono::milliseconds;

// Shorter ones would take from people what they need to act: a login that ends at once, a recovery
// that its account has no time to cancel, a record that is gone before anyone looks.
constexpr milliseconds kParcelLifetimeMin = std::chrono::minutes(1);
constexpr milliseconds kSessionMin = std::chrono::minutes(5);
constexpr milliseconds kRecoveryDelayMin = std::chrono::hours(1);
constexpr milliseconds kRetentionMin = std::chrono::hours(24);
constexpr std::size_t kDomainsMax = 1000;

template <typename Rule>
std::string_view word_of(Rule rule, std::string_view first, std::string_view second) {
  return rule == Rule{1} ? first : second;
}

json policy_json(const catalog::Policy& policy) {
  json made = {
      {"revision", policy.revision.value},
      {"parcel_lifetime_ms_default", policy.parcel_lifetime_ms_default.count()},
      {"parcel_lifetime_ms_max", policy.parcel_lifetime_ms_max.count()},
      {"parcel_size_bytes_max", policy.parcel_size_bytes_max},
      {"account_quota_bytes_max", policy.account_quota_bytes_max},
      {"links", word_of(policy.links, "allowed", "forbidden")},
      {"link_passphrase", word_of(policy.link_passphrase, "optional", "required")},
      {"recipient_domains", policy.recipient_domains},
      {"record_retention_ms", policy.record_retention_ms.count()},
      {"session_lifetime_ms_max", policy.session_lifetime_ms_max.count()},
      {"session_idle_ms_max", policy.session_idle_ms_max.count()},
      {"recovery_delay_ms_min", policy.recovery_delay_ms_min.count()},
      {"lockdown_halves", word_of(policy.lockdown_halves, "unusable", "destroyed")},
  };
  put_optional(made, "link_opens_max", policy.link_opens_max);
  return made;
}

catalog::Policy take_fields(JsonRequest& body) {
  catalog::Policy policy;
  policy.revision = {body.integer("revision", kAnySize)};
  policy.parcel_lifetime_ms_default = body.duration("parcel_lifetime_ms_default");
  policy.parcel_lifetime_ms_max = body.duration("parcel_lifetime_ms_max");
  policy.parcel_size_bytes_max = body.integer("parcel_size_bytes_max", kAnySize);
  policy.account_quota_bytes_max = body.integer("account_quota_bytes_max", kAnySize);
  if (const auto opens = body.optional_integer("link_opens_max", {1, 1'000'000})) {
    policy.link_opens_max = static_cast<std::uint32_t>(*opens);
  }
  policy.links = body.choice("links", {"allowed", "forbidden"}) == 0 ? catalog::LinkRule::allowed
                                                                     : catalog::LinkRule::forbidden;
  policy.link_passphrase = body.choice("link_passphrase", {"optional", "required"}) == 0
                               ? catalog::PassphraseRule::optional
                               : catalog::PassphraseRule::required;
  policy.recipient_domains = body.texts("recipient_domains", kDomainsMax, 253);
  policy.record_retention_ms = body.duration("record_retention_ms");
  policy.session_lifetime_ms_max = body.duration("session_lifetime_ms_max");
  policy.session_idle_ms_max = body.duration("session_idle_ms_max");
  policy.recovery_delay_ms_min = body.duration("recovery_delay_ms_min");
  policy.lockdown_halves = body.choice("lockdown_halves", {"unusable", "destroyed"}) == 0
                               ? catalog::LockdownHalves::unusable
                               : catalog::LockdownHalves::destroyed;
  return policy;
}

std::uint64_t count(milliseconds time) { return static_cast<std::uint64_t>(time.count()); }

Result<void> judge_least(const catalog::Policy& policy) {
  struct Rule {
    std::string_view field;
    milliseconds asked, min;
  };
  const Rule rules[] = {
      {"parcel_lifetime_ms_default", policy.parcel_lifetime_ms_default, kParcelLifetimeMin},
      {"parcel_lifetime_ms_max", policy.parcel_lifetime_ms_max, kParcelLifetimeMin},
      {"session_idle_ms_max", policy.session_idle_ms_max, kSessionMin},
      {"session_lifetime_ms_max", policy.session_lifetime_ms_max, kSessionMin},
      {"recovery_delay_ms_min", policy.recovery_delay_ms_min, kRecoveryDelayMin},
      {"record_retention_ms", policy.record_retention_ms, kRetentionMin},
  };
  for (const Rule& rule : rules) {
    if (rule.asked >= rule.min) continue;
    return base::refuse(
        "policy_too_short",
        {{"field", rule.field}, {"min_ms", count(rule.min)}, {"asked_ms", count(rule.asked)}});
  }
  return {};
}

// Which time may be which other one at most. The two come together, and the server can't tell which
// of them was changed: the refusal names both.
Result<void> judge_order(const catalog::Policy& policy) {
  struct Rule {
    std::string_view field, max_field;
    milliseconds asked, max;
  };
  const Rule rules[] = {
      {"parcel_lifetime_ms_default", "parcel_lifetime_ms_max", policy.parcel_lifetime_ms_default,
       policy.parcel_lifetime_ms_max},
      {"session_idle_ms_max", "session_lifetime_ms_max", policy.session_idle_ms_max,
       policy.session_lifetime_ms_max},
  };
  for (const Rule& rule : rules) {
    if (rule.asked <= rule.max) continue;
    return base::refuse("policy_above", {{"field", rule.field},
                                         {"asked_ms", count(rule.asked)},
                                         {"max_field", rule.max_field},
                                         {"max_ms", count(rule.max)}});
  }
  return {};
}

void judge_domains(const catalog::Policy& policy, JsonRequest& body) {
  for (const std::string& domain : policy.recipient_domains) {
    if (!parcel::is_domain(domain)) body.refuse("recipient_domains");
  }
}

Result<Answer> read(Services& services, const Ask&) {
  SEALIFT_TRY(const catalog::Policy policy,
              services.catalog.read(
                  [](const catalog::Records& records) { return records.policies->current(); }));
  return json_reply(http::Status::ok, policy_json(policy));
}

Result<Answer> replace(Services& services, const Ask& ask) {
  SEALIFT_TRY(JsonRequest body, JsonRequest::parse(ask.frame.body));
  const catalog::Policy policy = take_fields(body);
  judge_domains(policy, body);
  SEALIFT_TRY_VOID(body.done());
  SEALIFT_TRY_VOID(judge_least(policy));
  SEALIFT_TRY_VOID(judge_order(policy));
  const auto kept =
      commit_act(services, ask, [&](catalog::Records& records) -> Result<catalog::Policy> {
        SEALIFT_TRY(const auto outcome, records.policies->replace(policy));
        if (outcome ==
            catalog::Change::stale) {  // it may be this very change whose answer was lost
          SEALIFT_TRY(const auto now, records.policies->current());
          catalog::Policy wanted = policy;
          ++wanted.revision.value;
          if (policy_json(now) == policy_json(wanted)) return now;
        }
        if (outcome != catalog::Change::done) return base::refuse("policy_changed");
        SEALIFT_TRY(auto current, records.policies->current());
        SEALIFT_TRY_VOID(
            services.notary.note(records, {.kind = Logged::policy_changed,
                                           .happened = ask.now,
                                           .account = ask.account(),
                                           .facts = {{"revision", current.revision.value}}}));
        return current;
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
