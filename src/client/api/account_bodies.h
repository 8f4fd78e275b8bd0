// Bodies of the API about getting in and about accounts, as src/server/api/openapi.json has them;
// a test holds the two together.
//
// fields() lists a body's fields once, for reading, writing and that test. std::optional: may be
// absent. Values; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "client/api/values.h"

namespace sealift::client::api {

struct Roles {
  static constexpr std::string_view kSchema = "Roles";
  bool administrator = false;
  bool recovery_officer = false;
  static void fields(auto& self, auto& visit) {
    visit("administrator", self.administrator);
    visit("recovery_officer", self.recovery_officer);
  }
};

struct ServerDescription {
  static constexpr std::string_view kSchema = "Server";
  std::string name{};
  std::string version{};
  std::string log_origin{};
  std::string log_key{};
  std::optional<std::string> directory_key{};
  std::optional<std::string> incident_recipient{};
  base::UnixTime now{};
  std::optional<bool> lockdown{};
  std::optional<std::vector<std::string>> reopen_keys{};
  std::optional<std::string> restore_statement{};
  std::optional<std::string> organisation_key{};
  static void fields(auto& self, auto& visit) {
    visit("name", self.name);
    visit("version", self.version);
    visit("log_origin", self.log_origin);
    visit("log_key", self.log_key);
    visit("directory_key", self.directory_key);
    visit("incident_recipient", self.incident_recipient);
    visit("now", self.now);
    visit("lockdown", self.lockdown);
    visit("reopen_keys", self.reopen_keys);
    visit("restore_statement", self.restore_statement);
    visit("organisation_key", self.organisation_key);
  }
};

struct EnrolmentToken {
  static constexpr std::string_view kSchema = "EnrolmentToken";
  Token token{};
  static void fields(auto& self, auto& visit) { visit("token", self.token); }
};

struct Authentication {
  static constexpr std::string_view kSchema = "Authentication";
  AuthenticationKind kind{};
  Base64 parameters{};
  Base64 key{};
  std::optional<Base64> credential_id{};
  static void fields(auto& self, auto& visit) {
    visit("kind", self.kind);
    visit("parameters", self.parameters);
    visit("key", self.key);
    visit("credential_id", self.credential_id);
  }
};

struct RecoveryShare {
  static constexpr std::string_view kSchema = "RecoveryShare";
  AccountId officer{};
  Base64 file{};
  static void fields(auto& self, auto& visit) {
    visit("officer", self.officer);
    visit("file", self.file);
  }
};

// client/account/recovery_shares.h makes it.
struct DealtRecovery {
  static constexpr std::string_view kSchema = "DealtRecovery";
  FixedBase64<32> half{};
  std::uint64_t threshold = 0;
  std::vector<RecoveryShare> shares{};
  static void fields(auto& self, auto& visit) {
    visit("half", self.half);
    visit("threshold", self.threshold);
    visit("shares", self.shares);
  }
};

struct NewSlot {
  static constexpr std::string_view kSchema = "NewSlot";
  SlotKind kind{};
  std::uint64_t generation = 0;
  Base64 file{};
  std::optional<Base64> label{};
  std::optional<Authentication> authentication{};
  std::optional<DealtRecovery> recovery{};
  static void fields(auto& self, auto& visit) {
    visit("kind", self.kind);
    visit("generation", self.generation);
    visit("file", self.file);
    visit("label", self.label);
    visit("authentication", self.authentication);
    visit("recovery", self.recovery);
  }
};

struct Key {
  static constexpr std::string_view kSchema = "Key";
  std::uint64_t generation = 0;
  std::string recipient{};
  FixedBase64<32> signing_key{};
  std::optional<FixedBase64<64>> endorsement{};
  // Only when it is published: afterwards the log's event says them.
  std::optional<FixedBase64<32>> endorsing_key{};
  std::optional<FixedBase64<64>> countersignature{};
  std::optional<FixedBase64<104>> retirement{};
  static void fields(auto& self, auto& visit) {
    visit("generation", self.generation);
    visit("recipient", self.recipient);
    visit("signing_key", self.signing_key);
    visit("endorsement", self.endorsement);
    visit("endorsing_key", self.endorsing_key);
    visit("countersignature", self.countersignature);
    visit("retirement", self.retirement);
  }
};

struct Enrol {
  static constexpr std::string_view kSchema = "Enrol";
  Token token{};
  Language language{};
  Key key{};
  std::vector<NewSlot> slots{};
  static void fields(auto& self, auto& visit) {
    visit("token", self.token);
    visit("language", self.language);
    visit("key", self.key);
    visit("slots", self.slots);
  }
};

struct Prepare {
  static constexpr std::string_view kSchema = "Prepare";
  std::string address{};
  static void fields(auto& self, auto& visit) { visit("address", self.address); }
};

struct Prepared {
  static constexpr std::string_view kSchema = "Prepared";
  Base64 parameters{};
  Base64 challenge{};
  static void fields(auto& self, auto& visit) {
    visit("parameters", self.parameters);
    visit("challenge", self.challenge);
  }
};

struct Begin {
  static constexpr std::string_view kSchema = "Begin";
  std::string address{};
  Base64 authentication_key{};
  static void fields(auto& self, auto& visit) {
    visit("address", self.address);
    visit("authentication_key", self.authentication_key);
  }
};

struct Account {
  static constexpr std::string_view kSchema = "Account";
  AccountId id{};
  std::string address{};
  Roles roles{};
  AccountState state{};
  Language language{};
  std::optional<std::uint64_t> quota_bytes_max{};
  std::uint64_t used_bytes = 0;
  base::UnixTime created{};
  static void fields(auto& self, auto& visit) {
    visit("id", self.id);
    visit("address", self.address);
    visit("roles", self.roles);
    visit("state", self.state);
    visit("language", self.language);
    visit("quota_bytes_max", self.quota_bytes_max);
    visit("used_bytes", self.used_bytes);
    visit("created", self.created);
  }
};

struct Session {
  static constexpr std::string_view kSchema = "Session";
  SessionId id{};
  SessionKind kind{};
  std::vector<Scope> scopes{};
  std::optional<Base64> label{};
  base::UnixTime created{};
  base::UnixTime last_seen{};
  base::UnixTime expires{};
  static void fields(auto& self, auto& visit) {
    visit("id", self.id);
    visit("kind", self.kind);
    visit("scopes", self.scopes);
    visit("label", self.label);
    visit("created", self.created);
    visit("last_seen", self.last_seen);
    visit("expires", self.expires);
  }
};

struct Begun {
  static constexpr std::string_view kSchema = "Begun";
  Token token{};
  std::optional<FixedBase64<32>> key{};  // a server of 0.1.0 gives none
  Session session{};
  Account account{};
  static void fields(auto& self, auto& visit) {
    visit("token", self.token);
    visit("key", self.key);
    visit("session", self.session);
    visit("account", self.account);
  }
};

struct SetLanguage {
  static constexpr std::string_view kSchema = "SetLanguage";
  Language language{};
  static void fields(auto& self, auto& visit) { visit("language", self.language); }
};

}  // namespace sealift::client::api
