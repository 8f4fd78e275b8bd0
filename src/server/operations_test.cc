#include "server/operations.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "base/limits.h"

namespace sealift::server {
namespace {

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::ranges::find(names, name) != names.end();
}

TEST(OperationsTest, NamesAreUniqueAndSpelledAlike) {
  std::set<std::string_view> names;
  for (const Operation& operation : operations()) {
    EXPECT_TRUE(names.insert(operation.name).second) << operation.name;
    EXPECT_EQ(std::ranges::count(operation.name, '.'), 1) << operation.name;
    EXPECT_EQ(operation.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_."),
              std::string_view::npos)
        << operation.name;
    EXPECT_EQ(find_operation(operation.name), &operation);
  }
  EXPECT_EQ(find_operation("parcel.open_for_anyone"), nullptr);
}

// A new public operation is a decision: it is made here too.
TEST(OperationsTest, WhatAnyoneMayAskIsThisAndNoMore) {
  std::set<std::string> open;
  for (const Operation& operation : operations())
    if (operation.credentials.has(Credential::none)) open.emplace(operation.name);
  EXPECT_EQ(open, (std::set<std::string>{"server.describe", "server.document", "health.live",
                                         "health.ready", "enrolment.look", "enrolment.take",
                                         "session.prepare", "session.begin", "upload.describe",
                                         "link.look", "request.look", "log.checkpoint", "log.tile",
                                         "directory.checkpoint", "directory.tile"}));
}

TEST(OperationsTest, NoneTakesNoCredentialAtAll) {
  for (const Operation& operation : operations()) {
    bool takes_any = false;
    for (int each = 0; each <= static_cast<int>(Credential::metrics_token); ++each)
      takes_any = takes_any || operation.credentials.has(static_cast<Credential>(each));
    EXPECT_TRUE(takes_any) << operation.name << " can be asked by nobody";
  }
}

TEST(OperationsTest, WhoeverMustProveASecretIsSlowedDownWhenGuessing) {
  for (const Operation& operation : operations()) {
    const bool takes_a_guess = operation.credentials.has(Credential::link_proof) ||
                               operation.credentials.has(Credential::request_proof) ||
                               (operation.credentials.has(Credential::none) &&
                                operation.route.method == http::Method::post);
    if (takes_a_guess) {
      EXPECT_EQ(operation.rate, Rate::guessing) << operation.name;
    }
  }
}

// Every entry of the log stays, so that what adds one can't be asked for without end.
TEST(OperationsTest, WhatAddsToTheLogIsLimitedByItsRateOrByWhatItEnds) {
  // Each of these needs something that was made before, which it ends or which it can be done to
  // once; or an administrator.
  const std::set<std::string_view> kBounded = {"session.end",
                                               "session.end_other",
                                               "parcel.complete",
                                               "parcel.recall",
                                               "parcel.revoke_recipient",
                                               "opening.add_receipt",
                                               "link.revoke",
                                               "request.close",
                                               "recovery.approve",
                                               "recovery.give_share",
                                               "recovery.release",
                                               "recovery.cancel",
                                               "admin.withdraw_enrolment",
                                               "admin.set_state",
                                               "admin.set_roles",
                                               "admin.set_quota",
                                               "admin.end_sessions",
                                               "lockdown.lock",
                                               "lockdown.approve_reopening",
                                               "lockdown.reopen"};
  for (const Operation& operation : operations()) {
    if (operation.logged == Logged::nothing || operation.credentials.is_only(Credential::host) ||
        kBounded.contains(operation.name)) {
      continue;
    }
    const bool is_limited = operation.rate == Rate::recorded || operation.rate == Rate::costly ||
                            operation.rate == Rate::guessing;
    EXPECT_TRUE(is_limited) << operation.name;
  }
}

TEST(OperationsTest, WhoProvesNothingSendsLittle) {
  for (const Operation& operation : operations()) {
    const bool is_unproved = operation.credentials.has(Credential::none) ||
                             operation.credentials.has(Credential::link_proof) ||
                             operation.credentials.has(Credential::request_proof);
    if (!is_unproved || operation.name == "enrolment.take") continue;
    EXPECT_LE(body_bytes_max(operation), 4096U) << operation.name;
  }
  EXPECT_LE(body_bytes_max(*find_operation("enrolment.take")), std::size_t{192} << 10);
  EXPECT_EQ(body_bytes_max(*find_operation("parcel.create")), limits::kJsonBodySizeMax);
}

// A token that was copied, and one that a program was given, changes no way into an account.
TEST(OperationsTest, WhatChangesAnAccountOrTheRulesTheOwnerSigns) {
  std::set<std::string_view> signed_ones;
  for (const Operation& operation : operations())
    if (is_owners(operation)) signed_ones.insert(operation.name);
  EXPECT_EQ(signed_ones,
            (std::set<std::string_view>{
                "enrolment.take", "token.issue", "account.change_password", "account.publish_key",
                "account.rotate", "slot.add", "slot.replace", "slot.remove", "policy.replace",
                "admin.invite", "admin.set_roles", "recovery.ask", "recovery.approve",
                "recovery.give_share", "recovery.release", "recovery.cancel", "proposal.confirm",
                "proposal.withdraw", "officers.sign"}));
  for (const Operation& operation : operations()) {
    if (operation.name.starts_with("slot.") || operation.name == "account.publish_key" ||
        operation.name == "account.rotate" || operation.name == "account.change_password") {
      EXPECT_NE(operation.asked_by, AskedBy::token) << operation.name;
      EXPECT_EQ(operation.scope, catalog::Scope::account) << operation.name;
    }
  }
}

TEST(OperationsTest, AnApiTokenOfEveryScopeReachesNoSlotAndNoKey) {
  Caller token{Credential::session, catalog::LiveSession{}};
  token.session->session.kind = catalog::SessionKind::api_token;
  token.session->session.scopes = catalog::Scopes::all();
  Caller login = token;
  login.session->session.kind = catalog::SessionKind::login;
  for (const char* name :
       {"slot.list", "slot.add", "slot.replace", "slot.remove", "token.issue",
        "account.change_password", "account.publish_key", "account.rotate", "act.list"}) {
    const Operation& operation = *find_operation(name);
    EXPECT_EQ(permitted(operation, token, ServerState::open), Verdict::forbidden) << name;
    EXPECT_EQ(permitted(operation, login, ServerState::open), Verdict::permitted) << name;
  }
}

// Looking is not taking: no link scanner, prefetch or history changes anything.
TEST(OperationsTest, GetHeadAndOptionsOnlyRead) {
  for (const Operation& operation : operations()) {
    const http::Method method = operation.route.method;
    if (method == http::Method::get || method == http::Method::head ||
        method == http::Method::options) {
      EXPECT_TRUE(operation.effect == Effect::reads || operation.route.pattern.empty())
          << operation.name;
    }
  }
}

TEST(OperationsTest, DuringLockdownOnlyLoggingInAndOutLockingAndReopeningWrite) {
  for (const Operation& operation : operations()) {
    if (operation.effect == Effect::reads || operation.in_lockdown == InLockdown::refused) continue;
    EXPECT_TRUE(operation.name.starts_with("lockdown.") ||
                is_one_of(operation.name,
                          {"session.begin", "session.end", "host.lock", "host.serve",
                           "host.end_lost", "host.restore", "host.make_reopen_key", "host.reopen",
                           "host.hold_clock", "host.accept_clock", "host.make_metrics_token"}))
        << operation.name;
  }
}

TEST(OperationsTest, DuringLockdownNothingOfAParcelIsGivenOut) {
  for (const Operation& operation : operations()) {
    const std::string_view of = operation.name.substr(0, operation.name.find('.'));
    if (!is_one_of(of, {"parcel", "opening", "link", "request", "slot", "recovery"})) continue;
    if (operation.name == "slot.list") continue;  // to log in with, or nobody could reopen
    EXPECT_EQ(operation.in_lockdown, InLockdown::refused) << operation.name;
  }
}

TEST(OperationsTest, DuringLockdownAnAdministratorCanLogInAndReopen) {
  for (const char* name : {"session.prepare", "session.begin", "slot.list", "account.read",
                           "lockdown.approve_reopening", "lockdown.reopen"}) {
    EXPECT_EQ(find_operation(name)->in_lockdown, InLockdown::answered) << name;
  }
}

TEST(OperationsTest, EvidenceAndHealthAreReadableDuringLockdown) {
  for (const char* name : {"log.checkpoint", "log.tile", "log.prove", "custody.list",
                           "lockdown.read", "health.live", "health.ready", "metrics.read"}) {
    ASSERT_NE(find_operation(name), nullptr) << name;
    EXPECT_EQ(find_operation(name)->in_lockdown, InLockdown::answered) << name;
  }
}

// Whatever changes who may read, or gives something out, leaves a leaf in the log.
TEST(OperationsTest, WritesAreLoggedUnlessTheyChangeNobodysReach) {
  for (const Operation& operation : operations()) {
    if (operation.effect == Effect::reads || operation.logged != Logged::nothing) continue;
    EXPECT_TRUE(is_one_of(
        operation.name, {"session.end", "account.set_language", "parcel.put_part", "upload.create",
                         "upload.append", "upload.terminate", "host.make_metrics_token"}))
        << operation.name;
  }
}

TEST(OperationsTest, EveryKindOfCustodyEventIsMadeBySomeOperation) {
  std::set<Logged> made;
  for (const Operation& operation : operations()) made.insert(operation.logged);
  for (int each = 1; each <= static_cast<int>(Logged::expiry_changed); ++each) {
    EXPECT_TRUE(made.contains(static_cast<Logged>(each))) << logged_name(static_cast<Logged>(each));
  }
}

// An administrator manages; no role reaches a parcel, its recipients or its keys.
TEST(OperationsTest, NoRoleReachesWhatIsInAParcelOrWhomItIsFor) {
  for (const Operation& operation : operations()) {
    const std::string_view of = operation.name.substr(0, operation.name.find('.'));
    if (is_one_of(of, {"parcel", "opening", "upload", "link", "request", "slot", "directory",
                       "account", "token"})) {
      EXPECT_EQ(operation.role, Role::any) << operation.name;
    }
    if (operation.role != Role::any) {
      EXPECT_TRUE(is_one_of(
          of, {"admin", "policy", "proposal", "officers", "recovery", "lockdown", "metrics"}))
          << operation.name;
      EXPECT_TRUE(operation.credentials.is_only(Credential::session) ||
                  operation.name == "metrics.read")
          << operation.name;
    }
  }
}

TEST(OperationsTest, TheTokenOfTheMonitoringReadsTheFiguresAndNothingElse) {
  for (const Operation& operation : operations())
    EXPECT_EQ(operation.credentials.has(Credential::metrics_token),
              operation.name == "metrics.read")
        << operation.name;
}

TEST(OperationsTest, TheHostsOperationsHaveNoRoute) {
  for (const Operation& operation : operations())
    EXPECT_EQ(operation.credentials.has(Credential::host), operation.route.pattern.empty())
        << operation.name;
}

TEST(OperationsTest, EveryRouteFindsItsOperation) {
  for (const Operation& operation : operations()) {
    if (operation.route.pattern.empty()) continue;
    // a path of this pattern: each "{name}" is a word that no literal segment is
    std::string path(operation.route.pattern);
    for (std::size_t at = 0; (at = path.find('{')) != std::string::npos;)
      path.replace(at, path.find('}') - at + 1, "0123");
    const auto outcome = http::find_route(rest_routes(), operation.route.method, path);
    const auto* match = std::get_if<http::RouteMatch>(&outcome);
    ASSERT_NE(match, nullptr) << operation.name;
    EXPECT_EQ(operations()[match->operation].name, operation.name);
  }
}

class GateTest : public testing::Test {
 protected:
  static Caller session(catalog::Roles roles, catalog::Scopes scopes = catalog::Scopes::all()) {
    catalog::LiveSession live;
    live.roles = roles;
    live.session.scopes = scopes;
    return {Credential::session, live};
  }
  static Verdict ask(std::string_view name, const Caller& caller,
                     ServerState state = ServerState::open) {
    return permitted(*find_operation(name), caller, state);
  }
};

// Each credential alone opens what the row names, and nothing else, over the whole table.
TEST_F(GateTest, ACredentialOpensWhatItsRowNamesAndNothingElse) {
  for (const Operation& operation : operations()) {
    for (int each = 0; each <= static_cast<int>(Credential::metrics_token); ++each) {
      const auto credential = static_cast<Credential>(each);
      Caller caller = session({.administrator = true, .recovery_officer = true});
      caller.credential = credential;
      if (credential != Credential::session) caller.session.reset();
      const bool is_named =
          operation.credentials.has(credential) || operation.credentials.has(Credential::none);
      EXPECT_EQ(permitted(operation, caller, ServerState::open),
                is_named ? Verdict::permitted : Verdict::log_in_first)
          << operation.name << " with credential " << each;
    }
  }
}

TEST_F(GateTest, ASessionWithoutAnAccountIsNone) {
  EXPECT_EQ(ask("parcel.create", {.credential = Credential::session}), Verdict::log_in_first);
}

TEST_F(GateTest, RolesAreNotMixedUp) {
  const Caller member = session({});
  const Caller administrator = session({.administrator = true});
  const Caller officer = session({.recovery_officer = true});
  EXPECT_EQ(ask("policy.replace", member), Verdict::forbidden);
  EXPECT_EQ(ask("policy.replace", administrator), Verdict::permitted);
  EXPECT_EQ(ask("policy.replace", officer), Verdict::forbidden);
  EXPECT_EQ(ask("recovery.approve", administrator), Verdict::forbidden);
  EXPECT_EQ(ask("recovery.approve", officer), Verdict::permitted);
  EXPECT_EQ(ask("lockdown.lock", member), Verdict::forbidden);
  EXPECT_EQ(ask("lockdown.lock", officer), Verdict::permitted);
  EXPECT_EQ(ask("lockdown.reopen", officer), Verdict::forbidden);
}

TEST_F(GateTest, ATokenDoesNoMoreThanItsScope) {
  const auto reader = session({}, catalog::Scopes().with(catalog::Scope::parcels_read));
  EXPECT_EQ(ask("parcel.list_received", reader), Verdict::permitted);
  EXPECT_EQ(ask("parcel.open", reader), Verdict::permitted);
  EXPECT_EQ(ask("parcel.create", reader), Verdict::forbidden);
  EXPECT_EQ(ask("token.issue", reader), Verdict::forbidden);
  EXPECT_EQ(ask("slot.list", reader), Verdict::forbidden);
  const auto metrics =
      session({.administrator = true}, catalog::Scopes().with(catalog::Scope::metrics));
  EXPECT_EQ(ask("metrics.read", metrics), Verdict::permitted);
  EXPECT_EQ(ask("admin.list_accounts", metrics), Verdict::forbidden);
}

TEST_F(GateTest, LockdownRefusesWhatTheTableSays) {
  const Caller administrator = session({.administrator = true});
  EXPECT_EQ(ask("parcel.create", administrator, ServerState::locked_down), Verdict::locked_down);
  EXPECT_EQ(ask("link.look", {}, ServerState::locked_down), Verdict::locked_down);
  EXPECT_EQ(
      ask("opening.read_payload", {.credential = Credential::ticket}, ServerState::locked_down),
      Verdict::locked_down);
  EXPECT_EQ(ask("lockdown.approve_reopening", administrator, ServerState::locked_down),
            Verdict::permitted);
  EXPECT_EQ(ask("parcel.create", {}, ServerState::locked_down), Verdict::log_in_first)
      << "a stranger is not told";
}

}  // namespace
}  // namespace sealift::server
