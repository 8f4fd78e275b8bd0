// FrameChannel: one end of the socket pair between two roles: frames, and descriptors beside them.
//
// Never waits. What the socket does not take now is kept, and sent by flush(). How much that is,
// the owner bounds by what it asks and answers at once: a full queue is never the end of a channel.
// A peer that breaks the rules (a malformed frame, a descriptor too many or too few) ends it: it is
// broken or broken into, and the supervisor starts another. Not thread-safe.
#pragma once

#include <array>
#include <deque>
#include <memory>
#include <optional>

#include "base/file_descriptor.h"
#include "base/result.h"
#include "server/frames.h"

namespace sealift::server {

struct ReceivedMessage {
  Frame frame;
  base::FileDescriptor descriptor;  // open exactly when the frame carries one
};

class FrameChannel {
 public:
  // A pair of ends, close-on-exec and not blocking. Errors: io.
  static base::Result<std::array<base::FileDescriptor, 2>> make_pair();

  // `peer`: which role is at the other end, and so which frames may arrive.
  FrameChannel(base::FileDescriptor socket, Sender peer)
      : socket_(std::move(socket)), peer_(peer) {}

  int fd() const { return socket_.get(); }

  // Sends, or keeps for later. Errors: io (the peer is gone).
  base::Result<void> send(const Frame& frame, base::FileDescriptor descriptor = {});
  base::Result<void> flush();
  bool has_unsent() const { return !unsent_.empty(); }
  std::size_t unsent() const { return unsent_.size(); }

  // The next message; nullopt when there is none now. What waits is taken from the socket several
  // at a time, so it is asked until it says nullopt. Errors: malformed, io (the peer is gone).
  base::Result<std::optional<ReceivedMessage>> receive();

 private:
  struct Unsent {
    base::Bytes bytes;
    base::FileDescriptor descriptor;
  };
  enum class Sent { yes, later, failed };
  Sent send_now(const Unsent& message) const;
  base::Result<ReceivedMessage> message_of(base::ByteView bytes, base::FileDescriptor descriptor,
                                           bool is_whole) const;
  void take_some();

  base::FileDescriptor socket_;
  Sender peer_;
  std::deque<Unsent> unsent_;
  // Room for some messages: memory that is touched as far as they reach.
  std::unique_ptr<std::byte[]> buffer_;
  std::deque<base::Result<ReceivedMessage>> received_;
  bool is_drained_ = false;  // the socket was empty when `received_` was taken from it
};

}  // namespace sealift::server
