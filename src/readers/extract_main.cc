// sealift-extract: reads what is in files, in sandboxed processes of itself.
//
//   sealift-extract [--jobs N] [--no-ocr] PATH...    prints what is read, as JSON lines
//   sealift-extract --read-documents | --read-scans  the sandboxed reader; started by the parent
//
// The only program that parsers are linked into, and the only one under the GPL (NOTICE).
#include <clocale>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "base/keep_memory.h"
#include "readers/dump.h"
#include "readers/formats.h"
#include "readers/pages/ocr.h"
#include "readers/pages/pdf.h"
#include "readers/worker.h"

namespace {

constexpr int kSocket = 3;
constexpr int kUsage = 2;
constexpr int kNoOcr = 4;

int usage() {
  std::fputs("sealift-extract: error: usage: sealift-extract [--jobs N] [--no-ocr] PATH...\n",
             stderr);
  return kUsage;
}

}  // namespace

int main(int argc, char** argv) {
  using sealift::readers::Means;
  // libarchive gives names through the locale's encoding; numbers stay as they are.
  std::setlocale(LC_CTYPE, "C.UTF-8");
  sealift::base::keep_freed_memory();
  const std::vector<std::string_view> arguments(argv + 1, argv + argc);
  Means means{sealift::readers::recognise, nullptr, sealift::readers::process_cpu_time};
  if (arguments.size() == 1 && arguments[0] == "--read-documents") {
    sealift::readers::prepare_pdf();
    return sealift::readers::serve_requests(kSocket, means);
  }
  if (arguments.size() == 1 && arguments[0] == "--read-scans") {
    const auto ocr = sealift::readers::load_ocr();
    if (ocr == nullptr) return kNoOcr;
    means.ocr = ocr.get();
    sealift::readers::prepare_pdf();
    return sealift::readers::serve_requests(kSocket, means);
  }
  const auto options = sealift::readers::parse_dump_options(arguments);
  if (!options) return usage();
  return sealift::readers::dump(*options, stdout, stderr);
}
