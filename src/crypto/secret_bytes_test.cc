#include "crypto/secret_bytes.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <type_traits>
#include <vector>

namespace sealift::crypto {
namespace {

using base::bytes_of;
using base::text_of;

static_assert(!std::is_copy_constructible_v<SecretBuffer>);
static_assert(!std::is_copy_constructible_v<SecretBytes<32>>);
static_assert(!std::is_copy_assignable_v<SecretBytes<32>>);

// The flags that the kernel shows for the mapping that holds `address`.
std::string mapping_flags(const void* address) {
  const auto wanted = reinterpret_cast<std::uintptr_t>(address);
  std::ifstream maps("/proc/self/smaps");
  bool inside = false;
  for (std::string line; std::getline(maps, line);) {
    char* dash = nullptr;
    const std::uintptr_t begin = std::strtoull(line.c_str(), &dash, 16);
    if (dash != line.c_str() && *dash == '-')
      inside = begin <= wanted && wanted < std::strtoull(dash + 1, nullptr, 16);
    if (inside && line.starts_with("VmFlags:")) return line;
  }
  return {};
}

TEST(SecretBytesTest, StaysOutOfCoreDumpsAndOfSwap) {
  for (const std::size_t size : {16u, 100'000u, 1'000'000u}) {
    const SecretBuffer secret(size);
    const std::string flags = mapping_flags(secret.view().data());
    EXPECT_NE(flags.find(" dd"), flags.npos) << size << flags;
    if (secret_memory() == SecretMemory::locked && size == 16) {
      EXPECT_NE(flags.find(" lo"), flags.npos) << flags;
    }
  }
}

TEST(SecretBytesTest, FullHeapIsNotTheEnd) {
  std::vector<SecretBuffer> many;
  for (int i = 0; i < 200; ++i) {
    many.emplace_back(4096);
    many.back().mutable_view()[4095] = std::byte{1};
    EXPECT_NE(mapping_flags(many.back().view().data()).find(" dd"), std::string::npos);
  }
}

TEST(SecretBytesTest, FreedMemoryHoldsNothing) {
  const std::byte* place = nullptr;
  {
    SecretBytes<32> secret;
    std::ranges::fill(secret.mutable_view(), std::byte{0xa5});
    place = secret.view().data();
  }
  const SecretBytes<32> again;  // the heap gives the same block out, zeroed
  EXPECT_EQ(again.view().data(), place);
  for (const std::byte b : again.view()) EXPECT_EQ(b, std::byte{0});
}

TEST(SecretBytesTest, MovedFromCannotBeRead) {
  SecretBytes<16> secret;
  const SecretBytes<16> other = std::move(secret);
  EXPECT_EQ(other.view().size(), 16u);
  // NOLINTNEXTLINE(bugprone-use-after-move): that is what is tested
  EXPECT_DEATH(static_cast<void>(secret.view()), "internal error");
}

TEST(SecretBufferTest, TruncatingWipesTheRest) {
  SecretBuffer buffer = SecretBuffer::copy_of(bytes_of("secret and more"));
  const std::byte* rest = buffer.view().data() + 6;
  buffer.truncate(6);
  EXPECT_EQ(text_of(buffer.view()), "secret");
  EXPECT_EQ(*rest, std::byte{0});
}

TEST(SecretBufferTest, CloneIsAnotherCopy) {
  SecretBuffer a = SecretBuffer::copy_of(bytes_of("abc"));
  const SecretBuffer b = a.clone();
  a = SecretBuffer();
  EXPECT_EQ(text_of(b.view()), "abc");
  EXPECT_TRUE(a.empty());
}

TEST(ConstantTimeTest, EqualComparesContentAndLength) {
  EXPECT_TRUE(equal(bytes_of("same"), bytes_of("same")));
  EXPECT_TRUE(equal({}, {}));
  EXPECT_FALSE(equal(bytes_of("same"), bytes_of("sama")));
  EXPECT_FALSE(equal(bytes_of("same"), bytes_of("sam")));
}

}  // namespace
}  // namespace sealift::crypto
