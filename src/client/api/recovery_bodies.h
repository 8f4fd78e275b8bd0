// Bodies of the API about recovery and lock-down, as the API's document has them;
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
#include "client/api/slot_bodies.h"
#include "client/api/values.h"

namespace sealift::client::api {

struct AskRecovery {
  static constexpr std::string_view kSchema = "AskRecovery";
  AccountId account{};
  std::optional<std::string> recipient{};
  static void fields(auto& self, auto& visit) {
    visit("account", self.account);
    visit("recipient", self.recipient);
  }
};

struct GiveShare {
  static constexpr std::string_view kSchema = "GiveShare";
  Base64 share{};
  static void fields(auto& self, auto& visit) { visit("share", self.share); }
};

struct Recovery {
  static constexpr std::string_view kSchema = "Recovery";
  RecoveryId id{};
  AccountId account{};
  AccountId asked_by{};
  std::uint64_t approvals = 0;
  std::optional<std::uint64_t> approvals_needed{};
  std::optional<std::string> recipient{};
  std::optional<bool> in_shares{};
  std::optional<Base64> share{};  // the asking officer's own
  base::UnixTime created{};
  base::UnixTime not_before{};
  static void fields(auto& self, auto& visit) {
    visit("id", self.id);
    visit("account", self.account);
    visit("asked_by", self.asked_by);
    visit("approvals", self.approvals);
    visit("approvals_needed", self.approvals_needed);
    visit("recipient", self.recipient);
    visit("in_shares", self.in_shares);
    visit("share", self.share);
    visit("created", self.created);
    visit("not_before", self.not_before);
  }
};

struct Recoveries {
  static constexpr std::string_view kSchema = "Recoveries";
  std::vector<Recovery> recoveries{};
  static void fields(auto& self, auto& visit) { visit("recoveries", self.recoveries); }
};

// half and shares: of a slot in shares.
struct Released {
  static constexpr std::string_view kSchema = "Released";
  Slot slot{};
  std::optional<FixedBase64<32>> half{};
  std::optional<std::vector<Base64>> shares{};
  static void fields(auto& self, auto& visit) {
    visit("slot", self.slot);
    visit("half", self.half);
    visit("shares", self.shares);
  }
};

// About the caller's account. shares_needed: none where each officer opens the slot alone.
struct OwnRecovery {
  static constexpr std::string_view kSchema = "OwnRecovery";
  bool has_slot = false;
  std::uint64_t threshold = 0;
  std::vector<DirectoryEntry> officers{};
  std::vector<AccountId> shared_with{};
  std::optional<std::uint64_t> shares_needed{};
  std::optional<std::uint64_t> generation{};
  std::optional<Recovery> waiting{};
  std::optional<std::string> officer_set{};
  static void fields(auto& self, auto& visit) {
    visit("has_slot", self.has_slot);
    visit("threshold", self.threshold);
    visit("officers", self.officers);
    visit("shared_with", self.shared_with);
    visit("shares_needed", self.shares_needed);
    visit("generation", self.generation);
    visit("waiting", self.waiting);
    visit("officer_set", self.officer_set);
  }
};

// Signed by the organisation's key (parcel/officer_set.h).
struct SignOfficers {
  static constexpr std::string_view kSchema = "SignOfficers";
  std::string organisation_key{};
  std::string officer_set{};
  static void fields(auto& self, auto& visit) {
    visit("organisation_key", self.organisation_key);
    visit("officer_set", self.officer_set);
  }
};

struct Lockdown {
  static constexpr std::string_view kSchema = "Lockdown";
  bool is_locked = false;
  std::optional<LockdownId> id{};
  std::optional<base::UnixTime> locked{};
  std::optional<AccountId> locked_by{};
  std::optional<std::uint64_t> approvals{};
  std::optional<std::uint64_t> approvals_needed{};
  static void fields(auto& self, auto& visit) {
    visit("is_locked", self.is_locked);
    visit("id", self.id);
    visit("locked", self.locked);
    visit("locked_by", self.locked_by);
    visit("approvals", self.approvals);
    visit("approvals_needed", self.approvals_needed);
  }
};

struct LockdownRef {
  static constexpr std::string_view kSchema = "LockdownId";
  LockdownId id{};
  static void fields(auto& self, auto& visit) { visit("id", self.id); }
};

}  // namespace sealift::client::api
