#include "server/vault/courier.h"

#include <poll.h>
#include <sys/socket.h>

#include "server/vault/letters.h"
#include "server/vault/vault_fixture.h"

namespace sealift::server::vault {
namespace {

using base::FileDescriptor;
using std::chrono::hours;
using std::chrono::minutes;

TEST(PauseTest, PausesGrowAndEnd) {
  EXPECT_EQ(pause_after(1), minutes(1));
  EXPECT_EQ(pause_after(2), minutes(2));
  EXPECT_EQ(pause_after(5), minutes(16));
  EXPECT_EQ(pause_after(9), hours(4));
  EXPECT_EQ(pause_after(24), hours(4));
  EXPECT_EQ(pause_after(25), std::nullopt);
  std::chrono::milliseconds all{0};
  for (std::uint32_t attempts = 1; pause_after(attempts); ++attempts) all += *pause_after(attempts);
  EXPECT_GT(all, hours(60));
  EXPECT_LT(all, hours(80));
}

class CourierTest : public VaultTest {
 protected:
  // The mailer's end of a channel that the courier has.
  FileDescriptor connect() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) std::abort();
    courier_->attach(FileDescriptor(ends[0]));
    return FileDescriptor(ends[1]);
  }
  static std::optional<PostFrame> next(const FileDescriptor& mailer,
                                       std::chrono::milliseconds wait = std::chrono::seconds(20)) {
    pollfd readable{mailer.get(), POLLIN, 0};
    if (::poll(&readable, 1, static_cast<int>(wait.count())) <= 0) return std::nullopt;
    std::array<std::byte, 1024> buffer{};
    const ssize_t size = ::recv(mailer.get(), buffer.data(), buffer.size(), 0);
    if (size <= 0) return std::nullopt;
    auto post = decode_post(base::ByteView(buffer).first(static_cast<std::size_t>(size)));
    return post ? std::optional(*std::move(post)) : std::nullopt;
  }
  // The courier's thread reads its clock when it gets to it, so time has to go on until it does.
  std::optional<PostFrame> next_as_time_goes_by(const FileDescriptor& mailer) {
    for (int i = 0; i < 40; ++i) {
      later_ms_ += minutes(11) / std::chrono::milliseconds(1);
      if (auto post = next(mailer, std::chrono::milliseconds(500))) return post;
    }
    return std::nullopt;
  }
  static void say(const FileDescriptor& mailer, const catalog::MailId& mail, MailOutcome outcome) {
    const base::Bytes frame = encode_outcome({mail, outcome});
    ASSERT_GT(::send(mailer.get(), frame.data(), frame.size(), MSG_NOSIGNAL), 0);
  }
  void post(const Person& to) {
    const auto id = *catalog::AccountId::of(*base::hex_decode(to.id));
    must(commit(services_, [&](catalog::Records& records) {
      return post_letter(
          services_, records,
          {.text = catalog::MailTemplate::handed_in, .to = id, .who = id, .when = now_}, now_);
    }));
  }
  catalog::Outbox::Counts counts() {
    return look([](const catalog::Records& records) { return records.outbox->counts(); });
  }
  // Until the courier's thread has written what it was told.
  bool comes_to(std::uint64_t waiting, std::uint64_t given_up) {
    for (int i = 0; i < 2000; ++i) {
      const auto now = counts();
      if (now.waiting == waiting && now.given_up == given_up) return true;
      ::poll(nullptr, 0, 10);
    }
    return false;
  }

  Person lea_ = enrolled("lea@region.example");
  Person tom_ = enrolled("tom@region.example");
  std::atomic<std::int64_t> later_ms_ = 0;
  std::unique_ptr<Courier> courier_ = must(Courier::start(
      services_, [this] { return now_ + std::chrono::milliseconds(later_ms_.load()); }));
};

TEST_F(CourierTest, ALetterIsHandedOutOnceAndForgottenWhenSent) {
  const FileDescriptor mailer = connect();
  post(lea_);
  const auto got = next(mailer);
  ASSERT_TRUE(got);
  EXPECT_EQ(got->letter, catalog::MailTemplate::handed_in);
  EXPECT_EQ(got->details.to.text(), "lea@region.example");
  EXPECT_EQ(got->details.who->text(), "lea@region.example");
  EXPECT_EQ(got->details.when, now_);
  say(mailer, got->mail, MailOutcome::sent);
  EXPECT_TRUE(comes_to(0, 0));
}

TEST_F(CourierTest, WhatIsRefusedIsGivenUpAndWhatIsForLaterComesAgain) {
  const FileDescriptor mailer = connect();
  post(lea_);
  const auto refused = next(mailer);
  ASSERT_TRUE(refused);
  say(mailer, refused->mail, MailOutcome::refused);
  EXPECT_TRUE(comes_to(0, 1));
  post(tom_);
  const auto first = next(mailer);
  ASSERT_TRUE(first);
  say(mailer, first->mail, MailOutcome::later);
  const auto second = next_as_time_goes_by(mailer);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->mail, first->mail);
  say(mailer, second->mail, MailOutcome::sent);
  EXPECT_TRUE(comes_to(0, 1));
}

TEST_F(CourierTest, AMailerThatDiesLosesNothing) {
  post(lea_);
  std::optional<PostFrame> first;
  {
    const FileDescriptor mailer = connect();
    first = next(mailer);
    ASSERT_TRUE(first);
  }
  const FileDescriptor another = connect();
  const auto again = next_as_time_goes_by(another);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->mail, first->mail);
  say(another, again->mail, MailOutcome::sent);
  EXPECT_TRUE(comes_to(0, 0));
}

TEST_F(CourierTest, OutcomesOfLettersThatItNeverHadChangeNothing) {
  const FileDescriptor mailer = connect();
  post(lea_);
  const auto got = next(mailer);
  ASSERT_TRUE(got);
  say(mailer, {{std::byte{1}}}, MailOutcome::refused);
  say(mailer, got->mail, MailOutcome::sent);
  EXPECT_TRUE(comes_to(0, 0));
}

}  // namespace
}  // namespace sealift::server::vault
