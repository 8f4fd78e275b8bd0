#include "store/internal/blob_state.h"

#include <gtest/gtest.h>

#include "base/limits.h"

namespace sealift::store::internal {
namespace {

base::Bytes file_of(const StateRecord& first, const StateRecord& second) {
  base::Bytes file = encode_slot(first);
  base::append(file, encode_slot(second));
  return file;
}

TEST(BlobStateTest, NewerSlotCounts) {
  const StateRecord one{1, 1000, 0};
  const StateRecord two{2, 1000, 600};
  const StateRecord three{3, 1000, 700};
  EXPECT_EQ(read_state_file(encode_slot(one)), one);
  EXPECT_EQ(read_state_file(file_of(one, two)), two);
  EXPECT_EQ(read_state_file(file_of(three, two)), three);
}

TEST(BlobStateTest, AnyBitOfDamageInTheNewerSlotGivesTheOlder) {
  const StateRecord one{1, 1000, 0};
  base::Bytes file = file_of(one, {2, 1000, 600});
  for (std::size_t bit = kSlotSize * 8; bit < file.size() * 8; ++bit) {
    file[bit / 8] ^= static_cast<std::byte>(1 << bit % 8);
    EXPECT_EQ(read_state_file(file), one) << bit;
    file[bit / 8] ^= static_cast<std::byte>(1 << bit % 8);
  }
}

TEST(BlobStateTest, ImpossibleRecordsAreRefused) {
  const std::uint64_t most = limits::kBlobSizeMax;
  EXPECT_TRUE(read_state_file(encode_slot({1, most, most})).has_value());
  for (const StateRecord& record : {StateRecord{1, most + 1, 0}, StateRecord{1, 10, 11},
                                    StateRecord{0, 10, 0}, StateRecord{2, 10, 0}}) {
    EXPECT_FALSE(read_state_file(encode_slot(record)).has_value());
  }
  EXPECT_FALSE(read_state_file({}).has_value());
  EXPECT_FALSE(read_state_file(base::Bytes(kStateFileSize)).has_value());
  base::Bytes long_file = file_of({1, 10, 0}, {2, 10, 5});
  long_file.push_back(std::byte{0});
  EXPECT_FALSE(read_state_file(long_file).has_value());
}

}  // namespace
}  // namespace sealift::store::internal
