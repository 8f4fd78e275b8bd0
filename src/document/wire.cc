#include "document/wire.h"

#include <cstring>

#include "base/byte_reader.h"
#include "base/check.h"
#include "base/limits.h"
#include "base/utf8.h"

namespace sealift::document {
namespace {

using base::ByteReader;
using base::Bytes;
using base::ErrorCode;
using base::fail;
using base::Result;

enum class Kind : std::uint8_t { begin = 1, text = 2, rows = 3, header = 4, end = 5, card = 6 };

// Appends to the caller's buffer: base::ByteWriter would own another one.
class Writer {
 public:
  explicit Writer(Bytes& out) : out_(out) {}

  template <typename Integer>
  void integer(Integer value) {
    for (std::size_t i = 0; i < sizeof(Integer); ++i) {
      out_.push_back(static_cast<std::byte>(static_cast<std::uint64_t>(value) >> (8 * i)));
    }
  }
  void string(std::string_view value) {
    integer(static_cast<std::uint32_t>(value.size()));
    base::append(out_, base::bytes_of(value));
  }
  void place(const Place& place) {
    integer(static_cast<std::uint8_t>(place.kind));
    integer(place.number);
    string(place.name);
  }

  void body(const FileBegin& begin) {
    string(begin.path);
    string(begin.format);
    integer(begin.size_bytes);
  }
  void body(const Text& text) {
    place(text.place);
    integer(static_cast<std::uint8_t>(text.role));
    integer(text.first_line);
    string(text.text);
  }
  void body(const TableRows& table) {
    place(table.place);
    integer(table.table);
    integer(table.first_row);
    integer(static_cast<std::uint32_t>(table.rows.size()));
    for (const auto& row : table.rows) {
      integer(static_cast<std::uint32_t>(row.size()));
      for (const std::string& cell : row) string(cell);
    }
  }
  void body(const MailHeader& header) {
    place(header.place);
    string(header.name);
    string(header.value);
  }
  void body(const Card& card) {
    place(card.place);
    integer(static_cast<std::uint32_t>(card.facts.size()));
    for (const Fact& fact : card.facts) {
      integer(static_cast<std::uint8_t>(fact.party));
      integer(fact.ordinal);
      integer(static_cast<std::uint8_t>(fact.kind));
      string(fact.value);
      string(fact.field);
    }
  }
  void body(const FileEnd& end) {
    integer(static_cast<std::uint8_t>(end.status));
    string(end.reason);
  }

 private:
  Bytes& out_;
};

// Remembers the first failure and gives empty values after it; `done` judges once at the end.
class Reader {
 public:
  explicit Reader(base::ByteView bytes) : in_(bytes) {}

  std::uint8_t u8() { return value(in_.u8()); }
  std::uint32_t u32() { return value(in_.u32_le()); }
  std::uint64_t u64() { return value(in_.u64_le()); }

  std::string string() {
    const auto bytes = good_ ? in_.take(u32()) : std::nullopt;
    if (!bytes || !base::is_utf8(base::text_of(*bytes))) {
      good_ = false;
      return {};
    }
    return std::string(base::text_of(*bytes));
  }

  // One of the values 1..last of an enumeration.
  template <typename Enum>
  Enum one_of(Enum last) {
    const std::uint8_t number = u8();
    if (number < 1 || number > static_cast<std::uint8_t>(last)) good_ = false;
    return static_cast<Enum>(good_ ? number : 1);
  }

  Place place() {
    Place place;
    place.kind = one_of(PlaceKind::record);
    place.number = u32();
    place.name = string();
    return place;
  }

  // A count of things that each take at least `size_min` bytes: judged before memory is spent.
  std::uint32_t count(std::size_t size_min) {
    const std::uint32_t count = u32();
    if (count > in_.remaining() / size_min) good_ = false;
    return good_ ? count : 0;
  }

  bool good() const { return good_; }
  bool done() const { return good_ && in_.at_end(); }

 private:
  template <typename Integer>
  Integer value(std::optional<Integer> integer) {
    if (!integer) good_ = false;
    return good_ ? *integer : 0;
  }

  ByteReader in_;
  bool good_ = true;
};

FileBegin read_begin(Reader& in) {
  FileBegin begin;
  begin.path = in.string();
  begin.format = in.string();
  begin.size_bytes = in.u64();
  return begin;
}

Text read_text(Reader& in) {
  Text text;
  text.place = in.place();
  text.role = in.one_of(TextRole::metadata);
  text.first_line = in.u32();
  text.text = in.string();
  return text;
}

TableRows read_rows(Reader& in) {
  TableRows table;
  table.place = in.place();
  table.table = in.u32();
  table.first_row = in.u64();
  table.rows.resize(in.count(sizeof(std::uint32_t)));
  for (auto& row : table.rows) {
    row.resize(in.count(sizeof(std::uint32_t)));
    for (std::string& cell : row) cell = in.string();
    if (!in.good()) break;
  }
  return table;
}

MailHeader read_header(Reader& in) {
  MailHeader header;
  header.place = in.place();
  header.name = in.string();
  header.value = in.string();
  return header;
}

FileEnd read_end(Reader& in) {
  FileEnd end;
  end.status = in.one_of(FileStatus::failed);
  end.reason = in.string();
  return end;
}

Card read_card(Reader& in) {
  constexpr std::size_t kFactSizeMin = 3 + 2 * sizeof(std::uint32_t);
  Card card;
  card.place = in.place();
  card.facts.resize(in.count(kFactSizeMin));
  for (Fact& fact : card.facts) {
    fact.party = in.one_of(Party::staff);
    fact.ordinal = in.u8();
    fact.kind = in.one_of(FactKind::credential);
    fact.value = in.string();
    fact.field = in.string();
    if (!in.good()) break;
  }
  return card;
}

}  // namespace

void append_frame(const Event& event, Bytes& out) {
  const std::size_t start = out.size();
  Writer writer(out);
  writer.integer(std::uint32_t{0});
  writer.integer(static_cast<std::uint8_t>(event.index() + 1));
  std::visit([&](const auto& value) { writer.body(value); }, event);
  const std::size_t length = out.size() - start - sizeof(std::uint32_t);
  SEALIFT_CHECK(length <= limits::kDocumentFrameSizeMax);
  for (std::size_t i = 0; i < sizeof(std::uint32_t); ++i) {
    out[start + i] = static_cast<std::byte>(length >> (8 * i));
  }
}

Result<Event> parse_frame(base::ByteView kind_and_body) {
  if (kind_and_body.size() > limits::kDocumentFrameSizeMax) {
    return fail(ErrorCode::limit, "document frame too long");
  }
  Reader in(kind_and_body);
  Event event;
  switch (in.one_of(Kind::card)) {
    case Kind::begin:
      event = read_begin(in);
      break;
    case Kind::text:
      event = read_text(in);
      break;
    case Kind::rows:
      event = read_rows(in);
      break;
    case Kind::header:
      event = read_header(in);
      break;
    case Kind::end:
      event = read_end(in);
      break;
    case Kind::card:
      event = read_card(in);
      break;
  }
  if (!in.done()) return fail(ErrorCode::malformed, "document frame");
  return event;
}

void deliver(Event event, Sink& sink) {
  struct Visitor {
    Sink& sink;
    void operator()(FileBegin&& begin) const { sink.begin_file(std::move(begin)); }
    void operator()(Text&& text) const { sink.text(std::move(text)); }
    void operator()(TableRows&& rows) const { sink.table_rows(std::move(rows)); }
    void operator()(MailHeader&& header) const { sink.mail_header(std::move(header)); }
    void operator()(Card&& card) const { sink.card(std::move(card)); }
    void operator()(FileEnd&& end) const { sink.end_file(std::move(end)); }
  };
  std::visit(Visitor{sink}, std::move(event));
}

}  // namespace sealift::document
