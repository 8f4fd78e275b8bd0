// Bodies of the API about recovery and lock-down, as the API's document has them;
// a test holds the two together.
//
// fields() lists a body's fields once, for reading, writing and that test. std::optional: may be
// absent. Values; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "client/api/slot_bodies.h"
#include "client/api/values.h"

namespace sealift::client::api {

struct AskRecovery {
  static constexpr std::string_view kSchema = "AskRecovery";
  AccountId account{};
  static void fields(auto& self, auto& visit) { visit("account", self.account); }
};

struct Recovery {
  static constexpr std::string_view kSchema = "Recovery";
  RecoveryId id{};
  AccountId account{};
  AccountId asked_by{};
  std::uint64_t approvals = 0;
  base::UnixTime created{};
  base::UnixTime not_before{};
  static void fields(auto& self, auto& visit) {
    visit("id", self.id);
    visit("account", self.account);
    visit("asked_by", self.asked_by);
    visit("approvals", self.approvals);
    visit("created", self.created);
    visit("not_before", self.not_before);
  }
};

struct Recoveries {
  static constexpr std::string_view kSchema = "Recoveries";
  std::vector<Recovery> recoveries{};
  static void fields(auto& self, auto& visit) { visit("recoveries", self.recoveries); }
};

struct Released {
  static constexpr std::string_view kSchema = "Released";
  Slot slot{};
  static void fields(auto& self, auto& visit) { visit("slot", self.slot); }
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
