// For tests: signs what accounts' owners sign, as their clients do (parcel/account_act.h), for the
// keys that it was told of. Not thread-safe.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <stdexcept>

#include "server/vault/acts.h"

namespace sealift::server::vault {

// As a login's client proves a request (http/request_proof.h).
inline http::RequestProof proof_of(const Operation& row, const AskFrame& frame,
                                   const std::array<std::byte, 32>& key, base::UnixTime created) {
  std::string path(row.route.pattern);
  for (const std::string& name : frame.names) {
    const std::size_t open = path.find('{');
    if (open != std::string::npos) path.replace(open, path.find('}') - open + 1, name);
  }
  http::RequestProof proof;
  proof.created_seconds =
      static_cast<std::uint64_t>(created.time_since_epoch() / std::chrono::seconds(1));
  if (!frame.body.empty()) proof.content_digest = crypto::sha256(frame.body);
  const std::string text = http::request_proof_base(
      {.method = http::method_name(row.route.method),
       .path = path,
       .query = frame.before ? "before=" + std::to_string(*frame.before) : "",
       .authorization = "Bearer " + frame.credential,
       .created_seconds = proof.created_seconds,
       .content_digest = proof.content_digest});
  proof.mac = crypto::hmac_sha256(key, base::bytes_of(text));
  return proof;
}

class OwnersForTest {
  using json = nlohmann::json;

 public:
  // Of an owner whose client goes wrong: before it signs.
  std::function<void(parcel::AccountAct&)> change_act{};

  void remember(const crypto::Ed25519Secret& key) {
    const auto seed = key.seed();
    keys_.emplace(base64(key.public_key()), crypto::Ed25519Secret::from_seed(seed.view()));
  }

  // Empty: the key of the account isn't known here.
  std::string act_of_login(Services& services, const Operation& row, const AskFrame& frame,
                           const catalog::AccountId& account, base::UnixTime now) const {
    const auto newest = value(services.catalog.read(
        [&](const catalog::Records& records) { return records.directory->newest(account); }));
    if (!newest) return "";
    return signed_act(services, row, frame, account, base64(newest->signing_key),
                      newest->generation.value, value(act_state_json(services, account, now)));
  }
  // `offer`: the enrolment's `act`.
  std::string act_of_enrolment(Services& services, const Operation& row, const AskFrame& frame,
                               const json& offer) const {
    const json body = json::parse(base::text_of(frame.body), nullptr, false);
    if (!body.contains("key")) return "";
    const catalog::AccountId account{
        fixed<16>(*base::hex_decode(offer["account"].get<std::string>()))};
    return signed_act(services, row, frame, account, body["key"].value("signing_key", ""),
                      body["key"].value("generation", std::uint64_t{1}), offer);
  }

 private:
  struct Listed {
    std::string id, kind;
    std::uint64_t generation = 1;
    crypto::Sha256Digest file{};
  };

  template <typename Value>
  static Value value(base::Result<Value> result) {
    if (!result) throw std::runtime_error(result.error().text);
    return *std::move(result);
  }
  static std::string base64(base::ByteView bytes) {
    return base::base64_encode(bytes, base::Padding::required);
  }
  template <std::size_t kSize>
  static std::array<std::byte, kSize> fixed(const base::Bytes& bytes) {
    std::array<std::byte, kSize> out{};
    std::copy_n(bytes.begin(), std::min(kSize, bytes.size()), out.begin());
    return out;
  }
  static std::array<std::byte, 32> fixed_of(const json& object, const char* name) {
    return fixed<32>(
        *base::base64_decode(object[name].get<std::string>(), base::Padding::required));
  }

  static Listed listed(const json& slot, const std::string& id = "") {
    const auto file = base::base64_decode(slot.value("file", ""), base::Padding::required);
    return {id, slot.value("kind", ""), slot.value("generation", std::uint64_t{1}),
            crypto::sha256(file.value_or(base::Bytes()))};
  }
  static std::vector<Listed> slots_of(Services& services, const catalog::AccountId& account) {
    static constexpr const char* kKinds[] = {"password", "paper_key", "passkey", "trusted_browser",
                                             "recovery"};
    std::vector<Listed> all;
    for (const auto& slot : value(services.catalog.read(
             [&](const catalog::Records& records) { return records.slots->list(account); }))) {
      const auto file = value(services.keys.unwrap(WrapFor::slot, slot.id.view(), slot.wrapped));
      all.push_back({json_of(slot.id), kKinds[static_cast<std::size_t>(slot.kind) - 1],
                     slot.generation.value, crypto::sha256(file.view())});
    }
    return all;
  }
  // What the slots will be when the operation has done what it is asked for.
  static crypto::Sha256Digest slots_after(std::vector<Listed> slots, std::string_view operation,
                                          const json& body, const std::string& name) {
    const auto put = [&](const std::string& id, const json& with) {
      for (Listed& each : slots)
        if (each.id == id) each = listed(with, id);
    };
    const auto drop = [&](const std::string& id) {
      std::erase_if(slots, [&](const Listed& each) { return each.id == id; });
    };
    const auto add = [&](const json& slot) {
      const Listed made = listed(slot);
      if (std::ranges::find(slots, made.file, &Listed::file) == slots.end()) slots.push_back(made);
    };
    if (operation == "slot.add" && body.is_object()) add(body);
    if (operation == "slot.replace" && body.contains("replacement")) put(name, body["replacement"]);
    if (operation == "slot.remove") drop(name);
    if (operation == "account.change_password" && body.contains("replacement")) {
      put(body.value("slot", ""), body["replacement"]);
      for (const json& each : body.value("ends", json::array())) drop(each);
      if (body.contains("paper_key")) add(body["paper_key"]);
    }
    if (operation == "account.rotate") {
      std::vector<Listed> rotated;
      for (const json& each : body.value("slots", json::array()))
        rotated.push_back(listed(each["replacement"]));
      slots = std::move(rotated);
    }
    if (operation == "enrolment.take") {
      slots.clear();
      for (const json& each : body.value("slots", json::array())) slots.push_back(listed(each));
    }
    std::vector<parcel::ActSlot> all;
    for (const Listed& each : slots)
      if (each.kind != "recovery") all.push_back({each.kind, each.generation, each.file});
    return parcel::act_slots_digest(all);
  }

  std::string signed_act(Services& services, const Operation& row, const AskFrame& frame,
                         const catalog::AccountId& account, const std::string& key,
                         std::uint64_t generation, const json& next) const {
    const auto secret = keys_.find(key);
    if (secret == keys_.end()) return "";
    const std::string& name = frame.names.front();
    parcel::AccountAct act;
    act.account = account.bytes;
    act.generation = generation;
    act.operation = row.name;
    const auto target = base::hex_decode(name);
    if (target && target->size() == 16) act.target = fixed<16>(*target);
    act.body = crypto::sha256(frame.body);
    act.revision = next["revision"];
    act.previous = fixed_of(next, "previous");
    act.challenge = fixed_of(next, "challenge");
    const json body = json::parse(base::text_of(frame.body), nullptr, false);
    act.slots = slots_after(slots_of(services, account), row.name, body, name);
    if (change_act) change_act(act);
    return parcel::encode_act_field(act, parcel::sign_account_act(act, secret->second));
  }

  std::map<std::string, crypto::Ed25519Secret> keys_;  // by public key
};

}  // namespace sealift::server::vault
