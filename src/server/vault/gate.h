// The gate: from a front's frame to an answer, by the operation table and nothing else.
//
//   credential -> permitted() -> rates -> handler
//
// The front is not believed: the operation has to be one of the REST API's, the credential is
// looked up, and the path's names are judged by who uses them. Thread-safe; may block.
#pragma once

#include "server/vault/handler.h"
#include "server/vault/rates.h"

namespace sealift::server::vault {

// Errors become answers here; those that the operator should know of are told.
Answer answer_ask(Services& services, Rates& rates, const AskFrame& frame, base::UnixTime now);
// The answer to what a request's body came to.
Reply answer_body(Services& services, const Receive& receive, base::UnixTime now,
                  const front::Received& received);

}  // namespace sealift::server::vault
