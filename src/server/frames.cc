#include "server/frames.h"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "base/limits.h"

namespace sealift::server {
namespace {

using base::ByteReader;
using base::ByteWriter;

enum class Kind : std::uint8_t { ask = 1, received, gone, reply, send, receive, cut };

// ---- writing

void put(ByteWriter& out, std::string_view text) {
  out.u16_le(static_cast<std::uint16_t>(text.size()));
  out.text(text);
}
void put(ByteWriter& out, base::ByteView bytes) {
  out.u32_le(static_cast<std::uint32_t>(bytes.size()));
  out.bytes(bytes);
}
void put(ByteWriter& out, const http::RangeSpec& range) {
  out.u8(static_cast<std::uint8_t>(range.kind));
  out.u64_le(range.first);
  out.u64_le(range.last);
}
void put(ByteWriter& out, const http::ByteRange& range) {
  out.u64_le(range.offset);
  out.u64_le(range.size_bytes);
}
void put(ByteWriter& out, const http::TusChecksum& checksum) {
  out.u8(static_cast<std::uint8_t>(checksum.algorithm));
  out.bytes(checksum.digest);
}
void put(ByteWriter& out, const std::array<std::byte, 32>& bytes) { out.bytes(bytes); }
void put(ByteWriter& out, std::uint64_t value) { out.u64_le(value); }
void put(ByteWriter& out, std::uint32_t value) { out.u32_le(value); }
void put(ByteWriter& out, base::UnixTime time) {
  out.u64_le(static_cast<std::uint64_t>(time.time_since_epoch().count()));
}
void put(ByteWriter& out, const http::EntityTag& tag) { put(out, std::string_view(tag.text())); }
void put(ByteWriter& out, const http::Location& location) {
  put(out, std::string_view(location.text()));
}
void put(ByteWriter& out, const http::RequestProof& proof);
template <typename T>
void put_option(ByteWriter& out, const std::optional<T>& value) {
  out.u8(value ? 1 : 0);
  if (value) put(out, *value);
}
void put(ByteWriter& out, const http::RequestProof& proof) {
  out.u64_le(proof.created_seconds);
  out.bytes(proof.mac);
  put_option(out, proof.content_digest);
}

void put_head(ByteWriter& out, const http::ResponseHead& head) {
  out.u16_le(static_cast<std::uint16_t>(head.status));
  out.u8(static_cast<std::uint8_t>(head.media_type));
  out.u8(static_cast<std::uint8_t>(head.cache));
  out.u8(static_cast<std::uint8_t>(head.tus));
  out.u8(static_cast<std::uint8_t>(head.challenge));
  out.u8(head.allow);
  out.u8(head.attachment ? 1 : 0);
  out.u8(head.accepts_ranges ? 1 : 0);
  out.u64_le(head.content_size_bytes);
  out.u64_le(head.whole_size_bytes);
  put_option(out, head.etag);
  put_option(out, head.range);
  put_option(out, head.upload_offset);
  put_option(out, head.upload_length);
  put_option(out, head.upload_expires);
  put_option(out, head.tus_max_size_bytes);
  put_option(out, head.retry_after_seconds);
  put_option(out, head.location);
}

void put_frame(ByteWriter& out, const AskFrame& frame) {
  out.u16_le(frame.operation);
  out.bytes(frame.peer);
  out.u8(static_cast<std::uint8_t>(frame.credential_kind));
  put(out, std::string_view(frame.credential));
  put(out, std::string_view(frame.repeat));
  put(out, std::string_view(frame.act));
  put_option(out, frame.proof);
  out.u8(frame.wants_session_key ? 1 : 0);
  for (const std::string& name : frame.names) put(out, std::string_view(name));
  put_option(out, frame.before);
  put_option(out, frame.range);
  put_option(out, frame.if_none_match);
  put_option(out, frame.if_range);
  put_option(out, frame.upload_offset);
  put_option(out, frame.upload_length);
  put_option(out, frame.content_length);
  put_option(out, frame.checksum);
  put(out, base::ByteView(frame.body));
}
void put_frame(ByteWriter& out, const ReceivedFrame& frame) {
  out.u8(frame.end);
  out.u64_le(frame.size_bytes);
}
void put_frame(ByteWriter&, const GoneFrame&) {}
void put_frame(ByteWriter& out, const ReplyFrame& frame) {
  put_head(out, frame.head);
  put(out, base::ByteView(frame.body));
}
void put_frame(ByteWriter& out, const SendFrame& frame) {
  put_head(out, frame.head);
  out.u64_le(frame.offset);
}
void put_frame(ByteWriter& out, const ReceiveFrame& frame) {
  out.u64_le(frame.offset);
  out.u64_le(frame.size_max);
  put_option(out, frame.checksum);
}
void put_frame(ByteWriter&, const CutFrame&) {}

// ---- reading: each step is judged; after the first bad one nothing more is taken

constexpr std::string_view kBase64Url =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
constexpr std::string_view kNameCharacters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/";
constexpr std::string_view kTagCharacters = "0123456789abcdef-";
constexpr std::size_t kCredentialSize = 43;
constexpr std::size_t kActSize = 235;
constexpr std::size_t kNameSizeMax = 128;

class Reader {
 public:
  explicit Reader(base::ByteView bytes) : in_(bytes) {}
  bool is_good() const { return is_good_; }
  bool is_done() const { return is_good_ && in_.at_end(); }

  std::uint8_t u8() { return value_of(in_.u8()); }
  std::uint16_t u16() { return value_of(in_.u16_le()); }
  std::uint32_t u32() { return value_of(in_.u32_le()); }
  std::uint64_t u64() { return value_of(in_.u64_le()); }
  // A position or size in a file.
  std::uint64_t size() {
    const std::uint64_t value = u64();
    require(value <= limits::kHttpBodySizeMax);
    return value;
  }
  bool flag() {
    const std::uint8_t value = u8();
    require(value <= 1);
    return value == 1;
  }
  template <typename Enum>
  Enum choice(Enum last) {
    const std::uint8_t value = u8();
    require(value <= static_cast<std::uint8_t>(last));
    return static_cast<Enum>(is_good_ ? value : 0);
  }
  std::string text(std::size_t size_max, std::string_view characters) {
    const std::size_t size = u16();
    require(size <= size_max);
    const auto bytes = is_good_ ? in_.take(size) : std::nullopt;
    require(bytes.has_value());
    if (!is_good_) return {};
    const std::string_view found = base::text_of(*bytes);
    require(found.find_first_not_of(characters) == std::string_view::npos);
    return std::string(found);
  }
  base::Bytes bytes(std::size_t size_max) {
    const std::size_t size = u32();
    require(size <= size_max);
    return exactly(size);
  }
  base::Bytes exactly(std::size_t size) {
    const auto found = is_good_ ? in_.take(size) : std::nullopt;
    require(found.has_value());
    return found && is_good_ ? base::copy_of(*found) : base::Bytes();
  }
  template <typename Read>
  auto option(Read read) -> std::optional<decltype(read())> {
    if (!flag() || !is_good_) return std::nullopt;
    return read();
  }
  // For types that judge their own text.
  template <typename T>
  std::optional<T> made(std::size_t size_max) {
    if (!flag() || !is_good_) return std::nullopt;
    const auto found = in_.take(u16());
    require(found && found->size() <= size_max);
    auto value = is_good_ ? T::make(base::text_of(*found)) : std::nullopt;
    require(value.has_value());
    return value;
  }
  void require(bool condition) { is_good_ = is_good_ && condition; }

 private:
  template <typename T>
  T value_of(const std::optional<T>& value) {
    require(value.has_value());
    return is_good_ ? *value : T{};
  }

  ByteReader in_;
  bool is_good_ = true;
};

http::TusChecksum read_checksum(Reader& in) {
  http::TusChecksum checksum;
  checksum.algorithm = in.choice(http::ChecksumAlgorithm::sha256);
  checksum.digest = in.exactly(http::checksum_size_bytes(checksum.algorithm));
  return checksum;
}

std::array<std::byte, 32> read_32(Reader& in) {
  std::array<std::byte, 32> out{};
  const base::Bytes bytes = in.exactly(out.size());
  if (in.is_good()) std::ranges::copy(bytes, out.begin());
  return out;
}

http::RequestProof read_proof(Reader& in) {
  http::RequestProof proof;
  proof.created_seconds = in.size();
  proof.mac = read_32(in);
  proof.content_digest = in.option([&] { return read_32(in); });
  return proof;
}

http::ResponseHead read_head(Reader& in) {
  http::ResponseHead head;
  const auto status = http::status_of(in.u16());
  in.require(status.has_value() && *status != http::Status::interim_continue);
  head.status = status.value_or(http::Status::internal);
  head.media_type = in.choice(http::MediaType::woff2);
  head.cache = in.choice(http::CacheControl::immutable);
  head.tus = in.choice(http::TusFields::capabilities);
  head.challenge = in.choice(http::Challenge::bearer);
  head.allow = in.u8();
  in.require(head.allow < (1U << http::kMethods));
  head.attachment = in.flag();
  head.accepts_ranges = in.flag();
  head.content_size_bytes = in.size();
  head.whole_size_bytes = in.size();
  head.etag = in.made<http::EntityTag>(64);
  head.range = in.option([&] {
    const std::uint64_t offset = in.size();
    return http::ByteRange{offset, in.size()};
  });
  if (head.range) in.require(head.range->offset + head.range->size_bytes <= head.whole_size_bytes);
  head.upload_offset = in.option([&] { return in.size(); });
  head.upload_length = in.option([&] { return in.size(); });
  head.upload_expires = in.option([&] {
    // Up to the year 9999, so that a date can be written of it.
    const std::uint64_t time = in.u64();
    in.require(time < 253'402'300'800'000);
    return base::UnixTime(std::chrono::milliseconds(in.is_good() ? time : 0));
  });
  head.tus_max_size_bytes = in.option([&] { return in.size(); });
  head.retry_after_seconds = in.option([&] { return in.u32(); });
  head.location = in.made<http::Location>(128);
  return head;
}

AskFrame read_ask(Reader& in, std::uint64_t request) {
  AskFrame frame;
  frame.request = request;
  frame.operation = in.u16();
  const base::Bytes peer = in.exactly(frame.peer.size());
  if (in.is_good()) std::copy(peer.begin(), peer.end(), frame.peer.begin());
  frame.credential_kind = in.choice(CredentialKind::hand_in_key);
  frame.credential = in.text(kCredentialSize, kBase64Url);
  in.require(frame.credential.size() ==
             (frame.credential_kind == CredentialKind::none ? 0 : kCredentialSize));
  frame.repeat = in.text(kCredentialSize, kBase64Url);
  in.require(frame.repeat.empty() || frame.repeat.size() == kCredentialSize);
  frame.act = in.text(kActSize, kBase64Url);
  in.require(frame.act.empty() || frame.act.size() == kActSize);
  frame.proof = in.option([&] { return read_proof(in); });
  frame.wants_session_key = in.flag();
  for (std::string& name : frame.names) name = in.text(kNameSizeMax, kNameCharacters);
  frame.before = in.option([&] { return in.size(); });
  frame.range = in.option([&] {
    http::RangeSpec range;
    range.kind = in.choice(http::RangeSpec::Kind::suffix);
    range.first = in.size();
    range.last = in.size();
    const bool has_last = range.kind == http::RangeSpec::Kind::from_to;
    in.require(has_last ? range.first <= range.last : range.last == 0);
    return range;
  });
  frame.if_none_match = in.option([&] { return in.text(64, kTagCharacters); });
  frame.if_range = in.option([&] { return in.text(64, kTagCharacters); });
  frame.upload_offset = in.option([&] { return in.size(); });
  frame.upload_length = in.option([&] { return in.size(); });
  frame.content_length = in.option([&] { return in.size(); });
  frame.checksum = in.option([&] { return read_checksum(in); });
  frame.body = in.bytes(limits::kJsonBodySizeMax);
  return frame;
}

ReceiveFrame read_receive(Reader& in, std::uint64_t request) {
  ReceiveFrame frame;
  frame.request = request;
  frame.offset = in.size();
  frame.size_max = in.size();
  frame.checksum = in.option([&] { return read_checksum(in); });
  return frame;
}

std::optional<Frame> read_frame(Reader& in) {
  const auto kind = static_cast<Kind>(in.u8());
  const std::uint64_t request = in.u64();
  switch (kind) {
    case Kind::ask:
      return read_ask(in, request);
    case Kind::received: {
      const std::uint8_t end = in.u8();
      in.require(end <= 5);
      return ReceivedFrame{request, end, in.size()};
    }
    case Kind::gone:
      return GoneFrame{request};
    case Kind::reply: {
      http::ResponseHead head = read_head(in);
      return ReplyFrame{request, std::move(head), in.bytes(limits::kFrameBodySizeMax)};
    }
    case Kind::send: {
      http::ResponseHead head = read_head(in);
      return SendFrame{request, std::move(head), in.size()};
    }
    case Kind::receive:
      return read_receive(in, request);
    case Kind::cut:
      return CutFrame{request};
  }
  return std::nullopt;
}

}  // namespace

bool carries_descriptor(const Frame& frame) {
  return std::holds_alternative<SendFrame>(frame) || std::holds_alternative<ReceiveFrame>(frame);
}

Sender sender_of(const Frame& frame) {
  const bool is_front = std::holds_alternative<AskFrame>(frame) ||
                        std::holds_alternative<ReceivedFrame>(frame) ||
                        std::holds_alternative<GoneFrame>(frame);
  return is_front ? Sender::front : Sender::vault;
}

base::Bytes encode_frame(const Frame& frame) {
  ByteWriter out;
  out.u8(static_cast<std::uint8_t>(frame.index() + 1));  // Kind has the order of Frame
  std::visit(
      [&](const auto& one) {
        out.u64_le(one.request);
        put_frame(out, one);
      },
      frame);
  return std::move(out).take();
}

base::Result<Frame> decode_frame(base::ByteView bytes, Sender sender) {
  Reader in(bytes);
  auto frame = read_frame(in);
  if (!frame || !in.is_done() || sender_of(*frame) != sender) {
    return base::fail(base::ErrorCode::malformed, "frame");
  }
  return *std::move(frame);
}

}  // namespace sealift::server
