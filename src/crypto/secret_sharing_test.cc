#include "crypto/secret_sharing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string_view>

#include "base/hex.h"

namespace sealift::crypto {
namespace {

// Computed with Python's integers: the bytes 7i+1, reduced, and a random polynomial's values.
constexpr std::string_view kSecret =
    "f844935dc61b3cb95649b40707ac105b70787f868d949ba2a9b0b7bec5ccd30a";
constexpr std::string_view kTwoOfThree[] = {
    "3601cd89bda0427978765ac2854a63dbe57c589521f27d8b9fff9e407f9bb201",
    "6191fc12cf885b917040f81fe3e294705b8131a4b54f6074954e86c2386a9108",
    "8c212c9ce07074a9680a967d407bc605d1850ab349ad425d8b9d6d44f238700f",
};
constexpr std::string_view kThreeOfFive[] = {
    "8cc2289b2ed3012fda914663587a89e40a1401f6305e995a5460686e619fd309",
    "de4daa128467d4651150c390688347613cdd0b1d30a5c6562bbb60b28d9ea603",
    "dbba0d21e13bc6b5d220223316c129e604d49ffb8a6923972ec1a08a4aca4c08",
    "96355d692bedc4c647676ba78239515e64f8bc9141abaf1b5e7228f79722c607",
    "0fbe98eb627bd09870239fedadecbdc95a4a63df536a6be4b9cef7f775a71202",
};
// The field's size: what is this or more is no scalar in its one spelling.
constexpr std::string_view kOrder =
    "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010";

SharedSecret bytes_of_hex(std::string_view text) {
  SharedSecret bytes;
  std::ranges::copy(*base::hex_decode(text), bytes.mutable_view().begin());
  return bytes;
}

std::vector<SecretShare> shares_of(std::span<const std::string_view> texts) {
  std::vector<SecretShare> shares;
  for (const std::string_view text : texts)
    shares.push_back({static_cast<unsigned>(shares.size() + 1), bytes_of_hex(text)});
  return shares;
}

bool is_secret(std::span<const SecretShare> shares) {
  const auto combined = combine_shares(shares);
  return combined && equal(combined->view(), bytes_of_hex(kSecret).view());
}

// Every subset of `count` with `size`, in both orders.
template <typename Judge>
void each_subset(std::size_t count, std::size_t size, const Judge& judge) {
  std::vector<char> chosen(count);
  std::fill(chosen.end() - static_cast<std::ptrdiff_t>(size), chosen.end(), 1);
  do {
    std::vector<std::size_t> indexes;
    for (std::size_t i = 0; i < count; ++i)
      if (chosen[i] != 0) indexes.push_back(i);
    judge(indexes);
    std::ranges::reverse(indexes);
    judge(indexes);
  } while (std::ranges::next_permutation(chosen).found);
}

std::vector<SecretShare> pick(const std::vector<SecretShare>& all,
                              const std::vector<std::size_t>& indexes) {
  std::vector<SecretShare> some;
  for (const std::size_t index : indexes) some.push_back({all[index].x, all[index].value.clone()});
  return some;
}

TEST(SecretSharingTest, SharesOfAnotherImplementationCombine) {
  const auto two = shares_of(kTwoOfThree);
  each_subset(3, 2, [&](const auto& each) { EXPECT_TRUE(is_secret(pick(two, each))); });
  const auto three = shares_of(kThreeOfFive);
  each_subset(5, 3, [&](const auto& each) { EXPECT_TRUE(is_secret(pick(three, each))); });
}

TEST(SecretSharingTest, AsManyAsAgreedGiveTheSecretAndFewerAnother) {
  SystemRandom random;
  for (unsigned count = 2; count <= 5; ++count) {
    for (unsigned threshold = 2; threshold <= count; ++threshold) {
      const auto shares = split_secret(bytes_of_hex(kSecret), {threshold, count}, random).value();
      for (std::size_t size = 2; size <= count; ++size) {
        each_subset(count, size, [&](const auto& each) {
          EXPECT_EQ(is_secret(pick(shares, each)), size >= threshold);
        });
      }
    }
  }
}

TEST(SecretSharingTest, AWrongShareGivesAnotherSecret) {
  SystemRandom random;
  auto shares = split_secret(bytes_of_hex(kSecret), {2, 3}, random).value();
  shares[1].value.mutable_view()[5] ^= std::byte{1};
  EXPECT_FALSE(is_secret(pick(shares, {0, 1})));
  EXPECT_TRUE(is_secret(pick(shares, {0, 2})));
}

// Of one share alone, every value of its lowest byte is as likely as any other.
TEST(SecretSharingTest, OneShareSaysNothing) {
  SystemRandom random;
  std::array<unsigned, 256> counts{};
  constexpr unsigned kTimes = 12'800;
  for (unsigned i = 0; i < kTimes; ++i) {
    const auto shares = split_secret(bytes_of_hex(kSecret), {2, 2}, random).value();
    ++counts.at(std::to_integer<unsigned>(shares[0].value.view()[0]));
  }
  // 50 of each are expected, with a standard deviation of 7: six of those either way.
  const auto [least, most] = std::ranges::minmax(counts);
  EXPECT_GT(least, 7U);
  EXPECT_LT(most, 93U);
}

TEST(SecretSharingTest, ImpossibleSharingsAndSharesAreRefused) {
  SystemRandom random;
  for (const Sharing each : {Sharing{1, 2}, Sharing{3, 2}, Sharing{0, 0}, Sharing{2, 33}})
    EXPECT_FALSE(split_secret(bytes_of_hex(kSecret), each, random));
  EXPECT_FALSE(split_secret(bytes_of_hex(kOrder), {2, 2}, random));
  const auto shares = shares_of(kTwoOfThree);
  EXPECT_FALSE(combine_shares(pick(shares, {0})));
  EXPECT_FALSE(combine_shares(pick(shares, {0, 0})));
  EXPECT_FALSE(combine_shares({}));
  for (const unsigned x : {0U, 33U}) {
    auto elsewhere = pick(shares, {0, 1});
    elsewhere[0].x = x;
    EXPECT_FALSE(combine_shares(elsewhere));
  }
  auto no_scalar = pick(shares, {0, 1});
  no_scalar[0].value = bytes_of_hex(kOrder);
  EXPECT_FALSE(combine_shares(no_scalar));
}

}  // namespace
}  // namespace sealift::crypto
