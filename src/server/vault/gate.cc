#include "server/vault/gate.h"

#include "base/refusal.h"
#include "server/log_line.h"
#include "server/vault/acts.h"
#include "server/vault/credentials.h"

namespace sealift::server::vault {
namespace {

using base::ErrorCode;
using base::Result;

Result<Answer> refused(const Operation& operation, const Judged& judged, Verdict verdict) {
  const Caller& caller = judged.ask.caller;
  switch (verdict) {
    case Verdict::log_in_first:
      // Anyone may see whether the server is locked down; whether this login was one, nobody.
      if (judged.state == ServerState::locked_down &&
          judged.ask.frame.credential_kind == CredentialKind::bearer)
        return base::refuse("login_ended_by_lockdown");
      return base::refuse("not_logged_in");
    case Verdict::forbidden:
      if (!has_role(operation.role, caller.session->roles))
        return base::refuse("role_missing", {{"role", role_name(operation.role)}});
      // Before the scope: another token would be refused for this next.
      if (operation.asked_by != AskedBy::token &&
          caller.session->session.kind != catalog::SessionKind::login)
        return base::refuse("token_is_no_login");
      return base::refuse("scope_missing", {{"scope", scope_name(operation.scope)}});
    case Verdict::locked_down:
      return base::refuse("locked_down");
    case Verdict::permitted:
      break;
  }
  return base::fail(ErrorCode::internal, "verdict");
}

Answer asked_to_wait(const Rates& rates, const Operation& operation,
                     std::chrono::milliseconds wait) {
  if (operation.rate != Rate::recorded) return too_many(wait);
  return too_many_entries(rates.settings().entries_per_hour(), wait);
}

// Of an older client's login, what changes no way in is done unsigned; what is signed is judged.
bool is_act_due(const Ask& ask) {
  if (!ask.caller.session || !is_owners(ask.operation)) return false;
  return ask.operation.asked_by == AskedBy::owner || ask.caller.session->session.is_bound ||
         !ask.frame.act.empty();
}

Result<Answer> judge_and_handle(Services& services, Rates& rates, const Operation& operation,
                                const AskFrame& frame, base::UnixTime now) {
  if (frame.body.size() > body_bytes_max(operation)) {
    return base::refuse("body_too_large", {{"max_bytes", body_bytes_max(operation)}});
  }
  SEALIFT_TRY(Judged judged, judge_credentials(services, operation, frame, now));
  const Verdict verdict = permitted(operation, judged.ask.caller, judged.state);
  if (const auto wait = rates.take(judged.ask)) return asked_to_wait(rates, operation, *wait);
  if (verdict != Verdict::permitted) return refused(operation, judged, verdict);
  const Handler handler = find_handler(frame.operation);
  if (handler == nullptr) return base::fail(ErrorCode::unsupported, "no handler");
  if (is_act_due(judged.ask)) {
    SEALIFT_TRY(judged.ask.act, judge_act_of_session(services, judged.ask));
  }
  return handler(services, judged.ask);
}

// What the operator should know of, in the server's own log and figures.
void tell(const Services& services, std::string_view operation, const base::Error& error) {
  const ErrorCode code = error.code;
  if (code == ErrorCode::no_space && services.observer != nullptr) {
    services.observer->disk_full(operation);
  }
  if (code == ErrorCode::io || code == ErrorCode::internal || code == ErrorCode::damaged) {
    log_line(LogEvent::failed, {{"operation", operation}, {"why", error.text}});
  }
}

}  // namespace

Reply answer_body(Services& services, const Receive& receive, base::UnixTime now,
                  const front::Received& received) {
  auto reply = receive.then(services, now, received);
  if (reply) return *std::move(reply);
  tell(services, "upload.append", reply.error());
  return refusal(reply.error());
}

Answer answer_ask(Services& services, Rates& rates, const AskFrame& frame, base::UnixTime now) {
  const auto table = operations();
  if (frame.operation >= table.size() || table[frame.operation].route.pattern.empty()) {
    return refusal({ErrorCode::not_found, "no such operation"});
  }
  const Operation& operation = table[frame.operation];
  auto answer = judge_and_handle(services, rates, operation, frame, now);
  if (!answer) {
    tell(services, operation.name, answer.error());
    return refusal(answer.error());
  }
  const auto* reply = std::get_if<Reply>(&*answer);
  if (reply != nullptr && reply->head.status == http::Status::too_many_requests &&
      services.observer != nullptr) {
    services.observer->throttled(operation);
  }
  return *std::move(answer);
}

}  // namespace sealift::server::vault
