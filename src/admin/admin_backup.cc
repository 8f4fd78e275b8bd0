#include "admin/admin_backup.h"

#include <iostream>
#include <nlohmann/json.hpp>

#include "crypto/random.h"
#include "server/vault/backup.h"

namespace sealift::cli {
namespace {

void print(const Arguments& arguments, const nlohmann::json& figures, const std::string& words) {
  std::cout << (arguments.has("json") ? figures.dump() : words) << "\n";
}

}  // namespace

Outcome back_up(const Environment& environment, const Arguments& arguments) {
  if (!arguments.has("keys")) return fail_usage("--keys FOLDER is missing");
  crypto::SystemRandom random;
  const auto report = server::vault::back_up(*arguments.value("data"),
                                             {arguments.operands()[1], *arguments.value("keys")},
                                             random, environment.clock);
  if (!report) return tl::unexpected(Failure(report.error()));
  print(arguments,
        {{"blobs", report->blobs},
         {"blobs_copied", report->blobs_copied},
         {"bytes_copied", report->bytes_copied}},
        "backed up: " + std::to_string(report->blobs) + " blobs, " +
            std::to_string(report->blobs_copied) + " of them copied now");
  return {};
}

Outcome restore(const Environment& environment, const Arguments& arguments) {
  if (!arguments.has("keys")) return fail_usage("--keys FOLDER is missing");
  crypto::SystemRandom random;
  const auto report = server::vault::restore({arguments.operands()[1], *arguments.value("keys")},
                                             *arguments.value("data"), random, environment.clock);
  if (!report) return tl::unexpected(Failure(report.error()));
  print(arguments,
        {{"accounts", report->accounts},
         {"parcels", report->parcels},
         {"blobs", report->blobs},
         {"log_entries", report->log_entries}},
        "restored: " + std::to_string(report->accounts) + " accounts, " +
            std::to_string(report->parcels) + " parcels, " + std::to_string(report->blobs) +
            " blobs; " + std::to_string(report->log_entries) + " log entries verified");
  return {};
}

}  // namespace sealift::cli
