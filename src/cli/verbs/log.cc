#include "cli/verbs/log.h"

#include <filesystem>
#include <iostream>
#include <system_error>

#include "base/base64.h"
#include "base/file_system.h"
#include "base/limits.h"
#include "cli/arguments.h"
#include "cli/did_you_mean.h"
#include "cli/event_receipt.h"
#include "cli/phrase.h"
#include "cli/verbs/log_monitor.h"
#include "cli/verbs/log_server.h"
#include "cli/verbs/log_witness.h"
#include "log/log_folder.h"
#include "log/log_verifier.h"
#include "log/proof.h"

namespace sealift::cli {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::string_view kParts[] = {"verify", "watch", "witness", "accept-restore"};
constexpr Option kOptions[] = {
    {'\0', "data", Takes::value},        {'\0', "key", Takes::value},
    {'\0', "checkpoint", Takes::value},  {'\0', "certificate", Takes::value},
    {'\0', "authorities", Takes::value}, {'\0', "json", Takes::nothing},
    {'\0', "receipt", Takes::value},     {'\0', "yes", Takes::nothing},
    {'\0', "note", Takes::value},        {'\0', "compare", Takes::value},
    {'\0', "policy", Takes::value},      {'\0', "state", Takes::value},
};

// A data folder has the log in a folder of its own; a copy may be of that alone.
Result<base::DiskFileSystem> open_log(const std::string& data) {
  std::error_code ignored;
  if (std::filesystem::is_directory(data + "/log", ignored))
    return base::DiskFileSystem::open_root(data + "/log");
  return base::DiskFileSystem::open_root(data);
}

Result<log::VerifierKey> find_key(base::FileSystem& files, const Arguments& arguments) {
  if (const auto text = arguments.value("key")) return log::VerifierKey::parse(*text);
  SEALIFT_TRY(const base::Bytes line, base::read_file(files, std::string(log::kKeyPath), 1024));
  const std::string_view text = base::text_of(line);
  return log::VerifierKey::parse(text.substr(0, text.find('\n')));
}

// A checkpoint by itself, or the one in a receipt.
Result<std::optional<log::TreeHead>> find_kept(const Arguments& arguments,
                                               const log::VerifierKey& key) {
  const auto path = arguments.value("checkpoint");
  if (!path) return std::optional<log::TreeHead>{};
  const std::filesystem::path file(*path);
  const std::string folder = file.has_parent_path() ? file.parent_path().string() : ".";
  SEALIFT_TRY(base::DiskFileSystem files, base::DiskFileSystem::open_root(folder));
  SEALIFT_TRY(const base::Bytes bytes,
              base::read_file(files, file.filename().string(), 2 * limits::kLogNoteSizeMax));
  std::string note(base::text_of(bytes));
  if (auto receipt = log::parse_receipt(note)) note = receipt->checkpoint_note;
  SEALIFT_TRY(const log::Checkpoint checkpoint, log::open_checkpoint(note, key));
  return std::optional{checkpoint.head};
}

// Problems are our own words and numbers: nothing in them needs escaping.
void print_json(const log::LogReport& report) {
  std::cout << "{\"whole\":" << (report.is_whole() ? "true" : "false")
            << ",\"size\":" << report.head.size << ",\"root\":\""
            << base::base64_encode(report.head.root, base::Padding::required)
            << "\",\"unpublished\":" << report.unpublished << ",\"problems\":[";
  std::string_view comma;
  for (const std::string& problem : report.problems) {
    std::cout << comma << "\"" << problem << "\"";
    comma = ",";
  }
  std::cout << "]}\n";
}

void print_text(const log::LogReport& report, base::Language language) {
  for (const std::string& problem : report.problems)
    std::cout << phrase(language, "problem: {problem}", recognised(language, problem)) << "\n";
  std::cout << phrase(language, "entries     {size}\nroot        {root}\n", report.head.size,
                      base::base64_encode(report.head.root, base::Padding::required));
  if (report.unpublished != 0)
    std::cout << phrase(language, "unpublished {size}", report.unpublished) << "\n";
}

Outcome verify(const Environment& environment, const Arguments& arguments) {
  const auto data = arguments.value("data");
  if (!data) return fail_usage("log verify needs a URL or --data");
  auto files = open_log(*data);
  if (!files) return tl::unexpected(Failure(std::move(files).error().with_context(*data)));
  auto key = find_key(*files, arguments);
  if (!key)
    return tl::unexpected(
        Failure(std::move(key).error().with_context("the log's public key"), "give it with --key"));
  auto kept = find_kept(arguments, *key);
  if (!kept)
    return tl::unexpected(Failure(
        std::move(kept).error().with_context("checkpoint " + *arguments.value("checkpoint"))));
  const auto report = log::verify_log(*files, *key, *kept);
  if (!report) return tl::unexpected(Failure(report.error()));
  if (arguments.has("json")) {
    print_json(*report);
  } else {
    print_text(*report, environment.language);
  }
  if (report->is_whole()) return {};
  std::cout.flush();
  return tl::unexpected(Failure({ErrorCode::damaged, "the log is not whole"}));
}

}  // namespace

Outcome run_log(const Environment& environment, std::span<const std::string> arguments) {
  const std::string what = arguments.empty() ? "" : arguments.front();
  if (what != "verify" && what != "watch" && what != "witness" && what != "accept-restore")
    return fail_usage("log takes verify, watch, witness or accept-restore",
                      did_you_mean(what, kParts));
  const auto parsed = parse_arguments(kOptions, arguments.subspan(1));
  if (!parsed) return tl::unexpected(parsed.error());
  if (what == "watch") return watch_directory(environment, *parsed);
  if (what == "witness") return witness_server(environment, *parsed);
  for (const char* other : {"note", "compare", "policy", "state"})
    if (parsed->has(other)) return fail_usage("log verify doesn't take that option");
  if (what == "accept-restore") {
    if (parsed->operands().size() != 1) return fail_usage("log accept-restore takes a URL");
    return accept_restored_log(environment, *parsed);
  }
  if (const auto key = parsed->value("key"); key && !log::VerifierKey::parse(*key))
    return fail_usage("--key takes a log's public key, NAME+ID+KEY; not " + *key);
  if (parsed->has("receipt")) {
    if (!parsed->operands().empty() || parsed->has("data") || parsed->has("checkpoint"))
      return fail_usage("log verify --receipt takes no other option than --key");
    return verify_receipt_file(environment, *parsed);
  }
  if (parsed->operands().size() == 1 && !parsed->has("data") && !parsed->has("key") &&
      !parsed->has("checkpoint"))
    return verify_server_log(environment, *parsed);
  if (!parsed->operands().empty()) return fail_usage("log verify takes either a URL or --data");
  return verify(environment, *parsed);
}

}  // namespace sealift::cli
