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
tl::expected<Sources, Failure> find_sources(std::span<const std::string> paths, bool may_leave_out);

// As long as a person would wait: a connection that is away for some minutes.
client::Patience patience();

// $PROFILE/sendings and $PROFILE/openings.
std::string sendings_folder(const Environment& environment);
std::string openings_folder(const Environment& environment);

// For people without a login: the server that a link names.
tl::expected<client::HttpClient, Failure> connect_as_visitor(const Environment& environment,
                                                             const std::string& server_url,
                                                             const Arguments& arguments);

tl::expected<client::api::ParcelId, Failure> parse_parcel(const std::string& text);

// "sent" and its kin, on standard output.
void print_sent(const client::SentParcel& sent, const Arguments& arguments);

}  // namespace sealift::cli
