#include "parcel/manifest.h"

#include <gtest/gtest.h>

#include "base/base64.h"
#include "base/hex.h"
#include "parcel/content_hash.h"

namespace sealift::parcel {
namespace {

using base::ErrorCode;

class ManifestTest : public testing::Test {
 protected:
  static crypto::Ed25519Secret key(unsigned char first) {
    std::array<std::byte, 32> seed{std::byte{first}};
    return crypto::Ed25519Secret::from_seed(seed);
  }

  static Manifest sample() {
    Manifest manifest;
    manifest.parcel_id.fill(std::byte{0x11});
    manifest.created_unix_ms = 1'700'000'000'000;
    manifest.sender_address = "records@clinic.example";
    manifest.recipients = {{"board@school.example", crypto::sha256(base::bytes_of("age1x")), {}}};
    manifest.recipients[0].previous.emplace().fill(std::byte{0x33});
    manifest.content_key.fill(std::byte{0x44});
    manifest.manifest_key.fill(std::byte{0x55});
    manifest.policy = {.expires_unix_ms = 1'700'600'000'000, .opens_max = 3};
    manifest.note = "Two files, \"as agreed\"\n";
    manifest.payload_nonce.fill(std::byte{0x22});
    manifest.entries = {
        {{.path = *EntryPath::parse("lists"), .kind = EntryKind::folder, .permissions = 0755}, {}},
        {{.path = *EntryPath::parse("lists/classe été.csv"), .size_bytes = 3},
         content_hash(base::bytes_of("abc"))},
    };
    return manifest;
  }

  // The JSON of a signed manifest with `from` replaced by `to`, signed again: what a hostile
  // sender can make.
  static base::Bytes forged(std::string_view from, std::string_view to) {
    const base::Bytes whole = sign_manifest(sample(), key(1));
    std::string json(base::text_of(whole));
    json.erase(0, json.find('{'));
    const std::size_t at = json.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    if (at != std::string::npos) json.replace(at, from.size(), to);
    return sealed_with_signature(json);
  }

  static base::Bytes sealed_with_signature(const std::string& json) {
    const std::string begin =
        "sealift-manifest/v2\ned25519 " + base::hex_encode(key(1).public_key());
    const auto signature = key(1).sign(base::bytes_of(begin + "\n\n" + json));
    return base::copy_of(base::bytes_of(
        begin + " " + base::base64_encode(signature, base::Padding::required) + "\n\n" + json));
  }
};

TEST_F(ManifestTest, ReadsWhatWasSigned) {
  const base::Bytes bytes = sign_manifest(sample(), key(1));
  const auto read = read_manifest(bytes);
  ASSERT_TRUE(read.has_value()) << read.error().text;
  EXPECT_EQ(read->signed_by, key(1).public_key());
  const Manifest& manifest = read->manifest;
  EXPECT_EQ(manifest.sender_address, "records@clinic.example");
  EXPECT_EQ(manifest.note, sample().note);
  EXPECT_EQ(manifest.policy.opens_max, 3);
  EXPECT_EQ(manifest.recipients.at(0).address, "board@school.example");
  EXPECT_EQ(manifest.recipients.at(0).previous, sample().recipients[0].previous);
  EXPECT_EQ(manifest.content_key, sample().content_key);
  EXPECT_EQ(manifest.manifest_key, sample().manifest_key);
  ASSERT_EQ(manifest.entries.size(), 2u);
  EXPECT_EQ(manifest.entries[0].entry.kind, EntryKind::folder);
  EXPECT_EQ(manifest.entries[1].entry.path.text(), "lists/classe été.csv");
  EXPECT_EQ(manifest.entries[1].content_hash, content_hash(base::bytes_of("abc")));
  EXPECT_EQ(sign_manifest(manifest, key(1)), bytes);
}

TEST_F(ManifestTest, AnyChangedByteIsRefused) {
  const base::Bytes bytes = sign_manifest(sample(), key(1));
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    base::Bytes changed = bytes;
    changed[i] ^= std::byte{1};
    EXPECT_FALSE(read_manifest(changed).has_value()) << "byte " << i;
    EXPECT_FALSE(read_manifest(base::ByteView(bytes).first(i)).has_value()) << "cut at " << i;
  }
}

TEST_F(ManifestTest, AnotherKeysSignatureIsRefused) {
  const std::string other(base::text_of(sign_manifest(sample(), key(2))));
  std::string mine(base::text_of(sign_manifest(sample(), key(1))));
  const std::size_t signature = mine.find(' ', mine.find("ed25519 ") + 8);
  const std::size_t json = mine.find("\n\n");
  mine.replace(signature, json - signature, other.substr(signature, json - signature));
  EXPECT_EQ(read_manifest(base::bytes_of(mine)).error().code, ErrorCode::damaged);
}

// What nobody signed reaches no parser: deep nesting would be refused as such.
TEST_F(ManifestTest, TheSignatureIsCheckedBeforeTheJsonIsParsed) {
  base::Bytes deep = sealed_with_signature(std::string(100, '['));
  EXPECT_EQ(read_manifest(deep).error().code, ErrorCode::limit);
  deep.back() = std::byte{'{'};
  EXPECT_EQ(read_manifest(deep).error().code, ErrorCode::damaged);
}

TEST_F(ManifestTest, WithoutCommitmentsItIsRefused) {
  const std::string content = "\"file_key\":\"" + base::hex_encode(sample().content_key) + "\",";
  EXPECT_EQ(read_manifest(forged(content, "")).error().code, ErrorCode::malformed);
  const std::string own = "\"file_key\":\"" + base::hex_encode(sample().manifest_key) + "\"";
  EXPECT_EQ(read_manifest(forged(own, "")).error().code, ErrorCode::malformed);
  EXPECT_EQ(read_manifest(forged("\"manifest\":{" + own + "},", "")).error().code,
            ErrorCode::malformed);
}

TEST_F(ManifestTest, ASecondSignatureLineIsRefusedAsLongAsNoneIsDefined) {
  const std::string good(base::text_of(sign_manifest(sample(), key(1))));
  std::string more = good;
  more.insert(good.find("\n\n") + 1, "ml-dsa-44 AAAA BBBB\n");
  EXPECT_EQ(read_manifest(base::bytes_of(more)).error().code, ErrorCode::malformed);
}

TEST_F(ManifestTest, WhatASenderMayNotSayIsRefusedEvenSigned) {
  const std::pair<std::string_view, std::string_view> kForgeries[] = {
      {"\"path\":\"lists\"", "\"path\":\"../up\""},     // leaves the folder
      {"\"path\":\"lists\"", "\"path\":\"/lists\""},    // absolute
      {"\"kind\":\"folder\"", "\"kind\":\"file\""},     // then an entry stands below a file
      {"\"kind\":\"folder\"", "\"kind\":\"link\""},     // no such kind
      {"lists/classe été.csv", "lists"},                // twice
      {"\"size\":3}", "\"size\":4000}"},                // offsets do not follow
      {"\"offset\":512", "\"offset\":513"},             // likewise
      {"\"permissions\":420", "\"permissions\":2541"},  // set-uid
      {"\"previous\":\"33", "\"previous\":\""},         // half a parcel's id
      {"\"note\":\"", "\"note\": \""},                  // white space
      {"\"created\":", "\"Created\":"},                 // unknown field
      {"\"opens_max\":3", "\"opens_max\":3.0"},         // not an integer
      {"\"opens_max\":3", "\"opens_max\":-1"},          // out of range
      {"\"opens_max\":3", "\"opens_max\":18446744073709551615"},
      {"\"needs_passphrase\":false", "\"needs_passphrase\":0"},
      {"{\"content\"", "{\"a\":1,\"content\""},   // a field too many
      {"\"note\":", "\"note\":\"x\",\"note\":"},  // a field twice
  };
  for (const auto& [from, to] : kForgeries) {
    const auto read = read_manifest(forged(from, to));
    ASSERT_FALSE(read.has_value()) << to;
    EXPECT_EQ(read.error().code, ErrorCode::malformed) << to;
  }
}

TEST_F(ManifestTest, DeepJsonIsRefusedBeforeItIsBuilt) {
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  EXPECT_EQ(read_manifest(sealed_with_signature(deep)).error().code, ErrorCode::limit);
}

}  // namespace
}  // namespace sealift::parcel
