#include "readers/mail/tnef.h"

#include <gtest/gtest.h>

#include "readers/compound_for_test.h"
#include "readers/testing.h"

namespace sealift::readers {
namespace {

using document::FileStatus;

std::string attribute(std::uint32_t id, const std::string& value, int level = 1) {
  std::uint64_t sum = 0;
  for (const char c : value) sum += static_cast<unsigned char>(c);
  return le(static_cast<std::uint64_t>(level), 1) + le(id, 4) + le(value.size(), 4) + value +
         le(sum & 0xFFFF, 2);
}

std::string padded(std::string value) {
  value.resize((value.size() + 3) / 4 * 4);
  return value;
}

// A property of a type without a size of its own, with one value.
std::string property(std::uint16_t type, std::uint16_t id, const std::string& value) {
  return le(type, 2) + le(id, 2) + le(1, 4) + le(value.size(), 4) + padded(value);
}

std::string wide(std::string_view text) {
  std::string out;
  for (const char c : text) (out += c) += '\0';
  return out + std::string(2, '\0');
}

const std::string start = le(0x223E9F78, 4) + le(1, 2);

// A mail from Ann with two attachments, the second one a mail itself.
std::string sample() {
  const std::string inner = start + attribute(0x00018004, "inner subject") +
                            attribute(0x0002800C, std::string("inner text\0", 11));
  const std::string named = le(0x0003, 2) + le(0x8001, 2) + std::string(16, 'g') + le(1, 4) +
                            le(6, 4) + padded(wide("ab")) + le(7, 4);
  const std::string mail = le(5, 4) + le(0x000B, 2) + le(0x0E1B, 2) + le(1, 4) + named +
                           property(0x001F, 0x0037, wide("Class list")) +
                           property(0x001E, 0x0C1A, std::string("Ann Lee\0", 8)) +
                           property(0x001E, 0x5D01, "ann@mail.example");
  return start + attribute(0x00018004, "short subject") + attribute(0x00069003, mail) +
         attribute(0x0002800C, "Bob Roy, SIN 130 692 544\r\n") +
         attribute(0x00069002, std::string(14, '\0'), 2) + attribute(0x00018010, "LIST~1.CSV", 2) +
         attribute(0x0006800F, "name,born\nEve,2011-02-03\n", 2) +
         attribute(0x00069005, le(1, 4) + property(0x001F, 0x3707, wide("list of class.csv")), 2) +
         attribute(0x00069002, std::string(14, '\0'), 2) + attribute(0x00018010, "fwd", 2) +
         attribute(0x00069005, le(1, 4) + property(0x000D, 0x3701, std::string(16, 'i') + inner),
                   2);
}

TEST(TnefTest, AMailItsPropertiesAndItsAttachmentsAreRead) {
  const auto files = read_for_test(sample());
  ASSERT_EQ(files.size(), 3U);
  EXPECT_EQ(files[0].format, "tnef");
  EXPECT_EQ(files[0].end.status, FileStatus::read) << files[0].end.reason;
  EXPECT_NE(files[0].text().find("Bob Roy, SIN 130 692 544"), std::string::npos);
  ASSERT_EQ(files[0].headers.size(), 2U);
  EXPECT_EQ(files[0].headers[0].value, "Ann Lee <ann@mail.example>");
  EXPECT_EQ(files[0].headers[1].value, "Class list");
  EXPECT_EQ(files[1].path, "f!list of class.csv");
  EXPECT_EQ(files[1].text(), "name,born\nEve,2011-02-03\n");
}

TEST(TnefTest, AMailWithinIsAFileOfItsOwn) {
  const auto files = read_for_test(sample());
  ASSERT_EQ(files.size(), 3U);
  EXPECT_EQ(files[2].path, "f!fwd");
  EXPECT_EQ(files[2].format, "tnef");
  EXPECT_EQ(files[2].headers.at(0).value, "inner subject");
  EXPECT_EQ(files[2].text(), "inner text");
}

TEST(TnefTest, ADamagedAttributeEndsTheReadingAndIsSaid) {
  std::string bytes = sample();
  bytes[bytes.find("LIST~1")] = 'M';  // its sum is wrong now
  const auto files = read_for_test(bytes);
  EXPECT_EQ(files[0].end.status, FileStatus::partial);
  EXPECT_NE(files[0].text().find("Bob Roy"), std::string::npos);
}

TEST(TnefTest, CutAnywhereItStillEnds) {
  const std::string whole = sample();
  EXPECT_TRUE(ends_wherever_cut(whole));
  for (const std::size_t size : {whole.size() - 1, whole.size() / 2})
    EXPECT_EQ(read_for_test(whole.substr(0, size))[0].end.status, FileStatus::partial);
}

TEST(TnefTest, SizesAndCountsThatAreNotThereAreNoHarm) {
  for (const std::string& properties :
       {le(0xFFFFFFFF, 4), le(1, 4) + le(0x001F, 2) + le(0x0037, 2) + le(0xFFFFFFFF, 4),
        le(1, 4) + le(0x001F, 2) + le(0x0037, 2) + le(1, 4) + le(0xFFFFFFFF, 4),
        le(1, 4) + le(0x0003, 2) + le(0x8000, 2) + std::string(16, 'g') + le(1, 4) +
            le(0xFFFFFFFD, 4)}) {
    const auto files = read_for_test(start + attribute(0x00069003, properties));
    ASSERT_EQ(files.size(), 1U);
    EXPECT_EQ(files[0].end.status, FileStatus::read);
  }
}

}  // namespace
}  // namespace sealift::readers
