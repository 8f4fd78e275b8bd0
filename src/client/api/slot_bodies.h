// Bodies of the API about sessions, slots and the key directory, as the API's document has them;
// a test holds the two together.
// fields() lists a body's fields once, for reading, writing and that test. std::optional: may be
// absent. Values; any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "client/api/account_bodies.h"
#include "client/api/values.h"

namespace sealift::client::api {

struct Sessions {
  static constexpr std::string_view kSchema = "Sessions";
  std::vector<Session> sessions{};
  static void fields(auto& self, auto& visit) { visit("sessions", self.sessions); }
};

struct NewToken {
  static constexpr std::string_view kSchema = "NewToken";
  std::vector<Scope> scopes{};
  std::optional<Base64> label{};
  std::chrono::milliseconds lifetime_ms{};
  static void fields(auto& self, auto& visit) {
    visit("scopes", self.scopes);
    visit("label", self.label);
    visit("lifetime_ms", self.lifetime_ms);
  }
};

struct IssuedToken {
  static constexpr std::string_view kSchema = "IssuedToken";
  Token token{};
  Session session{};
  static void fields(auto& self, auto& visit) {
    visit("token", self.token);
    visit("session", self.session);
  }
};

struct ChangePassword {
  static constexpr std::string_view kSchema = "ChangePassword";
  Base64 authentication_key{};
  SlotId slot{};
  std::uint64_t expected_revision = 0;
  NewSlot replacement{};
  std::optional<std::vector<SlotId>> ends{};  // neither of them for a server of 0.1.0
  std::optional<NewSlot> paper_key{};
  static void fields(auto& self, auto& visit) {
    visit("authentication_key", self.authentication_key);
    visit("slot", self.slot);
    visit("expected_revision", self.expected_revision);
    visit("replacement", self.replacement);
    visit("ends", self.ends);
    visit("paper_key", self.paper_key);
  }
};

// docs/formats/account.md, Acts; client/account/acting.h makes and checks them.
struct Act {
  static constexpr std::string_view kSchema = "Act";
  std::uint64_t revision = 0;
  std::uint64_t generation = 0;
  std::string operation{};
  std::optional<AccountId> target{};
  FixedBase64<32> body{};
  FixedBase64<32> previous{};
  FixedBase64<32> slots{};
  FixedBase64<32> challenge{};
  FixedBase64<64> signature{};
  base::UnixTime happened{};
  static void fields(auto& self, auto& visit) {
    visit("revision", self.revision);
    visit("generation", self.generation);
    visit("operation", self.operation);
    visit("target", self.target);
    visit("body", self.body);
    visit("previous", self.previous);
    visit("slots", self.slots);
    visit("challenge", self.challenge);
    visit("signature", self.signature);
    visit("happened", self.happened);
  }
};

struct NextAct {
  static constexpr std::string_view kSchema = "NextAct";
  std::uint64_t revision = 0;
  FixedBase64<32> previous{};
  FixedBase64<32> challenge{};
  static void fields(auto& self, auto& visit) {
    visit("revision", self.revision);
    visit("previous", self.previous);
    visit("challenge", self.challenge);
  }
};

struct FirstAct {
  static constexpr std::string_view kSchema = "FirstAct";
  AccountId account{};
  std::uint64_t revision = 0;
  FixedBase64<32> previous{};
  FixedBase64<32> challenge{};
  static void fields(auto& self, auto& visit) {
    visit("account", self.account);
    visit("revision", self.revision);
    visit("previous", self.previous);
    visit("challenge", self.challenge);
  }
};

struct Acts {
  static constexpr std::string_view kSchema = "Acts";
  std::vector<Act> acts{};
  NextAct next{};
  static void fields(auto& self, auto& visit) {
    visit("acts", self.acts);
    visit("next", self.next);
  }
};

struct Slot {
  static constexpr std::string_view kSchema = "Slot";
  SlotId id{};
  SlotKind kind{};
  std::uint64_t generation = 0;
  std::uint64_t revision = 0;
  Base64 file{};
  std::optional<Base64> label{};
  base::UnixTime created{};
  static void fields(auto& self, auto& visit) {
    visit("id", self.id);
    visit("kind", self.kind);
    visit("generation", self.generation);
    visit("revision", self.revision);
    visit("file", self.file);
    visit("label", self.label);
    visit("created", self.created);
  }
};

struct Slots {
  static constexpr std::string_view kSchema = "Slots";
  std::vector<Slot> slots{};
  static void fields(auto& self, auto& visit) { visit("slots", self.slots); }
};

struct ReplaceSlot {
  static constexpr std::string_view kSchema = "ReplaceSlot";
  std::uint64_t expected_revision = 0;
  NewSlot replacement{};
  static void fields(auto& self, auto& visit) {
    visit("expected_revision", self.expected_revision);
    visit("replacement", self.replacement);
  }
};

struct RotatedSlot {
  static constexpr std::string_view kSchema = "RotatedSlot";
  SlotId slot{};
  std::uint64_t expected_revision = 0;
  NewSlot replacement{};
  static void fields(auto& self, auto& visit) {
    visit("slot", self.slot);
    visit("expected_revision", self.expected_revision);
    visit("replacement", self.replacement);
  }
};

struct Rotate {
  static constexpr std::string_view kSchema = "Rotate";
  Key key{};
  std::vector<RotatedSlot> slots{};
  static void fields(auto& self, auto& visit) {
    visit("key", self.key);
    visit("slots", self.slots);
  }
};

struct Created {
  static constexpr std::string_view kSchema = "Created";
  SlotId id{};
  static void fields(auto& self, auto& visit) { visit("id", self.id); }
};

struct DirectoryEntry {
  static constexpr std::string_view kSchema = "DirectoryEntry";
  AccountId account{};
  Key key{};
  EventId event{};
  std::optional<std::uint64_t> log_index{};
  std::optional<std::string> proof{};
  std::optional<Base64> salt{};
  std::optional<Base64> opening{};
  std::optional<std::string> lookup{};
  std::optional<Base64> statement{};
  base::UnixTime created{};
  static void fields(auto& self, auto& visit) {
    visit("account", self.account);
    visit("key", self.key);
    visit("event", self.event);
    visit("log_index", self.log_index);
    visit("proof", self.proof);
    visit("salt", self.salt);
    visit("opening", self.opening);
    visit("lookup", self.lookup);
    visit("statement", self.statement);
    visit("created", self.created);
  }
};

struct EnrolmentOffer {
  static constexpr std::string_view kSchema = "EnrolmentOffer";
  std::optional<AccountId> account{};
  Base64 parameters{};
  std::string address{};
  Roles roles{};
  base::UnixTime expires{};
  std::optional<std::string> lookup{};
  std::vector<DirectoryEntry> recovery_officers{};
  std::optional<std::uint64_t> recovery_threshold{};  // 0.1.0 knows no shares, and no acts
  std::optional<FirstAct> act{};
  std::optional<std::string> officer_set{};
  static void fields(auto& self, auto& visit) {
    visit("account", self.account);
    visit("parameters", self.parameters);
    visit("address", self.address);
    visit("roles", self.roles);
    visit("expires", self.expires);
    visit("lookup", self.lookup);
    visit("recovery_officers", self.recovery_officers);
    visit("recovery_threshold", self.recovery_threshold);
    visit("act", self.act);
    visit("officer_set", self.officer_set);
  }
};

struct Directory {
  static constexpr std::string_view kSchema = "Directory";
  std::vector<DirectoryEntry> entries{};
  static void fields(auto& self, auto& visit) { visit("entries", self.entries); }
};

}  // namespace sealift::client::api
