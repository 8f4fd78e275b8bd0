#include <iostream>

#include "base/atomic_file.h"
#include "base/bytes.h"
#include "base/file_descriptor.h"
#include "census/case/report.h"
#include "census/kinds/dates.h"
#include "cli/census_report_page.h"
#include "cli/verbs/census_verbs.h"

namespace sealift::cli {
namespace {

Outcome write_private(const std::string& path, const std::string& content) {
  auto written = [&]() -> base::Result<void> {
    SEALIFT_TRY(base::AtomicFile file, base::AtomicFile::create(path, 0600));
    SEALIFT_TRY_VOID(base::write_full(file.fd(), base::bytes_of(content)));
    return file.commit(base::Replace::yes, base::Durability::none);
  }();
  if (!written)
    return tl::unexpected(Failure(std::move(written).error().with_context("cannot write " + path)));
  return {};
}

}  // namespace

Outcome run_census_report(const Environment& environment, std::span<const std::string> arguments) {
  constexpr Option kOptions[] = {{'\0', "case", Takes::value},
                                 {'o', "output", Takes::value},
                                 {'\0', "mail-merge", Takes::value},
                                 {'\0', "letters-on", Takes::value}};
  const auto parsed = parse_arguments(kOptions, arguments);
  if (!parsed) return tl::unexpected(parsed.error());
  const auto folder = case_folder(*parsed);
  if (!folder) return tl::unexpected(folder.error());
  if (!parsed->operands().empty()) return fail_usage("report takes no operand");
  const std::string letters_on = parsed->value("letters-on").value_or("");
  if (!letters_on.empty() && !census::parse_iso_date(letters_on))
    return fail_usage("--letters-on takes a date such as 2021-03-25; not " + letters_on);
  if (!letters_on.empty() && !parsed->has("mail-merge"))
    return fail_usage("--letters-on needs --mail-merge FILE.csv");
  auto opened = open_case(*folder);
  if (!opened) return tl::unexpected(Failure(std::move(opened).error()));
  if (const auto path = parsed->value("mail-merge")) {
    const auto csv = census::mail_merge_csv(*opened, letters_on);
    if (!csv) return tl::unexpected(Failure(csv.error()));
    if (auto done = write_private(*path, *csv); !done) return done;
  }
  const auto output = parsed->value("output");
  if (!output && parsed->has("mail-merge")) return {};
  const auto facts = census::report_facts(*opened);
  if (!facts) return tl::unexpected(Failure(facts.error()));
  const std::string html = census_report_page(*facts, environment.language);
  if (output) return write_private(*output, html);
  std::cout << html;
  return {};
}

}  // namespace sealift::cli
