#include "parcel/file_key_commitment.h"

#include <gtest/gtest.h>

#include "base/hex.h"

namespace sealift::parcel {
namespace {

age::FileKey key(unsigned char first) {
  std::array<std::byte, age::kFileKeySize> bytes{std::byte{first}};
  return age::FileKey::copy_of(bytes);
}

constexpr std::array<std::byte, 16> kParcel{std::byte{0x11}};

// Computed with Python's hmac: the formula of docs/formats/parcel.md.
TEST(FileKeyCommitmentTest, IsWhatTheFormatPageSays) {
  EXPECT_EQ(base::hex_encode(commit_to_file_key(key(1), kParcel, CommittedPart::content)),
            "520b9c016e3f78d67543beb66d0a237869edc407db8dcf5137dbe5b6db6d2270");
  EXPECT_EQ(base::hex_encode(commit_to_file_key(key(1), kParcel, CommittedPart::manifest)),
            "0162b67a1b39c94cba8720ab6b6867ef21662e95264f18e1244f5bfd05051323");
}

TEST(FileKeyCommitmentTest, KeyParcelAndPartEachMakeItAnother) {
  const auto one = commit_to_file_key(key(1), kParcel, CommittedPart::content);
  EXPECT_NE(one, commit_to_file_key(key(2), kParcel, CommittedPart::content));
  EXPECT_NE(one, commit_to_file_key(key(1), {}, CommittedPart::content));
  EXPECT_NE(one, commit_to_file_key(key(1), kParcel, CommittedPart::manifest));
}

}  // namespace
}  // namespace sealift::parcel
