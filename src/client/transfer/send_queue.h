// SendQueue: lets sealing, making its journal durable, and sending run side by side.
//
//   filled -> durable -> sent        three places in one ring of bytes
//
// The sealing fills the ring. One thread makes durable (`make_durable`, which is to sync the seal
// journal) what was filled so far; another sends what is durable. So no byte leaves whose record a
// power cut could take back, and nobody waits for the disk but when the ring is full: a slow disk
// costs nothing as long as it syncs once while a ring is sent.
//
// write() and finish() belong to one thread at a time, as every Sink.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "age/format/payload_io.h"

namespace sealift::client {

class SendQueue final : public age::Sink {
 public:
  struct Steps {
    std::function<base::Result<void>()> make_durable;
    // Sends all of it.
    std::function<base::Result<void>(base::ByteView)> send;
  };
  // Each step is called from a thread of its own, one call at a time.
  SendQueue(std::size_t size_bytes, Steps steps);
  ~SendQueue() override;
  SendQueue(const SendQueue&) = delete;
  SendQueue& operator=(const SendQueue&) = delete;

  // Errors: those of the steps.
  base::Result<void> write(std::span<const base::ByteView> pieces) override;

  // Waits until everything was sent. Errors: those of the steps.
  base::Result<void> finish();

 private:
  base::Result<void> write_piece(base::ByteView piece);
  void run_durable();
  void run_send();
  void stop();
  void fail(const base::Error& error);

  const Steps steps_;
  base::Bytes ring_;
  std::mutex mutex_;
  std::condition_variable moved_;
  std::uint64_t filled_ = 0;          // mutex_: bytes ever
  std::uint64_t durable_ = 0;         // mutex_
  std::uint64_t sent_ = 0;            // mutex_
  bool ends_ = false;                 // mutex_
  std::optional<base::Error> error_;  // mutex_
  std::thread durable_thread_;
  std::thread send_thread_;
};

}  // namespace sealift::client
