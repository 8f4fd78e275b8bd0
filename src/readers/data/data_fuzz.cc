// Any bytes as each kind of database and export, whatever they look like: the first byte says
// which. What comes out ends, with a reason unless all of it was read.
#include <array>
#include <cstdint>
#include <span>

#include "base/check.h"
#include "readers/data/dbf.h"
#include "readers/data/sql_dump.h"
#include "readers/data/sqlite_file.h"
#include "readers/office/spreadsheet_xml.h"
#include "readers/testing.h"
#include "readers/text/json_reader.h"
#include "readers/text/text_reader.h"
#include "readers/text/xml_reader.h"

namespace {

using sealift::readers::Reader;

constexpr std::array<Reader, 7> kReaders = {
    sealift::readers::read_sql,  sealift::readers::read_sqlite,          sealift::readers::read_dbf,
    sealift::readers::read_json, sealift::readers::read_spreadsheet_xml, sealift::readers::read_xml,
    sealift::readers::read_text};

Reader g_reader = nullptr;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sealift;
  if (size == 0) return 0;
  g_reader = kReaders.at(data[0] % kReaders.size());
  const auto bytes = std::as_bytes(std::span(data, size)).subspan(1);
  readers::Recording recording;
  const readers::Means means{[](base::ByteView) {
                               return readers::Recognised{"x", g_reader};
                             },
                             nullptr, readers::process_cpu_time};
  const extract::Request request{extract::Pass::documents, bytes.size(), "f", {}, {}};
  readers::Context(recording, request, means).read_top(bytes);
  SEALIFT_CHECK(recording.all_ended());
  return 0;
}
