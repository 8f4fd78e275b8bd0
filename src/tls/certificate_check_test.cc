#include "tls/certificate_check.h"

#include <gtest/gtest.h>

namespace sealift::tls {
namespace {

TEST(CertificateCheckTest, AFingerprintIsWrittenAsBrowsersAndOpensslWriteIt) {
  CertificateFingerprint fingerprint{};
  fingerprint[0] = std::byte{0x0a};
  fingerprint[31] = std::byte{0xf9};
  const std::string text = fingerprint_text(fingerprint);
  EXPECT_EQ(text.size(), 32U * 3 - 1);
  EXPECT_TRUE(text.starts_with("0A:00:"));
  EXPECT_TRUE(text.ends_with(":00:F9"));
}

TEST(CertificateCheckTest, ACertificateIsForItsOwnNameOrAddressAlone) {
  const auto named = make_certificate("files.example.org", 30);
  const auto numbered = make_certificate("127.0.0.1", 30);
  ASSERT_TRUE(named && numbered);
  EXPECT_TRUE(is_certificate_for(named->certificate_pem, "files.example.org"));
  EXPECT_FALSE(is_certificate_for(named->certificate_pem, "other.example.org"));
  EXPECT_FALSE(is_certificate_for(named->certificate_pem, "127.0.0.1"));
  EXPECT_TRUE(is_certificate_for(numbered->certificate_pem, "127.0.0.1"));
  EXPECT_FALSE(is_certificate_for(numbered->certificate_pem, "127.0.0.2"));
  EXPECT_FALSE(is_certificate_for("no certificate", "files.example.org"));
}

// Chains of authorities: DoctorTest in tests/system.
TEST(CertificateCheckTest, WhatSignsItselfIsToldFromWhatNobodyVouchesFor) {
  const auto made = make_certificate("localhost", 30);
  ASSERT_TRUE(made.has_value());
  const auto now = base::SystemClock().now();
  EXPECT_EQ(vouching_for(made->certificate_pem, now), Vouching::itself);
  EXPECT_EQ(vouching_for("no certificate", now), Vouching::nobody_here);
}

}  // namespace
}  // namespace sealift::tls
