#include "client/account/pins.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <tuple>

#include "base/base64.h"
#include "base/hex.h"
#include "http/json_body.h"
#include "log/checkpoint.h"
#include "parcel/address.h"
#include "parcel/directory_key.h"

namespace sealift::client {
namespace {

using base::ErrorCode;
using base::Result;
using nlohmann::json;

constexpr std::size_t kPinsSizeMax = std::size_t{64} << 20;

std::string base64(base::ByteView bytes) {
  return base::base64_encode(bytes, base::Padding::required);
}

tl::unexpected<base::Error> malformed() {
  return base::fail(ErrorCode::malformed, "what was remembered of the server can't be read");
}

std::string text_at(const json& in, const char* name) {
  const auto at = in.find(name);
  return at != in.end() && at->is_string() ? at->get<std::string>() : "";
}

std::uint64_t number_at(const json& in, const char* name) {
  const auto at = in.find(name);
  return at != in.end() && at->is_number_unsigned() ? at->get<std::uint64_t>() : 0;
}

json encode_log(const LogPin& pin) {
  return {{"key", pin.key},
          {"size", pin.head.size},
          {"root", base64(pin.head.root)},
          {"note", pin.note},
          {"reopen_keys", pin.reopen_keys},
          {"restored", pin.restored.time_since_epoch().count()}};
}

Result<LogPin> decode_log(const json& in) {
  LogPin pin{.key = text_at(in, "key"), .head = {}, .note = text_at(in, "note")};
  const auto root = log::parse_log_hash(text_at(in, "root"));
  if (pin.key.empty() || !root) return malformed();
  pin.head = {number_at(in, "size"), *root};
  pin.restored = base::UnixTime(
      std::chrono::milliseconds(static_cast<std::int64_t>(number_at(in, "restored"))));
  if (const auto keys = in.find("reopen_keys"); keys != in.end() && keys->is_array()) {
    for (const json& each : *keys)
      if (each.is_string()) pin.reopen_keys.push_back(each.get<std::string>());
  }
  return pin;
}

Result<KeyPin> decode_key(const json& in) {
  KeyPin pin{.account = {},
             .generation = number_at(in, "generation"),
             .recipient = text_at(in, "recipient"),
             .signing_key = {}};
  const auto account = api::AccountId::parse(text_at(in, "account"));
  const auto key = base::base64_decode(text_at(in, "signing_key"), base::Padding::required);
  if (!account || !key || key->size() != pin.signing_key.size() || pin.recipient.empty() ||
      pin.generation == 0)
    return malformed();
  pin.account = *account;
  std::ranges::copy(*key, pin.signing_key.begin());
  if (const std::string text = text_at(in, "endorsing_key"); !text.empty()) {
    const auto endorsing = base::base64_decode(text, base::Padding::required);
    if (!endorsing || endorsing->size() != pin.endorsing_key.emplace().size()) return malformed();
    std::ranges::copy(*endorsing, pin.endorsing_key->begin());
  }
  return pin;
}

Result<ActPin> decode_act(const json& in) {
  ActPin pin{.revision = number_at(in, "revision"), .digest = {}};
  const auto digest = base::base64_decode(text_at(in, "digest"), base::Padding::required);
  if (!digest || digest->size() != pin.digest.size() || pin.revision == 0) return malformed();
  std::ranges::copy(*digest, pin.digest.begin());
  return pin;
}

Result<std::set<std::string>> decode_texts(const json& in) {
  std::set<std::string> texts;
  if (!in.is_array()) return malformed();
  for (const json& each : in) {
    if (!each.is_string()) return malformed();
    texts.insert(each.get<std::string>());
  }
  return texts;
}

Result<AcceptedOfficers> decode_accepted(const json& in) {
  if (!in.is_object()) return malformed();
  const auto times = in.find("times");
  const auto recipients = in.find("recipients");
  if (times == in.end() || !times->is_number_unsigned() || recipients == in.end())
    return malformed();
  AcceptedOfficers accepted{.times = times->get<std::uint64_t>(), .recipients = {}};
  SEALIFT_TRY(accepted.recipients, decode_texts(*recipients));
  return accepted;
}

Result<parcel::SeenOrganisation> decode_organisation(const json& in) {
  if (!in.is_object()) return malformed();
  parcel::SeenOrganisation pin{
      .key = text_at(in, "key"), .number = number_at(in, "number"), .digest = {}};
  const auto digest = base::base64_decode(text_at(in, "digest"), base::Padding::required);
  if (!log::VerifierKey::parse(pin.key) || !digest || digest->size() != pin.digest.size())
    return malformed();
  std::ranges::copy(*digest, pin.digest.begin());
  return pin;
}

parcel::DirectoryKey directory_key_of(const api::DirectoryEntry& entry) {
  return {entry.account.bytes, entry.key.generation, entry.key.recipient, entry.key.signing_key};
}

// Out of the event that published the entry. Errors: damaged.
template <std::size_t kSize>
Result<std::optional<std::array<std::byte, kSize>>> told_by(const api::DirectoryEntry& entry,
                                                            const char* name) {
  if (!entry.statement) return std::nullopt;
  const auto event = http::parse_json_body(entry.statement->bytes);
  if (!event || !event->is_object() || !event->contains(name)) return std::nullopt;
  const auto bytes = base::hex_decode(text_at(*event, name));
  std::array<std::byte, kSize> out{};
  if (!bytes || bytes->size() != out.size())
    return base::fail(ErrorCode::damaged, "the log's event of a key is not in its form");
  std::ranges::copy(*bytes, out.begin());
  return out;
}

Result<KeyPin> pin_of(const api::DirectoryEntry& entry) {
  KeyPin pin{entry.account, entry.key.generation, entry.key.recipient, entry.key.signing_key, {}};
  SEALIFT_TRY(pin.endorsing_key, told_by<32>(entry, "endorsing_key"));
  return pin;
}

tl::unexpected<base::Error> changed(std::string text) {
  return base::fail(ErrorCode::damaged, std::move(text));
}

}  // namespace

std::string encode_pins(const Pins& pins) {
  json out = {{"version", 1}, {"keys", json::object()}, {"login_parameters", json::object()}};
  if (pins.log) out["log"] = encode_log(*pins.log);
  if (pins.directory) {
    out["directory"] = encode_log(*pins.directory);
    out["directory"]["vrf_key"] = base64(pins.vrf_key);
  }
  if (!pins.to_check_again.empty()) out["to_check_again"] = pins.to_check_again;
  for (const auto& [address, key] : pins.keys)
    out["keys"][address] = {{"account", key.account.text()},
                            {"generation", key.generation},
                            {"recipient", key.recipient},
                            {"signing_key", base64(key.signing_key)}};
  for (const auto& [address, key] : pins.keys)
    if (key.endorsing_key) out["keys"][address]["endorsing_key"] = base64(*key.endorsing_key);
  for (const auto& [address, parameters] : pins.login_parameters)
    out["login_parameters"][address] = base64(parameters);
  for (const auto& [address, act] : pins.acts)
    out["acts"][address] = {{"revision", act.revision}, {"digest", base64(act.digest)}};
  for (const auto& [address, each] : pins.officers)
    out["officers"][address] = {{"times", each.times}, {"recipients", each.recipients}};
  if (pins.organisation)
    out["organisation"] = {{"key", pins.organisation->key},
                           {"number", pins.organisation->number},
                           {"digest", base64(pins.organisation->digest)}};
  return out.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
}

Result<Pins> decode_pins(base::ByteView bytes) {
  const auto in = http::parse_json_body(bytes, kPinsSizeMax);
  if (!in || !in->is_object() || number_at(*in, "version") != 1) return malformed();
  Pins pins;
  if (const auto at = in->find("log"); at != in->end()) {
    SEALIFT_TRY(pins.log, decode_log(*at));
  }
  if (const auto at = in->find("directory"); at != in->end()) {
    SEALIFT_TRY(pins.directory, decode_log(*at));
    const auto key = base::base64_decode(text_at(*at, "vrf_key"), base::Padding::required);
    if (!key || key->size() != pins.vrf_key.size()) return malformed();
    std::ranges::copy(*key, pins.vrf_key.begin());
  }
  if (const auto at = in->find("to_check_again"); at != in->end()) {
    SEALIFT_TRY(pins.to_check_again, decode_texts(*at));
    for (const std::string& each : pins.to_check_again)
      if (!parcel::Address::parse(each)) return malformed();
  }
  const auto keys = in->find("keys");
  const auto parameters = in->find("login_parameters");
  if (keys == in->end() || !keys->is_object() || parameters == in->end() ||
      !parameters->is_object())
    return malformed();
  for (const auto& [address, each] : keys->items()) {
    if (!parcel::Address::parse(address)) return malformed();
    SEALIFT_TRY(pins.keys[address], decode_key(each));
  }
  for (const auto& [address, each] : parameters->items()) {
    auto value = each.is_string()
                     ? base::base64_decode(each.get<std::string>(), base::Padding::required)
                     : std::nullopt;
    if (!value || !parcel::Address::parse(address)) return malformed();
    pins.login_parameters[address] = *std::move(value);
  }
  if (const auto acts = in->find("acts"); acts != in->end()) {
    if (!acts->is_object()) return malformed();
    for (const auto& [address, each] : acts->items()) {
      if (!parcel::Address::parse(address)) return malformed();
      SEALIFT_TRY(pins.acts[address], decode_act(each));
    }
  }
  if (const auto officers = in->find("officers"); officers != in->end()) {
    if (!officers->is_object()) return malformed();
    for (const auto& [address, each] : officers->items()) {
      if (!parcel::Address::parse(address)) return malformed();
      SEALIFT_TRY(pins.officers[address], decode_accepted(each));
    }
  }
  if (const auto at = in->find("organisation"); at != in->end()) {
    SEALIFT_TRY(pins.organisation, decode_organisation(*at));
  }
  return pins;
}

namespace {

// A log that was restored goes on from less.
bool is_newer(const LogPin& one, const LogPin& other) {
  return std::tuple(one.restored, one.head.size, one.reopen_keys.size()) >
         std::tuple(other.restored, other.head.size, other.reopen_keys.size());
}

// A log that was restored goes on from less, and to another tree.
bool contradict(const std::optional<LogPin>& one, const std::optional<LogPin>& other) {
  if (!one || !other) return false;
  const bool is_same_size = one->restored == other->restored && one->head.size == other->head.size;
  return one->key != other->key || (is_same_size && one->head.root != other->head.root);
}

bool contradict(const std::optional<parcel::SeenOrganisation>& one,
                const std::optional<parcel::SeenOrganisation>& other) {
  if (!one || !other) return false;
  return one->key != other->key || (one->number == other->number && one->digest != other->digest);
}

}  // namespace

Result<void> merge_pins(Pins& pins, const Pins& newer) {
  if (contradict(pins.log, newer.log))
    return changed("the server showed another log to another run of this client");
  const bool is_other_map = pins.directory && newer.directory && pins.vrf_key != newer.vrf_key;
  if (contradict(pins.directory, newer.directory) || is_other_map)
    return changed("the server showed another directory to another run of this client");
  if (contradict(pins.organisation, newer.organisation))
    return changed("the server named other recovery officers to another run of this client");
  for (const auto& [address, key] : newer.keys) {
    const auto kept = pins.keys.find(address);
    if (kept == pins.keys.end()) continue;
    const bool is_same_generation = kept->second.generation == key.generation;
    if (kept->second.account != key.account ||
        (is_same_generation && !may_be_same(kept->second, key)))
      return changed("the server showed another key of somebody to another run of this client");
  }
  for (const auto& [address, parameters] : newer.login_parameters) {
    const auto kept = pins.login_parameters.find(address);
    if (kept != pins.login_parameters.end() && kept->second != parameters)
      return changed("the server had a password hashed in two ways by two runs of this client");
  }
  const base::UnixTime restored = pins.log ? pins.log->restored : base::UnixTime();
  const base::UnixTime newer_restored = newer.log ? newer.log->restored : restored;
  if (newer.log && (!pins.log || is_newer(*newer.log, *pins.log))) pins.log = newer.log;
  if (newer.directory && (!pins.directory || is_newer(*newer.directory, *pins.directory))) {
    pins.directory = newer.directory;
    pins.vrf_key = newer.vrf_key;
  }
  pins.to_check_again = newer.to_check_again;
  for (const auto& [address, key] : newer.keys) {
    KeyPin& kept = pins.keys[address];
    const bool is_fuller = key.generation == kept.generation && !kept.endorsing_key;
    if (key.generation > kept.generation || is_fuller) kept = key;
  }
  pins.login_parameters.insert(newer.login_parameters.begin(), newer.login_parameters.end());
  // What a restore that was accepted took back, another run of before doesn't bring again.
  if (newer_restored > restored) pins.acts.clear();
  for (const auto& [address, act] : newer.acts) {
    ActPin& kept = pins.acts[address];
    if (newer_restored >= restored && act.revision > kept.revision) kept = act;
  }
  std::erase_if(pins.acts, [](const auto& each) { return each.second.revision == 0; });
  for (const auto& [address, accepted] : newer.officers) {
    AcceptedOfficers& kept = pins.officers[address];
    if (accepted.times > kept.times) kept = accepted;
  }
  if (newer.organisation &&
      (!pins.organisation || newer.organisation->number > pins.organisation->number))
    pins.organisation = newer.organisation;
  return {};
}

bool may_be_same(const KeyPin& one, const KeyPin& other) {
  KeyPin as_other = one;
  if (!one.endorsing_key || !other.endorsing_key) as_other.endorsing_key = other.endorsing_key;
  return as_other == other;
}

namespace {

// Whether `entry` may follow `before`.
Result<void> judge_succession(const KeyPin& before, const api::DirectoryEntry& entry) {
  if (!entry.key.endorsement ||
      !parcel::is_endorsed(directory_key_of(entry), *entry.key.endorsement, before.signing_key))
    return changed("the new key is not endorsed by the one before");
  if (!before.endorsing_key) return {};
  SEALIFT_TRY(const auto endorsing, told_by<32>(entry, "endorsing_key"));
  SEALIFT_TRY(const auto countersignature, told_by<64>(entry, "countersignature"));
  if (!endorsing || !countersignature ||
      !parcel::is_countersigned(directory_key_of(entry), *endorsing, *countersignature,
                                *before.endorsing_key))
    return changed("the new key is not countersigned by its owner's paper key");
  return {};
}

}  // namespace

Result<KeyPin> judge_keys(const std::optional<KeyPin>& pinned,
                          const std::vector<api::DirectoryEntry>& entries) {
  if (entries.empty()) return changed("the directory has no key any more");
  if (pinned && entries.front().account != pinned->account)
    return changed("the address belongs to another account than before");
  if (pinned && entries.back().key.generation < pinned->generation)
    return changed("the directory went back to an older key");
  KeyPin before;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const api::DirectoryEntry& entry = entries[i];
    if (entry.account != entries.front().account || entry.key.generation != i + 1)
      return changed("the directory leaves keys out");
    SEALIFT_TRY(KeyPin here, pin_of(entry));
    if (pinned && here.generation == pinned->generation) {
      if (!may_be_same(here, *pinned)) return changed("the key is not the one seen before");
      if (pinned->endorsing_key && !here.endorsing_key)
        return changed("the event of the key is not the one seen before");
    }
    const bool is_new = !pinned || here.generation > pinned->generation;
    if (i > 0 && is_new) SEALIFT_TRY_VOID(judge_succession(before, entry));
    before = std::move(here);
  }
  return before;
}

}  // namespace sealift::client
