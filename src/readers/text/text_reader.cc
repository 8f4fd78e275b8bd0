#include "readers/text/text_reader.h"

#include <algorithm>

#include "readers/text/delimited.h"
#include "readers/text/fixed_width.h"
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

// Records of one length, with or without line ends; nullopt: it is something else.
std::optional<FileEnd> read_fixed_width(base::ByteView bytes, const Charset& charset,
                                        std::string_view first, Context& context) {
  constexpr std::size_t kRecordsJudged = 400;
  const bool lines = first.find_first_of("\r\n") != std::string_view::npos;
  const bool mainframe = is_ebcdic_charset(charset);
  if (lines && !mainframe && !has_fixed_width_lines(first)) return std::nullopt;
  std::string text = mainframe ? decode_ebcdic(bytes, charset) : decode(bytes, charset);
  std::optional<std::size_t> length;
  if (text.find('\n') == std::string::npos) {
    length = fixed_record_length(text);
    if (!length) return std::nullopt;
  } else if (!has_fixed_width_lines(text)) {
    return std::nullopt;
  }
  std::vector<std::string_view> records;
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t end =
        length ? std::min(*length, rest.size()) : std::min(rest.find('\n'), rest.size());
    std::string_view record = rest.substr(0, end);
    if (record.ends_with('\r')) record.remove_suffix(1);
    records.push_back(record);
    rest.remove_prefix(std::min(end + (length ? 0 : 1), rest.size()));
  }
  const std::vector<std::string_view> judged(
      records.begin(),
      records.begin() + static_cast<std::ptrdiff_t>(std::min(records.size(), kRecordsJudged)));
  const std::vector<std::size_t> columns = fixed_columns(judged);
  TableWriter table(context, {});
  for (const std::string_view record : records) {
    table.add(cut_record(record, columns));
    if (context.out_of_time()) return read_partly("took too long; the first rows were read");
  }
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
  if (auto end = read_fixed_width(bytes, *charset, *first, context)) return *std::move(end);
  if (is_ebcdic_charset(*charset)) {
    context.text({PlaceKind::line, 1, {}}, decode_ebcdic(bytes, *charset));
    return read_whole();
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
