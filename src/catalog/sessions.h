// Sessions: logins and API tokens. What the bearer holds is 256 random bits; here is its hash.
#pragma once

#include <vector>

#include "catalog/accounts.h"

namespace sealift::catalog {

enum class SessionKind : std::uint8_t { login = 1, api_token = 2 };

// What an API token may do, by group of operations. A login has every scope.
enum class Scope : std::uint8_t {
  account = 0,
  parcels_read = 1,
  parcels_write = 2,
  requests = 3,
  administration = 4,
  metrics = 5,
};

class Scopes {
 public:
  constexpr Scopes() = default;
  constexpr explicit Scopes(std::uint32_t bits) : bits_(bits) {}
  static constexpr Scopes all() { return Scopes(0x3f); }

  constexpr Scopes with(Scope scope) const { return Scopes(bits_ | bit(scope)); }
  constexpr bool has(Scope scope) const { return (bits_ & bit(scope)) != 0; }
  constexpr std::uint32_t bits() const { return bits_; }
  friend constexpr bool operator==(const Scopes&, const Scopes&) = default;

 private:
  static constexpr std::uint32_t bit(Scope scope) {
    return std::uint32_t{1} << static_cast<std::uint32_t>(scope);
  }
  std::uint32_t bits_ = 0;
};

struct Session {
  SessionId id{};
  AccountId account{};
  SessionKind kind = SessionKind::login;
  bool is_bound = false;  // its requests prove the session's key too: the token alone is nothing
  Scopes scopes{};
  base::Bytes sealed_label{};  // of an API token or device, sealed by the owner's client
  base::UnixTime created{};
  base::UnixTime last_seen{};
  base::UnixTime expires{};                 // whatever happens
  std::chrono::milliseconds idle_ms_max{};  // unused for longer, it is over
};

// A session that is good at the time asked for, with what the gate needs to know of its account.
struct LiveSession {
  Session session{};
  Roles roles{};
  Language language = Language::english;
};

class Sessions {
 public:
  virtual ~Sessions() = default;

  virtual base::Result<Insert> add(const Session& session, const TokenHash& token) = 0;
  // nullopt: unknown, ended, expired, idle for too long, or the account is not active.
  virtual base::Result<std::optional<LiveSession>> find_live(const TokenHash& token,
                                                             base::UnixTime now) const = 0;
  // Notes the use. A caller that does it at most once a minute keeps reads free of writes.
  virtual base::Result<void> touch(const SessionId& id, base::UnixTime now) = 0;
  virtual base::Result<std::vector<Session>> list(const AccountId& account) const = 0;
  virtual base::Result<Change> end(const AccountId& account, const SessionId& id) = 0;
  virtual base::Result<std::uint64_t> end_all_of(const AccountId& account,
                                                 const std::optional<SessionId>& except) = 0;
  // All of everybody, tokens included: lock-down.
  virtual base::Result<std::uint64_t> end_all() = 0;
  virtual base::Result<std::uint64_t> remove_expired(base::UnixTime now) = 0;
};

}  // namespace sealift::catalog
