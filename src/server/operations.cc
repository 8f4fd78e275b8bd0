#include "server/operations.h"

#include <algorithm>
#include <array>

#include "base/check.h"
#include "base/limits.h"

namespace sealift::server {
namespace {

using catalog::Scope;
using http::Method;

// What is taken from someone who has proved nothing yet: an address and a key, or a proof.
constexpr std::size_t kUnprovedBodySizeMax = std::size_t{4} << 10;
// A new account: its keys and every slot, the recovery officers' among them.
constexpr std::size_t kEnrolmentBodySizeMax = std::size_t{192} << 10;

// What a row leaves out has the strictest or plainest value: no credential is taken, refused during
// lock-down, logged as nothing, slowed down as any other, scope of the account itself.
class Row : public Operation {
  template <typename Value>
  constexpr Row with(Value Operation::*field, Value value) const {
    Row row = *this;
    row.*field = value;
    return row;
  }

 public:
  constexpr Row(std::string_view called, Effect does) : Operation{.name = called, .effect = does} {}
  template <typename... Each>
  constexpr Row by(Each... each) const {
    Row row = *this;
    row.credentials = {each...};
    return row;
  }
  constexpr Row role(Role value) const { return with(&Operation::role, value); }
  constexpr Row scope(Scope value) const { return with(&Operation::scope, value); }
  constexpr Row in_lockdown() const { return with(&Operation::in_lockdown, InLockdown::answered); }
  constexpr Row acts() const { return with(&Operation::asked_by, AskedBy::owner); }
  constexpr Row steers() const { return with(&Operation::asked_by, AskedBy::bound_owner); }
  constexpr Row login() const { return with(&Operation::asked_by, AskedBy::login); }
  constexpr Row logs(Logged value) const { return with(&Operation::logged, value); }
  constexpr Row rate(Rate value) const { return with(&Operation::rate, value); }
  constexpr Row brief() const { return with(&Operation::effort, Effort::brief); }
  constexpr Row body(std::size_t bytes) const { return with(&Operation::body_bytes_max, bytes); }
  constexpr Row at(Method method, std::string_view pattern) const {
    return with(&Operation::route, HttpRoute{method, pattern});
  }
};
constexpr Row reads(std::string_view name) { return Row(name, Effect::reads); }
constexpr Row writes(std::string_view name) { return Row(name, Effect::writes); }

using enum Credential;

// clang-format off
constexpr Operation kOperations[] = {
    // What anyone may know.
    reads("server.describe").brief().by(none).in_lockdown().at(Method::get, "/api/v1/server"),
    reads("server.document").by(none).in_lockdown().at(Method::get, "/api/v1/openapi.json"),
    reads("health.live").brief().by(none).in_lockdown().rate(Rate::free).at(Method::get, "/health/live"),
    reads("health.ready").by(none).in_lockdown().rate(Rate::free)
        .at(Method::get, "/health/ready"),
    reads("metrics.read").by(session, metrics_token).role(Role::administrator).scope(Scope::metrics)
        .in_lockdown().at(Method::get, "/metrics"),
    // Getting in. Answers for accounts that are there and accounts that are not are the same.
    reads("enrolment.look").by(none).rate(Rate::guessing)
        .at(Method::post, "/api/v1/enrolments/look"),
    writes("enrolment.take").by(none).acts().logs(Logged::account_enrolled).rate(Rate::guessing)
        .body(kEnrolmentBodySizeMax).at(Method::post, "/api/v1/enrolments/take"),
    reads("session.prepare").by(none).in_lockdown().rate(Rate::guessing)
        .at(Method::post, "/api/v1/sessions/prepare"),
    writes("session.begin").by(none).in_lockdown().logs(Logged::session_begun)
        .rate(Rate::guessing).at(Method::post, "/api/v1/sessions"),
    reads("session.list").by(session).at(Method::get, "/api/v1/sessions"),
    writes("session.end").by(session).in_lockdown().at(Method::del, "/api/v1/sessions/current"),
    writes("session.end_other").by(session).logs(Logged::sessions_ended)
        .at(Method::del, "/api/v1/sessions/{session}"),
    writes("token.issue").by(session).acts().logs(Logged::token_issued).rate(Rate::costly)
        .at(Method::post, "/api/v1/tokens"),
    // One's own account. Its slots are needed to log in, and so to reopen a server that is locked
    // down.
    reads("account.read").brief().by(session).in_lockdown().at(Method::get, "/api/v1/account"),
    writes("account.set_language").by(session).at(Method::put, "/api/v1/account/language"),
    writes("account.change_password").by(session).acts().logs(Logged::slots_changed)
        .rate(Rate::guessing).at(Method::put, "/api/v1/account/password"),
    writes("account.publish_key").by(session).acts().logs(Logged::key_published).rate(Rate::costly)
        .at(Method::post, "/api/v1/account/keys"),
    // The next keys and every slot, in one step: no machine is left with half of it.
    writes("account.rotate").by(session).acts().logs(Logged::key_published).rate(Rate::costly)
        .at(Method::post, "/api/v1/account/rotation"),
    // What the owner signed, and what the next act has to name.
    reads("act.list").by(session).login().in_lockdown().at(Method::get, "/api/v1/account/acts"),
    reads("slot.list").by(session).login().in_lockdown().at(Method::get, "/api/v1/account/slots"),
    // Whether officers can bring its keys back, and whether somebody asked for it.
    reads("recovery.read_own").by(session).at(Method::get, "/api/v1/account/recovery"),
    writes("slot.add").by(session).acts().logs(Logged::slots_changed).rate(Rate::costly)
        .at(Method::post, "/api/v1/account/slots"),
    writes("slot.replace").by(session).acts().logs(Logged::slots_changed).rate(Rate::costly)
        .at(Method::put, "/api/v1/account/slots/{slot}"),
    writes("slot.remove").by(session).acts().logs(Logged::slots_changed).rate(Rate::costly)
        .at(Method::del, "/api/v1/account/slots/{slot}"),
    // Whose key is whose; in lock-down too, for who logs in looks at their own.
    reads("directory.find").by(session).scope(Scope::parcels_write).in_lockdown()
        .rate(Rate::guessing).at(Method::post, "/api/v1/directory/find"),
    reads("directory.history").by(session).scope(Scope::parcels_write).in_lockdown()
        .at(Method::get, "/api/v1/directory/{account}"),
    // Sending. An outsider who hands files in does the middle part of it with the key of that one parcel;
    // a sender whose login ends meanwhile finishes it with the key of the content's upload.
    writes("parcel.create").by(session).scope(Scope::parcels_write).logs(Logged::parcel_created)
        .rate(Rate::recorded).at(Method::post, "/api/v1/parcels"),
    reads("parcel.list_sent").by(session).scope(Scope::parcels_read)
        .at(Method::get, "/api/v1/parcels/sent"),
    reads("parcel.list_received").by(session).scope(Scope::parcels_read)
        .at(Method::get, "/api/v1/parcels/received"),
    reads("parcel.read").brief().by(session).scope(Scope::parcels_read)
        .at(Method::get, "/api/v1/parcels/{parcel}"),
    writes("parcel.put_part").by(session, hand_in_key, upload_key).scope(Scope::parcels_write)
        .at(Method::put, "/api/v1/parcels/{parcel}/parts/{part}"),
    reads("parcel.read_header").by(session).scope(Scope::parcels_write)
        .at(Method::get, "/api/v1/parcels/{parcel}/parts/{part}/header"),
    reads("parcel.read_manifest").by(session).scope(Scope::parcels_write)
        .at(Method::get, "/api/v1/parcels/{parcel}/manifest"),
    writes("parcel.complete").by(session, hand_in_key, upload_key).scope(Scope::parcels_write)
        .logs(Logged::parcel_completed).at(Method::post, "/api/v1/parcels/{parcel}/complete"),
    writes("parcel.recall").by(session).scope(Scope::parcels_write).logs(Logged::parcel_recalled)
        .at(Method::post, "/api/v1/parcels/{parcel}/recall"),
    writes("parcel.change_recipients").by(session).scope(Scope::parcels_write)
        .logs(Logged::recipients_changed).rate(Rate::recorded)
        .at(Method::put, "/api/v1/parcels/{parcel}/recipients"),
    writes("parcel.change_expiry").by(session).scope(Scope::parcels_write)
        .logs(Logged::expiry_changed).rate(Rate::recorded)
        .at(Method::put, "/api/v1/parcels/{parcel}/expiry"),
    writes("parcel.revoke_recipient").by(session).scope(Scope::parcels_write)
        .logs(Logged::recipients_changed)
        .at(Method::del, "/api/v1/parcels/{parcel}/recipients/{account}"),
    reads("parcel.list_openings").by(session).scope(Scope::parcels_read)
        .at(Method::get, "/api/v1/parcels/{parcel}/openings"),
    reads("upload.describe").by(none).in_lockdown().at(Method::options, "/api/v1/uploads"),
    writes("upload.create").by(session, hand_in_key, upload_key).scope(Scope::parcels_write)
        .at(Method::post, "/api/v1/parcels/{parcel}/parts/{part}/uploads"),
    reads("upload.read").by(upload_key).scope(Scope::parcels_write)
        .at(Method::head, "/api/v1/uploads/{upload}"),
    writes("upload.append").by(upload_key).scope(Scope::parcels_write).rate(Rate::stream)
        .at(Method::patch, "/api/v1/uploads/{upload}"),
    writes("upload.terminate").by(upload_key).scope(Scope::parcels_write)
        .at(Method::del, "/api/v1/uploads/{upload}"),
    // Receiving. Looking is not taking: what counts an opening is a POST with a proof.
    writes("parcel.open").by(session).scope(Scope::parcels_read).logs(Logged::parcel_opened)
        .rate(Rate::recorded).at(Method::post, "/api/v1/parcels/{parcel}/openings"),
    reads("opening.read").brief().by(ticket).scope(Scope::parcels_read)
        .at(Method::get, "/api/v1/openings/{opening}"),
    reads("opening.read_header").by(ticket).scope(Scope::parcels_read)
        .at(Method::get, "/api/v1/openings/{opening}/parts/{part}/header"),
    reads("opening.read_payload").by(ticket).scope(Scope::parcels_read).rate(Rate::stream)
        .at(Method::get, "/api/v1/openings/{opening}/parts/{part}/payload"),
    writes("opening.add_receipt").by(ticket).scope(Scope::parcels_read)
        .logs(Logged::parcel_received).at(Method::post, "/api/v1/openings/{opening}/receipt"),
    // Links.
    writes("link.create").by(session).scope(Scope::parcels_write).logs(Logged::link_created)
        .rate(Rate::recorded).at(Method::post, "/api/v1/parcels/{parcel}/links"),
    reads("link.list").by(session).scope(Scope::parcels_read)
        .at(Method::get, "/api/v1/parcels/{parcel}/links"),
    writes("link.revoke").by(session).scope(Scope::parcels_write).logs(Logged::link_revoked)
        .at(Method::del, "/api/v1/parcels/{parcel}/links/{link}"),
    reads("link.look").by(none).rate(Rate::guessing).at(Method::get, "/api/v1/links/{parcel}"),
    writes("link.redeem").by(link_proof).logs(Logged::parcel_opened).rate(Rate::guessing)
        .at(Method::post, "/api/v1/links/{parcel}/openings"),
    // File requests.
    writes("request.create").by(session).scope(Scope::requests).logs(Logged::request_created)
        .rate(Rate::recorded).at(Method::post, "/api/v1/requests"),
    reads("request.list").by(session).scope(Scope::requests).at(Method::get, "/api/v1/requests"),
    writes("request.close").by(session).scope(Scope::requests).logs(Logged::request_closed)
        .at(Method::post, "/api/v1/requests/{request}/close"),
    reads("request.look").by(none).rate(Rate::guessing)
        .at(Method::get, "/api/v1/requests/{request}"),
    writes("request.hand_in").by(request_proof).logs(Logged::parcel_handed_in)
        .rate(Rate::guessing).at(Method::post, "/api/v1/requests/{request}/parcels"),
    // The log: what anyone needs to verify it, and what its readers may read of it.
    reads("log.checkpoint").by(none).in_lockdown().at(Method::get, "/log/checkpoint"),
    reads("log.tile").by(none).in_lockdown().at(Method::get, "/log/tile/{tile...}"),
    reads("directory.checkpoint").by(none).in_lockdown()
        .at(Method::get, "/log/directory/checkpoint"),
    reads("directory.tile").by(none).in_lockdown()
        .at(Method::get, "/log/directory/tile/{tile...}"),
    reads("log.prove").by(session, ticket, hand_in_key, upload_key).in_lockdown()
        .at(Method::get, "/api/v1/log/proofs/{event}"),
    reads("custody.list").by(session).in_lockdown().at(Method::get, "/api/v1/custody"),
    // Administration. No row of it reaches what is in a parcel or whom it is for.
    reads("policy.read").by(session).in_lockdown().at(Method::get, "/api/v1/policy"),
    writes("policy.replace").by(session).steers().role(Role::administrator).scope(Scope::administration)
        .logs(Logged::policy_changed).rate(Rate::costly).at(Method::put, "/api/v1/policy"),
    writes("admin.invite").by(session).steers().role(Role::administrator).scope(Scope::administration)
        .logs(Logged::account_invited).rate(Rate::costly)
        .at(Method::post, "/api/v1/admin/enrolments"),
    reads("admin.list_enrolments").by(session).role(Role::administrator)
        .scope(Scope::administration).at(Method::get, "/api/v1/admin/enrolments"),
    writes("admin.withdraw_enrolment").by(session).role(Role::administrator)
        .scope(Scope::administration).logs(Logged::account_changed)
        .at(Method::del, "/api/v1/admin/enrolments/{enrolment}"),
    reads("admin.list_accounts").by(session).role(Role::administrator)
        .scope(Scope::administration).at(Method::get, "/api/v1/admin/accounts"),
    writes("admin.set_state").by(session).role(Role::administrator).scope(Scope::administration)
        .logs(Logged::account_changed).at(Method::put, "/api/v1/admin/accounts/{account}/state"),
    writes("admin.set_roles").by(session).steers().role(Role::administrator).scope(Scope::administration)
        .logs(Logged::proposal_made).rate(Rate::costly).at(Method::put, "/api/v1/admin/accounts/{account}/roles"),
    writes("admin.set_quota").by(session).role(Role::administrator).scope(Scope::administration)
        .logs(Logged::account_changed).at(Method::put, "/api/v1/admin/accounts/{account}/quota"),
    writes("admin.end_sessions").by(session).role(Role::administrator)
        .scope(Scope::administration).logs(Logged::sessions_ended)
        .at(Method::del, "/api/v1/admin/accounts/{account}/sessions"),
    reads("admin.read_usage").by(session).role(Role::administrator).scope(Scope::administration)
        .in_lockdown().at(Method::get, "/api/v1/admin/usage"),
    // Roles, and a weaker policy, wait for another administrator and a delay. Everybody sees what does.
    reads("proposal.list").by(session).at(Method::get, "/api/v1/proposals"),
    writes("proposal.confirm").by(session).acts().role(Role::administrator)
        .scope(Scope::administration).logs(Logged::proposal_confirmed).rate(Rate::costly)
        .at(Method::post, "/api/v1/proposals/{proposal}/confirmations"),
    writes("proposal.withdraw").by(session).acts().role(Role::either)
        .scope(Scope::administration).logs(Logged::proposal_withdrawn).rate(Rate::costly)
        .at(Method::del, "/api/v1/proposals/{proposal}"),
    writes("officers.sign").by(session).acts().role(Role::administrator)
        .scope(Scope::administration).logs(Logged::officers_signed).rate(Rate::costly)
        .at(Method::put, "/api/v1/officer-set"),
    // Recovery.
    writes("recovery.ask").by(session).steers().role(Role::recovery_officer).logs(Logged::recovery_asked)
        .rate(Rate::costly).at(Method::post, "/api/v1/recoveries"),
    reads("recovery.list").by(session).role(Role::recovery_officer)
        .at(Method::get, "/api/v1/recoveries"),
    writes("recovery.approve").by(session).steers().role(Role::recovery_officer)
        .logs(Logged::recovery_approved).rate(Rate::costly)
        .at(Method::post, "/api/v1/recoveries/{recovery}/approvals"),
    writes("recovery.give_share").by(session).acts().role(Role::recovery_officer)
        .logs(Logged::recovery_approved).rate(Rate::costly)
        .at(Method::post, "/api/v1/recoveries/{recovery}/shares"),
    writes("recovery.release").by(session).steers().role(Role::recovery_officer)
        .logs(Logged::recovery_released).rate(Rate::costly)
        .at(Method::post, "/api/v1/recoveries/{recovery}/release"),
    writes("recovery.cancel").by(session).steers().logs(Logged::recovery_cancelled)
        .at(Method::del, "/api/v1/recoveries/{recovery}"),
    // Lock-down: one locks, two reopen.
    reads("lockdown.read").by(session).in_lockdown().at(Method::get, "/api/v1/lockdown"),
    writes("lockdown.lock").by(session).role(Role::either).scope(Scope::administration)
        .in_lockdown().logs(Logged::locked_down).at(Method::post, "/api/v1/lockdown"),
    writes("lockdown.approve_reopening").by(session).role(Role::administrator)
        .scope(Scope::administration).in_lockdown().logs(Logged::reopening_approved)
        .at(Method::post, "/api/v1/lockdown/approvals"),
    writes("lockdown.reopen").by(session).role(Role::administrator).scope(Scope::administration)
        .in_lockdown().logs(Logged::reopened).at(Method::post, "/api/v1/lockdown/reopen"),
    // The command line on the machine itself, beside or without a running server.
    writes("host.invite").by(host).scope(Scope::administration).logs(Logged::account_invited)
        .rate(Rate::free),
    writes("host.lock").by(host).scope(Scope::administration).in_lockdown()
        .logs(Logged::locked_down).rate(Rate::free),
    reads("host.read_lockdown").by(host).scope(Scope::administration).in_lockdown()
        .rate(Rate::free),
    reads("host.back_up").by(host).scope(Scope::administration).in_lockdown()
        .logs(Logged::backed_up).rate(Rate::free),
    // After a loss of disk or machine: what has no bytes any more ends, what a backup had comes back.
    writes("host.end_lost").by(host).scope(Scope::administration).in_lockdown()
        .logs(Logged::parcel_lost).rate(Rate::free),
    writes("host.restore").by(host).scope(Scope::administration).in_lockdown()
        .logs(Logged::restored).rate(Rate::free),
    // A printed key ends a lock-down, and signs what a restore lost.
    writes("host.make_reopen_key").by(host).scope(Scope::administration).in_lockdown()
        .logs(Logged::reopen_key_made).rate(Rate::free),
    writes("host.reopen").by(host).scope(Scope::administration).in_lockdown()
        .logs(Logged::reopened).rate(Rate::free),
    writes("host.hold_clock").by(host).scope(Scope::administration).in_lockdown()
        .logs(Logged::clock_held).rate(Rate::free),
    writes("host.accept_clock").by(host).scope(Scope::administration).in_lockdown()
        .logs(Logged::clock_accepted).rate(Rate::free),
    // For the monitoring: figures alone, in a lock-down above all.
    writes("host.make_metrics_token").by(host).scope(Scope::administration).in_lockdown()
        .rate(Rate::free),
    // A server that starts, with pages that it has not given out before.
    writes("host.serve").by(host).scope(Scope::administration).in_lockdown()
        .logs(Logged::web_client_served).rate(Rate::free),
    // What ended longer ago than the policy keeps; never in a lock-down, when all of it is evidence.
    writes("host.forget").by(host).scope(Scope::administration).logs(Logged::records_erased)
        .rate(Rate::free),
};
// clang-format on

constexpr std::size_t kRoutes = [] {
  std::size_t count = 0;
  for (const Operation& operation : kOperations) count += operation.route.pattern.empty() ? 0 : 1;
  return count;
}();

constexpr std::array<http::Route, kRoutes> kRestRoutes = [] {
  std::array<http::Route, kRoutes> routes{};
  std::size_t at = 0;
  for (std::size_t row = 0; row < std::size(kOperations); ++row) {
    const HttpRoute& route = kOperations[row].route;
    if (!route.pattern.empty())
      routes[at++] = {route.method, route.pattern, static_cast<std::uint16_t>(row)};
  }
  return routes;
}();

constexpr std::string_view kLoggedNames[] = {
    "nothing",
    "account_invited",
    "account_enrolled",
    "session_begun",
    "token_issued",
    "sessions_ended",
    "slots_changed",
    "key_published",
    "parcel_created",
    "parcel_completed",
    "parcel_opened",
    "parcel_received",
    "parcel_recalled",
    "recipients_changed",
    "link_created",
    "link_revoked",
    "request_created",
    "request_closed",
    "parcel_handed_in",
    "account_changed",
    "policy_changed",
    "recovery_asked",
    "recovery_approved",
    "recovery_released",
    "recovery_cancelled",
    "locked_down",
    "reopening_approved",
    "reopened",
    "backed_up",
    "web_client_served",
    "records_erased",
    "parcel_lost",
    "restored",
    "reopen_key_made",
    "clock_held",
    "clock_accepted",
    "proposal_made",
    "proposal_confirmed",
    "proposal_withdrawn",
    "officers_signed",
    "expiry_changed",
};

constexpr ScopeName kScopeNames[] = {
    {catalog::Scope::account, "account"},
    {catalog::Scope::parcels_read, "parcels_read"},
    {catalog::Scope::parcels_write, "parcels_write"},
    {catalog::Scope::requests, "requests"},
    {catalog::Scope::administration, "administration"},
    {catalog::Scope::metrics, "metrics"},
};

}  // namespace

std::span<const Operation> operations() { return kOperations; }

const Operation* find_operation(std::string_view name) {
  for (const Operation& operation : kOperations)
    if (operation.name == name) return &operation;
  return nullptr;
}

std::span<const http::Route> rest_routes() { return kRestRoutes; }

std::string_view logged_name(Logged event) {
  const auto index = static_cast<std::size_t>(event);
  SEALIFT_CHECK(index < std::size(kLoggedNames));
  return kLoggedNames[index];
}

std::size_t body_bytes_max(const Operation& operation) {
  if (operation.body_bytes_max > 0) return operation.body_bytes_max;
  const Credentials& taken = operation.credentials;
  const bool is_unproved = taken.has(none) || taken.has(link_proof) || taken.has(request_proof);
  return is_unproved ? kUnprovedBodySizeMax : limits::kJsonBodySizeMax;
}

std::string_view role_name(Role role) {
  switch (role) {
    case Role::any:
      return "any";
    case Role::administrator:
      return "administrator";
    case Role::recovery_officer:
      return "recovery_officer";
    case Role::either:
      return "administrator_or_recovery_officer";
  }
  return "";
}

bool has_role(Role role, const catalog::Roles& roles) {
  switch (role) {
    case Role::any:
      return true;
    case Role::administrator:
      return roles.administrator;
    case Role::recovery_officer:
      return roles.recovery_officer;
    case Role::either:
      return roles.administrator || roles.recovery_officer;
  }
  return false;
}

std::span<const ScopeName> scope_names() { return kScopeNames; }

std::string_view scope_name(catalog::Scope scope) {
  return std::ranges::find(kScopeNames, scope, &ScopeName::scope)->word;
}

bool is_owners(const Operation& operation) {
  return operation.asked_by == AskedBy::owner || operation.asked_by == AskedBy::bound_owner;
}

Verdict permitted(const Operation& operation, const Caller& caller, ServerState state) {
  // what anyone may ask, everyone may ask
  const bool is_open = operation.credentials.has(Credential::none);
  if (!is_open && !operation.credentials.has(caller.credential)) return Verdict::log_in_first;
  if (!is_open && caller.credential == Credential::session) {
    if (!caller.session) return Verdict::log_in_first;
    if (!has_role(operation.role, caller.session->roles)) return Verdict::forbidden;
    if (!caller.session->session.scopes.has(operation.scope)) return Verdict::forbidden;
    const bool is_login = caller.session->session.kind == catalog::SessionKind::login;
    if (operation.asked_by != AskedBy::token && !is_login) return Verdict::forbidden;
  }
  if (state == ServerState::locked_down && operation.in_lockdown == InLockdown::refused)
    return Verdict::locked_down;
  return Verdict::permitted;
}

}  // namespace sealift::server
