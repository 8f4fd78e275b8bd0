#include "document/wire.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.h"

namespace sealift::document {
namespace {

using base::Bytes;
using base::ByteView;

const Place cell_place{PlaceKind::sheet, 2, "Famil\xC3\xA9"};

std::vector<Event> one_of_each() {
  return {
      FileBegin{.path = "a/b.zip!c.docx", .format = "docx", .size_bytes = 1ULL << 40},
      Text{.place = cell_place, .role = TextRole::quoted, .first_line = 7, .text = "line\nline\n"},
      TableRows{
          .place = cell_place, .table = 3, .first_row = 1ULL << 33, .rows = {{"a", ""}, {}, {"b"}}},
      MailHeader{.name = "From", .value = "A <a@b.example>", .place = {PlaceKind::record, 4, ""}},
      FileEnd{.status = FileStatus::partial, .reason = "cut short"},
      Card{.place = {PlaceKind::record, 2, ""},
           .facts = {{Party::subject, 0, FactKind::last_name, "Roy", "PID-5"},
                     {Party::guardian, 2, FactKind::phone, "905-555-0100", "NK1-5"}}},
  };
}

Bytes body_of(const Event& event) {
  Bytes frame;
  append_frame(event, frame);
  return {frame.begin() + 4, frame.end()};
}

TEST(DocumentWireTest, EveryEventComesBackAsItWas) {
  for (const Event& event : one_of_each()) {
    const Bytes body = body_of(event);
    const auto parsed = parse_frame(body);
    ASSERT_TRUE(parsed) << event.index();
    EXPECT_EQ(parsed->index(), event.index());
    EXPECT_EQ(body_of(*parsed), body);
  }
}

TEST(DocumentWireTest, FieldsArriveInTheirPlaces) {
  const auto parsed = parse_frame(body_of(one_of_each()[2]));
  ASSERT_TRUE(parsed);
  const auto& rows = std::get<TableRows>(*parsed);
  EXPECT_EQ(rows.place.name, "Famil\xC3\xA9");
  EXPECT_EQ(rows.table, 3U);
  EXPECT_EQ(rows.first_row, 1ULL << 33);
  EXPECT_THAT(rows.rows[0], testing::ElementsAre("a", ""));
  EXPECT_THAT(rows.rows[1], testing::IsEmpty());
}

TEST(DocumentWireTest, AFrameCutAnywhereIsRefused) {
  for (const Event& event : one_of_each()) {
    const Bytes body = body_of(event);
    for (std::size_t length = 0; length < body.size(); ++length) {
      EXPECT_FALSE(parse_frame(ByteView(body).first(length))) << event.index() << ' ' << length;
    }
  }
}

TEST(DocumentWireTest, BytesLeftOverAreRefused) {
  for (const Event& event : one_of_each()) {
    Bytes body = body_of(event);
    body.push_back(std::byte{0});
    EXPECT_FALSE(parse_frame(body)) << event.index();
  }
}

TEST(DocumentWireTest, UnknownNumbersAreRefused) {
  struct Row {
    std::size_t event;
    std::size_t at;  // which byte holds the number
    int value;
  };
  const std::vector<Row> rows = {{0, 0, 0}, {0, 0, 6}, {1, 1, 0}, {1, 1, 8},
                                 {2, 1, 9}, {4, 1, 0}, {4, 1, 6}};
  for (const Row& row : rows) {
    Bytes body = body_of(one_of_each()[row.event]);
    body[row.at] = static_cast<std::byte>(row.value);
    EXPECT_FALSE(parse_frame(body)) << row.event << ' ' << row.at << ' ' << row.value;
  }
}

TEST(DocumentWireTest, TextThatIsNotUtf8IsRefused) {
  EXPECT_FALSE(parse_frame(body_of(Text{{}, TextRole::body, 1, "caf\xE9"})));
  EXPECT_FALSE(parse_frame(body_of(FileBegin{"\xFF", "", 0})));
}

TEST(DocumentWireTest, ACountLargerThanTheFrameSpendsNoMemory) {
  Bytes body = body_of(TableRows{});
  for (std::size_t i = body.size() - 4; i < body.size(); ++i) body[i] = std::byte{0xFF};
  EXPECT_FALSE(parse_frame(body));
}

TEST(DocumentWireTest, AFrameOverTheLimitIsRefused) {
  const Bytes body(limits::kDocumentFrameSizeMax + 1, std::byte{1});
  const auto parsed = parse_frame(body);
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().code, base::ErrorCode::limit);
}

}  // namespace
}  // namespace sealift::document
