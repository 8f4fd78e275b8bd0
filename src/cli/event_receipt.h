// Receipts of the log: every transfer's event is proved before a verb ends, and the proof is kept
// for who asks for it with --receipt FILE.
#pragma once

#include <optional>
#include <string>

#include "cli/arguments.h"
#include "cli/server_session.h"
#include "client/account/event_proof.h"

namespace sealift::cli {

// What a transfer left in the log.
struct LoggedEvent {
  client::api::EventId event{};
  std::string_view kind;
  client::EventFacts facts{};
};

// Checks the log's proof of `logged` with what this profile pinned of the server at `server_url`;
// with --receipt, writes it there. A log that has not taken the event up yet, or can't be reached,
// is an error with --receipt and a warning without. Errors: damaged: the proof is false.
Outcome keep_receipt(const Environment& environment, const Arguments& arguments,
                     const client::api::Api& api, const std::string& server_url,
                     const LoggedEvent& logged);

// Before anything is done that a receipt is of: whether --receipt names a file that can be made.
Outcome judge_receipt_path(const Arguments& arguments);

// `sealift log verify --receipt FILE`: offline.
Outcome verify_receipt_file(const Environment& environment, const Arguments& arguments);

}  // namespace sealift::cli
