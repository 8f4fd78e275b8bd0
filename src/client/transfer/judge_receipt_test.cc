#include "client/transfer/judge_receipt.h"

#include <gtest/gtest.h>

#include "base/said_for_test.h"
#include "base/temporary_folder.h"

namespace sealift::client {
namespace {

using base::ErrorCode;

crypto::Ed25519Secret key_of(unsigned char fill) {
  std::array<std::byte, 32> seed;
  seed.fill(std::byte{fill});
  return crypto::Ed25519Secret::from_seed(seed);
}

// An opening that is what it should be, to be lied about.
struct Truth {
  api::ParcelId parcel{};
  api::Opening opening{};
  SentNote sent{};
  crypto::Ed25519Secret signer = key_of(1);
  parcel::Receipt receipt{};

  Truth() {
    parcel.bytes.fill(std::byte{1});
    opening.parcel = parcel;
    opening.id.bytes.fill(std::byte{2});
    opening.received = base::UnixTime(std::chrono::milliseconds(5));
    sent.manifest_hash.fill(std::byte{3});
    receipt = {parcel.bytes, opening.id.bytes, sent.manifest_hash, 7, 9};
    opening.receipt = parcel::sign_receipt(receipt, signer);
  }
  base::Result<JudgedReceipt> judged() const {
    const crypto::Ed25519Public key = signer.public_key();
    return judge_receipt(opening, parcel, sent, {&key, 1});
  }
};

TEST(JudgeReceiptTest, TheTruthIsVerified) {
  const Truth truth;
  const auto judged = truth.judged();
  ASSERT_TRUE(judged.has_value());
  EXPECT_EQ(judged->standing, ReceiptStanding::verified);
  EXPECT_EQ(judged->receipt, truth.receipt);
}

TEST(JudgeReceiptTest, WithoutReceiptNothingWasReceived) {
  Truth truth;
  truth.opening.receipt.reset();
  EXPECT_EQ(base::said(truth.judged()),
            "damaged: the server says that the parcel was received, and has no receipt of it")
      << "received, without a receipt";
  truth.opening.received.reset();
  EXPECT_EQ(truth.judged().value().standing, ReceiptStanding::none);
}

TEST(JudgeReceiptTest, WhatCannotBeCheckedIsNotCalledVerified) {
  const Truth truth;
  const crypto::Ed25519Public key = truth.signer.public_key();
  EXPECT_EQ(judge_receipt(truth.opening, truth.parcel, std::nullopt, {&key, 1}).value().standing,
            ReceiptStanding::signed_only);
  EXPECT_EQ(judge_receipt(truth.opening, truth.parcel, truth.sent, {}).value().standing,
            ReceiptStanding::unknown_key);
}

TEST(JudgeReceiptTest, EachLieIsRefused) {
  const auto lied = [](auto change) {
    Truth truth;
    change(truth);
    return truth.judged();
  };
  const auto signing = [](auto change) {
    return [change](Truth& truth) {
      change(truth.receipt);
      truth.opening.receipt = parcel::sign_receipt(truth.receipt, truth.signer);
    };
  };
  const base::Result<JudgedReceipt> answers[] = {
      lied([](Truth& truth) { truth.opening.parcel.bytes.fill(std::byte{9}); }),
      lied([](Truth& truth) { truth.opening.receipt = "received, honestly"; }),
      lied([](Truth& truth) {
        truth.opening.receipt = parcel::sign_receipt(truth.receipt, key_of(8));
      }),
      lied([](Truth& truth) { truth.opening.id.bytes.fill(std::byte{9}); }),
      lied(signing([](parcel::Receipt& receipt) { receipt.parcel_id.fill(std::byte{9}); })),
      lied(signing([](parcel::Receipt& receipt) { receipt.opening_id.fill(std::byte{9}); })),
      lied(signing([](parcel::Receipt& receipt) { receipt.manifest_hash.fill(std::byte{9}); })),
  };
  const std::string said[] = {
      "damaged: the server shows an opening of another parcel",
      "damaged: a receipt is not signed by whom the server says opened the parcel",
      "damaged: a receipt is not signed by whom the server says opened the parcel",
      "damaged: a receipt is of another opening",
      "damaged: a receipt is of another parcel",
      "damaged: a receipt is of another opening",
      "damaged: a receipt is of another manifest than the one that was sent",
  };
  static_assert(std::size(said) == std::size(answers));
  for (std::size_t i = 0; i < std::size(answers); ++i) {
    EXPECT_EQ(base::said(answers[i]), said[i]) << i;
  }
}

TEST(SentNoteTest, WhatIsKeptIsFoundAgain) {
  base::TemporaryFolder folder;
  const SentNotes notes(folder.path() + "/sent");
  EXPECT_FALSE(notes.load({}).has_value());
  SentNote note = Truth().sent;
  for (const bool has_link : {false, true}) {
    if (has_link) note.link_key = key_of(4).public_key();
    ASSERT_TRUE(notes.save({}, note).has_value());
    EXPECT_EQ(notes.load({}).value().text(), note.text());
  }
}

TEST(SentNoteTest, AnyLineChangedOrMissingIsRefused) {
  SentNote note;
  note.link_key = key_of(4).public_key();
  const std::string good = note.text();
  ASSERT_TRUE(SentNote::parse(base::bytes_of(good)).has_value());
  std::vector<std::string> bad = {"", good + "\n", good.substr(0, good.size() - 1)};
  for (std::size_t at = 0; at < good.size(); at = good.find('\n', at) + 1) {
    std::string without = good;
    without.erase(at, good.find('\n', at) + 1 - at);
    bad.push_back(without);
    std::string longer = good;
    longer.insert(good.find('\n', at), "x");
    bad.push_back(longer);
  }
  for (const std::string& each : bad)
    EXPECT_EQ(base::said(SentNote::parse(base::bytes_of(each))),
              "malformed: this is not a note of a sent parcel")
        << each;
}

}  // namespace
}  // namespace sealift::client
