// The report of a case for a privacy officer: what is in it, and a table for letters. The page
// itself is cli/census_report_page.h's.
//
// Everything that comes from the dump is hostile: examples are masked, and whatever shows a text
// escapes it. The CSV shows values in clear, and no cell of it can be taken for a formula. Not
// thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "census/case/case.h"

namespace sealift::census {

struct KindFacts {
  std::uint64_t people = 0;
  std::uint64_t children = 0;
  std::vector<std::string> examples;  // masked
};

struct FolderFacts {
  std::uint64_t files = 0;
  std::uint64_t unread = 0;  // files of which something was not read
  std::uint64_t people = 0;
  std::uint64_t children = 0;
};

struct UnreadFile {
  std::string path;
  document::FileStatus status;
  std::string reason;
};

struct ReportFacts {
  std::uint64_t people = 0, children = 0, deceased = 0;  // whose data is exposed
  std::uint64_t adults = 0;                              // known as such
  std::uint64_t doubtful = 0;         // who may be nobody, or somebody of the people again
  std::uint64_t doubtful_values = 0;  // of the people
  std::map<std::string, std::uint64_t> doubts;  // how often each is the reason
  std::uint64_t name_only = 0, work_contacts = 0;
  std::uint64_t children_with_guardian = 0;
  std::map<ElementType, KindFacts> kinds;
  std::map<std::string, FolderFacts> folders;  // top folders
  std::array<std::uint64_t, 6> files{};        // by FileStatus
  std::uint64_t bytes = 0;
  std::vector<UnreadFile> unread;
  std::uint64_t unread_count = 0;  // the list above is cut
  std::string as_of;
};

base::Result<ReportFacts> report_facts(Case& from);

// One line a person whose data is exposed and who is no doubtful one, with whom a letter goes to
// (census/case/letters.h). RFC 4180, UTF-8 with a byte order mark. `letters_on` is an ISO date: who
// is of age by then is written to; "" for the date on which ages count in the case.
base::Result<std::string> mail_merge_csv(Case& from, std::string_view letters_on = "");

// Text as HTML text or attribute; a cell that no spreadsheet takes for a formula.
std::string html_text(std::string_view text);
std::string csv_cell(std::string_view text);

}  // namespace sealift::census
