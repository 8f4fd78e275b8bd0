#include "server/frames.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>

#include "base/limits.h"
#include "server/frame_channel.h"

namespace sealift::server {
namespace {

AskFrame full_ask() {
  AskFrame ask;
  ask.request = 0x0102030405060708;
  ask.operation = 17;
  ask.peer[15] = std::byte{1};
  ask.credential_kind = CredentialKind::bearer;
  ask.credential = std::string(43, 'a');
  ask.names = {"0af3", "entry-1", "", "0/x001/067"};
  ask.before = 12;
  ask.range = http::RangeSpec{http::RangeSpec::Kind::from_to, 5, 9};
  ask.if_none_match = "0a-1";
  ask.repeat = std::string(43, 'r');
  ask.act = std::string(235, 's');
  ask.proof = http::RequestProof{7, {std::byte{1}}, std::array<std::byte, 32>{std::byte{2}}};
  ask.wants_session_key = true;
  ask.if_range = "0b";
  ask.upload_offset = 1;
  ask.upload_length = 2;
  ask.content_length = 3;
  ask.checksum = http::TusChecksum{http::ChecksumAlgorithm::sha256, base::Bytes(32)};
  ask.body = base::Bytes(100, std::byte{'{'});
  return ask;
}

http::ResponseHead full_head() {
  http::ResponseHead head;
  head.status = http::Status::partial_content;
  head.media_type = http::MediaType::woff2;
  head.cache = http::CacheControl::immutable;
  head.tus = http::TusFields::capabilities;
  head.challenge = http::Challenge::bearer;
  head.allow = 0x7f;
  head.attachment = head.accepts_ranges = true;
  head.content_size_bytes = 10;
  head.whole_size_bytes = 100;
  head.etag = http::EntityTag::make("0a");
  head.range = http::ByteRange{90, 10};
  head.upload_offset = 1;
  head.upload_length = 2;
  head.upload_expires = base::UnixTime(std::chrono::milliseconds(784111777000));
  head.tus_max_size_bytes = 3;
  head.retry_after_seconds = 4;
  head.location = http::Location::make("/api/uploads/0a");
  return head;
}

std::vector<Frame> all_frames() {
  return {full_ask(),
          AskFrame{},
          ReceivedFrame{1, 5, 7},
          GoneFrame{2},
          ReplyFrame{3, full_head(), base::Bytes(10)},
          SendFrame{4, full_head(), 90},
          SendFrame{4, http::ResponseHead{}, 0},
          ReceiveFrame{5, 6, 7, http::TusChecksum{http::ChecksumAlgorithm::sha1, base::Bytes(20)}},
          CutFrame{6}};
}

TEST(FramesTest, WhatIsEncodedDecodes) {
  for (const Frame& frame : all_frames()) {
    const auto decoded = decode_frame(encode_frame(frame), sender_of(frame));
    ASSERT_TRUE(decoded) << frame.index();
    EXPECT_EQ(*decoded, frame);
  }
}

TEST(FramesTest, FramesOfTheOtherSideAreRefused) {
  for (const Frame& frame : all_frames()) {
    const Sender other = sender_of(frame) == Sender::front ? Sender::vault : Sender::front;
    EXPECT_FALSE(decode_frame(encode_frame(frame), other)) << frame.index();
  }
}

TEST(FramesTest, CutShortOrWithMoreBehindThemTheyAreRefused) {
  for (const Frame& frame : all_frames()) {
    base::Bytes bytes = encode_frame(frame);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      EXPECT_FALSE(decode_frame(base::ByteView(bytes).first(size), sender_of(frame))) << size;
    }
    bytes.push_back(std::byte{0});
    EXPECT_FALSE(decode_frame(bytes, sender_of(frame)));
  }
}

// Whatever one byte is changed to: refused, or another frame with exactly these bytes.
TEST(FramesTest, EveryFrameHasOneEncoding) {
  for (const Frame& frame : all_frames()) {
    const base::Bytes good = encode_frame(frame);
    for (std::size_t at = 0; at < good.size(); ++at) {
      for (const int value : {0x00, 0x01, 0x02, 0x2f, 0x7f, 0xff}) {
        base::Bytes bytes = good;
        bytes[at] = static_cast<std::byte>(value);
        const auto decoded = decode_frame(bytes, sender_of(frame));
        if (decoded) {
          EXPECT_EQ(encode_frame(*decoded), bytes);
        }
      }
    }
  }
}

TEST(FramesTest, ValuesThatCouldBecomeAHeaderOrAPathAreRefused) {
  const auto is_refused = [](const Frame& frame) {
    return !decode_frame(encode_frame(frame), sender_of(frame)).has_value();
  };
  AskFrame ask = full_ask();
  ask.names[0] = "a b";
  EXPECT_TRUE(is_refused(ask));
  ask = full_ask();
  ask.names[0] = std::string("a\0b", 3);
  EXPECT_TRUE(is_refused(ask));
  ask = full_ask();
  ask.names[0] = std::string(129, 'a');
  EXPECT_TRUE(is_refused(ask));
  ask = full_ask();
  ask.credential = "short";
  EXPECT_TRUE(is_refused(ask));
  ask = full_ask();
  ask.credential_kind = CredentialKind::none;
  EXPECT_TRUE(is_refused(ask));
  ask = full_ask();
  ask.if_none_match = "\"";
  EXPECT_TRUE(is_refused(ask));
  ask = full_ask();
  ask.body.resize(limits::kJsonBodySizeMax + 1);
  EXPECT_TRUE(is_refused(ask));
  ReplyFrame reply{1, full_head(), {}};
  reply.head.range = http::ByteRange{91, 10};
  EXPECT_TRUE(is_refused(reply));
}

struct Ends {
  Ends() {
    auto pair = FrameChannel::make_pair().value();
    front.emplace(std::move(pair[0]), Sender::vault);
    vault.emplace(std::move(pair[1]), Sender::front);
  }
  std::optional<FrameChannel> front;
  std::optional<FrameChannel> vault;
};

base::FileDescriptor memory_file() {
  return base::FileDescriptor(::memfd_create("x", MFD_CLOEXEC));
}

TEST(FrameChannelTest, FramesAndDescriptorsArrive) {
  Ends ends;
  EXPECT_FALSE(ends.vault->receive().value());
  ASSERT_TRUE(ends.front->send(full_ask()));
  EXPECT_EQ(ends.vault->receive().value()->frame, Frame(full_ask()));
  base::FileDescriptor file = memory_file();
  ASSERT_TRUE(base::write_full(file.get(), base::bytes_of("hello")));
  ASSERT_TRUE(ends.vault->send(SendFrame{1, full_head(), 0}, std::move(file)));
  const auto message = ends.front->receive().value();
  ASSERT_TRUE(message->descriptor.is_open());
  base::Bytes content(5);
  EXPECT_EQ(base::pread_full(message->descriptor.get(), content, 0).value(), 5U);
  EXPECT_EQ(base::text_of(content), "hello");
}

TEST(FrameChannelTest, TheLargestFrameFits) {
  Ends ends;
  AskFrame ask = full_ask();
  ask.body.resize(limits::kJsonBodySizeMax);
  ASSERT_TRUE(ends.front->send(ask));
  EXPECT_FALSE(ends.front->has_unsent());
  EXPECT_EQ(ends.vault->receive().value()->frame, Frame(ask));
}

TEST(FrameChannelTest, WhatTheSocketDoesNotTakeIsKeptInOrder) {
  Ends ends;
  for (std::uint64_t i = 0; i < 2000; ++i) ASSERT_TRUE(ends.front->send(GoneFrame{i}));
  EXPECT_TRUE(ends.front->has_unsent());
  for (std::uint64_t i = 0; i < 2000; ++i) {
    ASSERT_TRUE(ends.front->flush());
    EXPECT_EQ(ends.vault->receive().value()->frame, Frame(GoneFrame{i}));
  }
}

TEST(FrameChannelTest, WhatAPeerDoesNotReadIsKeptAndComesInItsOrder) {
  Ends ends;
  constexpr std::uint64_t kFrames = 6000;
  for (std::uint64_t request = 0; request < kFrames; ++request) {
    ASSERT_TRUE(ends.front->send(GoneFrame{request})) << "a full queue is no end of the channel";
  }
  EXPECT_TRUE(ends.front->has_unsent());
  for (std::uint64_t request = 0; request < kFrames;) {
    const auto message = ends.vault->receive();
    ASSERT_TRUE(message);
    if (!*message) {
      ASSERT_TRUE(ends.front->flush());
      continue;
    }
    ASSERT_EQ(std::get<GoneFrame>((*message)->frame).request, request++);
  }
  EXPECT_FALSE(ends.front->has_unsent());
}

TEST(FrameChannelTest, AClosedPeerIsNoticed) {
  Ends ends;
  ends.vault.reset();
  EXPECT_EQ(ends.front->receive().error().code, base::ErrorCode::io);
  EXPECT_EQ(ends.front->send(GoneFrame{1}).error().code, base::ErrorCode::io);
}

// Sends raw bytes with `count` descriptors, as a broken role might.
void send_raw(int fd, base::ByteView bytes, std::size_t count) {
  const base::FileDescriptor file = memory_file();
  iovec part{const_cast<std::byte*>(bytes.data()), bytes.size()};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int) * 4)> space{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  if (count > 0) {
    message.msg_control = space.data();
    message.msg_controllen = CMSG_SPACE(sizeof(int) * count);
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int) * count);
    std::array<int, 4> fds;
    fds.fill(file.get());
    std::memcpy(CMSG_DATA(header), fds.data(), sizeof(int) * count);
  }
  ASSERT_GT(::sendmsg(fd, &message, 0), 0);
}

TEST(FrameChannelTest, BrokenRulesAreRefusedAndNoDescriptorLeaks) {
  Ends ends;
  const int before = memory_file().get();
  const base::Bytes send_frame = encode_frame(SendFrame{1, full_head(), 0});
  const base::Bytes cut_frame = encode_frame(CutFrame{1});
  const base::Bytes gone_frame = encode_frame(GoneFrame{1});
  const auto is_refused = [&](base::ByteView bytes, std::size_t count) {
    send_raw(ends.vault->fd(), bytes, count);
    auto message = ends.front->receive();
    if (message && !*message) message = ends.front->receive();  // what was taken before is over
    return !message && message.error().code == base::ErrorCode::malformed;
  };
  EXPECT_TRUE(is_refused(send_frame, 0));
  EXPECT_TRUE(is_refused(send_frame, 2));
  EXPECT_TRUE(is_refused(send_frame, 4));
  EXPECT_TRUE(is_refused(cut_frame, 1));
  EXPECT_TRUE(is_refused(gone_frame, 0));
  EXPECT_TRUE(is_refused(base::bytes_of("x"), 1));
  EXPECT_EQ(memory_file().get(), before);
}

}  // namespace
}  // namespace sealift::server
