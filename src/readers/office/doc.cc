#include "readers/office/doc.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <span>

#include "readers/little_endian.h"
#include "readers/text/flow.h"
#include "readers/text/text_encoding.h"

namespace sealift::readers {
namespace {

using document::FileEnd;
using document::TextRole;

constexpr std::uint16_t kWordMagic = 0xA5EC;
constexpr std::uint16_t kEncrypted = 0x0100;    // FibBase.fEncrypted
constexpr std::uint16_t kSecondTable = 0x0200;  // FibBase.fWhichTblStm
constexpr std::size_t kPiecesMax = 1'000'000;
constexpr std::size_t kPageSize = 512;  // of formatted disk pages

// Character counts of the parts of the text, in the order in which they stand (FibRgLw97).
struct PartLengths {
  std::uint32_t body = 0;
  std::uint32_t notes = 0;
  std::uint32_t headers = 0;
};

struct Piece {
  std::uint32_t first = 0;  // character position
  std::uint32_t count = 0;
  std::uint32_t offset = 0;  // byte position in the stream
  bool narrow = false;       // windows-1252, else UTF-16
};

struct Fib {
  bool encrypted = false;
  bool second_table = false;
  PartLengths parts;
  std::uint32_t clx_at = 0;
  std::uint32_t clx_size = 0;
  std::uint32_t papx_at = 0;
  std::uint32_t papx_size = 0;
};

std::optional<Fib> parse_fib(std::string_view stream) {
  if (u16_at(stream, 0) != kWordMagic) return std::nullopt;
  Fib fib;
  const std::uint16_t flags = u16_at(stream, 10);
  fib.encrypted = (flags & kEncrypted) != 0;
  fib.second_table = (flags & kSecondTable) != 0;
  const std::size_t words = 34;  // csw fields of 2 bytes follow, then cslw of 4, then pairs
  const std::size_t longs = words + u16_at(stream, 32) * std::size_t{2} + 2;
  fib.parts.body = u32_at(stream, longs + 12);
  fib.parts.notes = u32_at(stream, longs + 16);
  fib.parts.headers = u32_at(stream, longs + 20);
  const std::size_t pairs = longs + u16_at(stream, longs - 2) * std::size_t{4} + 2;
  fib.papx_at = u32_at(stream, pairs + 13 * std::size_t{8});
  fib.papx_size = u32_at(stream, pairs + 13 * std::size_t{8} + 4);
  fib.clx_at = u32_at(stream, pairs + 33 * std::size_t{8});
  fib.clx_size = u32_at(stream, pairs + 33 * std::size_t{8} + 4);
  return fib;
}

std::string_view part_of(std::string_view bytes, std::uint64_t at, std::uint64_t size) {
  return at < bytes.size() ? bytes.substr(at, size) : std::string_view();
}

// The piece table stands behind the property lists of the CLX.
std::string_view piece_table_of(std::string_view clx) {
  std::size_t at = 0;
  while (at < clx.size() && clx[at] == 1) at += 3 + std::size_t{u16_at(clx, at + 1)};
  if (at >= clx.size() || clx[at] != 2) return {};
  return part_of(clx, at + 5, u32_at(clx, at + 1));
}

std::vector<Piece> parse_pieces(std::string_view table) {
  std::vector<Piece> pieces;
  if (table.size() < 4) return pieces;
  const std::size_t count = std::min((table.size() - 4) / 12, kPiecesMax);
  const std::size_t descriptors = (count + 1) * 4;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t first = u32_at(table, i * 4);
    const std::uint32_t end = u32_at(table, i * 4 + 4);
    if (end <= first) continue;
    const std::uint32_t where = u32_at(table, descriptors + i * 8 + 2);
    const bool narrow = (where & 0x40000000U) != 0;
    const std::uint32_t offset = where & 0x3FFFFFFFU;
    pieces.push_back({first, end - first, narrow ? offset / 2 : offset, narrow});
  }
  return pieces;
}

// Byte positions of the paragraph ends that end a table row: the property sprmPFTtp.
class RowEnds {
 public:
  RowEnds(std::string_view stream, std::string_view bin_table) {
    if (bin_table.size() < 8) return;
    const std::size_t count = std::min((bin_table.size() - 4) / 8, kPiecesMax);
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint64_t page = u32_at(bin_table, (count + 1) * 4 + i * 4) & 0x3FFFFFU;
      read_page(part_of(stream, page * kPageSize, kPageSize));
    }
  }
  bool contains(std::uint64_t byte) const { return ends_.contains(byte); }

 private:
  void read_page(std::string_view page) {
    if (page.size() < kPageSize) return;
    const std::size_t runs = u8_at(page, kPageSize - 1);
    if ((runs + 1) * 4 + runs * 13 > kPageSize) return;
    for (std::size_t i = 0; i < runs; ++i) {
      const std::size_t at = std::size_t{u8_at(page, (runs + 1) * 4 + i * 13)} * 2;
      if (at == 0) continue;
      std::size_t size = std::size_t{u8_at(page, at)} * 2;
      std::size_t start = at + 1;
      if (size == 0) {
        size = std::size_t{u8_at(page, at + 1)} * 2;
        start = at + 2;
      } else {
        size -= 1;
      }
      // The paragraph ends before the next run begins.
      if (ends_row(part_of(page, start + 2, size < 2 ? 0 : size - 2))) {
        ends_.insert(u32_at(page, (i + 1) * 4));
      }
    }
  }

  static bool ends_row(std::string_view properties) {
    constexpr std::uint16_t kTableRowEnd = 0x2417;
    constexpr std::array<std::size_t, 8> kSizes = {1, 1, 2, 4, 2, 2, 0, 3};
    for (std::size_t at = 0; at + 2 < properties.size();) {
      const std::uint16_t code = u16_at(properties, at);
      if (code == kTableRowEnd) return u8_at(properties, at + 2) != 0;
      const std::size_t kind = code >> 13;
      std::size_t size = kSizes.at(kind);
      if (kind == 6) {
        // sprmTDefTable alone has a length of two bytes
        size = code == 0xD608 ? std::size_t{u16_at(properties, at + 2)} + 1
                              : std::size_t{u8_at(properties, at + 2)} + 1;
      }
      at += 2 + size;
    }
    return false;
  }

  std::set<std::uint64_t> ends_;
};

// Feeds characters to a Flow. Fields give their result, not their code.
class CharacterReader {
 public:
  CharacterReader(Flow& flow, const RowEnds& row_ends) : flow_(flow), row_ends_(row_ends) {}

  // `after`: the byte position behind the character.
  void take(char32_t c, std::uint64_t after) {
    switch (c) {
      case 0x07:
        return end_cell(after);
      case 0x13:
        fields_.push_back(Field::code);
        return;
      case 0x14:
        if (!fields_.empty()) fields_.back() = Field::result;
        return;
      case 0x15:
        if (!fields_.empty()) fields_.pop_back();
        return;
      default:
        break;
    }
    if (!fields_.empty() && fields_.back() == Field::code) return;
    open_cell_if_needed();
    switch (c) {
      case 0x0D:
      case 0x0C:
        flow_.end_paragraph();
        break;
      case 0x0B:
        flow_.out() += '\n';
        break;
      case 0x09:
        flow_.out() += '\t';
        break;
      case 0x1E:
        flow_.out() += '-';
        break;
      case 0xA0:
        flow_.out() += ' ';
        break;
      default:
        if (c >= 0x20) append_utf8(flow_.out(), c);
        break;
    }
  }

  void set_cells_expected(bool expected) { cells_expected_ = expected; }

 private:
  enum class Field { code, result };

  // Text belongs to a cell as soon as a cell's end follows it: the caller looked ahead.
  void open_cell_if_needed() {
    if (!cells_expected_ || in_cell_) return;
    if (!flow_.in_table()) flow_.begin_table();
    flow_.begin_cell();
    in_cell_ = true;
  }

  void end_cell(std::uint64_t after) {
    if (row_ends_.contains(after)) {
      flow_.end_row();
      in_cell_ = false;
      return;
    }
    open_cell_if_needed();
    flow_.end_cell();
    in_cell_ = false;
  }

  Flow& flow_;
  const RowEnds& row_ends_;
  std::vector<Field> fields_;
  bool in_cell_ = false;
  bool cells_expected_ = false;
};

struct Character {
  char32_t code = 0;
  std::uint64_t after = 0;
};

std::vector<Character> characters_of(std::string_view stream, const std::vector<Piece>& pieces) {
  static const std::string narrow_table = [] {
    std::string bytes;
    for (int i = 0x80; i < 0xA0; ++i) bytes += static_cast<char>(i);
    return decode(base::bytes_of(bytes), "windows-1252");
  }();
  std::vector<char32_t> high;  // what 0x80 to 0x9F mean in windows-1252
  for (std::size_t i = 0; i < narrow_table.size();) {
    const auto lead = static_cast<unsigned char>(narrow_table[i]);
    const std::size_t length = lead < 0x80 ? 1 : (lead < 0xE0 ? 2 : 3);
    char32_t c = length == 1 ? lead : (length == 2 ? lead & 0x1FU : lead & 0x0FU);
    for (std::size_t k = 1; k < length; ++k) {
      c = (c << 6) | (static_cast<unsigned char>(narrow_table[i + k]) & 0x3FU);
    }
    high.push_back(c);
    i += length;
  }
  std::vector<Character> out;
  for (const Piece& piece : pieces) {
    const std::size_t unit = piece.narrow ? 1 : 2;
    for (std::uint32_t i = 0; i < piece.count; ++i) {
      const std::uint64_t at = piece.offset + std::uint64_t{i} * unit;
      if (at + unit > stream.size()) break;
      char32_t c = piece.narrow ? u8_at(stream, at) : u16_at(stream, at);
      if (piece.narrow && c >= 0x80 && c < 0x80 + high.size() && c < 0xA0) c = high[c - 0x80];
      const bool pair = !piece.narrow && c >= 0xD800 && c < 0xDC00;
      if (pair && i + 1 < piece.count) {
        c = 0x10000 + ((c - 0xD800) << 10) + (u16_at(stream, at + 2) & 0x3FFU);
        ++i;
      }
      out.push_back({c, piece.offset + std::uint64_t{i + 1} * unit});
    }
  }
  return out;
}

// One part of the text: where a paragraph is in a table, its cell's end comes before the next
// paragraph that is not.
void read_part(std::span<const Character> characters, const RowEnds& row_ends, TextRole role,
               Context& context) {
  Flow flow(context, {}, role);
  CharacterReader reader(flow, row_ends);
  bool in_table = false;
  for (std::size_t i = 0; i < characters.size(); ++i) {
    const bool paragraph_start = i == 0 || characters[i - 1].code == 0x0D ||
                                 characters[i - 1].code == 0x07 || characters[i - 1].code == 0x0C;
    if (paragraph_start) {
      // The first paragraph of a cell tells by its end; later ones of it are still inside.
      std::size_t end = i;
      while (end < characters.size() && characters[end].code != 0x0D &&
             characters[end].code != 0x07 && characters[end].code != 0x0C) {
        ++end;
      }
      const bool row_over = i > 0 && row_ends.contains(characters[i - 1].after);
      const bool cell = end < characters.size() && characters[end].code == 0x07;
      if (cell) in_table = true;
      if (!cell && (row_over || i == 0)) in_table = false;
      if (!in_table && flow.in_table()) flow.end_table();
      reader.set_cells_expected(in_table);
    }
    reader.take(characters[i].code, characters[i].after);
  }
}

}  // namespace

FileEnd read_doc(const CompoundFile& file, Context& context) {
  const std::string stream = file.read("WordDocument");
  const auto fib = parse_fib(stream);
  if (!fib) return read_failed("damaged, or older than Word 97");
  if (fib->encrypted) return needs_password();
  const std::string table = file.read(fib->second_table ? "1Table" : "0Table");
  const std::vector<Piece> pieces =
      parse_pieces(piece_table_of(part_of(table, fib->clx_at, fib->clx_size)));
  if (pieces.empty()) return read_failed("damaged: its text cannot be found");
  const std::vector<Character> characters = characters_of(stream, pieces);
  const RowEnds row_ends(stream, part_of(table, fib->papx_at, fib->papx_size));

  const std::span<const Character> all(characters);
  const std::size_t body = std::min<std::size_t>(fib->parts.body, all.size());
  const std::size_t notes = std::min<std::size_t>(fib->parts.notes, all.size() - body);
  const std::size_t headers = std::min<std::size_t>(fib->parts.headers, all.size() - body - notes);
  read_part(all.first(body), row_ends, TextRole::body, context);
  read_part(all.subspan(body, notes), row_ends, TextRole::body, context);
  read_part(all.subspan(body + notes, headers), row_ends, TextRole::page_furniture, context);
  read_part(all.subspan(body + notes + headers), row_ends, TextRole::body, context);

  std::uint64_t expected = 0;
  for (const Piece& piece : pieces) expected += piece.count;
  if (characters.empty()) return read_failed("damaged: its text is cut off");
  return characters.size() * 2 < expected ? read_partly("cut short; its start was read")
                                          : read_whole();
}

}  // namespace sealift::readers
