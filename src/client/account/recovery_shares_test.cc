#include "client/account/recovery_shares.h"

#include <gtest/gtest.h>

#include "base/said_for_test.h"

namespace sealift::client {
namespace {

using base::ErrorCode;

template <typename Value>
Value must(base::Result<Value> result) {
  if (!result) throw std::runtime_error(result.error().text);
  return *std::move(result);
}

class RecoverySharesTest : public testing::Test {
 protected:
  RecoverySharesTest() {
    for (int i = 0; i < 3; ++i) {
      officers_.push_back(must(age::Identity::generate(age::KeyKind::x25519, random_)));
      recipients_.push_back(must(officers_.back().recipient()).text());
    }
    dealt_ = must(deal_recovery(keys_, account_, 2, recipients_, random_));
  }
  static std::span<const age::Identity> one(const age::Identity& identity) {
    return std::span(&identity, 1);
  }
  ShareOwner owner() const { return {account_, {keys_.signing.public_key()}}; }
  base::Bytes approved(std::size_t officer) { return approved(dealt_, officer); }
  base::Bytes approved(const DealtRecovery& dealt, std::size_t officer) {
    const auto share = must(OpenedShare::open(dealt.shares[officer], one(officers_[officer])));
    return must(reseal_share(share, owner(), must(to_.recipient()), random_));
  }
  base::Result<Recovered> recovered(const std::vector<base::Bytes>& shares) {
    return recover_keys(dealt_.slot, dealt_.half, shares, one(to_), keys_.address);
  }

  crypto::SystemRandom random_;
  const AccountKeys keys_ =
      must(AccountKeys::generate(*parcel::Address::parse("lea@region.example"), random_));
  const AccountBytes account_{std::byte{7}};
  std::vector<age::Identity> officers_;
  std::vector<std::string> recipients_;
  DealtRecovery dealt_;
  const age::Identity to_ = must(age::Identity::generate(age::KeyKind::x25519, random_));
};

TEST_F(RecoverySharesTest, TwoOfThreeOfficersAndTheServersHalfBringTheKeysBack) {
  for (std::size_t left_out = 0; left_out < 3; ++left_out) {
    std::vector<base::Bytes> shares;
    for (std::size_t i = 0; i < 3; ++i)
      if (i != left_out) shares.push_back(approved(i));
    const Recovered found = must(recovered(shares));
    EXPECT_EQ(must(found.keys.recipient()), must(keys_.recipient()));
    EXPECT_EQ(found.keys.signing.public_key(), keys_.signing.public_key());
    EXPECT_EQ(found.wrong_shares, 0U);
  }
}

TEST_F(RecoverySharesTest, AnOfficerWhoHasNewKeysOpensAShareOfBefore) {
  std::vector<age::Identity> identities;
  identities.push_back(must(age::Identity::generate(age::KeyKind::x25519, random_)));
  EXPECT_EQ(base::said(OpenedShare::open(dealt_.shares[0], identities)),
            "no_match: none of the identities opens the file");
  identities.push_back(std::move(officers_[0]));
  EXPECT_EQ(must(OpenedShare::open(dealt_.shares[0], identities)).address(), keys_.address);
}

// What was true of the slot that was sealed to every officer.
TEST_F(RecoverySharesTest, OneOfficersKeysWithAllThatTheServerHasOpenNothing) {
  EXPECT_EQ(base::said(open_slot(dealt_.slot, officers_[0], keys_.address)),
            "no_match: none of the identities opens the file");
  EXPECT_EQ(base::said(recovered({approved(0)})),
            "no_match: these shares are too few, or of another time than the slot");
  EXPECT_EQ(base::said(recovered({approved(0), approved(0)})),
            "no_match: these shares are too few, or of another time than the slot")
      << "one officer twice";
  const DealtRecovery before = must(deal_recovery(keys_, account_, 2, recipients_, random_));
  EXPECT_FALSE(recovered({approved(0), approved(before, 0)})) << "two dealings";
  for (const std::size_t other : {1, 2}) {
    EXPECT_EQ(base::said(OpenedShare::open(dealt_.shares[other], one(officers_[0]))),
              "no_match: none of the identities opens the file");
    EXPECT_EQ(base::said(recover_keys(dealt_.slot, dealt_.half,
                                      std::vector{dealt_.shares[0], dealt_.shares[other]},
                                      one(officers_[0]), keys_.address)),
              "no_match: these shares are too few, or of another time than the slot");
  }
}

TEST_F(RecoverySharesTest, AllOfficersWithoutTheServersHalfOpenNothing) {
  const std::vector<base::Bytes> all = {approved(0), approved(1), approved(2)};
  RecoveryHalf other = dealt_.half;
  other[0] ^= std::byte{1};
  EXPECT_EQ(base::said(recover_keys(dealt_.slot, other, all, one(to_), keys_.address)),
            "no_match: these shares are too few, or of another time than the slot");
}

TEST_F(RecoverySharesTest, WhatAnOfficerApprovesOnlyTheNamedRecipientOpens) {
  const auto shares = std::vector{approved(0), approved(1)};
  const auto stranger = must(age::Identity::generate(age::KeyKind::x25519, random_));
  EXPECT_FALSE(recover_keys(dealt_.slot, dealt_.half, shares, one(stranger), keys_.address));
  EXPECT_FALSE(recover_keys(dealt_.slot, dealt_.half, shares, one(officers_[2]), keys_.address));
}

TEST_F(RecoverySharesTest, APoisonedShareIsCountedAndTheOthersSuffice) {
  // Of another dealing of the same account: signed, and not of these.
  const auto other = must(deal_recovery(keys_, account_, 2, recipients_, random_));
  EXPECT_EQ(must(recovered({approved(other, 2), approved(0), approved(1)})).wrong_shares, 1U);
  EXPECT_FALSE(recovered({approved(other, 2), approved(0)}).has_value());
  EXPECT_EQ(must(recovered({base::Bytes(100), approved(0), approved(1)})).wrong_shares, 1U);
}

TEST_F(RecoverySharesTest, AnOfficerApprovesOnlyWhatTheOwnerDealt) {
  const auto share = must(OpenedShare::open(dealt_.shares[0], one(officers_[0])));
  EXPECT_EQ(share.address(), keys_.address);
  const auto refused = [&](const ShareOwner& by) {
    return base::said(reseal_share(share, by, must(to_.recipient()), random_));
  };
  ShareOwner another = owner();
  another.account[0] ^= std::byte{1};
  EXPECT_EQ(refused(another), "damaged: the share is another account's");
  EXPECT_EQ(refused({account_, {crypto::Ed25519Secret::generate(random_).public_key()}}),
            "damaged: the account's owner never dealt this share");
  EXPECT_EQ(refused({account_, {}}), "damaged: the account's owner never dealt this share");
}

// What opens with an officer's key is a share by its first line, or none at all.
TEST_F(RecoverySharesTest, AnotherFileOfTheOfficersIsNoShare) {
  const auto officer = must(officers_[0].recipient());
  const base::Bytes slot = must(seal_slot(keys_, std::span(&officer, 1), random_));
  EXPECT_EQ(base::said(OpenedShare::open(slot, one(officers_[0]))),
            "malformed: a recovery share of another form");
  EXPECT_EQ(base::said(open_slot(dealt_.shares[0], officers_[0], keys_.address)),
            "malformed: the account's keys are not in their form")
      << "nor is a share anybody's keys";
}

TEST_F(RecoverySharesTest, NoOfficerGetsTwoShares) {
  EXPECT_FALSE(deal_recovery(keys_, account_, 2, {recipients_[0], recipients_[0]}, random_));
}

TEST_F(RecoverySharesTest, AsManyOfficersAsTheThreshold) {
  EXPECT_FALSE(deal_recovery(keys_, account_, 2, {recipients_[0]}, random_));
  EXPECT_FALSE(deal_recovery(keys_, account_, 1, recipients_, random_));
  EXPECT_FALSE(deal_recovery(keys_, account_, 4, recipients_, random_));
  dealt_ = must(deal_recovery(keys_, account_, 3, recipients_, random_));
  EXPECT_FALSE(recovered({approved(0), approved(2)}));
  EXPECT_TRUE(recovered({approved(0), approved(1), approved(2)}).has_value());
}

}  // namespace
}  // namespace sealift::client
