// Desk: the vault's end of all channels to fronts, and the workers that answer what comes in.
//
// One thread moves frames, and answers what is brief; a few workers run the gate and its handlers
// for the rest, which may block on the disk. What a front is sending or writing at this moment is
// known here, so that it can be cut off when the right to it ends. A front that is gone takes its
// requests with it: bodies that it was writing end as failed.
//
// Back pressure: from a front that has asked much, or does not take its answers, nothing more is
// read until it did. It stalls itself, and costs the others and the vault's memory nothing.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "base/file_descriptor.h"
#include "server/frame_channel.h"
#include "server/supervisor/supervisor.h"
#include "server/vault/handler.h"

namespace sealift::server::vault {

class Desk {
 public:
  using Answerer = std::function<Answer(const AskFrame&)>;
  using Finisher = std::function<Reply(const Receive&, const front::Received&)>;
  struct Work {
    Answerer answer;  // both run on any worker
    Finisher finish;
    std::size_t workers = 4;
    // Whether the frames' thread itself may answer: what is brief, it does at once.
    std::function<bool(const AskFrame&)> is_brief = [](const AskFrame&) { return false; };
  };

  // Starts the workers. Errors: io.
  static base::Result<std::unique_ptr<Desk>> create(Work work);
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;
  ~Desk();  // ends the workers

  // Runs `job` on a worker. Any thread.
  void later(std::function<void()> job) { push(std::move(job)); }

  // Serves until the control socket closes. `on_mailer` gets channels that are not a front's.
  void run(const base::FileDescriptor& control,
           const std::function<void(base::FileDescriptor)>& on_mailer);

  // What is sent by tickets, and bodies on their way into uploads.
  struct UnderWay {
    std::vector<catalog::TokenHash> tickets;
    std::vector<catalog::UploadId> uploads;
  };
  // Any thread: as of the last turn; and cuts it off.
  UnderWay under_way();
  void cut(const UnderWay& dead);

 private:
  struct Channel {
    Channel(std::uint64_t number, base::FileDescriptor socket)
        : id(number), frames(std::move(socket), Sender::front) {}
    const std::uint64_t id;
    std::mutex writing;
    FrameChannel frames;  // receive(): the frames' thread; send() and flush(): under `writing`
    std::atomic<bool> is_broken{false};
    std::atomic<std::size_t> unanswered{0};  // asks and ends of bodies that are being worked on
    std::atomic<bool> is_held_back{false};   // not read from, as of the last turn
    // Of the frames' thread.
    std::map<std::uint64_t, std::shared_ptr<Receive>> receiving;
    std::map<std::uint64_t, catalog::TokenHash> sending;
  };
  using ChannelPointer = std::shared_ptr<Channel>;
  // An answer with a descriptor: the frames' thread keeps account of it before it goes out.
  struct Outgoing {
    ChannelPointer channel;
    std::uint64_t request = 0;
    Answer answer;
  };

  explicit Desk(Work work) : work_(std::move(work)) {}
  void work_on();
  void push(std::function<void()> job);
  void post(Outgoing outgoing);
  void wake() const;

  bool is_behind(Channel& channel);
  void has_answered(Channel& channel);
  void take_control(int control, const std::function<void(base::FileDescriptor)>& on_mailer);
  void take_frames(const ChannelPointer& channel);
  void take_frame(const ChannelPointer& channel, ReceivedMessage message);
  void take_ask(const ChannelPointer& channel, AskFrame ask);
  void send(Channel& channel, const Frame& frame, base::FileDescriptor descriptor = {});
  void finish_body(const ChannelPointer& channel, std::uint64_t request,
                   std::shared_ptr<Receive> receive, const front::Received& received);
  void answer(const ChannelPointer& channel, std::uint64_t request, Answer answer);
  void send_answers();
  void send_answer(Channel& channel, Outgoing outgoing);
  void send_reply(Channel& channel, std::uint64_t request, Reply reply);
  void send_cuts();
  void drop_broken();
  // Waits, and takes what came.
  void turn(int control, const std::function<void(base::FileDescriptor)>& on_mailer);

  const Work work_;
  base::FileDescriptor event_;
  bool is_finishing_ = false;
  std::map<std::uint64_t, ChannelPointer> channels_;  // of the frames' thread
  std::uint64_t next_channel_ = 1;

  std::mutex mutex_;
  std::condition_variable wake_workers_;
  std::deque<std::function<void()>> jobs_;  // guarded by mutex_
  std::size_t asked_bytes_ = 0;             // guarded by mutex_: bodies that wait
  std::vector<Outgoing> answers_;           // guarded by mutex_
  UnderWay under_way_;                      // guarded by mutex_: as of the last turn
  UnderWay to_cut_;                         // guarded by mutex_
  bool stop_ = false;                       // guarded by mutex_
  std::vector<std::thread> workers_;
};

}  // namespace sealift::server::vault
