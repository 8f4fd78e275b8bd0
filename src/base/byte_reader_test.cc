#include "base/byte_reader.h"

#include <gtest/gtest.h>

#include "base/byte_writer.h"

namespace sealift::base {
namespace {

TEST(ByteReaderTest, ReadsWhatTheWriterWrote) {
  ByteWriter out;
  out.u8(0x01);
  out.u16_le(0x0203);
  out.u32_be(0x04050607);
  out.u64_le(0x08090a0b0c0d0e0f);
  out.text("line\n");
  const Bytes written = std::move(out).take();
  ByteReader in(written);
  EXPECT_EQ(in.u8(), 0x01);
  EXPECT_EQ(in.u16_le(), 0x0203);
  EXPECT_EQ(in.u32_be(), 0x04050607u);
  EXPECT_EQ(in.u64_le(), 0x08090a0b0c0d0e0fu);
  EXPECT_EQ(in.line(), "line");
  EXPECT_TRUE(in.at_end());
}

TEST(ByteReaderTest, BigEndianPutsTheHighByteFirst) {
  ByteWriter out;
  out.u16_be(0x0102);
  EXPECT_EQ(out.written(), (Bytes{std::byte{1}, std::byte{2}}));
}

TEST(ByteReaderTest, ReadPastTheEndTakesNothing) {
  const Bytes three(3);
  ByteReader in(three);
  EXPECT_FALSE(in.u32_le().has_value());
  EXPECT_FALSE(in.take(4).has_value());
  EXPECT_FALSE(in.line().has_value());
  EXPECT_EQ(in.remaining(), 3u);
}

}  // namespace
}  // namespace sealift::base
