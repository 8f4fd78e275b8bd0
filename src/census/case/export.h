// The export: people and files of a case as JSON lines, in clear (docs/formats/census-export.md).
//
//   {"person":"p1","names":["..."],"birth_date":"1984-03-07"|null,"minor":true|false|null,
//    "deceased":...,"elements":[{"type":"...","value":"...","evidence":[{"path":"...",
//    "locator":"..."}],"probability":0.98}],"doubtful":[...],"guardians":["p7"],
//    "probability":0.98,"kind":"affected"}
//   {"path":"...","status":"read|partial|encrypted|unsupported|failed","bytes":N,"reason":"..."}
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "census/case/case.h"

namespace sealift::census {

// One line without its end.
std::string person_json(const Person& person);
std::string file_json(const CaseFile& file);

// "read", "partial", ...
std::string_view status_name(document::FileStatus status);

// `text` as a JSON string with its quotes; bytes that are no UTF-8 become U+FFFD.
std::string json_string(std::string_view text);

// Where to write; an empty path leaves that file out. People who are sure and people who are
// doubtful (census/people/doubts.h) are in files of their own.
struct ExportPaths {
  std::string people, doubtful, files;
};

// The files are made new, readable by their owner alone. Errors: io, no_space.
base::Result<void> export_case(Case& from, const ExportPaths& paths);

}  // namespace sealift::census
