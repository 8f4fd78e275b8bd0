#include "http/request_proof.h"

#include <gtest/gtest.h>

namespace sealift::http {
namespace {

std::array<std::byte, 32> filled(unsigned char value) {
  std::array<std::byte, 32> bytes{};
  bytes.fill(std::byte{value});
  return bytes;
}

ProvenRequest some_request() {
  return {.method = "POST",
          .path = "/api/v1/tokens",
          .query = "",
          .authorization = "Bearer abc",
          .created_seconds = 1'800'000'000,
          .content_digest = filled(0x11)};
}

// Put together by hand after RFC 9421 sections 2.3 and 2.5.
TEST(RequestProofTest, TheSignatureBaseIsThatOfRfc9421) {
  EXPECT_EQ(request_proof_base(some_request()),
            "\"@method\": POST\n"
            "\"@path\": /api/v1/tokens\n"
            "\"@query\": ?\n"
            "\"content-digest\": sha-256=:ERERERERERERERERERERERERERERERERERERERERERE=:\n"
            "\"authorization\": Bearer abc\n"
            "\"@signature-params\": (\"@method\" \"@path\" \"@query\" \"content-digest\" "
            "\"authorization\");created=1800000000;alg=\"hmac-sha256\";tag=\"sealift-session\"");
  ProvenRequest without = some_request();
  without.method = "GET";
  without.query = "before=7";
  without.content_digest.reset();
  EXPECT_EQ(request_proof_base(without),
            "\"@method\": GET\n\"@path\": /api/v1/tokens\n\"@query\": ?before=7\n"
            "\"authorization\": Bearer abc\n"
            "\"@signature-params\": (\"@method\" \"@path\" \"@query\" \"authorization\")"
            ";created=1800000000;alg=\"hmac-sha256\";tag=\"sealift-session\"");
}

std::variant<std::optional<RequestProof>, Refusal> parsed(const std::string& input,
                                                          const std::string& signature,
                                                          const std::string& digest) {
  Fields fields;
  if (!input.empty()) fields.put(FieldName::signature_input, input);
  if (!signature.empty()) fields.put(FieldName::signature, signature);
  if (!digest.empty()) fields.put(FieldName::content_digest, digest);
  return parse_request_proof(fields);
}

TEST(RequestProofTest, WhatIsWrittenIsRead) {
  const ProvenRequest request = some_request();
  const auto proof = parsed(signature_input_value(request), signature_value(filled(0x22)),
                            content_digest_value(filled(0x11)));
  const auto* found = std::get_if<std::optional<RequestProof>>(&proof);
  ASSERT_TRUE(found != nullptr && found->has_value());
  EXPECT_EQ(**found, (RequestProof{1'800'000'000, filled(0x22), filled(0x11)}));
}

TEST(RequestProofTest, NoneIsNoneAndOtherFormsAreRefused) {
  const auto none = parsed("", "", "");
  ASSERT_TRUE(std::holds_alternative<std::optional<RequestProof>>(none));
  EXPECT_FALSE(std::get<std::optional<RequestProof>>(none));
  const std::string input = signature_input_value(some_request());
  const std::string signature = signature_value(filled(0x22));
  const std::string digest = content_digest_value(filled(0x11));
  const std::string refused[][3] = {
      {input, "", digest},
      {"", signature, digest},
      {input, signature, ""},
      {input, signature, "sha-512=:AAAA:"},
      {input, "s=:AAAA:", digest},
      {input + ";x=1", signature, digest},
      {"t" + input.substr(1), signature, digest},
      {"s=(\"@method\");created=1800000000;alg=\"hmac-sha256\";tag=\"sealift-session\"", signature,
       digest},
      {"s=()", signature, digest},
  };
  for (const auto& each : refused)
    EXPECT_TRUE(std::holds_alternative<Refusal>(parsed(each[0], each[1], each[2]))) << each[0];
}

}  // namespace
}  // namespace sealift::http
