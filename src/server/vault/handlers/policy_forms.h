// What the policy looks like in the API, which values it may have, and which direction of each
// setting is the weaker one. Pure; any thread.
#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>

#include "catalog/policies.h"
#include "server/vault/json_request.h"

namespace sealift::server::vault {

nlohmann::json policy_json(const catalog::Policy& policy);
// What the body leaves out of proposal_delay_ms_min, which clients of 0.1.0 don't know, has its
// default: the caller puts in what is in force. done() is the caller's too.
catalog::Policy take_policy(JsonRequest& body);
// Errors: malformed (a setting that is too short, or above the one that limits it).
base::Result<void> judge_policy(const catalog::Policy& policy);

// What makes a setting weaker: less of what people sent is protected, for less long, or less of
// what happened is known afterwards.
enum class Weaker : std::uint8_t {
  never,       // it is about room, not protection
  greater,     // absent is the greatest
  less,        //
  as_word,     // PolicyField::word
  more_reach,  // a set that isn't within the one before; empty is everything
};
struct PolicyField {
  std::string_view name;
  Weaker weaker = Weaker::never;
  std::string_view word{};
};
// Every setting, once.
std::span<const PolicyField> policy_fields();

// `wanted`, taken apart: what is as strong as `present` or stronger, and the settings that are
// weaker, by name; null: absent.
struct PolicySplit {
  catalog::Policy at_once;
  bool is_changed = false;  // at_once, from `present`
  nlohmann::json weaker = nlohmann::json::object();
};
// Errors: internal.
base::Result<PolicySplit> split_policy(const catalog::Policy& present,
                                       const catalog::Policy& wanted);
// `present` with the settings of a PolicySplit::weaker.
// Errors: malformed (it isn't one any more that may be: another setting was changed meanwhile).
base::Result<catalog::Policy> weakened_policy(const catalog::Policy& present,
                                              const nlohmann::json& weaker);
// As `sealift policy show` prints it; "none" for null.
std::string setting_text(const nlohmann::json& value);

}  // namespace sealift::server::vault
