// `sealift outbox PARCEL`: who opened a parcel, and whose receipts of it are true.
#pragma once

#include "cli/arguments.h"
#include "cli/server_session.h"

namespace sealift::cli {

// Says each opening on standard output. Fails, after all of them were said, when the server lied
// about one: it shows a receipt that is none, or says "received" without one.
Outcome print_openings(const Environment& environment, ServerSession& session,
                       const client::api::ParcelId& parcel, const Arguments& arguments);

}  // namespace sealift::cli
