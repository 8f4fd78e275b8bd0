// Application: what stands behind the connection engine and decides what a request gets.
//
// The engine knows connections, bytes and time; the application knows operations. For each request
// the engine calls on_request() once. The application answers by Engine::answer(), at once or any
// time later, from the engine's thread:
//
//   on_request -> answer(Reply or SendFile)                                     done
//   on_request -> answer(CollectBody) -> on_body     -> answer(Reply or SendFile)
//   on_request -> answer(ReceiveBody) -> on_received -> answer(Reply or SendFile)
//
// Blob bytes never come here: SendFile and ReceiveBody carry a descriptor that the engine sends
// from, or writes to.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <variant>

#include "base/bytes.h"
#include "base/file_descriptor.h"
#include "http/request_head.h"
#include "http/response_head.h"
#include "http/tus.h"

namespace sealift::server::front {

// Names one request for as long as it lasts; never reused within a process.
struct RequestId {
  std::uint64_t value = 0;
  friend auto operator<=>(const RequestId&, const RequestId&) = default;
};

// An IPv6 address, or an IPv4 address mapped into one; zeros for a Unix socket.
using PeerAddress = std::array<std::byte, 16>;

struct Peer {
  PeerAddress address{};
  http::Channel channel = http::Channel::plain;
};

// `head.content_size_bytes` is set by the engine to the size of `body`. For an answer to HEAD that
// tells a size it has no body for, the body is left empty and the size stays.
struct Reply {
  http::ResponseHead head;
  base::Bytes body;
};

// Sends head.content_size_bytes bytes of `file` from `offset`.
struct SendFile {
  http::ResponseHead head;
  base::FileDescriptor file;
  std::uint64_t offset = 0;
};

// Read the body into memory, at most this much of it.
struct CollectBody {
  std::size_t size_max = 0;
};

// Write the body to `file` from `offset`, at most `size_max` bytes, and make it durable.
struct ReceiveBody {
  base::FileDescriptor file;
  std::uint64_t offset = 0;
  std::uint64_t size_max = 0;
  std::optional<http::TusChecksum> checksum;
};

using Answer = std::variant<Reply, SendFile, CollectBody, ReceiveBody>;

struct Received {
  enum class End : std::uint8_t {
    complete,           // the whole body
    cut_short,          // the client went away, stalled, or sent nonsense; what came before counts
    too_large,          // more than size_max; what came before counts
    no_space,           // the disk is full; what was written before counts
    checksum_mismatch,  // nothing of it counts
    failed,             // reading or writing failed; nothing of it counts
  };
  End end = End::failed;
  std::uint64_t size_bytes = 0;  // written from `offset` on, and durable
};

// Called from the engine's thread.
class Application {
 public:
  virtual ~Application() = default;
  // `head` borrows from the connection's input: it is gone when the call returns.
  virtual void on_request(RequestId id, const http::RequestHead& head, const Peer& peer) = 0;
  virtual void on_body(RequestId id, base::ByteView body) = 0;
  // Called exactly once for each ReceiveBody, also when the connection is gone by then.
  virtual void on_received(RequestId id, const Received& received) = 0;
  // The connection went away while an answer was awaited: none is needed any more. Also when a
  // SendFile is over, all of it sent or not.
  virtual void on_gone(RequestId id) = 0;
};

}  // namespace sealift::server::front
