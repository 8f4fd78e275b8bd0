#include "server/vault/observer.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>

#include "server/log_frames.h"
#include "server/log_line.h"
#include "server/vault/services_for_test.h"

namespace sealift::server::vault {
namespace {

using std::chrono::milliseconds;

// Takes what this process says.
class Lines {
 public:
  Lines() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()), 0);
    in_ = base::FileDescriptor(ends[0]);
    out_ = base::FileDescriptor(ends[1]);
    set_log_socket(in_.get());
  }
  Lines(const Lines&) = delete;
  Lines& operator=(const Lines&) = delete;
  ~Lines() { set_log_socket(-1); }

  std::vector<LogLine> taken() {
    std::vector<LogLine> lines;
    base::Bytes frame(kLogFrameSizeMax);
    while (true) {
      const ssize_t size = ::recv(out_.get(), frame.data(), frame.size(), MSG_DONTWAIT);
      if (size <= 0) return lines;
      lines.push_back(
          decode_log_line(base::ByteView(frame).first(static_cast<std::size_t>(size))).value());
    }
  }

 private:
  base::FileDescriptor in_, out_;
};

std::string field(const LogLine& line, std::string_view key) {
  for (const auto& [name, value] : line.fields) {
    if (name == key) return value;
  }
  return "none";
}

struct ObserverTest : ServicesTest {
  Observer naming_{figures_->server, keys_, LoginNames::shown, observer_clock_};
  Lines lines_;
  const base::Bytes subject_ = base::copy_of(base::bytes_of("the hash of an address"));
  Attempt attempt_{catalog::DelayKind::account, subject_, {}, "alice@example.org"};

  void SetUp() override {
    attempt_.peer[10] = attempt_.peer[11] = std::byte{0xff};
    attempt_.peer[12] = std::byte{192};
    attempt_.peer[15] = std::byte{7};
  }
};

TEST_F(ObserverTest, WhoFailedToLogInIsNamedOnlyWhereTheOperatorChoseSo) {
  observer_.attempt_failed(attempt_);
  naming_.attempt_failed(attempt_);
  const auto lines = lines_.taken();
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0].event, LogEvent::login_failed);
  EXPECT_EQ(field(lines[0], "account").size(), 16u);
  EXPECT_EQ(field(lines[0], "client").size(), 16u);
  for (const auto& [name, value] : lines[0].fields) {
    EXPECT_EQ(value.find("alice"), std::string::npos);
    EXPECT_EQ(value.find("192"), std::string::npos);
  }
  EXPECT_EQ(field(lines[1], "account"), field(lines[0], "account")) << "lines can be joined";
  EXPECT_EQ(field(lines[1], "account_address"), "alice@example.org");
  EXPECT_EQ(field(lines[1], "client_address"), "192.0.0.7");
  EXPECT_EQ(figures_->server.logins_failed, 2u);
}

TEST_F(ObserverTest, APseudonymIsNotWhatTheCatalogKnowsTheAccountBy) {
  observer_.attempt_failed(attempt_);
  const std::string account = field(lines_.taken().at(0), "account");
  EXPECT_NE(account, base::hex_encode(base::ByteView(subject_).first(8)));
  EXPECT_NE(account, base::hex_encode(keys_.delay_key(attempt_.kind, subject_).view().first(8)));
}

TEST_F(ObserverTest, ALinkTriedWithAWrongSecretIsNoLogin) {
  attempt_.kind = catalog::DelayKind::link;
  observer_.attempt_failed(attempt_);
  const auto lines = lines_.taken();
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0].event, LogEvent::proof_failed);
  EXPECT_EQ(field(lines[0], "kind"), "link");
  EXPECT_EQ(figures_->server.proofs_failed, 1u);
  EXPECT_EQ(figures_->server.logins_failed, 0u);
}

TEST_F(ObserverTest, AFloodIsAFewLinesAndANumber) {
  for (int i = 0; i < 1000; ++i) observer_.attempt_failed(attempt_);
  EXPECT_EQ(lines_.taken().size(), 10u);
  observer_.tell_repeated();
  EXPECT_TRUE(lines_.taken().empty()) << "the minute isn't over";
  observer_clock_.advance(milliseconds(60'000));
  observer_.tell_repeated();
  const auto lines = lines_.taken();
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0].event, LogEvent::repeated);
  EXPECT_EQ(field(lines[0], "of"), "login_failed");
  EXPECT_EQ(field(lines[0], "class"), "account");
  EXPECT_EQ(field(lines[0], "count"), "990");
  EXPECT_EQ(figures_->server.logins_failed, 1000u);
  observer_.tell_repeated();
  EXPECT_TRUE(lines_.taken().empty()) << "told once";
}

TEST_F(ObserverTest, WhatWasOnlyCountedIsToldWhenTheServerStops) {
  {
    Observer stopping(figures_->server, keys_, LoginNames::pseudonyms, observer_clock_);
    for (int i = 0; i < 12; ++i) stopping.attempt_failed(attempt_);
    EXPECT_EQ(lines_.taken().size(), 10u);
  }
  const auto lines = lines_.taken();
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0].event, LogEvent::repeated);
  EXPECT_EQ(field(lines[0], "of"), "login_failed");
  EXPECT_EQ(field(lines[0], "count"), "2");
}

TEST_F(ObserverTest, AFloodOfOneClassHidesNoOther) {
  const Operation* guessing = find_operation("session.begin");
  const Operation* ordinary = find_operation("parcel.complete");
  for (int i = 0; i < 100; ++i) observer_.throttled(*guessing);
  observer_.throttled(*ordinary);
  const auto lines = lines_.taken();
  ASSERT_EQ(lines.size(), 11u);
  EXPECT_EQ(field(lines.back(), "class"), "ordinary");
  EXPECT_EQ(field(lines.back(), "operation"), "parcel.complete");
  EXPECT_EQ(figures_->server.throttled[1], 100u);
  EXPECT_EQ(figures_->server.throttled[0], 1u);
}

TEST_F(ObserverTest, AFullDiskAMissingBlobAndAFailedLetterAreSaid) {
  observer_.disk_full("upload.create");
  observer_.blob_missing(store::BlobId{});
  observer_.mail_failed("00ff", 1, false);
  observer_.mail_failed("00ff", 25, true);
  const auto lines = lines_.taken();
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_EQ(lines[0].event, LogEvent::disk_full);
  EXPECT_EQ(lines[1].event, LogEvent::blob_missing);
  EXPECT_EQ(field(lines[1], "blob"), std::string(32, '0'));
  EXPECT_EQ(lines[2].event, LogEvent::mail_not_sent);
  EXPECT_EQ(lines[3].event, LogEvent::mail_given_up);
  EXPECT_EQ(field(lines[3], "attempts"), "25");
  EXPECT_EQ(figures_->server.disk_full, 1u);
  EXPECT_EQ(figures_->server.blobs_missing, 1u);
  EXPECT_EQ(figures_->server.mails_failed, 2u);
}

}  // namespace
}  // namespace sealift::server::vault
