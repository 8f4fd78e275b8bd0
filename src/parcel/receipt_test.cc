#include "parcel/receipt.h"

#include <gtest/gtest.h>

#include "log/note.h"

namespace sealift::parcel {
namespace {

using base::ErrorCode;

crypto::Ed25519Secret key_of(unsigned char fill) {
  std::array<std::byte, 32> seed;
  seed.fill(std::byte{fill});
  return crypto::Ed25519Secret::from_seed(seed);
}

Receipt example() {
  Receipt receipt;
  receipt.parcel_id.fill(std::byte{1});
  receipt.opening_id.fill(std::byte{2});
  receipt.manifest_hash.fill(std::byte{3});
  receipt.entries = 4;
  receipt.received_unix_ms = 1'700'000'000'000;
  return receipt;
}

// The worked example of docs/formats/parcel.md, signed with the seed of 32 zero bytes.
constexpr std::string_view kText =
    "sealift-receipt/1\n"
    "parcel 01010101010101010101010101010101\n"
    "opening 02020202020202020202020202020202\n"
    "manifest 0303030303030303030303030303030303030303030303030303030303030303\n"
    "entries 4\n"
    "received 1700000000000\n";

std::string signed_by(std::string_view text, const crypto::Ed25519Secret& key,
                      std::string_view name = "sealift-receipt") {
  return log::sign_note(text, name, key);
}

ErrorCode refusal(std::string_view note) {
  const crypto::Ed25519Public key = key_of(0).public_key();
  const auto read = read_receipt(note, {&key, 1});
  return read ? ErrorCode::internal : read.error().code;
}

TEST(ReceiptTest, WhatIsSignedIsReadByAnyOfTheKeys) {
  const std::string note = sign_receipt(example(), key_of(0));
  EXPECT_TRUE(note.starts_with(kText));
  const std::array keys{key_of(1).public_key(), key_of(0).public_key()};
  EXPECT_EQ(read_receipt(note, keys).value(), example());
}

TEST(ReceiptTest, AnotherKeysReceiptIsOfNobody) {
  EXPECT_EQ(refusal(sign_receipt(example(), key_of(9))), ErrorCode::no_match);
  EXPECT_EQ(read_receipt(sign_receipt(example(), key_of(0)), {}).error().code, ErrorCode::no_match);
  EXPECT_EQ(refusal(signed_by(kText, key_of(0), "another-name")), ErrorCode::no_match);
  // Another receipt's signature.
  Receipt other = example();
  other.opening_id.fill(std::byte{7});
  const std::string theirs = sign_receipt(other, key_of(0));
  EXPECT_EQ(refusal(std::string(kText) + theirs.substr(theirs.find("\n\n") + 1)),
            ErrorCode::no_match);
}

TEST(ReceiptTest, EveryOtherSpellingIsRefused) {
  const auto replaced = [](std::string_view what, std::string_view with) {
    std::string text(kText);
    text.replace(text.find(what), what.size(), with);
    return text;
  };
  const std::string texts[] = {
      replaced("receipt/1", "receipt/2"),  replaced("parcel 01", "parcel 0A"),
      replaced("parcel 01", "parcel "),    replaced("opening", "Opening"),
      replaced("entries 4", "entries 04"), replaced("entries 4", "entries -4"),
      replaced("entries 4", "entries "),   replaced("received 17", "received +17"),
      replaced("manifest 03", "manifest"), std::string(kText) + "more 1\n",
      replaced("entries 4\n", ""),         replaced("0000\n", "0000 \n"),
  };
  for (const std::string& text : texts)
    EXPECT_EQ(refusal(signed_by(text, key_of(0))), ErrorCode::malformed) << text;
  const std::string good = sign_receipt(example(), key_of(0));
  for (const std::string& note : {std::string(), std::string("note"), std::string(kText),
                                  good + good.substr(good.find("\n\n") + 2)})
    EXPECT_EQ(refusal(note), ErrorCode::malformed) << note;
}

TEST(ReceiptTest, ABitFlippedAnywhereIsRefused) {
  const std::string good = sign_receipt(example(), key_of(0));
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 1);
    EXPECT_NE(refusal(bad), ErrorCode::internal) << at;
  }
}

}  // namespace
}  // namespace sealift::parcel
