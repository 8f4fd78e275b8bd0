// The frames between the front, which parses strangers' bytes, and the vault, which decides.
//
// They travel over a socket pair that keeps message boundaries (SOCK_SEQPACKET): one frame a
// message, with at most one descriptor beside it. The front asks for an operation of the table by
// its number; the vault judges it as if the front were hostile, and answers with a typed head,
// a small body, or a descriptor to send from or to write to. Neither side's frame holds a path, a
// header line or a query.
//
//   frame   = kind u8, request u64, fields of the kind, nothing after them
//   text    = size u16, bytes          bytes = size u32, bytes          flag = 0 | 1
//   option  = flag, value when 1       integers are little-endian
//
// docs/formats/frames.md has the fields. encode() and decode() are pure: any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "base/bytes.h"
#include "base/result.h"
#include "http/entity_tag.h"
#include "http/request_proof.h"
#include "http/response_head.h"
#include "http/tus.h"

namespace sealift::server {

// How the client says who it is: where the front found the 43 characters that prove it.
enum class CredentialKind : std::uint8_t { none, bearer, ticket, upload_key, hand_in_key };

// front -> vault: an operation is asked for. `body` is empty unless the operation takes JSON; then
// it is the raw body, which the vault parses under limits of its own.
struct AskFrame {
  std::uint64_t request = 0;
  std::uint16_t operation = 0;  // a number of the operation table
  std::array<std::byte, 16> peer{};
  CredentialKind credential_kind = CredentialKind::none;
  std::string credential;               // 43 characters of base64url, or none
  std::string repeat;                   // 43 characters that each repetition has again, or none
  std::array<std::string, 4> names;     // the path's captures: letters, digits, "-._~/"
  std::optional<std::uint64_t> before;  // the query's cursor, for lists
  std::optional<http::RangeSpec> range;
  // The one tag of ours that If-None-Match or If-Range was sent with.
  std::optional<std::string> if_none_match;
  std::optional<std::string> if_range;
  std::optional<std::uint64_t> upload_offset;
  std::optional<std::uint64_t> upload_length;
  std::optional<std::uint64_t> content_length;
  std::optional<http::TusChecksum> checksum;
  base::Bytes body;
  std::string act;                          // parcel/account_act.h's field, or none
  std::optional<http::RequestProof> proof;  // that the caller has the session's key
  bool wants_session_key = false;           // for a login that begins with this
  friend bool operator==(const AskFrame&, const AskFrame&) = default;
};

// front -> vault: what came of a descriptor to write to. The vault trusts the size no further than
// the file's own.
struct ReceivedFrame {
  std::uint64_t request = 0;
  std::uint8_t end = 0;  // front::Received::End
  std::uint64_t size_bytes = 0;
  friend bool operator==(const ReceivedFrame&, const ReceivedFrame&) = default;
};

// front -> vault: nobody waits for this answer any more, or the file that it sent is over.
struct GoneFrame {
  std::uint64_t request = 0;
  friend bool operator==(const GoneFrame&, const GoneFrame&) = default;
};

// vault -> front: the whole answer.
struct ReplyFrame {
  std::uint64_t request = 0;
  http::ResponseHead head;
  base::Bytes body;
  friend bool operator==(const ReplyFrame&, const ReplyFrame&) = default;
};

// vault -> front, with a descriptor: send head.content_size_bytes of it from `offset`.
struct SendFrame {
  std::uint64_t request = 0;
  http::ResponseHead head;
  std::uint64_t offset = 0;
  friend bool operator==(const SendFrame&, const SendFrame&) = default;
};

// vault -> front, with a descriptor: write the body to it from `offset`, at most `size_max` bytes.
struct ReceiveFrame {
  std::uint64_t request = 0;
  std::uint64_t offset = 0;
  std::uint64_t size_max = 0;
  std::optional<http::TusChecksum> checksum;
  friend bool operator==(const ReceiveFrame&, const ReceiveFrame&) = default;
};

// vault -> front: what the request is doing ends now: access was taken back.
struct CutFrame {
  std::uint64_t request = 0;
  friend bool operator==(const CutFrame&, const CutFrame&) = default;
};

using Frame =
    std::variant<AskFrame, ReceivedFrame, GoneFrame, ReplyFrame, SendFrame, ReceiveFrame, CutFrame>;

// Which frames come with a descriptor.
bool carries_descriptor(const Frame& frame);
// From whom a frame may come: the other side's frames are refused.
enum class Sender : std::uint8_t { front, vault };
Sender sender_of(const Frame& frame);

base::Bytes encode_frame(const Frame& frame);
// Errors: malformed. What decodes encodes to the same bytes again.
base::Result<Frame> decode_frame(base::ByteView bytes, Sender sender);

}  // namespace sealift::server
