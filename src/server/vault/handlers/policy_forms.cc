#include "server/vault/handlers/policy_forms.h"

#include <algorithm>
#include <set>

#include "base/refusal.h"
#include "parcel/address.h"
#include "server/vault/handler.h"

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
constexpr milliseconds kProposalDelayMin = std::chrono::hours(1);
constexpr milliseconds kRetentionMin = std::chrono::hours(24);
constexpr std::size_t kDomainsMax = 1000;
// Longer, and one administrator could make every change impossible.
constexpr std::uint64_t kProposalDelayMsMax = 30ULL * 24 * 3600 * 1000;

template <typename Rule>
std::string_view word_of(Rule rule, std::string_view first, std::string_view second) {
  return rule == Rule{1} ? first : second;
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
      {"proposal_delay_ms_min", policy.proposal_delay_ms_min, kProposalDelayMin},
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

constexpr PolicyField kFields[] = {
    {"parcel_lifetime_ms_default", Weaker::greater},
    {"parcel_lifetime_ms_max", Weaker::greater},
    {"parcel_size_bytes_max", Weaker::never},
    {"account_quota_bytes_max", Weaker::never},
    {"link_opens_max", Weaker::greater},
    {"links", Weaker::as_word, "allowed"},
    {"link_passphrase", Weaker::as_word, "optional"},
    {"recipient_domains", Weaker::more_reach},
    {"record_retention_ms", Weaker::less},
    {"session_lifetime_ms_max", Weaker::greater},
    {"session_idle_ms_max", Weaker::greater},
    {"recovery_delay_ms_min", Weaker::less},
    {"lockdown_halves", Weaker::as_word, "unusable"},
    {"proposal_delay_ms_min", Weaker::less},
};

std::set<std::string> set_of(const json& value) {
  if (!value.is_array()) return {};
  const auto all = value.get<std::vector<std::string>>();
  return {all.begin(), all.end()};
}

bool is_same(const json& present, const json& wanted) {
  return present.is_array() ? set_of(present) == set_of(wanted) : present == wanted;
}

// null: absent.
bool is_weaker(const PolicyField& field, const json& present, const json& wanted) {
  switch (field.weaker) {
    case Weaker::never:
      return false;
    case Weaker::greater:
      return !present.is_null() && (wanted.is_null() || wanted > present);
    case Weaker::less:
      return wanted < present;
    case Weaker::as_word:
      return wanted == field.word;
    case Weaker::more_reach: {
      const auto before = set_of(present);
      const auto after = set_of(wanted);
      if (before.empty()) return false;
      return after.empty() || !std::ranges::includes(before, after);
    }
  }
  return true;
}

void put(json& policy, std::string_view name, const json& value) {
  if (value.is_null()) {
    policy.erase(std::string(name));
  } else {
    policy[std::string(name)] = value;
  }
}

json value_of(const json& policy, std::string_view name) {
  const auto found = policy.find(std::string(name));
  return found == policy.end() ? json() : *found;
}

Result<catalog::Policy> policy_of(const json& object) {
  const std::string text = object.dump();
  SEALIFT_TRY(JsonRequest body, JsonRequest::parse(base::bytes_of(text)));
  catalog::Policy policy = take_policy(body);
  SEALIFT_TRY_VOID(body.done());
  return policy;
}

}  // namespace

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
      {"proposal_delay_ms_min", policy.proposal_delay_ms_min.count()},
  };
  put_optional(made, "link_opens_max", policy.link_opens_max);
  return made;
}

catalog::Policy take_policy(JsonRequest& body) {
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
  const auto delay = body.optional_integer("proposal_delay_ms_min", {0, kProposalDelayMsMax});
  if (delay) policy.proposal_delay_ms_min = milliseconds(*delay);
  judge_domains(policy, body);
  return policy;
}

Result<void> judge_policy(const catalog::Policy& policy) {
  SEALIFT_TRY_VOID(judge_least(policy));
  return judge_order(policy);
}

std::span<const PolicyField> policy_fields() { return kFields; }

Result<PolicySplit> split_policy(const catalog::Policy& present, const catalog::Policy& wanted) {
  const json before = policy_json(present);
  const json after = policy_json(wanted);
  json at_once = before;
  PolicySplit split;
  for (const PolicyField& field : kFields) {
    const json was = value_of(before, field.name);
    const json will_be = value_of(after, field.name);
    if (is_same(was, will_be)) continue;
    if (is_weaker(field, was, will_be)) {
      split.weaker[std::string(field.name)] = will_be;
    } else {
      put(at_once, field.name, will_be);
      split.is_changed = true;
    }
  }
  auto policy = policy_of(at_once);
  if (!policy) return base::fail(ErrorCode::internal, "policy");
  split.at_once = *std::move(policy);
  return split;
}

Result<catalog::Policy> weakened_policy(const catalog::Policy& present, const json& weaker) {
  json made = policy_json(present);
  for (const auto& [name, value] : weaker.items()) put(made, name, value);
  SEALIFT_TRY(catalog::Policy policy, policy_of(made));
  SEALIFT_TRY_VOID(judge_policy(policy));
  return policy;
}

std::string setting_text(const json& value) {
  if (value.is_null()) return "none";
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_array()) return value.dump();
  std::string text;
  for (const json& each : value) text += (text.empty() ? "" : ",") + each.get<std::string>();
  return text;
}

}  // namespace sealift::server::vault
