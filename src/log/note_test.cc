#include "log/note.h"

#include <gtest/gtest.h>

#include "base/base64.h"
#include "base/limits.h"
#include "log/proof.h"

namespace sealift::log {
namespace {

using base::ErrorCode;

crypto::Ed25519Secret some_key(unsigned char first) {
  std::array<std::byte, 32> seed{std::byte{first}};
  return crypto::Ed25519Secret::from_seed(seed);
}

const std::string kName = "sealift.example/log";

VerifierKey verifier(unsigned char first, const std::string& name = kName) {
  return {name, some_key(first).public_key()};
}

std::string signature_line(std::size_t bytes, std::string_view name = "a") {
  return "\xe2\x80\x94 " + std::string(name) + " " +
         base::base64_encode(base::Bytes(bytes, std::byte{7}), base::Padding::required) + "\n";
}

// The example of C2SP signed-note.
TEST(NoteTest, PublishedExampleVerifies) {
  const auto key =
      VerifierKey::parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k");
  ASSERT_TRUE(key.has_value());
  const auto note = parse_note(
      "This is an example message.\n\n\xe2\x80\x94 example.com/foo "
      "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM"
      "=\n");
  ASSERT_TRUE(note.has_value());
  EXPECT_EQ(note->text, "This is an example message.\n");
  EXPECT_TRUE(verify_note(*note, std::span(&*key, 1)).has_value());
}

TEST(NoteTest, SignedNoteVerifiesWithItsKeyAndNoOther) {
  const auto note = *parse_note(sign_note("a\n\nb\n", kName, some_key(1)));
  EXPECT_EQ(note.text, "a\n\nb\n");
  const VerifierKey good = verifier(1);
  const VerifierKey other = verifier(2);
  const VerifierKey renamed = verifier(1, "sealift.example/other");
  EXPECT_TRUE(verify_note(note, std::span(&good, 1)).has_value());
  EXPECT_EQ(verify_note(note, std::span(&other, 1)).error().code, ErrorCode::no_match);
  EXPECT_EQ(verify_note(note, std::span(&renamed, 1)).error().code, ErrorCode::no_match);
  EXPECT_EQ(verify_note(note, {}).error().code, ErrorCode::no_match);
}

TEST(NoteTest, SignaturesOfStrangersAreIgnoredAndBrokenOnesOfKnownKeysAreNot) {
  const VerifierKey good = verifier(1);
  const std::string signed_note = sign_note("a\n", kName, some_key(1));
  const auto with_stranger = *parse_note(signed_note + signature_line(2500));
  EXPECT_EQ(*verify_note(with_stranger, std::span(&good, 1)), std::vector<std::size_t>{0});
  Note broken = with_stranger;
  broken.signatures[0].signature[5] ^= std::byte{1};
  EXPECT_EQ(verify_note(broken, std::span(&good, 1)).error().code, ErrorCode::damaged);
}

TEST(NoteTest, EverySingleBitFlipIsRefused) {
  const VerifierKey key = verifier(1);
  const std::string good =
      sign_note(checkpoint_text({.origin = kName, .head = {7, leaf_hash({})}, .extensions = {}}),
                kName, some_key(1));
  ASSERT_TRUE(open_checkpoint(good, key).has_value());
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    std::string bad = good;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << bit % 8));
    EXPECT_FALSE(open_checkpoint(bad, key).has_value()) << bit;
  }
}

TEST(NoteTest, MalformedNotesAreRefused) {
  const std::string line = signature_line(68);
  ASSERT_TRUE(parse_note("a\n\n" + line).has_value());
  const std::string bad[] = {"",
                             "a\n",
                             "a\n\n",
                             "a\n" + line,
                             "a\n\n" + line.substr(0, line.size() - 1),
                             "a\n\n" + line + "x\n",
                             "a\n\n- a AAAAAAA=\n",
                             "a\r\n\n" + line,
                             std::string("a\0\n\n", 4) + line,
                             "\xff\n\n" + line,
                             "a\n\n" + signature_line(4),
                             "a\n\n" + signature_line(68, ""),
                             "a\n\n" + signature_line(68, "a+b"),
                             "a\n\n" + signature_line(68,
                                                      "a\xc2\xa0"
                                                      "b"),
                             "a\n\n\xe2\x80\x94 a AAAAAAA\n",
                             "a\n\n\xe2\x80\x94 a\n"};
  for (const std::string& note : bad) {
    const auto parsed = parse_note(note);
    ASSERT_FALSE(parsed.has_value()) << note;
    EXPECT_EQ(parsed.error().code, ErrorCode::malformed) << note;
  }
}

TEST(NoteTest, SixteenSignaturesAreTakenAndTooManyAreNot) {
  std::string note = "a\n\n";
  for (int i = 0; i < 16; ++i) note += signature_line(4096);
  EXPECT_TRUE(parse_note(note).has_value());
  std::string many = "a\n\n";
  for (std::size_t i = 0; i <= limits::kLogNoteSignaturesMax; ++i) many += signature_line(68);
  EXPECT_EQ(parse_note(many).error().code, ErrorCode::limit);
  EXPECT_EQ(parse_note(std::string(limits::kLogNoteSizeMax + 1, 'a')).error().code,
            ErrorCode::limit);
}

TEST(NoteTest, VerifierKeyHasOneSpelling) {
  const std::string good = verifier(1).text();
  ASSERT_TRUE(VerifierKey::parse(good).has_value());
  EXPECT_EQ(VerifierKey::parse(good)->text(), good);
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    std::string bad = good;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << bit % 8));
    EXPECT_FALSE(VerifierKey::parse(bad).has_value()) << bit;
  }
  for (const std::string_view bad : {"", "a", "a+b", "+530d903a+AQ==", "a+530d903a+", "a++"})
    EXPECT_FALSE(VerifierKey::parse(bad).has_value()) << bad;
}

TEST(CheckpointTest, TextAndCheckpointAreOneToOne) {
  const Checkpoint checkpoint{.origin = kName, .head = {12, leaf_hash({})}, .extensions = {"x y"}};
  EXPECT_EQ(*parse_checkpoint_text(checkpoint_text(checkpoint)), checkpoint);
}

TEST(CheckpointTest, MalformedTextsAreRefused) {
  const std::string root = base::base64_encode(leaf_hash({}), base::Padding::required);
  ASSERT_TRUE(parse_checkpoint_text("o\n0\n" + root + "\n").has_value());
  std::string extended = "o\n0\n" + root + "\n";
  while (extended.size() <= limits::kLogNoteSizeMax) extended += std::string(1000, 'x') + "\n";
  EXPECT_EQ(parse_checkpoint_text(extended).error().code, base::ErrorCode::limit);
  for (const std::string& bad :
       {std::string(), std::string("o\n"), "o\n1\n" + root, "\n1\n" + root + "\n",
        "o\n01\n" + root + "\n", "o\n-1\n" + root + "\n", "o\n1 \n" + root + "\n",
        "o\n\n" + root + "\n", "o\n99999999999999999999\n" + root + "\n",
        "o\n4611686018427387905\n" + root + "\n", "o\n1\n" + root + "A\n",
        "o\n1\n" + root.substr(4) + "\n", "o\n1\n" + root + "\n\n", "o\n1\n" + root + "\nx"}) {
    EXPECT_FALSE(parse_checkpoint_text(bad).has_value()) << bad;
  }
}

TEST(CheckpointTest, AnotherLogsCheckpointIsRefused) {
  const Checkpoint other{
      .origin = "sealift.example/other", .head = {1, leaf_hash({})}, .extensions = {}};
  const std::string note = sign_note(checkpoint_text(other), kName, some_key(1));
  EXPECT_EQ(open_checkpoint(note, verifier(1)).error().code, ErrorCode::no_match);
}

Receipt some_receipt() {
  const base::Bytes entry = event_entry({}, base::bytes_of("opened"));
  const Hash sibling = leaf_hash(base::bytes_of("other"));
  const Checkpoint checkpoint{
      .origin = kName, .head = {2, node_hash(sibling, leaf_hash(entry))}, .extensions = {}};
  return {.index = 1,
          .path = {sibling},
          .checkpoint_note = sign_note(checkpoint_text(checkpoint), kName, some_key(1)),
          .extra = std::nullopt};
}

TEST(ReceiptTest, VerifiesForItsEventAndSaltAlone) {
  const Receipt receipt = some_receipt();
  const auto verify = [&](const EventSalt& salt, std::string_view event) {
    return verify_receipt(receipt, event_entry(salt, base::bytes_of(event)), verifier(1));
  };
  EXPECT_EQ(verify({}, "opened")->head.size, 2u);
  EXPECT_EQ(verify({}, "recalled").error().code, ErrorCode::damaged);
  EXPECT_EQ(verify({std::byte{1}}, "opened").error().code, ErrorCode::damaged);
}

TEST(ReceiptTest, TextAndReceiptAreOneToOne) {
  Receipt receipt = some_receipt();
  EXPECT_EQ(*parse_receipt(receipt_text(receipt)), receipt);
  receipt.extra = base::Bytes{std::byte{9}};
  EXPECT_EQ(*parse_receipt(receipt_text(receipt)), receipt);
}

TEST(ReceiptTest, APathLongerThanAnyTreesIsRefused) {
  Receipt receipt = some_receipt();
  receipt.path.resize(65);
  EXPECT_EQ(parse_receipt(receipt_text(receipt)).error().code, base::ErrorCode::limit);
}

TEST(ReceiptTest, EverySingleBitFlipIsRefused) {
  const std::string good = receipt_text(some_receipt());
  const base::Bytes entry = event_entry({}, base::bytes_of("opened"));
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    std::string bad = good;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << bit % 8));
    const auto parsed = parse_receipt(bad);
    EXPECT_FALSE(parsed && verify_receipt(*parsed, entry, verifier(1))) << bit;
  }
}

TEST(ReceiptTest, MalformedReceiptsAreRefused) {
  const std::string good = receipt_text(some_receipt());
  const std::string rest = good.substr(good.find("index"));
  for (const std::string& bad :
       {std::string(), std::string("c2sp.org/tlog-proof@v1\n"), "c2sp.org/tlog-proof@v2\n" + rest,
        "c2sp.org/tlog-proof@v1\nextra !\n" + rest, "c2sp.org/tlog-proof@v1\nextra\n" + rest,
        "c2sp.org/tlog-proof@v1\nindex 01\n" + rest, "c2sp.org/tlog-proof@v1\n\n" + rest,
        good.substr(0, good.find("\n\n") + 1), good + "x"}) {
    EXPECT_FALSE(parse_receipt(bad).has_value()) << bad;
  }
}

}  // namespace
}  // namespace sealift::log
