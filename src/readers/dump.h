// `sealift-extract PATH...`: prints what is read out of files, one JSON object a line.
//
//   {"begin": PATH, "format": F, "bytes": N}   {"end": PATH, "status": S, "reason": R}
//   {"text": T, "place": P, "role": R, "line": N}
//   {"rows": [[CELL...]...], "place": P, "table": N, "row": N}
//   {"facts": [{"party": N, "ordinal": N, "kind": N, "value": V, "field": F}...], "place": P}
//   {"header": NAME, "value": V, "place": P}   P := {"kind": K, "number": N, "name": NAME}
#pragma once

#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sealift::readers {

struct DumpOptions {
  unsigned jobs = 1;
  bool ocr = true;
  std::vector<std::string> paths;
};

std::optional<DumpOptions> parse_dump_options(const std::vector<std::string_view>& arguments);

// Gives the exit status.
int dump(const DumpOptions& options, std::FILE* out, std::FILE* errors);

}  // namespace sealift::readers
