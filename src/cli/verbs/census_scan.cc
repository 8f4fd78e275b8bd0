#include <algorithm>
#include <filesystem>
#include <iostream>

#include "base/keep_memory.h"
#include "census/case/case.h"
#include "census/case/export.h"
#include "census/kinds/dates.h"
#include "cli/phrase.h"
#include "cli/scan_copies.h"
#include "cli/scan_order.h"
#include "cli/scan_run.h"
#include "cli/verbs/census_verbs.h"
#include "extract/pile.h"
#include "extract/pool.h"

namespace sealift::cli {
namespace {

struct ScanOptions {
  std::vector<std::string> paths;
  std::string folder;
  unsigned jobs = 1;
  bool resume = false;
  bool ocr = true;
  bool json = false;
  std::string as_of;
};

tl::expected<ScanOptions, Failure> parse_scan(const Environment& environment,
                                              std::span<const std::string> arguments) {
  constexpr Option kOptions[] = {{'\0', "case", Takes::value},     {'j', "jobs", Takes::value},
                                 {'\0', "resume", Takes::nothing}, {'\0', "no-ocr", Takes::nothing},
                                 {'\0', "as-of", Takes::value},    {'\0', "json", Takes::nothing}};
  const auto parsed = parse_arguments(kOptions, arguments);
  if (!parsed) return tl::unexpected(parsed.error());
  ScanOptions options;
  auto folder = case_folder(*parsed);
  if (!folder) return tl::unexpected(folder.error());
  options.folder = *std::move(folder);
  options.paths = parsed->operands();
  if (options.paths.empty()) return fail_usage("scan needs a path to read");
  for (const std::string& path : options.paths) {
    std::error_code error;
    if (!std::filesystem::exists(path, error))
      return tl::unexpected(
          Failure({base::ErrorCode::not_found, "there is no file or folder " + path}));
  }
  options.jobs = environment.cpu_count;
  if (const auto jobs = parsed->value("jobs")) {
    if (jobs->empty() || jobs->size() > 3 ||
        !std::ranges::all_of(*jobs, [](char c) { return c >= '0' && c <= '9'; }) || *jobs == "0")
      return fail_usage("--jobs takes a number from 1 to 999; not " + *jobs);
    options.jobs = static_cast<unsigned>(std::stoul(*jobs));
  }
  options.resume = parsed->has("resume");
  options.ocr = !parsed->has("no-ocr");
  options.json = parsed->has("json");
  options.as_of = parsed->value("as-of").value_or("");
  if (!options.as_of.empty() && !census::parse_iso_date(options.as_of))
    return fail_usage("--as-of takes a date such as 2021-01-20; not " + options.as_of);
  return options;
}

// Leaves out what a scan before has put into the case.
base::Result<std::vector<extract::InputFile>> files_to_read(
    census::Case& into, const std::vector<extract::InputFile>& all, bool ocr) {
  std::vector<extract::InputFile> left;
  for (const extract::InputFile& file : all) {
    SEALIFT_TRY(const bool read, into.has(file.path, census::CasePass::documents, file.size_bytes));
    SEALIFT_TRY(const bool waits, into.waits_for_scans(file.path));
    if (!read || (ocr && waits)) left.push_back(file);
  }
  return left;
}

census::Date today(const Environment& environment) {
  const std::chrono::sys_days day = std::chrono::floor<std::chrono::days>(environment.clock.now());
  const std::chrono::year_month_day date(day);
  return {static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())),
          static_cast<int>(static_cast<unsigned>(date.day()))};
}

base::Result<std::uint64_t> scan(const Environment& environment, const ScanOptions& options) {
  auto created = census::Case::create(options.folder);
  if (!created)
    return tl::unexpected(std::move(created).error().with_context("case " + options.folder));
  census::Case into = *std::move(created);
  if (!options.as_of.empty()) SEALIFT_TRY_VOID(into.set_as_of(options.as_of));
  SEALIFT_TRY(std::vector<extract::InputFile> all, extract::list_pile(options.paths));
  const std::vector<census::CaseCopy> copies = take_copies(all);
  std::vector<std::string> paths;
  paths.reserve(all.size());
  for (const extract::InputFile& file : all) paths.push_back(file.path);
  std::ranges::sort(paths);
  SEALIFT_TRY_VOID(into.keep_only(options.resume ? paths : std::vector<std::string>()));
  SEALIFT_TRY_VOID(into.put_copies(copies));
  SEALIFT_TRY(std::vector<extract::InputFile> left, files_to_read(into, all, options.ocr));
  const std::vector<extract::InputFile> files = in_scan_order(std::move(left));

  const census::Models models = census::Models::built_in();
  const census::TextDetector detector(models);
  const census::ReadingTools tools{
      .models = models, .detector = detector, .dates = {.as_of = today(environment)}};
  FillingConsumer consumer(into, tools, files, environment.clock, options.jobs);
  {
    const ScanWatcher watcher(options.folder, consumer, environment);
    const extract::PoolOptions pool{.program = environment.program_folder + "/sealift-extract",
                                    .jobs = options.jobs,
                                    .ocr = options.ocr ? extract::Ocr::last : extract::Ocr::off,
                                    .stop = &consumer.stop()};
    SEALIFT_TRY_VOID(extract::extract_files(files, pool, consumer));
  }
  if (const auto failed = consumer.failed()) return tl::unexpected(*failed);
  return into.resolve({.jobs = options.jobs});
}

}  // namespace

Outcome run_census_scan(const Environment& environment, std::span<const std::string> arguments) {
  const auto options = parse_scan(environment, arguments);
  if (!options) return tl::unexpected(options.error());
  base::keep_freed_memory();
  const auto people = scan(environment, *options);
  if (!people) return tl::unexpected(Failure(people.error()));
  if (options->json) {
    std::cout << "{\"people\":" << *people << "}\n";
  } else {
    std::cout << phrase(environment.language, "{count} {count:person|people}", *people) << "\n";
  }
  return {};
}

}  // namespace sealift::cli
