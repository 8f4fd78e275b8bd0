#include "cli/event_receipt.h"

#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "base/atomic_file.h"
#include "base/base64.h"
#include "base/file_system.h"
#include "base/limits.h"
#include "cli/output.h"
#include "cli/phrase.h"

namespace sealift::cli {
namespace {

using base::ErrorCode;
using base::Result;

// Proof, its checkpoint, and the event: each has a limit of its own.
constexpr std::size_t kReceiptFileSizeMax = 4 * limits::kLogNoteSizeMax;

Result<std::string> prove(const Environment& environment, const client::api::Api& api,
                          const std::string& server_url, const LoggedEvent& logged) {
  SEALIFT_TRY(const client::ServerAddress server, client::ServerAddress::parse(server_url));
  SEALIFT_TRY(const client::Profile profile, client::Profile::open(environment.profile_folder));
  SEALIFT_TRY(client::Pins pins, profile.pins(server));
  client::LogWatch watch(api, pins.log);
  SEALIFT_TRY(std::string receipt,
              client::prove_event(api, watch, logged.event, logged.kind, logged.facts, wait_ms));
  SEALIFT_TRY_VOID(profile.save_pins(server, pins));
  return receipt;
}

Result<void> write_receipt(const std::string& path, const std::string& receipt) {
  SEALIFT_TRY(base::AtomicFile file, base::AtomicFile::create(path, 0644));
  SEALIFT_TRY_VOID(base::write_full(file.fd(), base::bytes_of(receipt)));
  return file.commit(base::Replace::yes, base::Durability::none);
}

Result<std::string> read_receipt_file(const std::string& path) {
  const std::filesystem::path file(path);
  const std::string folder = file.has_parent_path() ? file.parent_path().string() : ".";
  SEALIFT_TRY(base::DiskFileSystem files, base::DiskFileSystem::open_root(folder));
  SEALIFT_TRY(const base::Bytes bytes,
              base::read_file(files, file.filename().string(), kReceiptFileSizeMax));
  return std::string(base::text_of(bytes));
}

// The one given, or the one pinned of the server that somebody is logged in to.
Result<log::VerifierKey> find_key(const Environment& environment, const Arguments& arguments) {
  if (const auto text = arguments.value("key")) return log::VerifierKey::parse(*text);
  SEALIFT_TRY(const client::Profile profile, client::Profile::open(environment.profile_folder));
  SEALIFT_TRY(const auto login, profile.login());
  if (!login) return base::fail(ErrorCode::usage, "without a login, the log's key is needed");
  SEALIFT_TRY(const client::Pins pins, profile.pins(login->server));
  if (!pins.log)
    return base::fail(ErrorCode::usage, "this client has seen no log yet: its key is needed");
  return log::VerifierKey::parse(pins.log->key);
}

}  // namespace

Outcome keep_receipt(const Environment& environment, const Arguments& arguments,
                     const client::api::Api& api, const std::string& server_url,
                     const LoggedEvent& logged) {
  const auto receipt = prove(environment, api, server_url, logged);
  const auto path = arguments.value("receipt");
  if (receipt && !path) return {};
  if (receipt) {
    auto written = write_receipt(*path, *receipt);
    if (written) return {};
    return tl::unexpected(
        Failure(std::move(written).error().with_context("cannot write " + *path)));
  }
  const ErrorCode code = receipt.error().code;
  const bool is_lie =
      code == ErrorCode::damaged || code == ErrorCode::no_match || code == ErrorCode::malformed;
  if (is_lie || path) {
    Failure failure = call_failure(receipt.error());
    failure.error =
        std::move(failure.error).with_context("done, but not proved by the server's log");
    return tl::unexpected(std::move(failure));
  }
  std::cerr << phrase(environment.language,
                      "sealift: warning: the server's log has not proved this yet")
            << "\n";
  return {};
}

Outcome judge_receipt_path(const Arguments& arguments) {
  const auto path = arguments.value("receipt");
  return path ? need_folder_above(*path) : Outcome();
}

Outcome verify_receipt_file(const Environment& environment, const Arguments& arguments) {
  const auto key = find_key(environment, arguments);
  if (!key) return tl::unexpected(Failure(key.error(), "give it with --key"));
  const auto text = read_receipt_file(*arguments.value("receipt"));
  if (!text)
    return tl::unexpected(Failure(
        base::Error(text.error()).with_context("cannot read " + *arguments.value("receipt"))));
  const auto proved = client::read_event_receipt(*text, *key);
  if (!proved)
    return tl::unexpected(
        Failure(base::Error(proved.error()).with_context(*arguments.value("receipt"))));
  const log::TreeHead& head = proved->checkpoint.head;
  const std::string root = base::base64_encode(head.root, base::Padding::required);
  if (arguments.has("json")) {
    std::cout << nlohmann::json{{"log", key->name()},
                                {"index", proved->index},
                                {"size", head.size},
                                {"root", root},
                                {"event", nlohmann::json::parse(proved->event)}}
                     .dump()
              << "\n";
    return {};
  }
  std::cout << phrase(environment.language,
                      "log    {log}\nindex  {index} of {size}\nroot   {root}\nevent  {event}\n",
                      key->name(), proved->index, head.size, root, proved->event);
  return {};
}

}  // namespace sealift::cli
