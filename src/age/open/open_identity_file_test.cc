// Identity files of every form; SSH keys made by ssh-keygen, files sealed to them by stock age.
#include "age/open/open_identity_file.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "age/open/open_file.h"
#include "age/seal/seal_file.h"
#include "base/base64.h"
#include "base/byte_writer.h"

namespace sealift::age {
namespace {

using base::Bytes;
using base::bytes_of;
using base::ErrorCode;
using crypto::SecretBuffer;

constexpr std::string_view kIdentity =
    "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX";

std::string read_source_file(const std::string& name) {
  const char* root = std::getenv("SEALIFT_SOURCE_DIR");
  std::ifstream in(std::string(root == nullptr ? "." : root) + "/src/age/" + name,
                   std::ios::binary);
  EXPECT_TRUE(in) << name << ": set SEALIFT_SOURCE_DIR";
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::string private_key(const std::string& name) {
  return read_source_file("fuzz_seeds/open_ssh_identity_fuzz/" + name);
}
std::string public_key(const std::string& name) {
  std::string line = read_source_file("fuzz_seeds/ssh_public_key_fuzz/" + name);
  line.pop_back();
  return line;
}

AskPassphrase answer(std::string_view text) {
  return [text](PassphraseFor) { return SecretBuffer::copy_of(bytes_of(text)); };
}

std::string text_in(std::string_view file, std::span<const Identity> identities) {
  MemorySource source(bytes_of(file));
  Bytes text;
  MemorySink sink(text);
  Pipeline pipeline(1);
  const auto opened = open_file(pipeline, identities, source, sink);
  EXPECT_TRUE(opened) << (opened ? "" : opened.error().error.text);
  return std::string(base::text_of(text));
}

std::string sealed_to(std::span<const Recipient> recipients, std::string_view text, Armor armor) {
  crypto::SystemRandom random;
  MemorySource source(bytes_of(text));
  Bytes sealed;
  MemorySink sink(sealed);
  Pipeline pipeline(1);
  EXPECT_TRUE(seal_file(pipeline, recipients, random, source, sink, armor));
  return std::string(base::text_of(sealed));
}

TEST(IdentityFileTest, CommentsAndEmptyLinesAreSkipped) {
  const std::string content = "# made by a test\r\n\n" + std::string(kIdentity) + "\n#\n";
  const auto identities = parse_identity_file(bytes_of(content), answer(""));
  ASSERT_TRUE(identities);
  ASSERT_EQ(identities->size(), 1u);
  EXPECT_TRUE(crypto::equal((*identities)[0].text().view(), bytes_of(kIdentity)));
}

TEST(IdentityFileTest, OtherContentsAreRefusedWithTheLine) {
  for (const std::string_view content : {"", "#\n", "\n\n", "hello", " "}) {
    const auto identities = parse_identity_file(bytes_of(content), answer(""));
    ASSERT_FALSE(identities) << content;
    EXPECT_EQ(identities.error().code, ErrorCode::malformed) << content;
  }
  const auto identities = parse_identity_file(bytes_of("#\nage1xyz\n"), answer(""));
  ASSERT_FALSE(identities);
  EXPECT_EQ(identities.error().text, "line 2: not an identity");
}

TEST(IdentityFileTest, FileSealedWithAPassphraseOpens) {
  for (const Armor armor : {Armor::no, Armor::yes}) {
    const Recipient recipient = Recipient::passphrase(SecretBuffer::copy_of(bytes_of("right")), 10);
    const std::string sealed = sealed_to(std::span(&recipient, 1), kIdentity, armor);
    const auto identities = parse_identity_file(bytes_of(sealed), answer("right"));
    ASSERT_TRUE(identities);
    EXPECT_TRUE(crypto::equal((*identities)[0].text().view(), bytes_of(kIdentity)));
    EXPECT_EQ(parse_identity_file(bytes_of(sealed), answer("wrong")).error().code,
              ErrorCode::no_match);
  }
}

TEST(SshIdentityTest, OpensWhatStockAgeSealed) {
  for (const std::string name : {"ed25519", "rsa", "rsa_pem_passphrase"}) {
    const auto identities = parse_identity_file(bytes_of(private_key(name)), answer("passphrase"));
    ASSERT_TRUE(identities) << name << ": " << identities.error().text;
    EXPECT_EQ(text_in(read_source_file("testdata/to_ssh_" + name), *identities),
              "sealed by another implementation");
  }
}

TEST(SshIdentityTest, OpensWhatWasSealedToThePublicKey) {
  for (const std::string name : {"ed25519", "rsa", "ed25519_passphrase", "rsa_passphrase"}) {
    const Recipient recipient = Recipient::parse(public_key(name)).value();
    const auto identities = parse_identity_file(bytes_of(private_key(name)), answer("passphrase"));
    ASSERT_TRUE(identities) << name;
    EXPECT_EQ((*identities)[0].recipient().value().text(), recipient.text());
    const std::string sealed = sealed_to(std::span(&recipient, 1), "text", Armor::yes);
    EXPECT_EQ(text_in(sealed, *identities), "text");
  }
}

TEST(SshIdentityTest, WhatCannotBeUsedIsSaid) {
  const auto code = [](const std::string& key, std::string_view passphrase) {
    return parse_identity_file(bytes_of(key), answer(passphrase)).error().code;
  };
  EXPECT_EQ(code(private_key("rsa_pem_passphrase"), "wrong"), ErrorCode::no_match);
  EXPECT_EQ(code(private_key("ed25519_passphrase"), "wrong"), ErrorCode::no_match);
  EXPECT_EQ(code(private_key("ed25519_passphrase"), ""), ErrorCode::no_match);
  EXPECT_EQ(code(private_key("rsa_passphrase"), "wrong"), ErrorCode::no_match);
  EXPECT_EQ(code(private_key("ecdsa"), ""), ErrorCode::unsupported);
  EXPECT_EQ(Recipient::parse(public_key("ecdsa")).error().code, ErrorCode::unsupported);
  std::string changed = private_key("ed25519");
  changed[200] = changed[200] == 'A' ? 'B' : 'A';
  EXPECT_EQ(code(changed, ""), ErrorCode::malformed);
}

// What is sealed to such a point can be opened by everybody.
TEST(SshIdentityTest, APublicKeyOfSmallOrderIsRefused) {
  base::ByteWriter wire;
  wire.u32_be(11);
  wire.bytes(bytes_of("ssh-ed25519"));
  wire.u32_be(32);
  wire.u8(1);  // the neutral point
  wire.bytes(base::Bytes(31));
  const std::string line =
      "ssh-ed25519 " + base::base64_encode(std::move(wire).take(), base::Padding::required);
  EXPECT_EQ(Recipient::parse(line).error().code, ErrorCode::malformed);
}

TEST(SshIdentityTest, APrivateKeyWithAnothersPublicKeyIsRefused) {
  const std::string key = private_key("ed25519");
  const std::size_t begin = key.find('\n') + 1;
  const std::size_t end = key.find("-----END");
  std::string inside = key.substr(begin, end - begin);
  std::erase(inside, '\n');
  base::Bytes bytes = base::base64_decode(inside, base::Padding::required).value();
  const std::size_t type = base::text_of(bytes).find("ssh-ed25519");
  bytes[type + 11 + 4 + 5] ^= std::byte{1};  // within the key before the private part
  std::string forged = base::base64_encode(bytes, base::Padding::required);
  for (std::size_t at = 70; at < forged.size(); at += 71) forged.insert(at, 1, '\n');
  forged = key.substr(0, begin) + forged + "\n" + key.substr(end);
  const auto opened = parse_identity_file(bytes_of(forged), answer(""));
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::malformed);
}

TEST(RecipientsFileTest, KeysOfOtherKindsAreCounted) {
  const auto file = RecipientsFile::parse("# list\n" + public_key("ecdsa") + "\n" +
                                          public_key("ed25519") + "\n\n" + public_key("rsa"));
  ASSERT_TRUE(file);
  EXPECT_EQ(file->recipients.size(), 2u);
  EXPECT_EQ(file->skipped_count, 1u);
  EXPECT_EQ(RecipientsFile::parse("#\nnonsense\n").error().text, "line 2: not a recipient");
  EXPECT_EQ(RecipientsFile::parse("").error().code, ErrorCode::malformed);
}

}  // namespace
}  // namespace sealift::age
