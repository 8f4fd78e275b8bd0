// The desk with real channels: this test is the front and the supervisor.
#include "server/vault/desk.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include <atomic>

#include "base/limits.h"

namespace sealift::server::vault {
namespace {

using base::FileDescriptor;

class DeskTest : public testing::Test {
 protected:
  void start(
      Desk::Answerer answer, Desk::Finisher finish = [](auto&, auto&) { return empty_reply(); }) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()), 0);
    control_ = FileDescriptor(ends[0]);
    desk_ = Desk::create({std::move(answer), std::move(finish), 2}).value();
    thread_ = std::thread([this, theirs = ends[1]] {
      const FileDescriptor control(theirs);
      desk_->run(control, [](FileDescriptor) {});
    });
    add_front();
  }
  void add_front() {
    auto pair = FrameChannel::make_pair().value();
    const std::array<int, 1> end = {pair[1].get()};
    ASSERT_TRUE(send_control(control_.get(), ControlMessage::Kind::front, end));
    front_.emplace(std::move(pair[0]), Sender::vault);
  }
  ~DeskTest() override {
    control_.reset();
    if (thread_.joinable()) thread_.join();
  }

  void ask(std::uint64_t request) {
    AskFrame frame;
    frame.request = request;
    ASSERT_TRUE(front_->send(frame));
  }
  ReceivedMessage next() {
    for (int i = 0; i < 2000; ++i) {
      auto message = front_->receive();
      if (!message) break;
      if (*message) return **std::move(message);
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    ADD_FAILURE() << "no frame";
    return {GoneFrame{}, {}};
  }
  static FileDescriptor some_file() { return FileDescriptor(::memfd_create("test", MFD_CLOEXEC)); }
  template <typename Condition>
  static bool comes_true(Condition condition) {
    for (int i = 0; i < 2000 && !condition(); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return condition();
  }

  FileDescriptor control_;
  std::unique_ptr<Desk> desk_;
  std::optional<FrameChannel> front_;
  std::thread thread_;
};

TEST_F(DeskTest, EveryAskGetsItsAnswer) {
  start([](const AskFrame& frame) {
    return json_reply(http::Status::ok, {{"request", frame.request}});
  });
  std::set<std::uint64_t> open;
  for (std::uint64_t request = 1; request <= 50; ++request) {
    ask(request);
    open.insert(request);
  }
  while (!open.empty()) {
    const ReceivedMessage message = next();
    const auto* reply = std::get_if<ReplyFrame>(&message.frame);
    ASSERT_TRUE(reply);
    EXPECT_EQ(base::text_of(reply->body), "{\"request\":" + std::to_string(reply->request) + "}");
    ASSERT_EQ(open.erase(reply->request), 1U);
  }
}

TEST_F(DeskTest, WhatDoesNotFitAFrameGoesAsAFile) {
  const std::size_t size = limits::kFrameBodySizeMax + 1;
  start([&](const AskFrame&) { return text_reply(std::string(size, 'x')); });
  ask(1);
  const ReceivedMessage message = next();
  const auto* file = std::get_if<SendFrame>(&message.frame);
  ASSERT_TRUE(file);
  EXPECT_EQ(file->head.content_size_bytes, size);
  base::Bytes bytes(size + 1);
  EXPECT_EQ(base::pread_full(message.descriptor.get(), bytes, 0).value(), size);
}

TEST_F(DeskTest, ABodyIsFinishedOnceWithWhatTheFrontSays) {
  std::atomic<std::uint64_t> told{0};
  start(
      [](const AskFrame&) {
        Receive receive;
        receive.file = some_file();
        receive.offset = 3;
        receive.size_max = 10;
        return Answer(std::move(receive));
      },
      [&](const Receive& receive, const front::Received& received) {
        told = received.size_bytes + receive.offset;
        return empty_reply();
      });
  ask(1);
  const ReceivedMessage message = next();
  const auto* target = std::get_if<ReceiveFrame>(&message.frame);
  ASSERT_TRUE(target);
  EXPECT_EQ(target->size_max, 10U);
  ASSERT_TRUE(front_->send(ReceivedFrame{1, 0, 7}));
  const ReceivedMessage reply = next();
  EXPECT_TRUE(std::holds_alternative<ReplyFrame>(reply.frame));
  EXPECT_EQ(told, 10U);
  // A second one was not asked for: the front is broken, and cut off.
  ASSERT_TRUE(front_->send(ReceivedFrame{1, 0, 7}));
  EXPECT_TRUE(comes_true([&] { return !front_->receive().has_value(); }));
}

TEST_F(DeskTest, WhatABodyHeldIsFreeBeforeItsAnswerIsSent) {
  std::atomic<bool> is_free{false};
  start([&](const AskFrame&) {
    Receive receive;
    receive.file = some_file();
    // Slow to let go, so that an answer sent meanwhile is here first.
    const std::shared_ptr<void> lock(nullptr, [&](void*) {
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
      is_free = true;
    });
    receive.then = [lock](auto&, auto, auto&) { return empty_reply(); };
    return Answer(std::move(receive));
  });
  ask(1);
  ASSERT_TRUE(std::holds_alternative<ReceiveFrame>(next().frame));
  ASSERT_TRUE(front_->send(ReceivedFrame{1, 0, 0}));
  EXPECT_TRUE(std::holds_alternative<ReplyFrame>(next().frame));
  EXPECT_TRUE(is_free);
}

// A front that asks without end and takes no answer: it waits, the others are served.
TEST_F(DeskTest, AFrontThatDoesNotReadHoldsUpItselfAlone) {
  std::atomic<int> answered{0};
  start([&](const AskFrame&) {
    ++answered;
    return text_reply(std::string(1000, 'x'));
  });
  int sent = 0;
  for (; sent < 40'000; ++sent) {
    AskFrame frame;
    frame.request = static_cast<std::uint64_t>(sent);
    ASSERT_TRUE(front_->send(frame)) << "it is not cut off";
    if (front_->unsent() > 2000) break;
    if (front_->has_unsent()) std::this_thread::yield();
  }
  const int taken = answered;
  EXPECT_LT(taken, 20'000) << "its queue is bounded";
  std::optional<FrameChannel> busy = std::move(front_);
  front_.reset();
  add_front();
  ask(1);
  EXPECT_TRUE(std::holds_alternative<ReplyFrame>(next().frame));
  // Now it reads, and gets every answer.
  std::set<std::uint64_t> open;
  for (int i = 0; i <= std::min(sent, 39'999); ++i) open.insert(static_cast<std::uint64_t>(i));
  std::optional<FrameChannel> other = std::exchange(front_, std::move(busy));
  while (!open.empty()) {
    ASSERT_TRUE(front_->flush());
    const ReceivedMessage message = next();
    const auto* reply = std::get_if<ReplyFrame>(&message.frame);
    ASSERT_TRUE(reply);
    open.erase(reply->request);
  }
}

TEST_F(DeskTest, BodiesOfAFrontThatIsGoneEndAsFailed) {
  std::atomic<int> failed{0};
  start(
      [](const AskFrame&) {
        Receive receive;
        receive.file = some_file();
        return Answer(std::move(receive));
      },
      [&](const Receive&, const front::Received& received) {
        failed += received.end == front::Received::End::failed ? 1 : 100;
        return empty_reply();
      });
  ask(1);
  next();
  front_.reset();
  EXPECT_TRUE(comes_true([&] { return failed == 1; }));
}

TEST_F(DeskTest, WhatIsSentByATicketIsCutWhenTheTicketIsGoodNoMore) {
  const catalog::TokenHash good{{std::byte{1}}};
  const catalog::TokenHash dead{{std::byte{2}}};
  start([&](const AskFrame& frame) {
    return Send{{}, some_file(), 0, frame.request % 2 == 0 ? good : dead};
  });
  for (std::uint64_t request = 1; request <= 3; ++request) {
    ask(request);
    next();
  }
  ASSERT_TRUE(front_->send(GoneFrame{3}));  // all of it was sent
  EXPECT_TRUE(comes_true([&] { return desk_->under_way().tickets.size() == 2; }));
  desk_->cut({{dead}, {}});
  const ReceivedMessage message = next();
  const auto* cut = std::get_if<CutFrame>(&message.frame);
  ASSERT_TRUE(cut);
  EXPECT_EQ(cut->request, 1U);
}

TEST_F(DeskTest, BodiesOfAnUploadAreCutWhenItIsGoodNoMore) {
  const catalog::UploadId dead{{std::byte{2}}};
  start([&](const AskFrame& frame) {
    Receive receive;
    receive.file = some_file();
    if (frame.request == 2) receive.upload = dead;
    return Answer(std::move(receive));
  });
  for (std::uint64_t request = 1; request <= 2; ++request) {
    ask(request);
    next();
  }
  EXPECT_TRUE(comes_true([&] { return desk_->under_way().uploads.size() == 2; }));
  desk_->cut({{}, {dead}});
  const ReceivedMessage message = next();
  const auto* cut = std::get_if<CutFrame>(&message.frame);
  ASSERT_TRUE(cut);
  EXPECT_EQ(cut->request, 2U);
}

TEST(UploadLocksTest, WhoIsTurnedAwayIsRememberedUntilTheLockIsFree) {
  UploadLocks locks;
  const catalog::UploadId id{{std::byte{1}}};
  auto held = locks.try_take(id);
  EXPECT_TRUE(locks.take_wanted().empty());
  EXPECT_FALSE(locks.try_take(id));
  EXPECT_EQ(locks.take_wanted(), std::vector{id});
  EXPECT_TRUE(locks.take_wanted().empty()) << "told once";
  EXPECT_FALSE(locks.try_take(id));
  held.reset();
  EXPECT_TRUE(locks.take_wanted().empty())
      << "whoever takes it next is not the one that was waited for";
  EXPECT_TRUE(locks.try_take(id));
}

class UploadLineTest : public ::testing::Test {
 protected:
  UploadLineTest() {
    line_->lock = locks_.try_write(id_, 0, 10, 0).alone;
    locks_.open_line(id_, 10, line_);
  }
  // Whether a writer of [begin, end) gets a place in the line.
  bool joins(std::uint64_t begin, std::uint64_t end) {
    return locks_.try_write(id_, begin, end, 0).line == line_;
  }

  UploadLocks locks_;
  const catalog::UploadId id_{{std::byte{1}}};
  UploadLocks::Line line_ = std::make_shared<UploadLine>();
};

TEST_F(UploadLineTest, WritersJoinInAnyOrderAndNoTwoWriteTheSameBytes) {
  EXPECT_TRUE(joins(30, 40));
  EXPECT_TRUE(joins(10, 20)) << "overtaken by the one behind it";
  for (const auto& [begin, end] :
       {std::pair{0U, 5U}, {5U, 25U}, {19U, 21U}, {25U, 31U}, {35U, 36U}})
    EXPECT_FALSE(joins(begin, end)) << begin;
  EXPECT_TRUE(joins(20, 30));
  EXPECT_FALSE(joins(0, 40)) << "all of it is written";
  EXPECT_FALSE(locks_.try_take(id_));
  line_.reset();
  EXPECT_TRUE(locks_.try_take(id_)) << "the line has ended";
}

TEST_F(UploadLineTest, EnoughIsEnoughAndCutsNobodyOff) {
  for (const unsigned begin : {10U, 20U, 30U}) EXPECT_TRUE(joins(begin, begin + 10));
  EXPECT_FALSE(joins(40, 50));
  EXPECT_TRUE(locks_.take_wanted().empty());
  locks_.leave_line(id_);
  EXPECT_TRUE(joins(40, 50));
}

TEST_F(UploadLineTest, OnlyWhoIsTurnedAwayFromItsOwnBytesIsRemembered) {
  EXPECT_TRUE(joins(20, 30));
  EXPECT_TRUE(locks_.take_wanted().empty()) << "it joined";
  EXPECT_FALSE(joins(0, 10));
  EXPECT_EQ(locks_.take_wanted(), std::vector{id_});
}

TEST(UploadLocksTest, NobodyJoinsBeforeTheLineIsOpenAndNobodyIsCutOffForIt) {
  UploadLocks locks;
  const catalog::UploadId id{{std::byte{1}}};
  const auto held = locks.try_take(id);
  const auto place = locks.try_write(id, 10, 20, 10);
  EXPECT_FALSE(place.alone);
  EXPECT_FALSE(place.line);
  EXPECT_TRUE(locks.take_wanted().empty());
}

TEST(UploadLocksTest, ABodyThatComesTooEarlyHoldsNothing) {
  UploadLocks locks;
  const catalog::UploadId id{{std::byte{1}}};
  const auto early = locks.try_write(id, 10, 20, 0);
  EXPECT_TRUE(early.is_free);
  EXPECT_FALSE(early.alone);
  EXPECT_TRUE(locks.try_write(id, 0, 10, 0).alone);
}

}  // namespace
}  // namespace sealift::server::vault
