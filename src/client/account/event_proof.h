// prove_event: that the log has an event which the server says it logged, and a receipt of it that
// anybody checks without the server.
//
// The receipt is a tlog-proof (log/proof.h) whose extra data are the event's salt and the event:
// with the log's key nothing else is needed (`sealift log verify --receipt`, docs/formats/log.md).
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>

#include "client/account/log_watch.h"
#include "log/proof.h"

namespace sealift::client {

// What an event has to say: texts by name, besides its kind.
using EventFacts = std::map<std::string, std::string>;

// `watch` follows the log that the proof has to be of; `wait` sleeps while the log takes the event
// up. Gives the receipt's text. Errors: damaged (not in the log, or another event), conflict (the
// log doesn't have it yet), no_match (another log), and those of the call.
base::Result<std::string> prove_event(const api::Api& api, LogWatch& watch,
                                      const api::EventId& event, std::string_view kind,
                                      const EventFacts& facts,
                                      const std::function<void(std::chrono::milliseconds)>& wait);

struct ProvedReceipt {
  log::Checkpoint checkpoint;
  std::uint64_t index = 0;
  std::string event;  // canonical JSON
};
// Checks a receipt by itself. Errors: malformed, limit, no_match (another log's key), damaged.
base::Result<ProvedReceipt> read_event_receipt(std::string_view text, const log::VerifierKey& key);

}  // namespace sealift::client
