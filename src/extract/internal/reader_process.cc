#include "extract/internal/reader_process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>
#include <fstream>
#include <utility>

#include "base/byte_reader.h"
#include "base/limits.h"

namespace sealift::extract {
namespace {

using base::ErrorCode;
using base::fail;
using base::FileDescriptor;
using base::Result;

constexpr int kReaderSocket = 3;  // the descriptor at which the program finds its socket
constexpr std::size_t kReadSize = std::size_t{256} << 10;
constexpr std::chrono::seconds kStartTimeMax{30};
constexpr std::chrono::milliseconds kFirstWait{20};

Result<std::pair<FileDescriptor, FileDescriptor>> socket_pair() {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return tl::unexpected(base::error_of_errno(errno, "socket pair"));
  }
  return std::pair(FileDescriptor(ends[0]), FileDescriptor(ends[1]));
}

// Standard streams lead nowhere: a reader has nothing to say but frames.
Result<pid_t> spawn(const std::string& program, Ability ability, int socket) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, socket, kReaderSocket);
  std::string name = "sealift-extract";
  std::string worker = ability == Ability::scans ? "--read-scans" : "--read-documents";
  const std::array<char*, 3> arguments = {name.data(), worker.data(), nullptr};
  std::string threads = "OMP_THREAD_LIMIT=1";  // of the OCR library: the sandbox has no threads
  const std::array<char*, 2> environment = {threads.data(), nullptr};
  pid_t pid = -1;
  const int error =
      posix_spawn(&pid, program.c_str(), &actions, nullptr, arguments.data(), environment.data());
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return tl::unexpected(base::error_of_errno(error, "start the reader program"));
  return pid;
}

}  // namespace

Result<ReaderProcess> ReaderProcess::start(const std::string& program, Ability ability) {
  SEALIFT_TRY(auto ends, socket_pair());
  // dup2 onto itself would keep close-on-exec.
  if (ends.second.get() == kReaderSocket) {
    ends.second = FileDescriptor(fcntl(kReaderSocket, F_DUPFD_CLOEXEC, kReaderSocket + 1));
  }
  SEALIFT_TRY(const pid_t pid, spawn(program, ability, ends.second.get()));
  ReaderProcess process(pid, std::move(ends.first));
  ends.second.reset();
  const auto ready = process.next(kStartTimeMax);
  const Silence* silence = std::get_if<Silence>(&ready);
  if (silence == nullptr || *silence != Silence::done) {
    return fail(ErrorCode::unsupported, "the reader program cannot prove its sandbox");
  }
  return process;
}

ReaderProcess::ReaderProcess(ReaderProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      socket_(std::move(other.socket_)),
      buffer_(std::move(other.buffer_)),
      used_(other.used_),
      begin_(other.begin_) {}

ReaderProcess& ReaderProcess::operator=(ReaderProcess&& other) noexcept {
  if (this == &other) return *this;
  kill();
  pid_ = std::exchange(other.pid_, -1);
  socket_ = std::move(other.socket_);
  buffer_ = std::move(other.buffer_);
  used_ = other.used_;
  begin_ = other.begin_;
  return *this;
}

void ReaderProcess::kill() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
}

Result<void> ReaderProcess::ask(const Request& request, int file) {
  const base::Bytes body = encode_request(request);
  base::Bytes bytes(sizeof(std::uint32_t) + body.size());
  for (std::size_t i = 0; i < sizeof(std::uint32_t); ++i) {
    bytes[i] = static_cast<std::byte>(body.size() >> (8 * i));
  }
  std::ranges::copy(body, bytes.begin() + sizeof(std::uint32_t));

  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
  iovec part{bytes.data(), bytes.size()};
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  header.msg_control = control.data();
  header.msg_controllen = control.size();
  cmsghdr* rights = CMSG_FIRSTHDR(&header);
  rights->cmsg_level = SOL_SOCKET;
  rights->cmsg_type = SCM_RIGHTS;
  rights->cmsg_len = CMSG_LEN(sizeof(int));
  std::memcpy(CMSG_DATA(rights), &file, sizeof file);
  ssize_t sent = 0;
  do {
    sent = sendmsg(socket_.get(), &header, MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  if (sent < 0) return tl::unexpected(base::error_of_errno(errno, "ask a reader"));
  base::ByteView rest = base::ByteView(bytes).subspan(static_cast<std::size_t>(sent));
  while (!rest.empty()) {
    const ssize_t more = send(socket_.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
    if (more < 0 && errno == EINTR) continue;
    if (more < 0) return tl::unexpected(base::error_of_errno(errno, "ask a reader"));
    rest = rest.subspan(static_cast<std::size_t>(more));
  }
  return {};
}

// Reads more of what the process sends, if anything comes within `wait`.
ReaderProcess::Filled ReaderProcess::fill(std::chrono::milliseconds wait) {
  pollfd poll_for{socket_.get(), POLLIN, 0};
  const int ready = poll(&poll_for, 1, static_cast<int>(wait.count()));
  if (ready < 0 && errno == EINTR) return Filled::more;
  if (ready <= 0) return Filled::nothing;
  if (buffer_.size() - used_ < kReadSize) {
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(begin_));
    used_ -= begin_;
    begin_ = 0;
    if (buffer_.size() < used_ + 2 * kReadSize) buffer_.resize(used_ + 2 * kReadSize);
  }
  const ssize_t got = recv(socket_.get(), buffer_.data() + used_, buffer_.size() - used_, 0);
  if (got < 0 && errno == EINTR) return Filled::more;
  if (got <= 0) return Filled::ended;
  used_ += static_cast<std::size_t>(got);
  return Filled::more;
}

Activity ReaderProcess::activity() const {
  Activity now;
  clockid_t clock{};
  timespec time{};
  if (clock_getcpuclockid(pid_, &clock) == 0 && clock_gettime(clock, &time) == 0) {
    now.cpu_time = std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
  }
  // proc(5): number, name in brackets, state.
  std::ifstream in("/proc/" + std::to_string(pid_) + "/stat");
  std::string line;
  std::getline(in, line);
  const std::size_t name_end = line.rfind(") ");
  now.sleeps = name_end == std::string::npos || line.substr(name_end + 2, 1) == "S";
  return now;
}

std::variant<document::Event, Silence> ReaderProcess::next(std::chrono::milliseconds wait_max) {
  std::optional<Patience> patience;  // from when there is something to wait for
  while (true) {
    base::ByteReader in(base::ByteView(buffer_).subspan(begin_, used_ - begin_));
    const auto length = in.u32_le();
    if (length && (*length == 0 || *length > limits::kDocumentFrameSizeMax)) {
      return Silence::nonsense;
    }
    const auto frame = length ? in.take(*length) : std::nullopt;
    if (!frame) {
      // Most often more is there at once, and the system need not be asked how the reader does.
      const Filled filled = fill(patience ? patience->slice() : kFirstWait);
      if (filled == Filled::ended) return Silence::died;
      if (filled == Filled::more) continue;
      if (!patience) {
        patience.emplace(wait_max, activity());
        continue;
      }
      const auto loss = patience->slice_passed(activity());
      if (loss) return *loss == Loss::hung ? Silence::hung : Silence::starved;
      continue;
    }
    begin_ += sizeof(std::uint32_t) + frame->size();
    if (frame->size() == 1 && (*frame)[0] == std::byte{kDoneKind}) return Silence::done;
    auto event = document::parse_frame(*frame);
    if (!event) return Silence::nonsense;
    return *std::move(event);
  }
}

}  // namespace sealift::extract
