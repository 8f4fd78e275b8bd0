// A record's content: what is packed is read back; what is cut, longer or out of range is refused.
#include "census/records/record_content.h"

#include <gtest/gtest.h>

namespace sealift::census {
namespace {

using Kind = Relation::Kind;

Record sample() {
  Record record;
  record.elements.push_back(
      {.type = ElementType::name, .value = "Ann Lee", .locator = "sheet=1;cell=B4"});
  record.elements.push_back({.type = ElementType::birth_date,
                             .value = "1984-03-07",
                             .locator = std::string(300, 'x'),
                             .confidence = 0.625F,
                             .day_month_unsure = true,
                             .recognised = true});
  record.elements.push_back(
      {.type = ElementType::credential, .value = "", .locator = "", .recognised = true});
  record.relations = {{Kind::guardian, 0}, {Kind::household, 300}};
  return record;
}

base::Bytes packed(const Record& record, std::uint32_t first_ordinal = 0) {
  base::Bytes out(5);
  pack_content(record, first_ordinal, out);
  return out;
}

TEST(RecordContentTest, WhatIsPackedIsReadBack) {
  for (const Record& record : {sample(), Record()}) {
    Record read;
    read.elements.resize(7);
    ASSERT_TRUE(unpack_content(packed(record), read));
    EXPECT_EQ(read, record);
  }
}

TEST(RecordContentTest, TheExampleOfTheFormatPageIsWhatIsWritten) {
  Record record;
  record.elements.push_back({.type = ElementType::name, .value = "Ann", .locator = "line1"});
  record.relations = {{Kind::guardian, 2}};
  const base::Bytes bytes = packed(record);
  EXPECT_EQ(base::text_of(bytes), std::string_view("\x01\0\0\x03"
                                                   "Ann\x05line1\x01\0\x02",
                                                   16));
}

TEST(RecordContentTest, RelationsMoveWithTheFirstOrdinalAndStandOnceInOrder) {
  Record record;
  record.relations = {{Kind::other_person, 1}, {Kind::guardian, 9}, {Kind::other_person, 1}};
  Record read;
  ASSERT_TRUE(unpack_content(packed(record, 10), read));
  EXPECT_EQ(read.relations,
            (std::vector<Relation>{{Kind::guardian, 19}, {Kind::other_person, 11}}));
}

TEST(RecordContentTest, ContentCutShortOrWithMoreBehindIsRefused) {
  base::Bytes whole = packed(sample());
  Record read;
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(unpack_content(base::ByteView(whole).first(size), read)) << size;
  whole.push_back(std::byte{0});
  EXPECT_FALSE(unpack_content(whole, read));
}

TEST(RecordContentTest, WhatIsOutOfRangeIsRefused) {
  constexpr std::string_view kRefused[] = {
      std::string_view("\x01\x7F\0\0\0\0", 6),          // a type that is none
      std::string_view("\x01\0\x08\0\0\0", 6),          // a flag that is none
      std::string_view("\0\x01\x03\0", 4),              // a kind of relation that is none
      std::string_view("\xFF\xFF\xFF\xFF\x0F", 5),      // elements that cannot be there
      std::string_view("\0\xFF\xFF\xFF\xFF\x0F", 6),    // relations that cannot be there
      std::string_view("\xFF\xFF\xFF\xFF\xFF\x01", 6),  // a count of more than 32 bits
      std::string_view("\0\x01\0\xFF\xFF\xFF\xFF\x1F", 8),
  };
  Record read;
  for (const std::string_view bytes : kRefused)
    EXPECT_FALSE(unpack_content(base::bytes_of(bytes), read));
}

}  // namespace
}  // namespace sealift::census
