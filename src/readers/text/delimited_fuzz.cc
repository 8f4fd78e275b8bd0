// Any text as a delimited table: it gives the same rows whole and in pieces of any size.
#include <cstdint>

#include "base/bytes.h"
#include "base/check.h"
#include "readers/text/delimited.h"

namespace {

using Rows = std::vector<std::pair<std::uint64_t, std::vector<std::string>>>;

Rows rows_of(std::string_view text, const sealift::readers::Delimiter& delimiter,
             std::size_t piece) {
  Rows rows;
  sealift::readers::DelimitedParser parser(delimiter, [&](std::uint64_t number, auto row) {
    rows.emplace_back(number, std::move(row));
  });
  for (std::size_t at = 0; at < text.size(); at += piece) parser.feed(text.substr(at, piece));
  parser.finish();
  return rows;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = sealift::base::text_of(std::as_bytes(std::span(data, size)));
  using sealift::readers::Delimiter;
  const auto found = sealift::readers::find_delimiter(text);
  for (const Delimiter& delimiter : {found.value_or(Delimiter{}), Delimiter{';', false}}) {
    const Rows whole = rows_of(text, delimiter, std::max<std::size_t>(1, size));
    SEALIFT_CHECK(whole == rows_of(text, delimiter, 1));
    SEALIFT_CHECK(whole == rows_of(text, delimiter, 5));
  }
  return 0;
}
