// Bodies of the API about administration, recovery, lock-down and custody, as the document has
// them; a test holds the two together.
//
// fields() lists a body's fields once, for reading, writing and that test. std::optional: may be
// absent. Values; any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "client/api/account_bodies.h"
#include "client/api/values.h"

namespace sealift::client::api {

struct CustodyEvent {
  static constexpr std::string_view kSchema = "CustodyEvent";
  EventId id{};
  std::optional<std::uint64_t> log_index{};
  base::UnixTime happened{};
  std::optional<AccountId> account{};
  std::optional<ParcelId> parcel{};
  std::string kind{};
  std::optional<Base64> statement{};
  static void fields(auto& self, auto& visit) {
    visit("id", self.id);
    visit("log_index", self.log_index);
    visit("happened", self.happened);
    visit("account", self.account);
    visit("parcel", self.parcel);
    visit("kind", self.kind);
    visit("statement", self.statement);
  }
};

struct CustodyEvents {
  static constexpr std::string_view kSchema = "CustodyEvents";
  std::vector<CustodyEvent> events{};
  std::optional<Cursor> next{};
  static void fields(auto& self, auto& visit) {
    visit("events", self.events);
    visit("next", self.next);
  }
};

struct Policy {
  static constexpr std::string_view kSchema = "Policy";
  std::uint64_t revision = 0;
  std::chrono::milliseconds parcel_lifetime_ms_default{};
  std::chrono::milliseconds parcel_lifetime_ms_max{};
  std::uint64_t parcel_size_bytes_max = 0;
  std::uint64_t account_quota_bytes_max = 0;
  std::optional<std::uint64_t> link_opens_max{};
  LinkRule links{};
  PassphraseRule link_passphrase{};
  std::vector<std::string> recipient_domains{};
  std::chrono::milliseconds record_retention_ms{};
  std::chrono::milliseconds session_lifetime_ms_max{};
  std::chrono::milliseconds session_idle_ms_max{};
  std::chrono::milliseconds recovery_delay_ms_min{};
  LockdownHalves lockdown_halves{};
  std::optional<std::chrono::milliseconds> proposal_delay_ms_min{};  // a server of 0.1.0 has none
  static void fields(auto& self, auto& visit) {
    visit("revision", self.revision);
    visit("parcel_lifetime_ms_default", self.parcel_lifetime_ms_default);
    visit("parcel_lifetime_ms_max", self.parcel_lifetime_ms_max);
    visit("parcel_size_bytes_max", self.parcel_size_bytes_max);
    visit("account_quota_bytes_max", self.account_quota_bytes_max);
    visit("link_opens_max", self.link_opens_max);
    visit("links", self.links);
    visit("link_passphrase", self.link_passphrase);
    visit("recipient_domains", self.recipient_domains);
    visit("record_retention_ms", self.record_retention_ms);
    visit("session_lifetime_ms_max", self.session_lifetime_ms_max);
    visit("session_idle_ms_max", self.session_idle_ms_max);
    visit("recovery_delay_ms_min", self.recovery_delay_ms_min);
    visit("lockdown_halves", self.lockdown_halves);
    visit("proposal_delay_ms_min", self.proposal_delay_ms_min);
  }
};

struct Invite {
  static constexpr std::string_view kSchema = "Invite";
  std::string address{};
  Roles roles{};
  std::chrono::milliseconds lifetime_ms{};
  static void fields(auto& self, auto& visit) {
    visit("address", self.address);
    visit("roles", self.roles);
    visit("lifetime_ms", self.lifetime_ms);
  }
};

struct Invited {
  static constexpr std::string_view kSchema = "Invited";
  EnrolmentId id{};
  Token token{};
  base::UnixTime expires{};
  static void fields(auto& self, auto& visit) {
    visit("id", self.id);
    visit("token", self.token);
    visit("expires", self.expires);
  }
};

struct Enrolment {
  static constexpr std::string_view kSchema = "";
  EnrolmentId id{};
  std::string address{};
  Roles roles{};
  std::optional<AccountId> invited_by{};
  base::UnixTime created{};
  base::UnixTime expires{};
  static void fields(auto& self, auto& visit) {
    visit("id", self.id);
    visit("address", self.address);
    visit("roles", self.roles);
    visit("invited_by", self.invited_by);
    visit("created", self.created);
    visit("expires", self.expires);
  }
};

struct Enrolments {
  static constexpr std::string_view kSchema = "Enrolments";
  std::vector<Enrolment> enrolments{};
  static void fields(auto& self, auto& visit) { visit("enrolments", self.enrolments); }
};

struct Accounts {
  static constexpr std::string_view kSchema = "Accounts";
  std::vector<Account> accounts{};
  std::optional<Cursor> next{};
  static void fields(auto& self, auto& visit) {
    visit("accounts", self.accounts);
    visit("next", self.next);
  }
};

struct SetState {
  static constexpr std::string_view kSchema = "SetState";
  AccountState state{};
  static void fields(auto& self, auto& visit) { visit("state", self.state); }
};

struct SetQuota {
  static constexpr std::string_view kSchema = "SetQuota";
  std::optional<std::uint64_t> quota_bytes_max{};
  static void fields(auto& self, auto& visit) { visit("quota_bytes_max", self.quota_bytes_max); }
};

// A change that waits: of an account's roles, or else of settings of the policy.
struct Setting {
  static constexpr std::string_view kSchema = "";
  std::string name{};
  std::string value{};
  static void fields(auto& self, auto& visit) {
    visit("name", self.name);
    visit("value", self.value);
  }
};

struct Proposal {
  static constexpr std::string_view kSchema = "Proposal";
  ProposalId id{};
  AccountId proposed_by{};
  std::optional<std::string> proposer{};  // the address
  base::UnixTime proposed{};
  std::optional<AccountId> account{};
  std::optional<std::string> address{};
  std::optional<Roles> roles{};
  std::optional<std::vector<Setting>> settings{};
  std::optional<AccountId> confirmed_by{};
  std::optional<base::UnixTime> not_before{};  // none: another administrator has to confirm it
  static void fields(auto& self, auto& visit) {
    visit("id", self.id);
    visit("proposed_by", self.proposed_by);
    visit("proposer", self.proposer);
    visit("proposed", self.proposed);
    visit("account", self.account);
    visit("address", self.address);
    visit("roles", self.roles);
    visit("settings", self.settings);
    visit("confirmed_by", self.confirmed_by);
    visit("not_before", self.not_before);
  }
};

struct Proposals {
  static constexpr std::string_view kSchema = "Proposals";
  std::vector<Proposal> proposals{};
  static void fields(auto& self, auto& visit) { visit("proposals", self.proposals); }
};

struct Usage {
  static constexpr std::string_view kSchema = "Usage";
  std::uint64_t accounts = 0;
  std::uint64_t parcels = 0;
  std::uint64_t used_bytes = 0;
  std::uint64_t free_bytes = 0;
  std::uint64_t mails_waiting = 0;
  std::uint64_t mails_given_up = 0;
  static void fields(auto& self, auto& visit) {
    visit("accounts", self.accounts);
    visit("parcels", self.parcels);
    visit("used_bytes", self.used_bytes);
    visit("free_bytes", self.free_bytes);
    visit("mails_waiting", self.mails_waiting);
    visit("mails_given_up", self.mails_given_up);
  }
};

}  // namespace sealift::client::api
