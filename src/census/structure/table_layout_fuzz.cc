// Any text may be searched for tables drawn with spaces; those found don't overlap.
#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "base/check.h"
#include "census/structure/table_layout.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sealift::census;
  const std::string_view text = sealift::base::text_of(std::as_bytes(std::span(data, size)));
  std::size_t last_end = 0;
  for (const LayoutTable& table : layout_tables(text)) {
    SEALIFT_CHECK(table.begin >= last_end && table.begin <= table.end && table.end <= text.size());
    SEALIFT_CHECK(table.rows.size() == table.lines.size());
    last_end = table.end;
  }
  return 0;
}
