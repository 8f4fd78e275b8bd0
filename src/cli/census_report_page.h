// The report of a case for a privacy officer, as one HTML page in the reader's language: plain HTML
// and SVG, no script, nothing fetched. Everything that comes from the dump is escaped. Pure.
#pragma once

#include <string>

#include "base/refusal.h"
#include "census/case/report.h"

namespace sealift::cli {

std::string census_report_page(const census::ReportFacts& facts, base::Language language);

}  // namespace sealift::cli
