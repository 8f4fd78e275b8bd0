// What sending and receiving verbs share: engines, folders, who may be asked for what.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/arguments.h"
#include "cli/server_session.h"
#include "client/transfer/receive_parcel.h"
#include "client/transfer/send_parcel.h"

namespace sealift::cli {

// What is sent: walked, and nothing left out without `--leave-out`. Says on standard error what is.
struct Sources {
  std::vector<std::string> paths;  // absolute
  client::SourceTree tree;
};
tl::expected<Sources, Failure> find_sources(const Environment& environment,
                                            std::span<const std::string> paths, bool may_leave_out);

// As long as a person would wait: a connection that is away for some minutes.
client::Patience patience();

// $PROFILE/openings: what is being received.
std::string openings_folder(const Environment& environment);

// $PROFILE/sent: what the receipts of sent parcels are compared with.
std::string sent_folder(const Environment& environment);

// $PROFILE/correspondence: which parcel went to whom last, and which ones came.
std::string correspondence_folder(const Environment& environment);

// For people without a login: the server that a link names.
tl::expected<client::HttpClient, Failure> connect_as_visitor(const Environment& environment,
                                                             const std::string& server_url,
                                                             const Arguments& arguments);

tl::expected<client::api::ParcelId, Failure> parse_parcel(const std::string& text);

// Whether a note's size is one that a parcel has room for.
Outcome judge_note(const Arguments& arguments);

// What the server allows. Who may not read it (a token that may send alone) hears of it by what the
// server refuses.
tl::expected<client::api::Policy, Failure> read_policy(const ServerSession& session);
// Whether parcels may go to that address, by its domain.
Outcome judge_domain(const client::api::Policy& policy, const parcel::Address& address);

// Who sends, and how; without a session, an outsider.
struct Sender {
  client::HttpClient& http;
  client::Credential session{};
  const crypto::Ed25519Secret& signing;
  std::string doing;  // what the progress bar says, in English
};
// Sends, and says so on standard output.
Outcome send_and_print(const Environment& environment, const Arguments& arguments,
                       client::SendOrder& order, const Sender& sender);

}  // namespace sealift::cli
