// For tests of handlers: a vault's services over a real SQLite catalog in a temporary folder, asked
// through its gate. Time stands still until it is moved. Not thread-safe.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <stdexcept>

#include "age/seal/seal_header.h"
#include "base/error_table.h"
#include "parcel/directory_key.h"
#include "server/vault/gate.h"
#include "server/vault/owners_for_test.h"
#include "server/vault/refusals_seen.h"
#include "server/vault/services_for_test.h"

namespace sealift::server::vault {

using nlohmann::json;

template <typename Value>
Value must(base::Result<Value> result) {
  if (!result) throw std::runtime_error(result.error().text);
  if constexpr (!std::is_void_v<Value>) return *std::move(result);
}

// What a caller is told.
struct Told {
  int status = 0;
  json body;
  http::ResponseHead head;

  std::string code() const { return body.value("code", ""); }
};

// A person's client, as far as the server sees it.
struct Person {
  std::string address;
  crypto::Ed25519Secret signing_key;
  std::string id{};                  // of the account
  std::string token{};               // of the login
  std::string authentication_key{};  // base64
  std::string parameters{};          // base64
};

class VaultTest : public ServicesTest {
 protected:
  VaultTest() { settings_.has_mail_server = true; }

  static base::Bytes bytes_of(std::string_view text) { return base::copy_of(base::bytes_of(text)); }
  static std::string base64(base::ByteView bytes) {
    return base::base64_encode(bytes, base::Padding::required);
  }
  std::string random_base64(std::size_t size) {
    base::Bytes bytes(size);
    random_.fill(bytes);
    return base64(bytes);
  }

  // Asks as `token`'s bearer, or as anyone. `names` are the path's captures.
  Told ask(std::string_view operation, const json& body = nullptr, std::string_view token = "",
           const std::vector<std::string>& names = {}) {
    return ask_with(operation, body.is_null() ? base::Bytes() : bytes_of(body.dump()), token,
                    names);
  }
  Told ask_with(std::string_view operation, base::Bytes body, std::string_view token,
                const std::vector<std::string>& names) {
    const Operation* row = find_operation(operation);
    if (!row) throw std::runtime_error("no such operation");
    AskFrame frame;
    frame.operation = static_cast<std::uint16_t>(row - operations().data());
    frame.peer = peer_;
    frame.before = before_;
    frame.credential_kind = token.empty() ? CredentialKind::none : CredentialKind::bearer;
    frame.credential = token;
    frame.repeat = repeat_;
    frame.upload_length = upload_length_;
    frame.wants_session_key = wants_session_key_;
    for (std::size_t i = 0; i < names.size(); ++i) frame.names.at(i) = names[i];
    frame.body = std::move(body);
    if (is_owners(*row)) frame.act = act_for(*row, frame, token);
    if (change_act_ && !frame.act.empty()) frame.act = change_act_(frame.act);
    prove(*row, frame, token);
    return told(std::get<Reply>(answer_ask(services_, rates_, frame, now_)));
  }

  // ---- people

  std::string age_file() {
    const auto file_key = random_.secret<age::kFileKeySize>();
    const age::Recipient all[] = {
        age::Recipient::x25519(crypto::x25519_public(random_.secret<crypto::kX25519Size>()))};
    base::Bytes file = must(age::seal_header(file_key, all, random_)).encoded();
    file.resize(file.size() + 16 + 16 + 50);
    return base64(file);
  }
  json key_json(std::uint64_t generation, const crypto::Ed25519Secret& signing_key) {
    remember(signing_key);
    const auto recipient =
        age::Recipient::x25519(crypto::x25519_public(random_.secret<crypto::kX25519Size>()));
    return {{"generation", generation},
            {"recipient", recipient.text()},
            {"signing_key", base64(signing_key.public_key())}};
  }
  json slot_json(std::string_view kind) {
    return {{"kind", kind}, {"generation", 1}, {"file", age_file()}};
  }
  json recovery_slot(const std::vector<std::string>& officers, unsigned threshold = 2) {
    json slot = slot_json("recovery");
    slot["recovery"] = {{"half", random_base64(32)}, {"threshold", threshold}};
    for (const std::string& each : officers)
      slot["recovery"]["shares"].push_back({{"officer", each}, {"file", age_file()}});
    return slot;
  }
  json password_slot(std::string_view parameters, std::string_view key) {
    json slot = slot_json("password");
    slot["authentication"] = {
        {"kind", "authentication_key"}, {"parameters", parameters}, {"key", key}};
    return slot;
  }

  // A link's token, as the machine's own command line makes it.
  std::string invite(std::string_view address, catalog::Roles roles = {}) {
    const Token token = make_token(random_);
    const catalog::EnrolmentId id{random_.array<16>()};
    const catalog::Enrolment enrolment{
        .id = id,
        .token = token.hash,
        .lookup = keys_.address_lookup(address),
        .sealed_address = keys_.wrap(WrapFor::address, id.view(), base::bytes_of(address), random_),
        .roles = roles,
        .created = now_,
        .expires = now_ + std::chrono::hours(24)};
    must(catalog_->transact(
        [&](catalog::Records& records) { return records.enrolments->add(enrolment); }));
    return token.text;
  }
  json enrolment_body(const std::string& token, const Person& person) {
    return {{"token", token},
            {"language", "en"},
            {"key", key_json(1, person.signing_key)},
            {"slots",
             {password_slot(person.parameters, person.authentication_key), slot_json("paper_key"),
              slot_json("recovery")}}};
  }
  Person some_person(const std::string& address) {
    Person person{.address = address, .signing_key = crypto::Ed25519Secret::generate(random_)};
    person.authentication_key = random_base64(32);
    person.parameters = ask("session.prepare", {{"address", address}}).body.value("parameters", "");
    return person;
  }
  Person enrolled(const std::string& address, catalog::Roles roles = {}) {
    Person person = some_person(address);
    const Told told = ask("enrolment.take", enrolment_body(invite(address, roles), person));
    if (told.status != 201) throw std::runtime_error("enrolment: " + told.body.dump());
    person.id = told.body["account"]["id"];
    person.token = told.body["token"];
    return person;
  }
  // Signs acts of the accounts that have it.
  void remember(const crypto::Ed25519Secret& key) { owners_.remember(key); }

  Told log_in(const Person& person) {
    return ask("session.begin",
               {{"address", person.address}, {"authentication_key", person.authentication_key}});
  }

  // ---- looking at what is kept

  template <typename Function>
  auto look(const Function& work) {
    return must(catalog_->read(work));
  }
  // How many events of each kind stand in the record.
  std::map<std::string, int> events() {
    std::map<std::string, int> counts;
    const auto all = look([](const catalog::Records& records) {
      return records.custody->list({}, {.before = std::nullopt, .rows_max = 1000});
    });
    for (const catalog::CustodyEvent& event : all) {
      ++counts[json::parse(base::text_of(event.event))["kind"]];
    }
    return counts;
  }
  std::uint64_t mails() {
    return look([](const catalog::Records& records) { return records.outbox->counts(); }).waiting;
  }

  base::UnixTime now_{std::chrono::milliseconds(1'800'000'000'000)};
  std::array<std::byte, 16> peer_{std::byte{0x20}, std::byte{1}};
  std::optional<std::uint64_t> before_;
  std::string repeat_;  // sent with every request
  std::optional<std::uint64_t> upload_length_;
  base::ManualClock clock_{now_};
  // As good as none: what they bound has tests of its own.
  Rates rates_{
      {.ordinary = {1, 1e9}, .guessing = {1, 1e9}, .costly = {1, 1e9}, .recorded = {1, 1e9}},
      clock_};

  // What is sent in the place of the act that the owner signed; empty: that one itself.
  std::function<std::string(std::string)> change_act_;
  bool wants_session_key_ = true;  // of logins that begin; clients of 0.1.0 want none
  std::string proves_as_;          // another login's token, whose key is used
  std::optional<std::chrono::seconds> proof_age_{0};  // of a login's; nullopt: there is none

  // What the caller of a Reply is told.
  static Told told(const Reply& reply) {
    Told made{.status = static_cast<int>(reply.head.status), .body = json(), .head = reply.head};
    const std::string_view text = base::text_of(reply.body);
    if (reply.head.media_type == http::MediaType::json) made.body = json::parse(text);
    if (made.body.is_object() && made.body.contains("reason"))
      refusals_seen().insert(made.body["reason"].get<std::string>());
    if (reply.head.media_type == http::MediaType::text) made.body = text;
    return made;
  }

  OwnersForTest owners_;

 private:
  // As the owner's client makes it; empty where this fixture hasn't the owner's key.
  std::string act_for(const Operation& row, const AskFrame& frame, std::string_view token) {
    if (const auto live = session_of(token))
      return owners_.act_of_login(services_, row, frame, live->session.account, now_);
    const json body = json::parse(base::text_of(frame.body), nullptr, false);
    if (!body.is_object()) return "";
    const json offer =
        ask("enrolment.look", {{"token", body.value("token", "")}}).body.value("act", json());
    return offer.is_object() ? owners_.act_of_enrolment(services_, row, frame, offer) : "";
  }

  // Where a login is asked for that has a key.
  void prove(const Operation& row, AskFrame& frame, std::string_view token) {
    const auto live = session_of(token);
    if (!live || !live->session.is_bound || !proof_age_) return;
    const auto proven = proves_as_.empty() ? live : session_of(proves_as_);
    frame.proof =
        proof_of(row, frame, keys_.session_key(proven.value().session.id), now_ - *proof_age_);
  }

  std::optional<catalog::LiveSession> session_of(std::string_view token) {
    const auto hash = hash_of_token(token);
    if (!hash) return std::nullopt;
    return look(
        [&](const catalog::Records& records) { return records.sessions->find_live(*hash, now_); });
  }
};

}  // namespace sealift::server::vault
