#include "readers/context.h"

#include <algorithm>
#include <new>

#include "base/check.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "readers/text/text_encoding.h"

namespace sealift::readers {
namespace {

using document::FileEnd;

// Where to cut a text that is longer than a piece: after a line, else before a character.
std::size_t piece_length(std::string_view text) {
  if (text.size() <= limits::kTextPieceSizeMax) return text.size();
  const std::size_t line = text.rfind('\n', limits::kTextPieceSizeMax - 1);
  if (line != std::string_view::npos) return line + 1;
  std::size_t length = limits::kTextPieceSizeMax;
  while ((static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80) --length;
  return length;
}

// A cell that fits a frame, whatever a file claims to be one.
void cut_cell(std::string& cell) {
  if (cell.size() <= limits::kCellSizeMax) return;
  cell.resize(base::utf8_prefix_length(std::string_view(cell).substr(0, limits::kCellSizeMax)));
}

}  // namespace

void Context::read_top(base::ByteView bytes) {
  unpacked_bytes_max_ = limits::kUnpackedFreely + limits::kUnpackedRatioMax * bytes.size();
  const Recognised kind = means_.recogniser(bytes);
  file(request_.path, request_.size_bytes, kind.format, [&]() -> FileEnd {
    if (kind.reader == nullptr) return not_supported("no reader for this kind of file");
    return kind.reader(bytes, *this);
  });
}

void Context::member(std::string_view name, base::ByteView bytes) {
  const Recognised kind = means_.recogniser(bytes);
  member_as(name, bytes.size(), kind.format, [&]() -> FileEnd {
    if (kind.reader == nullptr) return not_supported("no reader for this kind of file");
    return kind.reader(bytes, *this);
  });
}

void Context::unread_member(std::string_view name, std::uint64_t size_bytes, FileEnd end) {
  member_as(name, size_bytes, "", [&] { return end; });
}

void Context::member_as(std::string_view name, std::uint64_t size_bytes, std::string_view format,
                        const std::function<FileEnd()>& read) {
  if (open_.size() >= limits::kArchiveDepthMax) {
    file(member_path(name), size_bytes, format, [] { return read_failed("nested too deep"); });
    return;
  }
  file(member_path(name), size_bytes, format, read);
}

void Context::file(std::string path, std::uint64_t size_bytes, std::string_view format,
                   const std::function<FileEnd()>& read) {
  const std::uint32_t ordinal = ordinal_++;
  Open open;
  open.path = std::move(path);
  open.silent = is_silent(ordinal);
  const auto started = open.started = means_.cpu_time();
  open_.push_back(std::move(open));
  if (!silent()) sink_.begin_file({open_.back().path, std::string(format), size_bytes});

  const auto skip = std::ranges::find(request_.skips, ordinal, &extract::Skip::ordinal);
  FileEnd end = skip != request_.skips.end() ? read_failed(skip->reason) : guarded(read);

  if (!silent()) sink_.end_file(std::move(end));
  open_.pop_back();
  // What a member took is not its holder's.
  if (!open_.empty()) open_.back().started += means_.cpu_time() - started;
}

FileEnd Context::guarded(const std::function<FileEnd()>& read) {
  const std::size_t depth = open_.size();
  try {
    FileEnd end = read();
    SEALIFT_CHECK(open_.size() == depth);
    return end;
  } catch (const std::bad_alloc&) {
    SEALIFT_CHECK(open_.size() == depth);
    return read_failed("needs more memory than a file may have");
  }
}

bool Context::is_silent(std::uint32_t ordinal) const {
  return request_.pass == extract::Pass::scans &&
         !std::ranges::binary_search(request_.only, ordinal);
}

std::string Context::member_path(std::string_view name) {
  std::string text = text_of_name(name.substr(0, limits::kMemberNameSizeMax));
  if (text.empty()) text = "unnamed";
  std::set<std::string, std::less<>>& names = open_.back().names;
  std::string unique = text;
  for (int copy = 2; !names.insert(unique).second; ++copy) {
    unique = text + " (" + std::to_string(copy) + ")";
  }
  return open_.back().path + "!" + unique;
}

void Context::text(const document::Place& place, std::string_view text, document::TextRole role,
                   std::uint32_t first_line) {
  if (silent() || text.find_first_not_of(" \t\r\n") == std::string_view::npos) return;
  while (!text.empty()) {
    const std::string_view piece = text.substr(0, piece_length(text));
    sink_.text({place, role, first_line, std::string(piece)});
    first_line += static_cast<std::uint32_t>(std::ranges::count(piece, '\n'));
    text.remove_prefix(piece.size());
  }
}

void Context::rows(document::TableRows rows) {
  if (!silent()) sink_.table_rows(std::move(rows));
}

void Context::mail_header(document::MailHeader header) {
  if (silent()) return;
  cut_cell(header.name);
  cut_cell(header.value);
  sink_.mail_header(std::move(header));
}

void Context::card(document::Card card) {
  if (!silent()) sink_.card(std::move(card));
}

std::uint32_t Context::next_table() { return ++open_.back().tables; }

bool Context::out_of_time() {
  return means_.cpu_time() - open_.back().started >
         std::chrono::seconds(limits::kFileCpuSecondsMax);
}

bool Context::may_unpack(std::uint64_t bytes) {
  unpacked_bytes_ += bytes;
  return unpacked_bytes_ <= unpacked_bytes_max_ && ordinal_ <= limits::kArchiveMembersMax;
}

FileEnd Context::waits_for_ocr() { return read_partly(std::string(extract::kWaitsForOcr)); }

TableWriter::TableWriter(Context& context, document::Place place) : context_(context) {
  piece_.place = std::move(place);
}

void TableWriter::add(std::vector<std::string> row) { add_at(next_row_, std::move(row)); }

void TableWriter::add_at(std::uint64_t number, std::vector<std::string> row) {
  while (!row.empty() && row.back().empty()) row.pop_back();
  if (row.size() > limits::kRowCellsMax) row.resize(limits::kRowCellsMax);
  const bool gap = !piece_.rows.empty() && number != piece_.first_row + piece_.rows.size();
  next_row_ = number + 1;
  if (row.empty()) return;
  if (gap || piece_.rows.size() >= limits::kTablePieceRowsMax ||
      piece_bytes_ >= limits::kTablePieceSizeMax) {
    flush();
  }
  if (piece_.rows.empty()) piece_.first_row = number;
  for (std::string& cell : row) {
    cut_cell(cell);
    piece_bytes_ += cell.size();
  }
  piece_.rows.push_back(std::move(row));
}

void TableWriter::flush() {
  if (piece_.rows.empty()) return;
  if (written_ == 0) piece_.table = context_.next_table();
  written_ += piece_.rows.size();
  document::TableRows next;
  next.place = piece_.place;
  next.table = piece_.table;
  context_.rows(std::exchange(piece_, std::move(next)));
  piece_bytes_ = 0;
}

}  // namespace sealift::readers
