#include "admin/admin_backup.h"

#include <charconv>
#include <iostream>
#include <nlohmann/json.hpp>

#include "base/hex.h"
#include "cli/phrase.h"
#include "crypto/random.h"
#include "server/vault/upkeep/restore.h"

namespace sealift::cli {
namespace {

using base::ErrorCode;
using nlohmann::json;
using server::vault::DataFolder;
using server::vault::Finding;

constexpr std::size_t kShownMax = 20;

json json_of(const std::vector<Finding>& findings) {
  json all = json::array();
  for (const Finding& finding : findings) {
    json one = {{"kind", name_of(finding.kind)}, {"is_loss", is_loss(finding.kind)}};
    if (!finding.subject.empty()) one["subject"] = finding.subject;
    if (finding.parcel) one["parcel"] = base::hex_encode(finding.parcel->view());
    all.push_back(std::move(one));
  }
  return all;
}

std::string line_of(const Finding& finding, base::Language language) {
  const std::string_view sentence = looked_up(language, sentence_of(finding.kind));
  if (finding.parcel)
    return phrase(language, "{finding}: parcel {parcel}", sentence,
                  base::hex_encode(finding.parcel->view()));
  if (!finding.subject.empty())
    return phrase(language, "{finding}: {subject}", sentence,
                  recognised(language, finding.subject));
  return std::string(sentence);
}

void list(const std::vector<Finding>& findings, std::ostream& out, base::Language language) {
  for (std::size_t i = 0; i < findings.size() && i < kShownMax; ++i) {
    out << "  " << line_of(findings[i], language) << "\n";
  }
  if (findings.size() > kShownMax) {
    out << phrase(language, "  and {count} more: --json lists all", findings.size() - kShownMax)
        << "\n";
  }
}

void print(const Arguments& arguments, const json& figures, const std::string& words) {
  std::cout << (arguments.has("json") ? figures.dump() : words) << "\n";
}

tl::expected<std::optional<std::uint64_t>, Failure> number_of(const Arguments& arguments,
                                                              const char* option) {
  const auto text = arguments.value(option);
  if (!text) return std::nullopt;
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error != std::errc() || end != text->data() + text->size() || number == 0) {
    return fail_usage("--" + std::string(option) + " takes a whole number from 1");
  }
  return number;
}

// What an error of the folders is about: the paths that were typed.
Failure named(base::Error error, const std::string& what) {
  return std::move(error).with_context(what);
}

Failure lost_failure(const std::vector<Finding>& lost, const std::string& what,
                     const std::string& hint, base::Language language) {
  std::cout.flush();
  list(lost, std::cerr, language);
  return {{ErrorCode::damaged, what}, hint};
}

std::string interrupted_words(std::uint64_t interrupted, base::Language language) {
  if (interrupted == 0) return "";
  return phrase(language,
                "; {count} {count:backup|backups} next to it cut short or damaged, and left out",
                interrupted);
}

// A figure in an error, which is made in English and translated where it is shown.
std::string lost_parts(std::uint64_t count) {
  return phrase(base::Language::english, "{count} {count:part of a parcel|parts of parcels}",
                count);
}

Outcome verify(const Environment& environment, const Arguments& arguments) {
  const auto generation = number_of(arguments, "generation");
  if (!generation) return tl::unexpected(generation.error());
  const std::string& folder = arguments.operands()[1];
  const auto report = server::vault::verify_backup({folder, *arguments.value("keys")}, *generation);
  if (!report) {
    return tl::unexpected(
        named(report.error(), folder + " with the keys in " + *arguments.value("keys")));
  }
  const std::uint64_t number = report->marker.generation;
  print(
      arguments,
      {{"generation", number},
       {"made", report->marker.made.time_since_epoch().count()},
       {"blobs", report->blobs},
       {"log_entries", report->log_entries},
       {"lost", report->marker.lost},
       {"interrupted", report->interrupted},
       {"findings", json_of(report->findings)}},
      phrase(environment.language,
             "generation {number}: {blobs} {blobs:blob|blobs} and {entries} {entries:log entry|log "
             "entries} read",
             number, report->blobs, report->log_entries) +
          interrupted_words(report->interrupted, environment.language));
  if (report->findings.empty() && report->marker.lost == 0) return {};
  return tl::unexpected(lost_failure(
      report->findings, "this backup is not whole",
      "remove a changed file (" + folder +
          "/store/FIRST TWO DIGITS/ID), and the next backup copies it again from the data folder; "
          "`--generation N` checks an older backup",
      environment.language));
}

// What a backup that was made says of the data folder and of the generations before it.
Outcome judge(const Arguments& arguments, const server::vault::BackupReport& report,
              base::Language language) {
  const std::string& folder = arguments.operands()[1];
  const std::string parts =
      lost_parts(report.lost.empty() ? report.only_here.size() : report.lost.size());
  if (!report.lost.empty()) {
    return tl::unexpected(lost_failure(
        report.lost, "the data folder itself lacks the bytes of " + parts,
        "older generations were kept; `sealift admin fsck` checks everything", language));
  }
  if (!report.only_here.empty()) {
    return tl::unexpected(lost_failure(
        report.only_here,
        "the data folder lacks the bytes of " + parts + ", and this backup still has them",
        "stop the server, copy each ID that --json lists from " + folder + "/store/ to " +
            *arguments.value("data") + "/store/blobs/, and run `sealift admin fsck`",
        language));
  }
  if (report.unreadable.empty()) return {};
  std::string numbers;
  for (const std::uint64_t number : report.unreadable)
    numbers += (numbers.empty() ? "" : ", ") + std::to_string(number);
  return tl::unexpected(Failure(
      {ErrorCode::damaged, "an older generation of this backup can't be read any more: " + numbers},
      "the one made now is whole, and nothing was removed; remove the folder of that number in " +
          folder + "/generations"));
}

}  // namespace

Outcome back_up(const Environment& environment, const Arguments& arguments) {
  if (!arguments.has("keys")) return fail_usage("--keys FOLDER is missing");
  if (arguments.has("verify") && arguments.has("keep"))
    return fail_usage("--verify only reads, and takes no --keep");
  if (arguments.has("verify")) return verify(environment, arguments);
  if (arguments.has("generation")) return fail_usage("--generation goes with --verify");
  const auto kept = number_of(arguments, "keep");
  if (!kept) return tl::unexpected(kept.error());
  server::vault::BackupOptions options;
  options.generations_kept = kept->value_or(options.generations_kept);
  crypto::SystemRandom random;
  const std::string data = *arguments.value("data");
  const auto report =
      server::vault::back_up(data, {arguments.operands()[1], *arguments.value("keys")}, options,
                             random, environment.clock);
  if (!report) {
    return tl::unexpected(named(report.error(), "backup of " + data + " to " +
                                                    arguments.operands()[1] + " with the keys in " +
                                                    *arguments.value("keys")));
  }
  print(arguments,
        {{"generation", report->generation},
         {"blobs", report->blobs},
         {"blobs_copied", report->blobs_copied},
         {"bytes_copied", report->bytes_copied},
         {"log_entries", report->log_entries},
         {"lost", json_of(report->lost)},
         {"only_here", json_of(report->only_here)},
         {"unreadable", report->unreadable}},
        phrase(environment.language,
               "backed up: {count} {count:blob|blobs}, {copied} of them copied now; generation "
               "{generation}",
               report->blobs, report->blobs_copied, report->generation));
  return judge(arguments, *report, environment.language);
}

Outcome restore(const Environment& environment, const Arguments& arguments) {
  if (!arguments.has("keys")) return fail_usage("--keys FOLDER is missing");
  const auto generation = number_of(arguments, "generation");
  if (!generation) return tl::unexpected(generation.error());
  server::vault::RestoreOptions options;
  options.generation = *generation;
  crypto::SystemRandom random;
  const auto report =
      server::vault::restore({arguments.operands()[1], *arguments.value("keys")},
                             *arguments.value("data"), options, random, environment.clock);
  if (!report) {
    return tl::unexpected(
        named(report.error(), "restore of " + arguments.operands()[1] + " with the keys in " +
                                  *arguments.value("keys") + " into " + *arguments.value("data")));
  }
  print(
      arguments,
      {{"generation", report->marker.generation},
       {"made", report->marker.made.time_since_epoch().count()},
       {"interrupted", report->interrupted},
       {"accounts", report->accounts},
       {"parcels", report->parcels},
       {"blobs", report->blobs},
       {"log_entries", report->log_entries},
       {"lost", json_of(report->lost)}},
      phrase(environment.language,
             "restored generation {generation}: {accounts} {accounts:account|accounts}, {parcels} "
             "{parcels:parcel|parcels}, {blobs} {blobs:blob|blobs}; {entries} {entries:log "
             "entry|log entries} verified",
             report->marker.generation, report->accounts, report->parcels, report->blobs,
             report->log_entries) +
          interrupted_words(report->interrupted, environment.language));
  if (report->lost.empty()) return {};
  return tl::unexpected(
      lost_failure(report->lost,
                   "this restore is not whole: " + lost_parts(report->lost.size()) +
                       " could not be restored, and the server won't start on it by itself",
                   "`sealift admin fsck --end-what-is-lost` ends those parcels and lets it start; "
                   "`--generation N` into another folder tries an older backup",
                   environment.language));
}

Outcome check_folder(const Environment& environment, const Arguments& arguments) {
  crypto::SystemRandom random;
  const std::string data = *arguments.value("data");
  if (const auto there = server::vault::need_server(data); !there) {
    return tl::unexpected(named(there.error(), data));
  }
  const auto keys = DataFolder::open_keys(data);
  if (!keys) return tl::unexpected(named(keys.error(), data));
  if (keys->restore_state() == server::vault::RestoreState::under_way) {
    return tl::unexpected(named(keys->refuse_unfinished_restore().error(), data));
  }
  if (const auto there = server::vault::need_catalog(data); !there) {
    return tl::unexpected(named(there.error(), data));
  }
  const auto folder = DataFolder::open(data, random);
  if (!folder) return tl::unexpected(named(folder.error(), data));
  const bool repairs = arguments.has("repair-what-is-safe");
  const bool ends = arguments.has("end-what-is-lost");
  base::Result<base::FileDescriptor> lock = base::FileDescriptor();
  if (repairs || ends) lock = folder->lock();
  if (!lock) {
    return tl::unexpected(Failure(base::Error(lock.error()).with_context(data),
                                  "stop the server first; without an option, fsck only reads"));
  }
  const bool is_running = !repairs && !ends && !folder->lock();
  auto report = server::vault::check_data_folder(
      *folder, server::vault::Reading::every_byte,
      is_running ? server::vault::Beside::a_server : server::vault::Beside::nothing);
  if (!report) return tl::unexpected(named(report.error(), data));
  std::uint64_t repaired = 0;
  std::uint64_t ended = 0;
  if (repairs) {
    const auto done = server::vault::repair_what_is_safe(*folder, report->findings);
    if (!done) return tl::unexpected(named(done.error(), data));
    repaired = *done;
  }
  if (ends) {
    const auto done = server::vault::end_what_is_lost(*folder, random, environment.clock);
    if (!done) return tl::unexpected(named(done.error(), data));
    ended = *done;
  }
  const std::vector<Finding> found = report->findings;
  if (repairs || ends) {
    report = server::vault::check_data_folder(*folder, server::vault::Reading::every_byte);
    if (!report) return tl::unexpected(named(report.error(), data));
  }
  print(arguments,
        {{"blobs", report->blobs},
         {"blob_bytes", report->blob_bytes},
         {"log_entries", report->log_entries},
         {"found", json_of(found)},
         {"left", json_of(report->findings)},
         {"repaired", repaired},
         {"parcels_ended", ended}},
        phrase(environment.language,
               "{blobs} {blobs:blob|blobs} and {entries} {entries:log entry|log entries} read; ",
               report->blobs, report->log_entries) +
            (found.empty()
                 ? phrase(environment.language, "everything is whole")
                 : phrase(environment.language, "{count} {count:finding|findings}", found.size())) +
            (repairs ? phrase(environment.language, ", {count} repaired", repaired) : "") +
            (ends ? phrase(environment.language, ", {count} {count:parcel|parcels} ended", ended)
                  : ""));
  if (report->findings.empty()) return {};
  return tl::unexpected(lost_failure(
      report->findings, "not everything in this data folder is whole",
      report->has_loss() ? "restore a backup into another folder, or end the lost parcels "
                           "with --end-what-is-lost"
                         : "--repair-what-is-safe repairs this",
      environment.language));
}

}  // namespace sealift::cli
