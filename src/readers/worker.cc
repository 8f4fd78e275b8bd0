#include "readers/worker.h"

#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <optional>

#include "base/byte_reader.h"
#include "base/file_descriptor.h"
#include "base/limits.h"
#include "document/wire.h"
#include "extract/sandbox.h"

namespace sealift::readers {
namespace {

using base::ByteView;
using base::FileDescriptor;

constexpr int kSandboxFailed = 3;
constexpr std::size_t kBufferSize = std::size_t{256} << 10;
constexpr std::size_t kRequestSizeMax = std::size_t{64} << 20;

// Writes frames to the parent. A parent that is gone ends the process: nobody reads on.
class FrameSink final : public document::Sink {
 public:
  explicit FrameSink(int socket) : socket_(socket) {}

  void begin_file(document::FileBegin begin) override { put(std::move(begin)); }
  void text(document::Text text) override { put(std::move(text)); }
  void table_rows(document::TableRows rows) override { put(std::move(rows)); }
  void mail_header(document::MailHeader header) override { put(std::move(header)); }
  void card(document::Card card) override { put(std::move(card)); }
  void end_file(document::FileEnd end) override { put(std::move(end)); }

  void done() {
    for (const int byte : {1, 0, 0, 0, static_cast<int>(extract::kDoneKind)}) {
      buffer_.push_back(static_cast<std::byte>(byte));
    }
    flush();
  }

 private:
  void put(const document::Event& event) {
    document::append_frame(event, buffer_);
    // Begins go out at once, so that the parent knows which file a crash was in.
    const bool begin = std::holds_alternative<document::FileBegin>(event);
    if (begin || buffer_.size() >= kBufferSize) flush();
  }

  void flush() {
    if (!base::write_full(socket_, buffer_)) _exit(0);
    buffer_.clear();
  }

  int socket_;
  base::Bytes buffer_;
};

// The file, mapped for reading while the request is served.
class Mapping {
 public:
  explicit Mapping(int file) {
    struct stat status {};
    if (fstat(file, &status) != 0) return;
    good_ = true;
    size_ = static_cast<std::size_t>(status.st_size);
    if (size_ == 0) return;
    data_ = mmap(nullptr, size_, PROT_READ, MAP_SHARED, file, 0);
    good_ = data_ != MAP_FAILED;
  }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  ~Mapping() {
    if (good_ && size_ > 0) munmap(data_, size_);
  }

  bool good() const { return good_; }
  ByteView bytes() const { return {static_cast<const std::byte*>(data_), size_}; }

 private:
  void* data_ = nullptr;
  std::size_t size_ = 0;
  bool good_ = false;
};

// Fills `out`; takes a descriptor that rides along. False: the parent is gone.
bool receive(int socket, base::MutableByteView out, FileDescriptor& file) {
  while (!out.empty()) {
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
    iovec part{out.data(), out.size()};
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    header.msg_control = control.data();
    header.msg_controllen = control.size();
    const ssize_t got = recvmsg(socket, &header, MSG_CMSG_CLOEXEC);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    const cmsghdr* rights = CMSG_FIRSTHDR(&header);
    if (rights != nullptr && rights->cmsg_type == SCM_RIGHTS) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(rights), sizeof fd);
      file = FileDescriptor(fd);
    }
    out = out.subspan(static_cast<std::size_t>(got));
  }
  return true;
}

std::optional<extract::Request> next_request(int socket, FileDescriptor& file) {
  std::array<std::byte, sizeof(std::uint32_t)> length{};
  if (!receive(socket, length, file)) return std::nullopt;
  const std::uint32_t size = *base::ByteReader(length).u32_le();
  if (size > kRequestSizeMax) return std::nullopt;
  base::Bytes body(size);
  if (!receive(socket, body, file)) return std::nullopt;
  auto request = extract::decode_request(body);
  if (!request) return std::nullopt;
  return *std::move(request);
}

}  // namespace

std::chrono::nanoseconds process_cpu_time() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

int serve_requests(int socket, const Means& means) {
  if (!extract::lock_down({.memory_bytes_max = limits::kReaderMemoryMax})) return kSandboxFailed;
  if (!extract::prove_denials()) return kSandboxFailed;
  FrameSink sink(socket);
  sink.done();
  while (true) {
    FileDescriptor file;
    const auto request = next_request(socket, file);
    if (!request) return 0;
    const Mapping mapping(file.get());
    if (mapping.good()) Context(sink, *request, means).read_top(mapping.bytes());
    sink.done();
  }
}

}  // namespace sealift::readers
