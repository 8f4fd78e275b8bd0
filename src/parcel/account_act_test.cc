#include "parcel/account_act.h"

#include <gtest/gtest.h>

#include "base/hex.h"
#include "crypto/random.h"

namespace sealift::parcel {
namespace {

template <std::size_t kSize>
std::array<std::byte, kSize> filled(unsigned value) {
  std::array<std::byte, kSize> bytes{};
  bytes.fill(std::byte{static_cast<unsigned char>(value)});
  return bytes;
}

AccountAct some_act() {
  return {.account = filled<16>(0x11),
          .generation = 1,
          .operation = "slot.remove",
          .target = filled<16>(0x22),
          .body = crypto::sha256({}),
          .revision = 2,
          .previous = filled<32>(0x33),
          .slots = act_slots_digest(
              {{"paper_key", 1, filled<32>(0x55)}, {"password", 1, filled<32>(0x44)}}),
          .challenge = filled<32>(0x66)};
}

// The worked example of docs/formats/account.md, computed with Python's hashlib.
TEST(AccountActTest, TextAndDigestsAreThoseOfTheFormatsPage) {
  const AccountAct act = some_act();
  EXPECT_EQ(base::hex_encode(act.slots),
            "c22529f2f8f7d9b71533fa48a30d1e626d8fdc4669b17b626b8fb1ef4c883830");
  EXPECT_EQ(base::hex_encode(account_act_digest(act)),
            "981a010726ea308f4a069002296a0983683913fb0e634c61070cac28ee52501a");
}

TEST(AccountActTest, SlotsAreListedInOneOrder) {
  EXPECT_EQ(
      act_slots_digest({{"password", 1, filled<32>(0x44)}, {"paper_key", 1, filled<32>(0x55)}}),
      some_act().slots);
  EXPECT_NE(act_slots_digest({{"password", 1, filled<32>(0x44)}}), some_act().slots);
}

TEST(AccountActTest, ASignatureIsOfEveryField) {
  crypto::SystemRandom random;
  const auto key = crypto::Ed25519Secret::generate(random);
  const AccountAct act = some_act();
  const auto signature = sign_account_act(act, key);
  EXPECT_TRUE(is_signed_act(act, signature, key.public_key()));
  EXPECT_FALSE(is_signed_act(act, signature, crypto::Ed25519Secret::generate(random).public_key()));
  std::vector<AccountAct> others(9, act);
  others[0].account[0] ^= std::byte{1};
  others[1].generation = 2;
  others[2].operation = "slot.replace";
  others[3].target.reset();
  others[4].body[0] ^= std::byte{1};
  others[5].revision = 3;
  others[6].previous[0] ^= std::byte{1};
  others[7].slots[0] ^= std::byte{1};
  others[8].challenge[0] ^= std::byte{1};
  for (const AccountAct& other : others)
    EXPECT_FALSE(is_signed_act(other, signature, key.public_key()));
}

TEST(AccountActTest, TheFieldOfARequestComesBackAsItWas) {
  crypto::SystemRandom random;
  const AccountAct act = some_act();
  const auto signature = sign_account_act(act, crypto::Ed25519Secret::generate(random));
  const std::string text = encode_act_field(act, signature);
  ASSERT_EQ(text.size(), kActFieldSize);
  const auto field = parse_act_field(text);
  ASSERT_TRUE(field);
  EXPECT_EQ(field->revision, act.revision);
  EXPECT_EQ(field->generation, act.generation);
  EXPECT_EQ(field->previous, act.previous);
  EXPECT_EQ(field->slots, act.slots);
  EXPECT_EQ(field->challenge, act.challenge);
  EXPECT_EQ(field->signature, signature);
  for (const std::string& bad : {std::string(), text.substr(1), text + "A", "+" + text.substr(1)})
    EXPECT_FALSE(parse_act_field(bad)) << bad;
}

}  // namespace
}  // namespace sealift::parcel
