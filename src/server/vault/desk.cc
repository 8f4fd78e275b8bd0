#include "server/vault/desk.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/limits.h"
#include "base/refusal.h"

namespace sealift::server::vault {
namespace {

using base::FileDescriptor;
using base::Result;

// Asks that wait for a worker; past it the answer is "unavailable", which costs nothing.
constexpr std::size_t kJobsMax = 8192;
// Of one front, worked on and waiting to be sent: twice what a front asks at once by itself.
constexpr std::size_t kUnansweredMax = 8192;
constexpr std::size_t kAskedBytesMax = std::size_t{64} << 20;

Reply unavailable() {
  Reply reply = refusal(base::refuse("busy").value());
  reply.head.status = http::Status::unavailable;
  reply.head.retry_after_seconds = 1;
  return reply;
}

// What does not fit a frame goes as a descriptor.
Result<FileDescriptor> in_memory(base::ByteView bytes) {
  FileDescriptor file(::memfd_create("answer", MFD_CLOEXEC));
  if (!file.is_open()) return tl::unexpected(base::error_of_errno(errno, "answer"));
  SEALIFT_TRY_VOID(base::pwrite_full(file.get(), bytes, 0));
  return file;
}

FileDescriptor copy_of(const FileDescriptor& file) {
  return FileDescriptor(::fcntl(file.get(), F_DUPFD_CLOEXEC, 0));
}

}  // namespace

Result<std::unique_ptr<Desk>> Desk::create(Work work) {
  std::unique_ptr<Desk> desk(new Desk(std::move(work)));
  desk->event_ = FileDescriptor(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!desk->event_.is_open()) return tl::unexpected(base::error_of_errno(errno, "event"));
  for (std::size_t i = 0; i < desk->work_.workers; ++i) {
    desk->workers_.emplace_back([raw = desk.get()] { raw->work_on(); });
  }
  return desk;
}

Desk::~Desk() {
  {
    const std::scoped_lock lock(mutex_);
    stop_ = true;
  }
  wake_workers_.notify_all();
  for (std::thread& worker : workers_) worker.join();
}

// What was asked before the end is still done: its answer may be the last word on a transaction.
void Desk::work_on() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_workers_.wait(lock, [this] { return stop_ || !jobs_.empty(); });
    if (jobs_.empty()) return;
    const std::function<void()> job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    job();
    lock.lock();
  }
}

void Desk::push(std::function<void()> job) {
  {
    const std::scoped_lock lock(mutex_);
    jobs_.push_back(std::move(job));
  }
  wake_workers_.notify_one();
}

void Desk::wake() const {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(event_.get(), &one, sizeof(one));
}

void Desk::post(Outgoing outgoing) {
  {
    const std::scoped_lock lock(mutex_);
    answers_.push_back(std::move(outgoing));
  }
  wake();
}

void Desk::take_control(int control, const std::function<void(FileDescriptor)>& on_mailer) {
  while (true) {
    auto message = receive_control(control);
    if (!message) {
      is_finishing_ = true;
      return;
    }
    if (!*message) return;
    if ((*message)->descriptors.empty()) continue;
    FileDescriptor socket = std::move((*message)->descriptors.front());
    if ((*message)->kind == ControlMessage::Kind::front) {
      const std::uint64_t id = next_channel_++;
      channels_.emplace(id, std::make_shared<Channel>(id, std::move(socket)));
    } else {
      on_mailer(std::move(socket));
    }
  }
}

bool Desk::is_behind(Channel& channel) {
  const std::scoped_lock lock(channel.writing);
  return channel.unanswered + channel.frames.unsent() >= kUnansweredMax;
}

void Desk::has_answered(Channel& channel) {
  --channel.unanswered;
  if (channel.is_held_back.exchange(false)) wake();
}

void Desk::take_frames(const ChannelPointer& channel) {
  while (!channel->is_broken && !is_behind(*channel)) {
    auto message = channel->frames.receive();
    if (!message) {
      channel->is_broken = true;
      return;
    }
    if (!*message) return;
    take_frame(channel, **std::move(message));
  }
}

void Desk::take_ask(const ChannelPointer& channel, AskFrame ask) {
  const std::uint64_t request = ask.request;
  if (work_.is_brief(ask)) return answer(channel, request, work_.answer(ask));
  const std::size_t size = ask.body.size();
  bool is_busy = false;
  {
    const std::scoped_lock lock(mutex_);
    is_busy = jobs_.size() >= kJobsMax || asked_bytes_ + size > kAskedBytesMax;
    if (!is_busy) asked_bytes_ += size;
  }
  if (is_busy) return send_reply(*channel, request, unavailable());
  ++channel->unanswered;
  auto shared = std::make_shared<AskFrame>(std::move(ask));
  push([this, channel, request, size, shared] {
    Answer made = work_.answer(*shared);
    {
      const std::scoped_lock lock(mutex_);
      asked_bytes_ -= size;
    }
    answer(channel, request, std::move(made));
    has_answered(*channel);
  });
}

void Desk::take_frame(const ChannelPointer& channel, ReceivedMessage message) {
  if (auto* ask = std::get_if<AskFrame>(&message.frame)) {
    take_ask(channel, std::move(*ask));
  } else if (const auto* received = std::get_if<ReceivedFrame>(&message.frame)) {
    auto node = channel->receiving.extract(received->request);
    if (node.empty()) {
      // Never asked for: the front is broken or broken into.
      channel->is_broken = true;
      return;
    }
    finish_body(channel, received->request, std::move(node.mapped()),
                {static_cast<front::Received::End>(received->end), received->size_bytes});
  } else if (const auto* gone = std::get_if<GoneFrame>(&message.frame)) {
    channel->sending.erase(gone->request);
  }
}

void Desk::finish_body(const ChannelPointer& channel, std::uint64_t request,
                       std::shared_ptr<Receive> receive, const front::Received& received) {
  ++channel->unanswered;
  push([this, channel, request, receive = std::move(receive), received] {
    Answer reply = work_.finish(*receive, received);
    // An upload's lock among them: whoever has the answer may ask again at once.
    receive->then = {};
    answer(channel, request, std::move(reply));
    has_answered(*channel);
  });
}

// Words alone go out from the worker itself: most answers are that, and save a turn of the loop.
void Desk::answer(const ChannelPointer& channel, std::uint64_t request, Answer answer) {
  if (auto* reply = std::get_if<Reply>(&answer)) {
    send_reply(*channel, request, std::move(*reply));
  } else {
    post({channel, request, std::move(answer)});
  }
}

// A front that does not read is as good as gone.
void Desk::send(Channel& channel, const Frame& frame, FileDescriptor descriptor) {
  bool is_unsent = false;
  {
    const std::scoped_lock lock(channel.writing);
    if (channel.is_broken) return;
    if (!channel.frames.send(frame, std::move(descriptor))) channel.is_broken = true;
    is_unsent = channel.frames.has_unsent();
  }
  if (is_unsent || channel.is_broken) wake();
}

void Desk::send_reply(Channel& channel, std::uint64_t request, Reply reply) {
  if (reply.body.size() <= limits::kFrameBodySizeMax) {
    send(channel, ReplyFrame{request, std::move(reply.head), std::move(reply.body)});
    return;
  }
  auto file = in_memory(reply.body);
  if (!file) return send_reply(channel, request, refusal(file.error()));
  reply.head.content_size_bytes = reply.body.size();
  send(channel, SendFrame{request, std::move(reply.head), 0}, *std::move(file));
}

void Desk::send_answer(Channel& channel, Outgoing outgoing) {
  if (auto* file = std::get_if<Send>(&outgoing.answer)) {
    if (channel.sending.size() >= limits::kFrontConnectionsMax) {
      return send_reply(channel, outgoing.request, unavailable());
    }
    if (file->ticket) channel.sending.emplace(outgoing.request, *file->ticket);
    send(channel, SendFrame{outgoing.request, std::move(file->head), file->offset},
         std::move(file->file));
    return;
  }
  auto receive = std::make_shared<Receive>(std::get<Receive>(std::move(outgoing.answer)));
  const ReceiveFrame frame{outgoing.request, receive->offset, receive->size_max, receive->checksum};
  FileDescriptor target = copy_of(receive->file);
  channel.receiving.emplace(outgoing.request, std::move(receive));
  send(channel, frame, std::move(target));
}

void Desk::send_answers() {
  std::vector<Outgoing> answers;
  {
    const std::scoped_lock lock(mutex_);
    answers.swap(answers_);
  }
  for (Outgoing& each : answers) {
    const ChannelPointer channel = each.channel;
    if (channels_.contains(channel->id)) {
      send_answer(*channel, std::move(each));
    } else if (auto* receive = std::get_if<Receive>(&each.answer)) {
      // Its front is gone: nothing will come.
      finish_body(channel, each.request, std::make_shared<Receive>(std::move(*receive)), {});
    }
  }
}

void Desk::send_cuts() {
  UnderWay under_way;
  for (const auto& [id, channel] : channels_) {
    for (const auto& [request, ticket] : channel->sending) under_way.tickets.push_back(ticket);
    for (const auto& [request, receive] : channel->receiving)
      under_way.uploads.push_back(receive->upload);
  }
  UnderWay dead;
  {
    const std::scoped_lock lock(mutex_);
    std::swap(dead, to_cut_);
    under_way_ = std::move(under_way);
  }
  const auto has = [](const auto& list, const auto& one) {
    return std::ranges::find(list, one) != list.end();
  };
  for (const auto& [id, channel] : channels_) {
    for (const auto& [request, ticket] : channel->sending) {
      if (has(dead.tickets, ticket)) send(*channel, CutFrame{request});
    }
    for (const auto& [request, receive] : channel->receiving) {
      if (has(dead.uploads, receive->upload)) send(*channel, CutFrame{request});
    }
  }
}

void Desk::drop_broken() {
  for (auto at = channels_.begin(); at != channels_.end();) {
    const ChannelPointer channel = at->second;
    {
      const std::scoped_lock lock(channel->writing);
      if (!channel->is_broken && !channel->frames.flush()) channel->is_broken = true;
    }
    if (!channel->is_broken) {
      ++at;
      continue;
    }
    at = channels_.erase(at);
    for (auto& [request, receive] : channel->receiving) {
      finish_body(channel, request, std::move(receive), {});
    }
    channel->receiving.clear();
  }
}

void Desk::turn(int control, const std::function<void(FileDescriptor)>& on_mailer) {
  std::vector<pollfd> waits = {{control, POLLIN, 0}, {event_.get(), POLLIN, 0}};
  std::vector<ChannelPointer> channels;
  for (const auto& [id, channel] : channels_) {
    channel->is_held_back = true;  // first, so that what is answered meanwhile wakes this thread
    channel->is_held_back = is_behind(*channel);
    const std::scoped_lock lock(channel->writing);
    const int events =
        (channel->is_held_back ? 0 : POLLIN) | (channel->frames.has_unsent() ? POLLOUT : 0);
    waits.push_back({channel->frames.fd(), static_cast<short>(events), 0});
    channels.push_back(channel);
  }
  ::poll(waits.data(), waits.size(), 1000);
  if (waits[1].revents != 0) {
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t size = ::read(event_.get(), &count, sizeof(count));
  }
  if (waits[0].revents != 0) take_control(control, on_mailer);
  for (std::size_t i = 0; i < channels.size(); ++i) {
    const int seen = waits[i + 2].revents & ~POLLOUT;
    if (seen != 0) take_frames(channels[i]);
    // Gone while nothing is read from it: what it still asked has no one to answer.
    if ((seen & (POLLHUP | POLLERR)) != 0 && channels[i]->is_held_back)
      channels[i]->is_broken = true;
  }
}

void Desk::run(const FileDescriptor& control,
               const std::function<void(FileDescriptor)>& on_mailer) {
  while (!is_finishing_) {
    turn(control.get(), on_mailer);
    send_answers();
    send_cuts();
    drop_broken();
  }
}

Desk::UnderWay Desk::under_way() {
  const std::scoped_lock lock(mutex_);
  return under_way_;
}

void Desk::cut(const UnderWay& dead) {
  {
    const std::scoped_lock lock(mutex_);
    to_cut_.tickets.insert(to_cut_.tickets.end(), dead.tickets.begin(), dead.tickets.end());
    to_cut_.uploads.insert(to_cut_.uploads.end(), dead.uploads.begin(), dead.uploads.end());
  }
  wake();
}

}  // namespace sealift::server::vault
