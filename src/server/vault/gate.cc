#include "server/vault/gate.h"

#include "server/log_line.h"
#include "server/vault/credentials.h"

namespace sealift::server::vault {
namespace {

using base::ErrorCode;
using base::Result;

Result<Answer> refused(Verdict verdict) {
  switch (verdict) {
    case Verdict::log_in_first:
      return base::fail(ErrorCode::unauthorized, "no credential that counts");
    case Verdict::forbidden:
      return base::fail(ErrorCode::forbidden, "role or scope");
    case Verdict::locked_down:
      return base::fail(ErrorCode::locked_down, "locked down");
    case Verdict::permitted:
      break;
  }
  return base::fail(ErrorCode::internal, "verdict");
}

Result<Answer> judge_and_handle(Services& services, Rates& rates, const Operation& operation,
                                const AskFrame& frame, base::UnixTime now) {
  if (frame.body.size() > body_bytes_max(operation)) {
    return base::fail(ErrorCode::limit, "body");
  }
  SEALIFT_TRY(const Judged judged, judge_credentials(services, operation, frame, now));
  const Verdict verdict = permitted(operation, judged.ask.caller, judged.state);
  if (const auto wait = rates.take(judged.ask)) return too_many(*wait);
  if (verdict != Verdict::permitted) return refused(verdict);
  const Handler handler = find_handler(frame.operation);
  if (handler == nullptr) return base::fail(ErrorCode::unsupported, "no handler");
  return handler(services, judged.ask);
}

}  // namespace

Answer answer_ask(Services& services, Rates& rates, const AskFrame& frame, base::UnixTime now) {
  const auto table = operations();
  if (frame.operation >= table.size() || table[frame.operation].route.pattern.empty()) {
    return refusal({ErrorCode::not_found, "no such operation"});
  }
  const Operation& operation = table[frame.operation];
  auto answer = judge_and_handle(services, rates, operation, frame, now);
  if (answer) return *std::move(answer);
  const ErrorCode code = answer.error().code;
  if (code == ErrorCode::io || code == ErrorCode::internal || code == ErrorCode::damaged) {
    log_line({{"event", "failed"}, {"operation", operation.name}, {"why", answer.error().text}});
  }
  return refusal(answer.error());
}

}  // namespace sealift::server::vault
