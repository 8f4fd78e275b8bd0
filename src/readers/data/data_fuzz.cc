// Any bytes as each kind of database and export, whatever they look like: the first byte says
// which. What comes out ends, with a reason unless all of it was read.
#include <array>
#include <cstdint>

#include "readers/data/dbf.h"
#include "readers/data/sql_dump.h"
#include "readers/data/sqlite_file.h"
#include "readers/fuzz_readers.h"
#include "readers/office/spreadsheet_xml.h"
#include "readers/text/json_reader.h"
#include "readers/text/text_reader.h"
#include "readers/text/xml_reader.h"

namespace {

using sealift::readers::Reader;

constexpr std::array<Reader, 7> kReaders = {
    sealift::readers::read_sql,  sealift::readers::read_sqlite,          sealift::readers::read_dbf,
    sealift::readers::read_json, sealift::readers::read_spreadsheet_xml, sealift::readers::read_xml,
    sealift::readers::read_text};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sealift::readers::read_as_one_of(kReaders, data, size);
  return 0;
}
