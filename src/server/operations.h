// The table of everything that anyone can ask of the server, by whatever protocol.
//
// One row an operation: what it does, which credentials it takes, whether a locked-down server
// still answers it, what the log says of it, how it is slowed down, and its route in the REST API.
// The front finds the row, the vault's gate (permitted) judges by it, and nothing else grants
// anything: an operation that isn't here doesn't exist, and one that is can't forget a rule.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>

#include "catalog/sessions.h"
#include "http/router.h"

namespace sealift::server {

enum class Effect : std::uint8_t { reads, writes };

// What a request can prove itself with. The vault checks the proof; the table says which ones
// count.
enum class Credential : std::uint8_t {
  none = 0,           // nothing: anyone
  session = 1,        // a login or an API token of an active account
  link_proof = 2,     // of a link's secret
  request_proof = 3,  // of a file request's secret
  ticket = 4,         // of an opening: the right to go on with one download
  upload_key = 5,     // of one upload: the right to go on with it, and to finish its parcel
  hand_in_key = 6,    // of one parcel that an outsider is handing in
  host = 7,           // whoever may read the data folder: the command line on the machine itself
  metrics_token = 8,  // of the server itself, for its monitoring: no account's
};

class Credentials {
 public:
  constexpr Credentials() = default;
  constexpr Credentials(std::initializer_list<Credential> all) {
    for (const Credential each : all) bits_ |= bit(each);
  }
  constexpr bool has(Credential credential) const { return (bits_ & bit(credential)) != 0; }
  constexpr bool is_only(Credential credential) const { return bits_ == bit(credential); }

 private:
  static constexpr std::uint16_t bit(Credential credential) {
    return static_cast<std::uint16_t>(1U << static_cast<unsigned>(credential));
  }
  std::uint16_t bits_ = 0;
};

// The role that a session needs on top.
enum class Role : std::uint8_t { any, administrator, recovery_officer, either };

// How much it takes to be its session. token: an API token does, where it has the scope. login: a
// login alone. owner: a login, and a signature by the account's newest key (parcel/account_act.h):
// what changes ways in, keys or tokens. bound_owner: the same, for roles, invitations, the policy
// and the steps of a recovery, which a login without a key does as in 0.1.0, whose clients sign
// nothing.
enum class AskedBy : std::uint8_t { token, login, owner, bound_owner };

enum class InLockdown : std::uint8_t { refused, answered };

// How a caller is slowed down. `guessing`: growing delays by account and address on failures;
// `costly`: few a minute; `recorded`: so many an hour, for what adds to the log without end;
// `stream`: by bandwidth and number at once; `free`: not at all.
enum class Rate : std::uint8_t { free, ordinary, guessing, costly, recorded, stream };

// As the API has them: "administrator", ...; of either both, joined.
std::string_view role_name(Role role);
bool has_role(Role role, const catalog::Roles& roles);
struct ScopeName {
  catalog::Scope scope;
  std::string_view word;
};
// Every scope.
std::span<const ScopeName> scope_names();
std::string_view scope_name(catalog::Scope scope);

// How long an answer takes. brief: it reads some rows of the catalog, so few that another thread
// would cost more than they do; any: it may block.
enum class Effort : std::uint8_t { any, brief };

// The custody event that stands in the log for it, by number: never renumber, never reuse.
enum class Logged : std::uint8_t {
  nothing = 0,
  account_invited = 1,
  account_enrolled = 2,
  session_begun = 3,
  token_issued = 4,
  sessions_ended = 5,
  slots_changed = 6,
  key_published = 7,
  parcel_created = 8,
  parcel_completed = 9,
  parcel_opened = 10,
  parcel_received = 11,
  parcel_recalled = 12,
  recipients_changed = 13,
  link_created = 14,
  link_revoked = 15,
  request_created = 16,
  request_closed = 17,
  parcel_handed_in = 18,
  account_changed = 19,
  policy_changed = 20,
  recovery_asked = 21,
  recovery_approved = 22,
  recovery_released = 23,
  recovery_cancelled = 24,
  locked_down = 25,
  reopening_approved = 26,
  reopened = 27,
  backed_up = 28,
  web_client_served = 29,
  records_erased = 30,
  parcel_lost = 31,  // its bytes are gone from the disk
  restored = 32,     // from a backup
  reopen_key_made = 33,
  clock_held = 34,  // the machine's clock jumped ahead; nothing expires by it
  clock_accepted = 35,
  proposal_made = 36,  // a change that waits for another administrator and a delay
  proposal_confirmed = 37,
  proposal_withdrawn = 38,
  officers_signed = 39,  // by the organisation's key
  expiry_changed = 40,
};
std::string_view logged_name(Logged event);

struct HttpRoute {
  http::Method method = http::Method::get;
  std::string_view pattern{};  // empty: not in the REST API
};

struct Operation {
  std::string_view name;  // "parcel.create": in logs, metrics and the API's document; never rename
  Effect effect = Effect::reads;
  Credentials credentials{};
  Role role = Role::any;
  catalog::Scope scope = catalog::Scope::account;  // that an API token needs
  InLockdown in_lockdown = InLockdown::refused;
  Logged logged = Logged::nothing;
  Rate rate = Rate::ordinary;
  Effort effort = Effort::any;
  AskedBy asked_by = AskedBy::token;
  HttpRoute route{};
  std::size_t body_bytes_max = 0;  // 0: by what it takes, see below
};

// The largest body that the operation takes. Without another number in the table: little from who
// proves nothing before it is read, and as much as a frame holds from others.
std::size_t body_bytes_max(const Operation& operation);

std::span<const Operation> operations();

// By name; nullptr when there is none.
const Operation* find_operation(std::string_view name);

// The REST API's routes, for http::find_route; a route's number is its row in operations().
std::span<const http::Route> rest_routes();

// Who asks, once its proof was checked.
struct Caller {
  Credential credential = Credential::none;
  std::optional<catalog::LiveSession> session{};  // with Credential::session
};

enum class ServerState : std::uint8_t { open, locked_down };

enum class Verdict : std::uint8_t {
  permitted,
  log_in_first,  // the credential isn't one that this operation takes
  forbidden,     // the caller is known, and lacks role or scope
  locked_down,
};

// Whether clients sign it with the account's key.
bool is_owners(const Operation& operation);

// The gate. Whose parcel it is, what the policy says and how much room is left, the operation
// itself judges after that. Pure.
Verdict permitted(const Operation& operation, const Caller& caller, ServerState state);

}  // namespace sealift::server
