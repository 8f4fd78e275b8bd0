#include "age/format/header.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.h"
#include "crypto/random.h"

namespace sealift::age {
namespace {

using base::Bytes;
using base::bytes_of;
using base::ErrorCode;
using base::text_of;

const std::string kMac = "--- " + std::string(43, 'A') + "\n";

std::string file_of(const std::string& stanzas) {
  return "age-encryption.org/v1\n" + stanzas + kMac;
}

TEST(HeaderTest, StanzasAreReadAndThePayloadIsLeftAlone) {
  const std::string text = file_of("-> type an ~other\nQQ\n-> empty\n\n");
  const auto header = Header::parse(bytes_of(text + "payload"));
  ASSERT_TRUE(header);
  ASSERT_EQ(header->stanzas().size(), 2u);
  EXPECT_EQ(header->stanzas()[0],
            (Stanza{.type = "type", .arguments = {"an", "~other"}, .body = {std::byte{'A'}}}));
  EXPECT_EQ(header->stanzas()[1], (Stanza{.type = "empty", .arguments = {}, .body = {}}));
  EXPECT_EQ(text_of(header->encoded()), text);
}

TEST(HeaderTest, FullLastLineNeedsAnEmptyOne) {
  const std::string full(64, 'A');
  EXPECT_TRUE(Header::parse(bytes_of(file_of("-> type\n" + full + "\n\n"))));
  EXPECT_TRUE(Header::parse(bytes_of(file_of("-> type\n" + full + "\n" + full + "\nAA\n"))));
  EXPECT_FALSE(Header::parse(bytes_of(file_of("-> type\n" + full + "\n"))));
}

TEST(HeaderTest, MalformedHeadersAreRefused) {
  const std::string good = "-> type\nQQ\n";
  for (const std::string& text : {
           std::string(),
           std::string("age-encryption.org/v1"),
           std::string("age-encryption.org/v1\n"),
           "age-encryption.org/v2\n" + good + kMac,
           "age-encryption.org/v1\r\n" + good + kMac,
           " age-encryption.org/v1\n" + good + kMac,
           file_of(""),                                         // no stanza
           file_of("->type\nQQ\n"),                             // no space
           file_of("-> \nQQ\n"),                                // no type
           file_of("-> type \nQQ\n"),                           // empty argument
           file_of("-> type  a\nQQ\n"),                         // empty argument
           file_of("-> ty\tpe\nQQ\n"),                          // not visible
           file_of("-> type \x7f\nQQ\n"),                       // not visible
           file_of("-> typ\xc3\xa9\nQQ\n"),                     // not ASCII
           file_of("-> type\r\nQQ\n"),                          // CR
           file_of("-> type\nQQ\r\n"),                          // CR
           file_of("-> type\nQR\n"),                            // trailing bits
           file_of("-> type\nQQ==\n"),                          // padding
           file_of("-> type\nQ\n"),                             // not a length of base64
           file_of("-> type\nQQ \n"),                           // space
           file_of("-> type\n" + std::string(68, 'A') + "\n"),  // line too long
           file_of("-> type\n"),                                // no body
           file_of("-> type\nQQ\nQQ\n"),                        // body after its end
           file_of(good + "\n"),                                // empty line
           file_of("QQ\n"),                                     // body without a stanza
           "age-encryption.org/v1\n" + good,                    // no MAC
           "age-encryption.org/v1\n" + good + kMac.substr(0, kMac.size() - 1),
           "age-encryption.org/v1\n" + good + "---\n",
           "age-encryption.org/v1\n" + good + "--- \n",
           "age-encryption.org/v1\n" + good + "---" + std::string(43, 'A') + "\n",
           "age-encryption.org/v1\n" + good + "--- " + std::string(43, 'A') + " \n",
           "age-encryption.org/v1\n" + good + "--- " + std::string(43, 'A') + "\r\n",
           "age-encryption.org/v1\n" + good + "--- " + std::string(43, 'A') + "=\n",
           "age-encryption.org/v1\n" + good + "--- " + std::string(42, 'A') + "B\n",
           "age-encryption.org/v1\n" + good + "--- " + std::string(42, 'A') + "\n",
           "age-encryption.org/v1\n" + good + "--- " + std::string(44, 'A') + "\n",
       }) {
    const auto header = Header::parse(bytes_of(text));
    ASSERT_FALSE(header) << text;
    EXPECT_EQ(header.error().code, ErrorCode::malformed) << text;
  }
}

TEST(HeaderTest, LimitsAreNamed) {
  const auto code_of = [](const std::string& text) {
    const auto header = Header::parse(bytes_of(text));
    return header ? std::optional<ErrorCode>() : std::optional(header.error().code);
  };
  const std::string longest(limits::kAgeHeaderLineSizeMax - 3, 'a');
  EXPECT_EQ(code_of(file_of("-> " + longest + "\n\n")), std::nullopt);
  EXPECT_EQ(code_of(file_of("-> a" + longest + "\n\n")), ErrorCode::limit);

  std::string stanzas;
  for (std::size_t i = 0; i < limits::kAgeStanzasMax; ++i) stanzas += "-> a\n\n";
  EXPECT_EQ(code_of(file_of(stanzas)), std::nullopt);
  EXPECT_EQ(code_of(file_of(stanzas + "-> a\n\n")), ErrorCode::limit);

  std::string body = "-> a\n";
  while (body.size() < limits::kAgeHeaderSizeMax) body += std::string(64, 'A') + "\n";
  EXPECT_EQ(code_of(file_of(body + "\n")), ErrorCode::limit);
}

TEST(HeaderTest, EveryPrefixIsIncompleteUntilTheHeaderIsWhole) {
  const std::string text = file_of("-> type an ~other\nQQ\n");
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_EQ(judge_header_prefix(bytes_of(text.substr(0, size))), HeaderPrefix::incomplete)
        << size;
  }
  EXPECT_EQ(judge_header_prefix(bytes_of(text)), HeaderPrefix::parsable);
  EXPECT_EQ(judge_header_prefix(bytes_of("PK\x03\x04")), HeaderPrefix::parsable);
}

TEST(HeaderTest, MadeHeaderIsAuthenticForItsKeyAndItsBytesOnly) {
  crypto::SystemRandom random;
  const FileKey file_key = random.secret<kFileKeySize>();
  const auto header = Header::make(
      {{.type = "a", .arguments = {"b", "c"}, .body = Bytes(100, std::byte{7})}}, file_key);
  ASSERT_TRUE(header);
  EXPECT_TRUE(header->is_authentic(file_key));
  EXPECT_FALSE(header->is_authentic(random.secret<kFileKeySize>()));

  std::string changed(text_of(header->encoded()));
  changed[changed.find("-> a b") + 5] = 'x';
  const auto other = Header::parse(bytes_of(changed));
  ASSERT_TRUE(other);
  EXPECT_FALSE(other->is_authentic(file_key));
}

TEST(HeaderTest, MakingRefusesWhatParsingWouldRefuse) {
  crypto::SystemRandom random;
  const FileKey file_key = random.secret<kFileKeySize>();
  EXPECT_FALSE(Header::make({{.type = "a b\n", .arguments = {}, .body = {}}}, file_key));
  EXPECT_FALSE(Header::make({{.type = "a", .arguments = {""}, .body = {}}}, file_key));
  const std::vector<Stanza> many(limits::kAgeStanzasMax + 1,
                                 {.type = "a", .arguments = {}, .body = {}});
  EXPECT_FALSE(Header::make(many, file_key));
}

}  // namespace
}  // namespace sealift::age
