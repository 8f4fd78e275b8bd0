// Courier: carries letters from the outbox to the mailer, and back what came of them.
//
// A letter is claimed for a while, so that one whose mailer died comes back; it is sent at least
// once. What could not be sent is tried again after longer and longer pauses, for three days; what
// the mail server refuses for good is given up at once. One thread of its own.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

#include "base/file_descriptor.h"
#include "server/mailer/mail_frames.h"
#include "server/vault/handler.h"

namespace sealift::server::vault {

// How long a letter waits after its n-th attempt (from 1); nullopt: it is given up.
std::optional<std::chrono::milliseconds> pause_after(std::uint32_t attempts);

class Courier {
 public:
  // Starts the thread. `services` and what `now` borrows outlive the courier. Errors: io.
  static base::Result<std::unique_ptr<Courier>> start(Services& services,
                                                      std::function<base::UnixTime()> now);
  Courier(const Courier&) = delete;
  Courier& operator=(const Courier&) = delete;
  ~Courier();  // ends the thread

  // A channel to a mailer that was just started, in the place of any before. Any thread.
  void attach(base::FileDescriptor channel);

 private:
  Courier(Services& services, std::function<base::UnixTime()> now, base::FileDescriptor wake)
      : services_(services), now_(std::move(now)), wake_(std::move(wake)) {}

  void run();
  void take_channel();
  void hand_out();
  bool post(const catalog::Mail& mail);
  void take_outcomes();
  void settle(const OutcomeFrame& frame);
  void lose_channel();
  void wait() const;

  Services& services_;
  const std::function<base::UnixTime()> now_;
  const base::FileDescriptor wake_;
  std::atomic<bool> is_stopping_ = false;
  std::mutex mutex_;
  base::FileDescriptor next_channel_;  // guarded by mutex_

  // The thread's own.
  base::FileDescriptor channel_;
  std::map<catalog::MailId, std::uint32_t> under_way_;  // with how often it was begun
  std::thread thread_;                                  // last: it uses all of the above
};

}  // namespace sealift::server::vault
