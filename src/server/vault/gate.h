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

// Errors become answers here.
Answer answer_ask(Services& services, Rates& rates, const AskFrame& frame, base::UnixTime now);

}  // namespace sealift::server::vault
