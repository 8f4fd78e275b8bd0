#include "readers/text/text_reader.h"

#include <algorithm>

#include "readers/text/delimited.h"
#include "readers/text/text_encoding.h"

namespace sealift::readers {
namespace {

using document::FileEnd;
using document::Place;
using document::PlaceKind;

// Old Mac files end their lines with '\r' alone.
std::string with_newlines(std::string_view text) {
  std::string out(text);
  std::ranges::replace(out, '\r', '\n');
  return out;
}

bool lines_end_with_cr(std::string_view text) {
  return text.find('\n') == std::string_view::npos && text.find('\r') != std::string_view::npos;
}

FileEnd read_table(const Delimiter& delimiter, std::string_view first, TextPieces& pieces,
                   Context& context) {
  TableWriter table(context, {});
  DelimitedParser parser(delimiter, [&](std::uint64_t line, std::vector<std::string> row) {
    table.add_at(line, std::move(row));
  });
  for (std::optional<std::string_view> piece = first; piece; piece = pieces.next()) {
    parser.feed(*piece);
    if (context.out_of_time()) return read_partly("took too long; the first rows were read");
  }
  parser.finish();
  return read_whole();
}

}  // namespace

FileEnd read_text(base::ByteView bytes, Context& context) {
  const auto charset = detect_charset(bytes);
  if (!charset) return not_supported("neither text nor a known kind of file");
  TextPieces pieces(bytes, *charset);
  const auto first = pieces.next();
  if (!first) return read_whole();
  if (const auto delimiter = find_delimiter(*first)) {
    return read_table(*delimiter, *first, pieces, context);
  }
  std::uint32_t line = 1;
  const bool old_mac = lines_end_with_cr(*first);
  for (std::optional<std::string_view> piece = first; piece; piece = pieces.next()) {
    const std::string mended = old_mac ? with_newlines(*piece) : std::string();
    const std::string_view text = old_mac ? mended : *piece;
    context.text({PlaceKind::line, line, {}}, text, document::TextRole::body, line);
    line += static_cast<std::uint32_t>(std::ranges::count(text, '\n'));
    if (context.out_of_time()) return read_partly("took too long; the first lines were read");
  }
  return read_whole();
}

}  // namespace sealift::readers
