#include "tls/certificate_times.h"

#include <gtest/gtest.h>

#include "tls/context.h"

namespace sealift::tls {
namespace {

TEST(CertificateTimesTest, ACertificateThatSignsItselfSaysItsEnd) {
  const auto made = make_certificate("localhost", 30);
  ASSERT_TRUE(made.has_value());
  const auto expiry = expiry_of(made->certificate_pem);
  ASSERT_TRUE(expiry.has_value());
  const auto left = *expiry - base::SystemClock().now();
  EXPECT_LE(left, std::chrono::hours(24 * 30));
  EXPECT_GT(left, std::chrono::hours(24 * 30 - 1));
}

TEST(CertificateTimesTest, WhatIsNoCertificateHasNone) {
  for (const char* text : {"", "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n"}) {
    EXPECT_EQ(expiry_of(text).error().code, base::ErrorCode::malformed);
  }
}

TEST(CertificateTimesTest, AKeyIsOfOneCertificateAlone) {
  const auto made = make_certificate("localhost", 30);
  const auto other = make_certificate("localhost", 30);
  ASSERT_TRUE(made.has_value() && other.has_value());
  const std::string& key = made->private_key_pem;
  EXPECT_TRUE(is_private_key_of(made->certificate_pem, key));
  EXPECT_FALSE(is_private_key_of(other->certificate_pem, key));
  EXPECT_FALSE(is_private_key_of(made->certificate_pem, "no key"));
}

}  // namespace
}  // namespace sealift::tls
