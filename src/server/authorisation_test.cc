// Who may ask for what: the operation table against docs/security/who-may-ask.md, and the gate with
// every role, scope and state of the server. A right that changes is noticed here, whichever it is.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "server/operations.h"

namespace sealift::server {
namespace {

using catalog::Scope;

constexpr std::pair<Credential, std::string_view> kCredentials[] = {
    {Credential::none, "none"},
    {Credential::session, "session"},
    {Credential::link_proof, "link proof"},
    {Credential::request_proof, "request proof"},
    {Credential::ticket, "ticket"},
    {Credential::upload_key, "upload key"},
    {Credential::hand_in_key, "hand in key"},
    {Credential::host, "host"},
    {Credential::metrics_token, "metrics token"},
};
constexpr std::pair<AskedBy, std::string_view> kAskers[] = {
    {AskedBy::token, "-"},
    {AskedBy::login, "login"},
    {AskedBy::owner, "owner"},
    {AskedBy::bound_owner, "bound owner"},
};
constexpr std::pair<Role, std::string_view> kRoles[] = {
    {Role::any, "-"},
    {Role::administrator, "administrator"},
    {Role::recovery_officer, "recovery officer"},
    {Role::either, "administrator or recovery officer"},
};
constexpr std::pair<Scope, std::string_view> kScopes[] = {
    {Scope::account, "account"},
    {Scope::parcels_read, "parcels read"},
    {Scope::parcels_write, "parcels write"},
    {Scope::requests, "requests"},
    {Scope::administration, "administration"},
    {Scope::metrics, "metrics"},
};
constexpr std::pair<Rate, std::string_view> kRates[] = {
    {Rate::free, "free"},     {Rate::ordinary, "ordinary"}, {Rate::guessing, "guessing"},
    {Rate::costly, "costly"}, {Rate::recorded, "recorded"}, {Rate::stream, "stream"},
};

template <typename Key, std::size_t kSize>
std::string word(const std::pair<Key, std::string_view> (&words)[kSize], Key key) {
  for (const auto& [each, text] : words) {
    if (each == key) return std::string(text);
  }
  return "?";
}

std::string row_of(const Operation& operation) {
  std::string taken;
  for (const auto& [credential, text] : kCredentials) {
    if (!operation.credentials.has(credential)) continue;
    taken.append(taken.empty() ? "" : ", ").append(text);
  }
  const bool has_scope = operation.credentials.has(Credential::session);
  std::string row = "| `";
  row.append(operation.name).append("` | ");
  row.append(operation.effect == Effect::reads ? "reads" : "writes").append(" | ");
  row.append(taken).append(" | ").append(word(kAskers, operation.asked_by)).append(" | ");
  row.append(word(kRoles, operation.role)).append(" | ");
  row.append(has_scope ? word(kScopes, operation.scope) : "-").append(" | ");
  row.append(operation.in_lockdown == InLockdown::answered ? "answered" : "refused").append(" | ");
  row.append(word(kRates, operation.rate)).append(" | ");
  return row.append(std::to_string(body_bytes_max(operation) >> 10)).append(" |");
}

TEST(AuthorisationTest, TheTableIsWhatThePageSays) {
  std::ifstream page(std::string(std::getenv("SEALIFT_SOURCE_DIR")) +
                     "/docs/security/who-may-ask.md");
  std::vector<std::string> written;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("| `")) written.push_back(line);
  }
  ASSERT_EQ(written.size(), operations().size());
  for (std::size_t i = 0; i < written.size(); ++i) {
    EXPECT_EQ(written[i], row_of(operations()[i]));
  }
}

bool is_enough(Role role, const catalog::Roles& roles) {
  if (role == Role::any) return true;
  if (role == Role::either) return roles.administrator || roles.recovery_officer;
  return role == Role::administrator ? roles.administrator : roles.recovery_officer;
}

Caller somebody(const catalog::Roles& roles, catalog::Scopes scopes) {
  catalog::LiveSession live;
  live.roles = roles;
  live.session.scopes = scopes;
  return {Credential::session, live};
}

// Route by role by scope by state: a session gets through with the role, the scope and an open
// server (or a row that says otherwise), and not with less.
TEST(AuthorisationTest, ASessionNeedsTheRoleTheScopeAndTheState) {
  std::size_t permitted_count = 0;
  std::size_t asked = 0;
  for (const Operation& operation : operations()) {
    if (!operation.credentials.has(Credential::session)) continue;
    for (unsigned roles = 0; roles < 4; ++roles) {
      const catalog::Roles held{.administrator = (roles & 1U) != 0,
                                .recovery_officer = (roles & 2U) != 0};
      for (const auto& [scope, text] : kScopes) {
        for (const ServerState state : {ServerState::open, ServerState::locked_down}) {
          const Caller caller = somebody(held, catalog::Scopes().with(scope));
          const bool may = is_enough(operation.role, held) && scope == operation.scope;
          const bool is_refused =
              state == ServerState::locked_down && operation.in_lockdown == InLockdown::refused;
          const Verdict due = !may         ? Verdict::forbidden
                              : is_refused ? Verdict::locked_down
                                           : Verdict::permitted;
          const Verdict verdict = permitted(operation, caller, state);
          EXPECT_EQ(verdict, due) << operation.name << " roles " << roles << " scope " << text;
          permitted_count += verdict == Verdict::permitted ? 1 : 0;
          ++asked;
        }
      }
    }
  }
  EXPECT_GT(asked, 2000U);
  EXPECT_GT(permitted_count, 150U);
}

}  // namespace
}  // namespace sealift::server
